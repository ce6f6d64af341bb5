# SPDX-License-Identifier: EUPL-1.2

import re
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.card import Menu, Notice, digits
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.page.content import Chapter, Choice, Contact, Content, Submenu, link
from ivr.page.render import PageRenderer
from tests.cards.made import Plan, plans, write
from tests.conftest import BY_DAY, BY_NIGHT, LINE, LINES, SETTINGS, says, with_hours

DAYS = timedelta(days=1)

every_card = pytest.mark.parametrize("line", LINES.values(), ids=LINES)


def content(line: Line = LINE, at: datetime = BY_DAY, *, now: bool = True) -> Content:
    """The page of a line at a moment, with or without what holds only then."""
    return Content(line, at, line.world(at).states if now else None)


def calls(choices: Iterable[Choice]) -> list[Contact]:
    """Every number among choices, in their order."""
    found: list[Contact] = []
    for choice in choices:
        if isinstance(choice, Submenu):
            found += calls(choice.choices)
        elif isinstance(choice, Contact):
            found.append(choice)
    return found


def essm(at: datetime, line: Line = LINE, *, now: bool = True) -> Contact:
    """What the page says of the ESSM."""
    return next(call for call in calls(content(line, at, now=now).choices) if call.id == "essm")


def test_the_choices_are_those_of_the_line_in_its_order() -> None:
    """Danger first; then each choice of the menu by its question, and where it can be read or called."""
    page = content()
    assert page.danger.number.number == "112"
    assert page.danger.about == (says("numbers.danger.where"),)
    assert [(choice.question, choice.id) for choice in page.choices if not isinstance(choice, Submenu)] == [
        (says(f"menus.main.choices.{id_}.long"), id_) for id_ in ("police", "essm", "nla", "m", "trafficking")
    ]
    labour = page.chapters[3]
    for chapter, id_ in zip(page.chapters, ("trafficking", "sexual", "criminal", "labour", "doubt"), strict=True):
        assert says(f"chapters.{id_}.about").startswith(chapter.title)
    assert says("chapters.labour.about") == f"{labour.title}. {labour.about[0]}"
    assert labour.ways == tuple((says(f"chapters.labour.choices.{id_}"), id_) for id_ in ("essm", "nla"))


def test_a_menu_below_another_is_a_group() -> None:
    """A card with two layers of menus keeps them: a question, what it is about, and its choices."""
    (group,) = content(LINES["second"]).choices
    assert isinstance(group, Submenu)
    assert group.question == "Ligt er een dier op het strand?"
    assert group.about == ("Blijf op een afstand. Raak het dier niet aan.",)
    assert [call.name for call in calls([group])] == ["De opvang", "De dierenarts"]


@every_card
def test_every_number_is_printed_and_can_be_called(line: Line) -> None:
    """Each number of the card stands there once, in its printed groups, with a link that dials it."""
    page = content(line)
    printed = [call.number.number for call in (page.danger, *calls(page.choices))]
    found = {number: link(number, line.card.country) for number in printed}
    assert set(found) == {number.number for number in line.card.numbers.values()}
    assert all(digits(found[n.number]).endswith(n.digits.removeprefix("0")) for n in line.card.numbers.values())


@pytest.mark.parametrize(
    ("printed", "country", "dials"),
    [
        ("010-236 52 56", "NL", "tel:+31102365256"),
        ("0800-7000", "NL", "tel:08007000"),
        ("0900-8844", "NL", "tel:09008844"),
        ("112", "NL", "tel:112"),
        ("14 010", "NL", "tel:14010"),
        ("010-236 52 56", None, "tel:0102365256"),
        ("+31 70 333 56 78", None, "tel:+31703335678"),
        ("+31 70", None, "tel:+3170"),
    ],
)
def test_an_ordinary_number_can_be_dialled_from_abroad(printed: str, country: str | None, dials: str) -> None:
    """A telephone with a foreign card reaches it too; what works in its country only keeps its digits."""
    assert link(printed, country) == dials


@every_card
def test_nothing_is_said_about_keys_or_pauses(line: Line) -> None:
    """What the line says about keys is not on the page, nor is a pause or a blank."""
    page = content(line)
    told: list[Contact | Chapter] = [*page.chapters, page.danger, *calls(page.choices)]
    text = " ".join(part for one in told for value in (one.about, (one.question,)) for part in value)
    assert not re.search(r"…|[{}]|\b(druk|toets|hekje|sterretje)\b", text, re.IGNORECASE)


def test_a_question_that_led_to_a_key_goes_with_it() -> None:
    """Of what a paid number says, the question that only a key answers is left out; what it costs stays."""
    police = calls(content().choices)[0]
    assert says("numbers.police.cost").startswith(police.cost[-1])
    assert "?" not in police.cost[-1]


def test_a_choice_all_in_one_sentence_is_told_whole() -> None:
    """Where an editor puts the situation and the key in one sentence, the page has that sentence."""
    line = make_line(SETTINGS)
    said = {**line.sentences.lines, "menus.main.choices.m.long": ("Druk op {key} voor anoniem melden.",)}
    line.sentences.lines = said
    assert calls(content(line).choices)[-1].question == "Druk op vijf voor anoniem melden."


def test_spelled_letters_are_an_abbreviation() -> None:
    """What a voice must spell is read as an abbreviation."""
    assert essm(BY_DAY).about[-1].endswith(" ESSM.")
    assert essm(BY_DAY, LINE.only("en")).about[-1].endswith(" ESSM.")


DAY, NIGHT = "Woensdag 25 november: open tot 22:00", "Woensdag 25 november: dicht tot donderdag 26 november 8:30"
USUAL = "Open: ma–zo 8:30–22:00"


@pytest.mark.parametrize(
    ("at", "now", "until", "is_open"),
    [
        (BY_DAY, DAY, "2026-11-25T22:00:00+01:00", True),
        (BY_NIGHT, NIGHT, "2026-11-26T08:30:00+01:00", False),
        (BY_DAY.replace(hour=7), "Woensdag 25 november: dicht tot 8:30", "2026-11-25T08:30:00+01:00", False),
    ],
)
def test_it_says_whether_it_is_open_and_on_which_day(at: datetime, now: str, until: str, *, is_open: bool) -> None:
    """What holds for some hours has its date in it, and tells when it is over; without hours nothing is said."""
    call = essm(at)
    assert (call.now, call.until, call.is_open, call.hours) == (now, until, is_open, (USUAL,))
    assert {call.now for call in calls(content().choices) if call.id != "essm"} == {""}


@pytest.mark.parametrize(
    ("hours", "now", "week"),
    [
        ("24/7", "Woensdag 25 november: open de hele dag", ["Open: ma–zo de hele dag"]),
        (
            "Mo-Fr 08:30-12:30,13:30-22:00; Sa 22:00-02:00",
            "Woensdag 25 november: open tot 22:00",
            ["Open: ma–vr 8:30–12:30, 13:30–22:00; za 22:00–2:00"],
        ),
        (
            "Mo-Su 08:30-22:00; 2026 Nov 26 off; 2026 Dec 01 10:00-24:00",
            "Woensdag 25 november: open tot 22:00",
            [USUAL, "Donderdag 26 november: dicht", "Dinsdag 1 december: open 10:00–24:00"],
        ),
        ("2026 Nov 24 08:30-22:00", "Woensdag 25 november: dicht", []),
    ],
)
def test_hours_are_for_eyes(tmp_path: Path, hours: str, now: str, week: list[str]) -> None:
    """Hours are in digits, days in a row together; a day soon that differs has its date, on a page for any time too."""
    line = make_line(with_hours(tmp_path, hours))
    assert (essm(BY_DAY, line).now, [*essm(BY_DAY, line).hours]) == (now, week)
    assert (essm(BY_DAY, line, now=False).now, [*essm(BY_DAY, line, now=False).hours]) == ("", week)
    assert content(now=False).as_of == "Zo is het op woensdag 25 november 2026."


def test_a_clock_in_another_zone_makes_no_difference() -> None:
    """A server's clock, which is in UTC, gives the same page as one in the time of the card."""
    for at in (BY_DAY, BY_NIGHT):
        assert essm(at.replace(tzinfo=LINE.card.timezone).astimezone(UTC)) == essm(at)


@pytest.mark.parametrize(
    ("at", "live", "kept"), [(BY_DAY, False, True), (BY_DAY + 3 * DAYS, True, True), (BY_DAY + 9 * DAYS, False, False)]
)
def test_a_notice_has_its_dates(at: datetime, *, live: bool, kept: bool) -> None:
    """The notice tells from when until when; a page for any time has it before it begins too."""
    line = make_line(SETTINGS)
    begins = BY_DAY.replace(tzinfo=line.card.timezone) + DAYS
    line.card = replace(line.card, notice=Notice(begins, begins + 7 * DAYS))
    line.sentences.lines = {**line.sentences.lines, "line.notice": ("Het stormt.",)}
    for shown, page in ((live, Content(line, at, {})), (kept, Content(line, at, None))):
        assert (page.notice is not None) is shown
        if page.notice:
            assert page.notice.about == ("Het stormt.",)
            assert page.notice.when == "Donderdag 26 november 14:00 – donderdag 3 december 14:00"


def test_a_number_only_below_a_chapter_is_not_lost() -> None:
    """A menu to which only a chapter leads stands after the other choices."""
    line = make_line(SETTINGS)
    menus = dict(line.card.menus)
    menus["doubt"] = replace(menus["doubt"], keys={"3": "essm", "7": "other"})
    menus["other"] = Menu("other", {"1": "m"})
    menus["main"] = replace(menus["main"], keys={k: id_ for k, id_ in menus["main"].keys.items() if id_ != "m"})
    more = {"chapters.doubt.choices.other": ("Iets anders? … Druk op {key}.",), "menus.other.about": ("Anders.",)}
    more["menus.other.choices.m.long"] = ("Anoniem? … Druk op {key}.",)
    line.card = replace(line.card, menus=menus)
    line.sentences.lines = {**line.sentences.lines, **more}
    group = content(line).choices[-1]
    assert isinstance(group, Submenu)
    assert [call.id for call in calls([group])] == ["m"]


def test_a_chapter_always_has_a_title() -> None:
    """A chapter that is a single sentence has that as its title; one that only speaks of keys has its question."""
    line = make_line(SETTINGS)
    for said, title in (
        ("Het denkt met je mee!", "Het denkt met je mee"),
        ("Terug? … Druk op hekje.", says("chapters.labour.choices.doubt")),
    ):
        lines = {**line.sentences.lines, "chapters.doubt.about": (said,)}
        line.sentences.lines = lines
        last = content(line).chapters[-1]
        assert (last.title, last.about) == (title, ())


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans, hours=st.integers(0, 400 * 24))
def test_any_card_has_a_page(plan: Plan, hours: int) -> None:
    """Whatever is on a card and whatever the hour, the page can be made, and has each of its numbers once."""
    with tempfile.TemporaryDirectory() as folder:
        write(plan, Path(folder))
        line = make_line(replace(SETTINGS, prompts=Path(folder)))
        renderer = PageRenderer({"nl": line}, replace(SETTINGS, prompts=Path(folder)), {"nl": "./"})
        at = BY_DAY + timedelta(hours=hours)
        for states in (line.world(at).states, None):
            links = re.findall('href="tel:([+0-9]+)"', renderer.page("nl", at, states))
            assert sorted(links) == sorted(number.digits for number in line.card.numbers.values())
