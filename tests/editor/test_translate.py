# SPDX-License-Identifier: EUPL-1.2
"""`ivr translate`: on a copy of the small good card, with its own Dutch in place of a Polish translation."""

import shutil
from pathlib import Path

import click.testing
import pytest

from ivr.commands.main import main
from ivr.editor import translations
from ivr.editor.load import load
from ivr.editor.translations import ACCEPTED, TranslationStanding, languages_beside
from ivr.messages.problems import CardError
from ivr.settings import default_prompts
from tests.mistakes import GOOD, change

PROMPTS = default_prompts()


OWN = ("language.offer", "language.short", "language.others", "language.speaks_unknown", "language.to_nl")
"""What a language says of itself, which is no translation."""


def standing(folder: Path, code: str) -> TranslationStanding:
    """How a translation stands to the Dutch of a card."""
    read = load(folder, "nl")
    return translations.standing(folder, code, read.card, read.spoken["nl"].sentences)


def accept(folder: Path, code: str) -> None:
    """Accept a translation of the Dutch of a card."""
    read = load(folder, "nl")
    translations.accept(folder, code, read.card, read.spoken["nl"].sentences)


def run(folder: Path, *arguments: str, language: str = "nl") -> click.testing.Result:
    """Give `ivr translate` for a card."""
    runner = click.testing.CliRunner(env={"IVR_PROMPTS": str(folder), "IVR_EDITOR_LANGUAGE": language})
    return runner.invoke(main, ["translate", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small good card, with a whole translation that was accepted; that it says the same is left out of account."""
    monkeypatch.setattr(translations, "WORDS", 1_000_000)
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    shutil.copytree(GOOD / "nl", tmp_path / "pl")
    shutil.copy(PROMPTS / "pl" / "language.yaml", tmp_path / "pl")
    accept(tmp_path, "pl")
    return tmp_path


def test_a_whole_translation_needs_nothing(folder: Path) -> None:
    """What is whole and accepted has one line, and exit code 0."""
    result = run(folder)
    assert (result.output, result.exit_code) == ("✓ pl  97 van 97 zinnen\n", 0)


def test_a_change_of_the_source_makes_stale(folder: Path) -> None:
    """A Dutch sentence that changes makes its translation stale, and no other, until somebody accepts it."""
    change(folder / "nl/line.yaml", "Of wacht even.", "Of wacht tot je alle nummers hoort.")
    change(folder / "nl/chapters.yaml", "    - Ga op je hurken zitten.\n", "")
    change(folder / "pl/chapters.yaml", "    - Ga op je hurken zitten.\n", "")
    assert tuple(standing(folder, "pl").stale) == ("line.all_short", "chapters.uitleg.about")
    told = run(folder)
    assert told.exit_code == 0
    assert "line.all_short\n      was: Of wacht even.\n      nu:  Of wacht tot je alle nummers hoort.\n" in told.output
    assert "geef dan: ivr translate accept pl" in told.output
    accepted = run(folder, "accept", "pl")
    assert accepted.exit_code == 0
    assert "Nieuw vastgelegde zinnen: 2.\nline.all_short chapters.uitleg.about\n" in accepted.output
    assert standing(folder, "pl").stale == {}
    assert run(folder, "accept", "pl").output.endswith("Nieuw vastgelegde zinnen: 0.\n")


def test_what_changed_since_a_card_is_told_for_a_mail(folder: Path) -> None:
    """What is new in the Dutch since an earlier card comes first, then what changed, as it was and is; and no more."""
    change(folder / "nl/line.yaml", "Of wacht even.", "Of wacht tot je alle nummers hoort.")
    before = shutil.copytree(GOOD, folder / "eerder")
    change(before / "nl/numbers.yaml", "  form: Er is ook een formulier. Zoek op … {search}.\n", "")
    change(before / "card.yaml", "    form: https://dierenarts.example/melden\n    search: dierenarts, melden\n", "")
    assert run(folder, "--since", str(before)).output == (
        "numbers.dierenarts.form (nieuw)\n  nu:  Er is ook een formulier. Zoek op … {search}.\n"
        "line.all_short\n  was: Of wacht even.\n  nu:  Of wacht tot je alle nummers hoort.\n"
    )


def test_layout_makes_nothing_stale(folder: Path) -> None:
    """Comments, quotes, the order and the depth of lines, and three dots for a pause are no change of a sentence."""
    change(folder / "nl/line.yaml", "all_short: Of wacht even.\n", "")
    change(
        folder / "nl/line.yaml",
        "again: Nog een keer. …",
        '# Let op.\nall_short: "Of wacht even."\nagain: Nog een keer. ...',
    )
    change(folder / "nl/chapters.yaml", "    - Ga op", "  - Ga op")
    change(folder / "nl/chapters.yaml", "    - Wacht", "  - Wacht")
    assert standing(folder, "pl").stale == {}


def test_what_nobody_accepted_is_stale(folder: Path) -> None:
    """Without the file all is stale; a new sentence is, and so is one whose line was damaged."""
    file = folder / "pl" / ACCEPTED
    change(file, "  line.danger  ", "  line.gevaar  ")
    assert standing(folder, "pl").stale == {"line.danger": ("", "Is er nu gevaar? Hang op en bel {emergency}.")}
    file.unlink()
    assert (*standing(folder, "pl").stale, *OWN) == standing(folder, "pl").wanted
    run(folder, "accept", "pl", "line.danger")
    read = load(folder, "nl")
    hashed = translations.hashes(read.spoken["nl"].sentences)["line.danger"]
    noted = f"{hashed}  line.danger  Is er nu gevaar? Hang op en bel {{emergency}}."
    assert file.read_text(encoding="utf-8").splitlines()[3:] == [noted]


def test_what_is_missing_is_told_by_name(folder: Path) -> None:
    """A sentence, an empty one, an empty line of a list and a whole file are missing: not stale, and not accepted."""
    change(folder / "pl/line.yaml", "nomatch: Bij die toets hoort geen keuze.\n", "")
    change(folder / "pl/line.yaml", "noinput: Deze lijn hoort alleen toetsen.", 'noinput: ""')
    change(folder / "pl/chapters.yaml", "- Wacht tot de kat naar je toe komt.", '- ""')
    (folder / "pl/menus.yaml").unlink()
    now = standing(folder, "pl")
    assert [id_ for id_ in now.missing if not id_.startswith("menus.")] == [
        "line.noinput",
        "line.nomatch",
        "chapters.uitleg.about",
    ]
    assert len([id_ for id_ in now.missing if id_.startswith("menus.")]) == 9
    assert (now.stale, now.wrong, now.broken) == ({}, (), ())
    result = run(folder)
    assert result.exit_code == 0
    assert result.output.startswith(
        "! pl  85 van 97 zinnen\n    Ontbreekt:\n    line.noinput (nieuw)\n      nu:  Deze lijn hoort alleen toetsen.\n"
    )
    accept(folder, "pl")
    assert "line.noinput" not in (folder / "pl" / ACCEPTED).read_text(encoding="utf-8")


def test_a_folder_with_nothing_in_it_lacks_all(folder: Path) -> None:
    """A language that somebody begins: every sentence is missing, and so is the file with its voice."""
    (folder / "ro").mkdir()
    (folder / "es").mkdir()
    shutil.copy(PROMPTS / "es" / "language.yaml", folder / "es")
    (folder / "schema").mkdir()
    (folder / "de").write_text("geen map", encoding="utf-8")
    assert languages_beside(folder, "nl") == ["es", "pl", "ro"]
    ours = ("page.",)  # a card without a page of its own has ours
    for code in ("ro", "es"):
        now = standing(folder, code)
        there = ours if code == "ro" else (*ours, "language.")
        assert now.missing == tuple(id_ for id_ in now.wanted if not id_.startswith(there))
        assert [problem.message for problem in now.wrong] == (["translate-no-language"] if code == "ro" else [])
    result = run(folder)
    assert result.exit_code == 0
    assert f"{folder}/ro/language.yaml: Dit bestand ontbreekt" in result.output
    assert standing(folder, "nowhere").missing == standing(folder, "nowhere").wanted


def test_what_does_not_fit_is_told_at_its_place(folder: Path) -> None:
    """What Dutch no longer has, another blank, a digit, a list of another length and a field of the language are told.

    Each where it stands, with the cure, and with exit code 0.
    """
    change(folder / "pl/line.yaml", "list: Je hoort", "zwijg: Dat is er niet meer.\nlist: Je hoort")
    change(folder / "pl/numbers.yaml", "  end: Bel nu {number}.", "  end: Bel nu {others}.")
    change(folder / "pl/line.yaml", "Of wacht even.", "Of wacht 5 tellen.")
    change(folder / "pl/chapters.yaml", "    - Ga op je hurken zitten.\n", "")
    change(folder / "pl/language.yaml", "short: Po polsku", "kort: Po polsku")
    now = standing(folder, "pl")
    assert {problem.message for problem in now.wrong} == {
        "sentence-unneeded",
        "blank-unknown",
        "sentence-digit",
        "translate-lines",
        "field-unknown-all",
    }
    assert now.missing == ("language.short",)
    result = run(folder, language="en")
    assert result.exit_code == 0
    assert "/pl/chapters.yaml:3:7: Here are 1 sentences in a list, and in nl 2." in result.output


def test_a_file_that_cannot_be_read_fails(folder: Path) -> None:
    """Only this gives exit code 1; nothing is accepted then, or what stands in that file would be forgotten."""
    before = (folder / "pl" / ACCEPTED).read_text(encoding="utf-8")
    change(folder / "pl/line.yaml", "nomatch: Bij", "nomatch Bij")
    change(folder / "pl/language.yaml", "name: polski", "name polski")
    result = run(folder)
    assert result.exit_code == 1
    assert result.output.startswith("✗ pl  ")
    for file in ("line", "language"):
        assert f"{folder}/pl/{file}.yaml" in result.output
    with pytest.raises(CardError):
        accept(folder, "pl")
    refused = run(folder, "accept", "pl")
    assert refused.exit_code == 1
    assert "nomatch Bij" in refused.output
    assert (folder / "pl" / ACCEPTED).read_text(encoding="utf-8") == before


def test_what_takes_too_long_is_told(folder: Path) -> None:
    """A sentence about danger that takes too long is told, and what never comes to an end in time; exit code 0."""
    long = "Wacht even voor je iets doet en luister goed. " * 40
    change(folder / "pl/line.yaml", "danger: Is er", f"danger: {long} Is er")
    for code in ("nl", "pl"):
        change(folder / code / "line.yaml", "goodbye: Dag.", "goodbye:\n" + f"- {long}\n" * 6 + "- Dag.")
    accept(folder, "pl")
    result = run(folder)
    assert result.exit_code == 0
    assert "voor het nummer bij gevaar gezegd is, en mag" in result.output
    assert "is pas na" in result.output


def test_a_language_without_a_module_is_told(folder: Path) -> None:
    """Sentences can be written before the line can say numbers in a language; that is told, with whom to ask."""
    (folder / "pl").rename(folder / "qq")
    assert [problem.message for problem in standing(folder, "qq").wrong] == ["translate-no-module"]
    result = run(folder)
    assert result.exit_code == 0
    assert "ivr/language/qq.py" in result.output


def test_a_wrong_source_is_told_first(folder: Path) -> None:
    """Where the Dutch itself cannot be read there is nothing to compare with."""
    change(folder / "nl/line.yaml", "nomatch: Bij", "nomatch Bij")
    result = run(folder)
    assert result.exit_code == 1
    assert f"{folder}/nl/line.yaml" in result.output


def test_no_translation_yet(folder: Path) -> None:
    """A card in one language hears how another begins."""
    shutil.rmtree(folder / "pl")
    result = run(folder)
    assert (result.exit_code, result.output.count("\n")) == (0, 1)
    assert result.output.startswith("Naast nl is er nog geen andere taal.")


@pytest.mark.parametrize("code", ["nl", "de", "..", "PL"])
def test_only_a_translation_is_accepted(folder: Path, code: str) -> None:
    """Neither the source nor a language without a folder can be accepted."""
    result = run(folder, "accept", code)
    assert result.exit_code == 1
    assert f"Er is geen map {folder}/{code}. De talen die er zijn: pl." in result.output or code == "nl"
    assert not list(folder.glob(f"{code}/{ACCEPTED}"))


def test_a_copy_is_no_translation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another language says word for word counts as missing; a name and a word or two may be the same."""
    monkeypatch.undo()
    now = standing(folder, "pl")
    assert "line.danger" in now.missing
    assert "numbers.opvang.name" not in now.missing
    assert now.stale.keys() == set()
    assert "! pl" in run(folder).output
