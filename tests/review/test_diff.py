# SPDX-License-Identifier: EUPL-1.2
"""What `ivr diff` tells of two cards, and where it finds the earlier one."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import fields, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr import dialogue
from ivr.commands import main as cli
from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.proof.graph import worlds
from ivr.review import sheet
from ivr.review.compared import Compared, compared
from ivr.review.diff import differences
from tests.cards import CARDS, made
from tests.conftest import LINES, SETTINGS, needs
from tests.differences import HERE, TODAY, line_of, replaced, told
from tests.mistakes import GOOD, Case, broken, cases
from tests.recorded import edit, ours, record
from tests.review.test_diff_languages import in_languages

CASES = cases(HERE)
NAMED = {case.path.stem: case for case in CASES}
ORDINARY = (
    "sentence",
    "number",
    "hours",
    "holiday",
    "key",
    "number-added",
    "number-removed",
    "chapter",
    "connect-removed",
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_somebody_reads_what_was_approved(case: Case, tmp_path: Path) -> None:
    """What is told about a change is, to the letter, what was approved beside it."""
    assert "\n".join(told(case, tmp_path)) == case.message


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_change_fits_in_ten_lines(name: str) -> None:
    """Each of the nine changes that an editor makes most is told in a heading and at most nine lines."""
    assert 1 <= len(NAMED[name].message.splitlines()) <= 9


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_english_tells_the_same_changes(case: Case, tmp_path: Path) -> None:
    """In English each line has the same sentences of the card in it, and no line is the Dutch one."""
    dutch, english = told(case, tmp_path / "nl"), told(case, tmp_path / "en", "en")
    without_times = "[„“]([^()]*?)”"  # what stands for a time is of the editor's language
    quoted = [[re.findall(without_times, line) for line in lines] for lines in (dutch, english)]
    assert quoted[0] == quoted[1]
    assert not set(dutch) & set(english)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_card_does_not_differ_from_itself(line: Line) -> None:
    """Nothing is told where nothing changed."""
    assert differences(line, line, "nl", TODAY) == []


def test_whole_tells_every_sentence(tmp_path: Path) -> None:
    """For the sheet each sentence that is new or gone is quoted, however many there are."""
    case = NAMED["connect-removed"]
    (gone,) = [one for one in told(case, tmp_path, whole=True) if one.startswith("Niet meer te horen")]
    for line in case.changes.splitlines():
        if sentence := re.fullmatch(r"-  \w+: (.*)", line):
            assert sentence[1].format(number="000-111 22 33", key="9") in gone


def everything(line: Line) -> set[tuple[object, ...]]:
    """All that can be heard on a line, and where a caller can go from there."""
    return {
        (
            position,
            line.said(position, world),
            line.script(position, world).then,
            frozenset(dialogue.offers(line.card, position).items()),
        )
        for position in dialogue.positions(line.card)
        for world in worlds(line.card, position)
    }


@settings(max_examples=40)
@given(made.plans, made.plans, st.sampled_from([field.name for field in fields(made.Plan)]))
def test_what_is_heard_differently_is_told(one: made.Plan, other: made.Plan, changed: str) -> None:
    """Between two cards that differ in one thing something is told exactly when a caller can hear a difference."""
    lines = []
    for plan in (one, replace(one, **{changed: getattr(other, changed)})):
        with tempfile.TemporaryDirectory() as folder:
            made.write(plan, Path(folder))
            lines.append(line_of(Path(folder)))
    before, after = lines
    assert bool(differences(before, after, "nl", TODAY)) == (everything(before) != everything(after))


def test_the_list_of_many_places_is_counted(tmp_path: Path) -> None:
    """Where a sentence is heard at more than three places of a kind, they are counted, or told to be all."""
    shutil.copytree(CARDS["ours"], tmp_path, dirs_exist_ok=True)
    file = tmp_path / "nl" / "line.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub("^choices: ", "choices: Hoor eens. ", text, flags=re.MULTILINE), encoding="utf-8")
    (sentence,) = [one for one in differences(LINES["ours"], line_of(tmp_path), "nl", TODAY) if "Hoor eens" in one]
    assert "Te horen in elk hoofdstuk; bij 4 nummers; in de lijst" in sentence


def unread(folder: Path) -> list[str]:
    """What is told of a recorded card of which one sentence is changed."""
    old = record(ours(folder), "nl")
    edit(folder / "prompts", "nl/line.yaml", "nomatch: ", "nomatch: Nee. ")
    return differences(old, line_of(folder / "prompts"), "nl", TODAY)


def test_a_changed_sentence_is_told_to_be_spoken_until_it_is_read(tmp_path: Path) -> None:
    """With the line to read; what was read before is not told."""
    told = [line for line in unread(tmp_path) if "computerstem" in line]
    text = "Nee. Bij die toets hoort geen keuze. Dat geeft niet."
    assert told == [f"Zegt de computerstem, tot iemand het inleest (nl): „{text}”."]


def test_every_message_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No message about a difference is left over: each is told of a case, on the sheet, or by the command."""
    told_ids: set[str] = set()
    say = Catalogue.say

    def noted(catalogue: Catalogue, id_: str, /, **values: object) -> str:
        told_ids.add(id_)
        return say(catalogue, id_, **values)

    monkeypatch.setattr(Catalogue, "say", noted)
    for case in CASES:
        told(case, tmp_path / case.path.stem)
    sheet.page(Compared(LINES["second"], "", [], "", frozenset({"opvang"})), "nl", TODAY)
    assert page_changed(tmp_path / "page") == [
        "„Een titel” Eerder: „Bij gevaar” Dat staat op de pagina met de kaart; de lijn zegt het niet."
    ]
    unread(tmp_path / "recorded")
    for _ in in_languages(tmp_path / "languages"):
        pass
    command = (
        "diff-(heading|same|committed|no-git|no-before|no-checkout|not-there|unreadable|prints?|at-(every|many)-.*)"
    )
    ids = {id_ for id_ in Catalogue("nl").texts if id_.startswith("diff-") and not re.fullmatch(command, id_)}
    assert ids == {id_ for id_ in told_ids if id_.startswith("diff-") and not re.fullmatch(command, id_)}


GIT = (
    "git",
    "-c",
    "user.name=Redactie",
    "-c",
    "user.email=redactie@voorbeeld.example",
    "-c",
    "init.defaultBranch=main",
)


needs_git = needs("git", "git")


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
    replaced(committed, "card.yaml", "000-444 55 66", "000-444 55 77")
    changed = diff()
    assert changed.exit_code == 0
    assert "\n- De dierenarts heeft nu het nummer 000-444 55 77. Eerder: 000-444 55 66.\n" in changed.stdout


@needs_git
def test_a_revision_or_a_folder_can_be_named(committed: Path) -> None:
    """A revision that git knows, or a folder with a card, is compared with when it is named."""
    replaced(committed, "nl/line.yaml", "nomatch: Bij die toets hoort geen keuze.", "nomatch: Die toets doet niets.")
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
    replaced(Path("kapot"), "card.yaml", "timezone: Europe/Amsterdam", "timezone: Europe/Amstelveen")
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
    assert f"Van {tmp_path} kan git geen eerdere kaart geven" in outside.stdout
    monkeypatch.setenv("PATH", "")
    without = diff()
    assert without.exit_code == 0
    assert without.stdout == Catalogue("nl").say("diff-no-git") + "\n"
    assert "Er verandert niets" in diff(str(GOOD)).stdout


@needs_git
def test_a_card_with_mistakes_is_not_compared(committed: Path) -> None:
    """The mistakes of the card as it is now are told, and the exit code is 1."""
    replaced(committed, "card.yaml", "number: 000-444 55 66", "number: vier")
    result = diff()
    assert result.exit_code == 1
    assert "vier is geen telefoonnummer" in result.stderr


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_sheet_has_every_number(line: Line, language: str) -> None:
    """On the sheet each number has its hours in words, its source, its date, and room for two initials."""
    found = Compared(line, "Kop", ["<b>&"], "Afdruk")
    drawn = ElementTree.fromstring(sheet.page(found, language, TODAY).partition("\n")[2])  # noqa: S314 - ours
    assert drawn.get("lang") == language
    (main,) = drawn.iter("main")
    assert [one.tag for one in main.iter() if re.fullmatch("h[1-6]", one.tag)] == ["h1", "h2", "h2", "h2"]
    assert ["".join(one.itertext()) for one in main.iter("li")] == ["<b>&"]
    rows = [["".join(cell.itertext()) for cell in row] for row in main.iter("tr") if len(row) > 2][1:]
    assert len(rows) == len(line.card.numbers)
    for (name, hours, *rest), number in zip(rows, line.card.numbers.values(), strict=True):
        assert name.endswith(number.number)
        assert rest == [number.source, number.checked.isoformat(), "", ""]
        assert not re.search("[0-9]", hours.partition("2026")[0].partition(Catalogue(language).say("diff-closed"))[0])


def test_the_sheet_is_signed_on_its_first_page_and_every_page_tells_the_cards(tmp_path: Path) -> None:
    """Names and signatures come before all that may fill pages; both prints stand in a foot on each page."""
    drawn = ElementTree.fromstring(sheet.page(found(tmp_path), "nl", TODAY).partition("\n")[2])  # noqa: S314 - ours
    (sheet_,) = (one for one in drawn.iter("table") if one.get("role") == "presentation")
    foot, body = sheet_
    assert "".join(foot.itertext()) == f"{found(tmp_path).prints} Gemaakt op 2026-11-25."
    assert [one.get("class") for one in body.iter("table")] == ["names", "numbers"]
    assert [*body.iter("ul")]
    assert re.fullmatch(r"\D+ [0-9a-f]{8}, \D+ [0-9a-f]{8}\.", found(tmp_path).prints)
    assert len({*re.findall("[0-9a-f]{8}", found(tmp_path).prints)}) == 2


def test_the_sheet_marks_what_changed_and_tells_in_red_what_nobody_checked(tmp_path: Path) -> None:
    """Of a sentence only the words that changed are marked; a number that is another with its old date is in red."""
    drawn = ElementTree.fromstring(sheet.page(found(tmp_path), "nl", TODAY).partition("\n")[2])  # noqa: S314 - ours
    assert [one.text for one in drawn.iter("mark")] == ["drie", "nog"]
    assert ["".join(one.itertext()) for one in drawn.iter("span")] == ["2026‑11‑01van vóór dit nummer"]  # noqa: RUF001 - does not wrap
    assert any("Let op: de dierenarts heeft een ander nummer" in "".join(one.itertext()) for one in drawn.iter("li"))


def page_changed(folder: Path) -> list[str]:
    """What is told where a text of the page changes that the line does not say."""
    shutil.copytree(GOOD, folder)
    text = (SETTINGS.prompts / "nl" / "page.yaml").read_text("utf-8")
    before, title = re.sub("^title: .*", "title: Bij gevaar", text, flags=re.MULTILINE), "title: Een titel"
    (folder / "nl" / "page.yaml").write_text(before, "utf-8")
    old = line_of(folder)
    replaced(folder, "nl/page.yaml", "title: Bij gevaar", title)
    return differences(old, line_of(folder), "nl", TODAY)


def found(folder: Path) -> Compared:
    """What changes where a word and a number do, and nobody looked at that."""
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    card, sentences = (folder / name for name in ("card.yaml", "nl/numbers.yaml"))
    card.write_text(card.read_text("utf-8").replace("000-444 55 66", "000-444 55 77"), "utf-8")
    sentences.write_text(sentences.read_text("utf-8").replace("Daar zijn nog", "Daar zijn drie"), "utf-8")
    return compared(replace(SETTINGS, prompts=folder), str(GOOD), whole=True)


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
