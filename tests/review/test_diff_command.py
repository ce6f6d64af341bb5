# SPDX-License-Identifier: EUPL-1.2
"""Where `ivr diff` finds the earlier card, and what it says when there is none."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.commands import main as cli
from ivr.messages.catalogue import Catalogue
from tests.cards import edit
from tests.mistakes import GOOD, broken
from tests.review.test_diff import NAMED

GIT = (
    "git",
    "-c",
    "user.name=Redactie",
    "-c",
    "user.email=redactie@voorbeeld.example",
    "-c",
    "init.defaultBranch=main",
)


needs_git = pytest.mark.starts("git")


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the good card, below the top of a checkout of its own, in which all is committed."""
    folder = tmp_path / "lijn" / "kaart"
    shutil.copytree(GOOD, folder)
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "De kaart"]):
        subprocess.run([*GIT, *arguments], cwd=tmp_path / "lijn", check=True)
    monkeypatch.setenv("IVR_PROMPTS", str(folder))
    return folder


def diff(*arguments: str) -> Result:
    """Run `ivr diff`."""
    return CliRunner().invoke(cli.main, ["diff", *arguments])


@needs_git
def test_what_is_committed_is_compared_with(committed: Path) -> None:
    """Without a name the card is held against what is committed; nothing changed says so, and both exit with 0."""
    same = diff()
    assert (same.exit_code, same.stdout.count("\n")) == (0, 1)
    assert "Er verandert niets" in same.stdout
    edit(committed, "card.yaml", "000-444 55 66", "000-444 55 77")
    changed = diff()
    assert changed.exit_code == 0
    assert "\n- De dierenarts heeft nu het nummer 000-444 55 77. Eerder: 000-444 55 66.\n" in changed.stdout
    first = json.loads(diff("--json").stdout)[0]
    assert first.pop("text").startswith("De dierenarts heeft nu")
    about = {"kind": "printed", "about": [], "areas": ["number/dierenarts"], "language": ""}
    assert first == {**about, "before": "000-444 55 66", "after": "000-444 55 77"}


@needs_git
def test_what_two_numbers_exchanged_is_told_by_check(committed: Path) -> None:
    """A sentence of two numbers that each has now from the other, since what is committed, is told by `ivr check`."""
    one, other = "about: Daar zijn nog plaatsen vrij.", "about: Vertel hoe zwaar de kat is."
    edit(committed, "nl/numbers.yaml", one, "about: X")
    edit(committed, "nl/numbers.yaml", other, one)
    edit(committed, "nl/numbers.yaml", "about: X", other)
    told = CliRunner().invoke(cli.main, ["check"]).stdout
    assert Catalogue("nl").say("found-exchanged", id="opvang", other="dierenarts", part="nl/numbers.about") in told


@needs_git
def test_a_revision_or_a_folder_can_be_named(committed: Path) -> None:
    """A revision that git knows, or a folder with a card, is compared with when it is named."""
    edit(committed, "nl/line.yaml", "nomatch: Bij die toets hoort geen keuze.", "nomatch: Die toets doet niets.")
    subprocess.run([*GIT, "commit", "-q", "-a", "-m", "Anders"], cwd=committed, check=True)
    assert "Er verandert niets" in diff("HEAD").stdout
    for named in ("HEAD~1", str(GOOD)):
        result = diff(named)
        assert result.exit_code == 0
        assert f"vergeleken met {named}:" in result.stdout
        assert "„Die toets doet niets.” Eerder: „Bij die toets hoort geen keuze.”" in result.stdout


@needs_git
@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("gisteren", "diff-no-before"),
        ("--output=kaart", "diff-no-before"),
        ("leeg", "diff-not-there"),
        ("kapot", "diff-unreadable"),
    ],
)
def test_an_earlier_card_that_cannot_be_read_stops_nobody(
    committed: Path, monkeypatch: pytest.MonkeyPatch, named: str, message: str
) -> None:
    """Where there is no earlier card, or one that this version cannot read, a sentence says so; the exit code is 0."""
    monkeypatch.chdir(committed.parent)
    Path("leeg").mkdir()
    shutil.copytree(committed, "kapot")
    edit(Path("kapot"), "card.yaml", "timezone: Europe/Amsterdam", "timezone: Europe/Amstelveen")
    result = diff("--", named)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(Catalogue("nl").say(message, before=named, folder=committed))
    assert ("\ncard.yaml:4:11: De tijdzone" in result.stdout) == (message == "diff-unreadable")
    assert len(list(committed.iterdir())) == 2


@needs_git
def test_a_card_that_was_never_committed_is_new(committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where git has no card yet in the folder, a sentence says so."""
    shutil.copytree(committed, committed.parent / "nieuw")
    monkeypatch.setenv("IVR_PROMPTS", str(committed.parent / "nieuw"))
    result = diff()
    assert result.exit_code == 0, result.output
    assert result.stdout == Catalogue("nl").say("diff-not-there", before="HEAD") + "\n"


@needs_git
def test_without_a_checkout_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where git keeps nothing of the folder, or is not there, `ivr diff` says so and names the other way."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("IVR_PROMPTS", str(tmp_path))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    outside = diff()
    assert outside.exit_code == 0
    assert f"Van {tmp_path} houdt git geen eerdere kaarten bij" in outside.stdout
    monkeypatch.setenv("PATH", "")
    without = diff()
    assert without.exit_code == 0
    assert without.stdout == Catalogue("nl").say("diff-no-git") + "\n"
    assert "Er verandert niets" in diff(str(GOOD)).stdout


@needs_git
def test_a_card_with_mistakes_is_not_compared(committed: Path) -> None:
    """The mistakes of the card as it is now are told, and the exit code is 1."""
    edit(committed, "card.yaml", "number: 000-444 55 66", "number: vier")
    result = diff()
    assert result.exit_code == 1
    assert "vier is geen telefoonnummer" in result.stderr


@needs_git
def test_the_sheet_asks_nobody_else(committed: Path) -> None:
    """`ivr diff --html` writes a page of its own for A4, on which every sentence stands that is new or gone."""
    case = NAMED["connect-removed"]
    broken(case, committed)
    result = diff("--html")
    assert result.exit_code == 0
    assert result.stdout.count("„") > 10
    assert "ivr diff --html" not in result.stdout
    assert "size: A4" in result.stdout
    assert not re.search(r"(?:src|href)=|url\(|@import", result.stdout)
