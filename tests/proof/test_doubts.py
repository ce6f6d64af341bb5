# SPDX-License-Identifier: EUPL-1.2
"""What is doubted stands in `tests/broken`, word for word; here is what is not, and where languages differ."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ivr import language
from ivr.editor.load import load, make_line
from ivr.line import Line, Spoken
from ivr.proof.doubted_truth import copied, exchanged, other_language, untrue
from ivr.proof.doubted_words import spoken_times
from ivr.proof.doubts import second_looks
from ivr.proof.proved import wrong
from ivr.sentences import Sentences
from tests.cards import more
from tests.conftest import LINE, SETTINGS, answers
from tests.language import made_up
from tests.mistakes import said


@pytest.mark.parametrize("make", [more.one, more.thirty])
def test_a_small_card_and_a_big_one_are_fine(make: Callable[[Path], Path], tmp_path: Path) -> None:
    """A card with one number, and one with thirty, can be served, and nothing in them is doubted."""
    assert said(make(tmp_path)) == ""
    assert wrong(answers(make_line(replace(SETTINGS, prompts=tmp_path)))) == {}


def test_a_number_alone_names_nobody_else(tmp_path: Path) -> None:
    """Where one number with hours stands alone, nobody is named when it is closed, and the line copes."""
    line = make_line(replace(SETTINGS, prompts=more.one(tmp_path)))
    assert line.card.numbers["kat"].instead == ()
    assert "line.instead" not in line.sentences.lines


def test_thirty_numbers_without_anybody_to_wait_for_take_long(tmp_path: Path) -> None:
    """Without `wait`, a call in which nobody presses anything is told to last too long, with what to do."""
    assert said(more.thirty(tmp_path, wait=False)).startswith(
        "card.yaml: Wie niets indrukt, hoort 31 nummers: dat duurt zo'n "
    )


def test_words_without_a_place_are_doubted_too() -> None:
    """What no editor wrote in a file has no place, and its doubts say no place."""
    lines = {**LINE.sentences.lines, "line.noinput": ("Bel bijv. morgen.",)}
    line = Line(LINE.card, {"nl": Spoken(Sentences(lines, LINE.sentences.language), LINE.voice)}, "+12025550100")
    (found,) = second_looks(line, {})
    assert (found.message, found.values["part"], found.place) == ("doubt-abbreviation", "bijv.", None)


@pytest.mark.parametrize(
    ("five", "sentence", "doubted"),
    [
        ("vijf", "Druk op een cijfer.", []),
        ("vijf", "Druk op диез.", ["диез"]),
        ("пет", "Натиснете диез.", []),
        ("пет", "Arbeidsinspectie … натиснете пет.", []),
        ("five", "La 1.ª y el n.º", []),
        ("пет", "Натиснете اتصل بنا.", ["اتصل"]),
        ("пет", "Н\u0061тиснете диез.", ["Н\u0061тиснете"]),  # noqa: RUF001 - with a Latin a
    ],
)
def test_another_script_is_that_of_another_language(
    five: str, sentence: str, doubted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script that the language is not written in is doubted, and a word in two; Latin names may stand anywhere."""
    monkeypatch.setattr(made_up.MadeUp, "key", lambda _, __: five)
    lines = {**LINE.sentences.lines, "line.noinput": (sentence,)}
    line = Line(LINE.card, {"nl": Spoken(Sentences(lines, made_up.LANGUAGE), LINE.voice)})
    assert [found.values["part"] for found in second_looks(line, {}) if found.message == "doubt-script"] == doubted


@pytest.mark.parametrize(
    ("code", "spoken"),
    [("nl", "half negen"), ("en", "eight thirty in the"), ("es", "las ocho y media de la"), ("pl", "ósma trzydzieści")],
)
def test_times_are_found_by_the_language(code: str, spoken: str) -> None:
    """How a time is said is asked of the language; none of them is a single word, which may mean anything."""
    times = spoken_times(language.load(code))
    assert spoken in times
    assert all(" " in one for one in times)


@pytest.mark.parametrize("code", ["bg", "en", "es", "pl", "ro"])
def test_a_language_is_known_and_promises_nothing(code: str) -> None:
    """In each language that we ship the files are known to be in it, in Dutch they are another; and none promises."""
    spoken = make_line(SETTINGS, load(SETTINGS.prompts, "nl", also=code)).spoken(code)
    assert [*other_language(code, spoken), *untrue(LINE.card, code, spoken)] == []
    assert {found.values["other"] for found in other_language("nl", spoken)} == {code}


def test_what_was_copied_or_exchanged_is_told() -> None:
    """A source that names another number is told; and what two numbers exchanged, once for the two."""
    before = load(SETTINGS.prompts, "nl")
    first, second = (before.card.numbers[id_] for id_ in ("nla", "m"))
    swapped = {
        "nla": replace(first, form=second.form),
        "m": replace(second, form=first.form, search="iets anders", source=first.source),
    }
    after = before._replace(card=replace(before.card, numbers={**before.card.numbers, **swapped}))
    told = [(found.values["id"], found.values["part"]) for found in exchanged(before, after)]
    assert told == [("nla", "form")]
    (found,) = copied(after.card, LINE.sentences, {})
    assert found.values == {"other": "nla"}
