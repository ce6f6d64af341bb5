# SPDX-License-Identifier: EUPL-1.2
"""From a folder to what a line is given: the heart knows nothing of it, and one language cannot silence the others."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.editor.load import load, make_line
from ivr.messages.problems import CardError
from ivr.proof import proved, warnings
from tests.cards import CARDS, edit
from tests.commands.test_check import GOOD
from tests.commands.test_check import ivr as command
from tests.conftest import SETTINGS, answers
from tests.languages import EVERY, offered


def test_a_language_that_nobody_speaks_is_no_mistake_of_the_editor() -> None:
    """Which language is asked for, is a setting."""
    with pytest.raises(LookupError):
        load(CARDS["ours"], "tlh")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("en/line.yaml", "danger: ", "dangre: ", "sentence-unused"),
        ("en/language.yaml", "offer: English? … Press {key}.", "offer: English? … Press eight.", "blank-missing"),
        ("en/language.yaml", "to_nl: Change to Dutch? … Press {key}.\n", "", "field-missing"),
        ("en/line.yaml", "nomatch: ", "  nomatch: ", "indent"),
    ],
)
def test_a_language_with_a_mistake_is_left_out(file: str, old: str, new: str, message: str, tmp_path: Path) -> None:
    """The line is there without it, and the reason is known."""
    offered(tmp_path, "nl", "en", "pl")
    edit(tmp_path, file, old, new)
    read = load(tmp_path)
    assert list(read.spoken) == ["nl", "pl"]
    assert message in [problem.message for problem in read.left_out["en"]]
    assert make_line(replace(SETTINGS, prompts=tmp_path)).card.languages == ("nl", "pl")


def test_a_language_with_a_mistake_fails_the_check(tmp_path: Path) -> None:
    """`ivr check` says which language the line does without, and why."""
    offered(tmp_path, "nl", "en")
    edit(tmp_path, "en/line.yaml", "danger: ", "dangre: ")
    result = command("check", IVR_PROMPTS=str(tmp_path), **GOOD)
    assert result.exit_code == 2
    assert "✗ languages" in result.stdout
    assert "doet de lijn het zonder: en." in result.stdout


def test_a_number_added_in_the_first_language_does_not_silence_the_line(tmp_path: Path) -> None:
    """Until what is new is translated the other languages are left out, each with what it lacks; but for a notice."""
    offered(tmp_path, *EVERY)
    edit(tmp_path, "nl/line.yaml", "\nagain: ", "\nnotice: Een mededeling.\nagain: ")
    notice = "notice:\n  from: 2026-01-01 00:00\n  until: 2027-01-01 00:00\n"
    edit(tmp_path, "card.yaml", "numbers:\n", f"{notice}numbers:\n")
    assert tuple(load(tmp_path).spoken) == EVERY
    edit(tmp_path, "card.yaml", "numbers:\n", "wait: essm\nnumbers:\n")
    edit(tmp_path, "nl/numbers.yaml", "\nessm:\n", "\nessm:\n  wait: Blijf aan de lijn.\n")
    read = load(tmp_path)
    assert list(read.spoken) == ["nl"]
    assert {code: problems[0].message for code, problems in read.left_out.items()} == dict.fromkeys(
        EVERY[1:], "sentence-missing"
    )


def test_a_language_without_its_folder_is_left_out(tmp_path: Path) -> None:
    """So is one whose folder is not there."""
    offered(tmp_path, "nl", "en")
    shutil.rmtree(tmp_path / "en")
    read = load(tmp_path)
    assert list(read.spoken) == ["nl"]
    assert [problem.said("nl")[:32] for problem in read.left_out["en"]] == ["De map en/ is er nog niet. Begin"]


@pytest.mark.parametrize("written", ["[nl, en, tr]", "[tr, nl, en]"])
def test_a_language_that_the_line_does_not_speak_is_left_out(written: str, tmp_path: Path) -> None:
    """The line starts in the languages that it knows, and says which it does without."""
    offered(tmp_path, "nl", "en")
    edit(tmp_path, "card.yaml", "languages: [nl, en]", f"languages: {written}")
    read = load(tmp_path)
    assert list(read.spoken) == ["nl", "en"]
    assert [problem.message for problem in read.left_out["tr"]] == ["found-language-unknown"]


def test_key_eight_is_for_languages_where_there_are_several(tmp_path: Path) -> None:
    """A card in one language may use 8 for a choice; with two it is refused, there and as the key that connects."""
    offered(tmp_path, "nl")
    edit(tmp_path, "card.yaml", "    6: trafficking", "    8: trafficking")
    assert load(tmp_path).card.languages == ("nl",)
    edit(tmp_path, "card.yaml", "languages: [nl]", "connect_key: 8\nlanguages: [nl, en]")
    with pytest.raises(CardError) as caught:
        load(tmp_path)
    assert [problem.message for problem in caught.value.problems] == ["language-key"] * 2


def test_the_way_back_names_the_language_that_it_leads_to(tmp_path: Path) -> None:
    """A card that begins in English wants `to_en` of Polish, whose sentence says English: `to_nl` says Dutch."""
    offered(tmp_path, "en", "pl")
    wrong = load(tmp_path).left_out["pl"]
    assert [problem.values["key"] for problem in wrong] == ["to_en"]


def test_a_draft_with_a_broken_file_fails_the_check(tmp_path: Path) -> None:
    """A draft may lack what it likes, but what cannot be read fails `ivr check`, though nobody hears it yet."""
    settings = offered(tmp_path, "nl", "en")
    edit(tmp_path, "pl/line.yaml", "danger: ", "dangre: ")
    assert warnings.languages(load(tmp_path), settings.prompts).status == "pass"
    edit(tmp_path, "pl/line.yaml", "nomatch: ", "  nomatch: ")
    assert warnings.languages(load(tmp_path), settings.prompts).status == "fail"


def test_what_is_spoken_at_a_number_has_a_source(tmp_path: Path) -> None:
    """`speaks` names languages by their codes, each with where that is known from."""
    offered(tmp_path, "nl", "en")
    edit(tmp_path, "card.yaml", "    instead: [police]\n", "    instead: [police]\n    speaks:\n      en: verzonnen\n")
    assert load(tmp_path).card.numbers["essm"].speaks == {"en": "verzonnen"}
    edit(tmp_path, "card.yaml", "      en: verzonnen", "      English: verzonnen")
    with pytest.raises(CardError, match="English is not the code of a language"):
        load(tmp_path)


def test_a_language_that_takes_too_long_is_left_out_at_start(tmp_path: Path) -> None:
    """What the proofs find in one language keeps only that one from being served; in the first, the whole line."""
    settings = offered(tmp_path, "nl", "en", "pl")
    edit(tmp_path, "en/line.yaml", "danger: ", f"danger: {'Wait. ' * 40}")
    line = make_line(settings)
    wrong = proved.wrong(answers(line))
    assert {code: problems[0].message for code, problems in wrong.items()} == {"en": "found-long-danger"}
    edit(tmp_path, "nl/line.yaml", "danger: ", f"danger: {'Wacht. ' * 40}")
    assert list(proved.wrong(answers(make_line(settings)))) == ["nl"]


def test_languages_that_are_too_long_only_together_are_left_out_together(tmp_path: Path) -> None:
    """Where each fits beside the first and all of them do not, the line speaks the first alone."""
    settings = offered(tmp_path, "nl", "en", "pl")
    for code in ("en", "pl"):
        edit(tmp_path, f"{code}/language.yaml", "short: ", f"short: {'Very long names. ' * 12}")
    assert list(proved.wrong(answers(make_line(settings)))) == ["en", "pl"]
