# SPDX-License-Identifier: EUPL-1.2
"""What only a day can tell: a notice that is over, hours that end for good, a language that is lost."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ivr.card import Notice
from ivr.editor.hours import hours_of, read_hours, unlikely
from ivr.editor.load import load, make_line
from ivr.editor.translations import digest
from ivr.hours import Hours
from ivr.line import Line
from ivr.proof import warnings
from ivr.proof.doubts import second_looks
from ivr.proof.warnings import Looked
from tests.cards import edit
from tests.conftest import LINE, SETTINGS, with_edits
from tests.mistakes import GOOD

TODAY = date(2026, 11, 29)
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def line_of(**changes: object) -> Line:
    """Our line in Dutch, with other facts on its card."""
    line = make_line(SETTINGS).only("nl")
    line.card = replace(line.card, **changes)  # type: ignore[arg-type]
    return line


@pytest.mark.parametrize(
    ("begins", "ends", "told"),
    [(-3, 2, []), (-3, -1, ["found-notice-over"]), (10, 60, ["found-notice-runs"]), (-90, 20, [])],
)
def test_a_notice_is_for_a_while(begins: int, ends: int, told: list[str]) -> None:
    """A notice that is over, or that goes on for more than a month from today, is told."""
    line = line_of(notice=Notice(NOON + timedelta(days=begins), NOON + timedelta(days=ends)))
    assert [problem.message for problem in warnings.notice(Looked(line, SETTINGS, TODAY))] == told


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ("Mo-Su 09:00-17:00", []),
        ("2026 Mo-Su 09:00-17:00", ["found-closes"]),
        ("off", ["found-never-open"]),
        ("00:00-24:00", ["found-always-open"]),
        ("Mo-Su 09:00-17:00; 2025 Dec 24-2026 Jan 02 off", []),
    ],
)
def test_hours_that_end_for_good_are_told(hours: str, told: list[str]) -> None:
    """Hours with a year before the days close for good at its end, which is told before; what is over is told too."""
    essm = replace(LINE.card.numbers["essm"], hours=Hours(hours, LINE.card.timezone, "NL"))
    line = line_of(numbers={"danger": LINE.card.emergency, "essm": essm})
    assert [problem.message for problem in warnings.hours(Looked(line, SETTINGS, TODAY))] == told


@pytest.mark.parametrize("hours", ["Mo-Su 08:30-22:00; PH off", "Mo-Fr 17:00-08:00; Sa-Su,PH 00:00-32:00; PH off"])
@pytest.mark.parametrize("answer", ["closed", "open"])
def test_what_answers_a_question_about_a_day_can_be_pasted(hours: str, answer: str) -> None:
    """Good Friday and 5 May are asked about, once each; after either answer, pasted, nothing is."""
    for today, day, name in (
        (date(2027, 2, 1), date(2027, 3, 26), "good-friday"),
        (date(2027, 4, 1), date(2027, 5, 5), "liberation"),
    ):
        essm = replace(LINE.card.numbers["essm"], hours=read_hours(hours, LINE.card.timezone, "NL"))
        [asked] = warnings.holidays(Looked(line_of(numbers={"essm": essm}), SETTINGS, today))
        assert asked.message == f"found-day-{name}"
        pasted = read_hours(f"{hours}; {asked.values[answer]}", LINE.card.timezone, "NL")
        assert hours_of(pasted, day) == (hours_of(essm.hours, day) if answer == "open" and essm.hours else ())
        line = line_of(numbers={"essm": replace(essm, hours=pasted)})
        assert list(warnings.holidays(Looked(line, SETTINGS, today))) == []
        assert list(unlikely(pasted)) == []


def test_what_answers_the_question_about_holidays_can_be_pasted() -> None:
    """A number that is open on holidays is asked about; closed or open on them, as the question says it, it is not."""
    today = date(2026, 12, 1)
    for hours, asked in (
        ("Mo-Su 08:30-22:00", ["found-holiday"]),
        ("Mo-Su 08:30-22:00; PH off", []),
        ("Mo-Su,PH 08:30-22:00", []),
    ):
        essm = replace(LINE.card.numbers["essm"], hours=read_hours(hours, LINE.card.timezone, "NL"))
        found = warnings.holidays(Looked(line_of(numbers={"essm": essm}), SETTINGS, today))
        assert [problem.message for problem in found] == asked


def test_a_card_that_lost_its_dutch_is_told() -> None:
    """A card that answers in English, with Dutch beside it, is told; one in Dutch alone is not."""
    english, swapped, dutch = (make_line(SETTINGS).only(*codes) for codes in (("en",), ("en", "nl"), ("nl",)))
    for line in (english, swapped):
        told = [problem.message for problem in warnings.reviewed(Looked(line, SETTINGS, TODAY))]
        assert told[0] == "found-only-language"
    assert list(warnings.reviewed(Looked(dutch, SETTINGS, TODAY))) == []


@pytest.mark.parametrize(("days", "told"), [(-1, []), (1, []), (2, ["found-reviewed-future"])])
def test_nobody_has_read_a_language_on_a_day_to_come(days: int, told: list[str]) -> None:
    """A day of review that must still come is told; tomorrow may have begun where the editor is."""
    line = make_line(SETTINGS)
    read = {code: (TODAY + timedelta(days=days), digest(line.spoken(code).sentences)) for code in ("nl", "en")}
    spoken = {code: line.spoken(code)._replace(reviewed=known) for code, known in read.items()}
    found = warnings.reviewed(Looked(Line(line.card, spoken, ""), SETTINGS, TODAY))
    assert [problem.message for problem in found if problem.values["language"] == "en"] == told


def test_a_review_is_of_what_was_read(tmp_path: Path) -> None:
    """Who read a language noted what it said; after a change it is told, with what to note after the next reading."""
    chosen = with_edits(tmp_path)

    def told() -> list[tuple[str, str]]:
        found = warnings.reviewed(Looked(make_line(chosen), chosen, TODAY))
        return [(problem.message, problem.values["said"]) for problem in found]

    ((message, said),) = told()
    assert message == "found-not-reviewed"
    with (tmp_path / "en" / "language.yaml").open("a", encoding="utf-8") as file:
        file.write(f"reviewed_by: verzonnen\nreviewed: {TODAY}\nreviewed_said: {said}\n")
    assert told() == []
    edit(tmp_path, "en/line.yaml", "again: ", "again: Well. ")
    ((message, now),) = told()
    assert (message, now != said) == ("found-reviewed-before", True)


def test_no_voice_says_the_page() -> None:
    """What only the page says may have brackets; the same in a sentence is doubted, as is a number of no card there."""
    line = make_line(SETTINGS).only("nl")
    said = {**line.sentences.lines, "page.title": ("Een titel (met haakjes), 0800-5151",)}
    line.sentences.lines = said
    assert second_looks(line, {}) == []
    line.sentences.lines = said | {"line.noinput": ("Een zin (met haakjes).",), "page.danger": ("Bel 113.",)}
    assert [problem.message for problem in second_looks(line, {})] == ["found-page-number", "doubt-sign"]


def test_what_nobody_reads_is_told(tmp_path: Path) -> None:
    """A second copy of a file is told, whatever was put behind its name."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    for name in ("card (1).yaml", "nl/numbers.yaml.bak", "nl/page.yml", "nl/recordings.txt"):
        (tmp_path / name).touch()
    told = [
        problem.message
        for problem in second_looks(make_line(replace(SETTINGS, prompts=tmp_path)), load(tmp_path).places)
    ]
    assert told == ["doubt-copy"] * 3
