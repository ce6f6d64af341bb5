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

from ivr.card import Menu
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.page.content import Call, Chapter, Choice, Content, Group
from ivr.page.render import Renderer
from ivr.sentences import Sentences
from tests.cards.made import Plan, plans, write
from tests.conftest import BY_DAY, BY_NIGHT, LINE, LINES, SETTINGS, with_hours

every_card = pytest.mark.parametrize("line", LINES.values(), ids=LINES)


def content(line: Line = LINE, at: datetime = BY_DAY, *, now: bool = True) -> Content:
    """The page of a line at a moment, with or without what holds only then."""
    return Content(line, at, line.world(at).states if now else None)


def calls(choices: Iterable[Choice]) -> list[Call]:
    """Every number among choices, in their order."""
    found: list[Call] = []
    for choice in choices:
        if isinstance(choice, Group):
            found += calls(choice.choices)
        elif isinstance(choice, Call):
            found.append(choice)
    return found


def essm(at: datetime, line: Line = LINE, *, now: bool = True) -> Call:
    """What the page says of the ESSM."""
    return next(call for call in calls(content(line, at, now=now).choices) if call.id == "essm")


def test_the_choices_are_those_of_the_line_in_its_order() -> None:
    """Danger first; then each choice of the menu by its question, and where it can be read or called."""
    page = content()
    assert page.danger.number == "112"
    assert page.danger.about == ("Zeg meteen waar je bent. Vraag om de politie.",)
    assert [(choice.question, choice.id) for choice in page.choices if not isinstance(choice, Group)] == [
        ("De politie bellen, zonder spoed?", "police"),
        ("Hulp of advies, voor jezelf of een ander?", "essm"),
        ("Gaat het om werk dat niet eerlijk, veilig of gezond is?", "nla"),
        ("Liever anoniem melden?", "m"),
        ("Wil je eerst uitleg?", "trafficking"),
    ]
    assert [chapter.title for chapter in page.chapters] == [
        "Wat is mensenhandel?",
        "Seksuele uitbuiting",
        "Criminele uitbuiting",
        "Uitbuiting op het werk",
        "Twijfel je?",
    ]
    assert page.chapters[3].about[0] == "Dat heet ook arbeidsuitbuiting."
    assert page.chapters[3].ways == (("Hulp of advies?", "essm"), ("De Arbeidsinspectie?", "nla"))


def test_a_menu_below_another_is_a_group() -> None:
    """A card with two layers of menus keeps them: a question, what it is about, and its choices."""
    (group,) = content(LINES["second"]).choices
    assert isinstance(group, Group)
    assert group.question == "Ligt er een dier op het strand?"
    assert group.about == ("Blijf op een afstand. Raak het dier niet aan.",)
    assert [call.name for call in calls([group])] == ["De opvang", "De dierenarts"]


@every_card
def test_every_number_is_printed_and_can_be_called(line: Line) -> None:
    """Each number of the card stands there once, in its printed groups, with a link that dials its digits."""
    page = content(line)
    found = {call.number: call.link for call in (page.danger, *calls(page.choices))}
    assert found == {number.number: f"tel:{number.digits}" for number in line.card.numbers.values()}


def test_a_number_from_abroad_keeps_its_plus() -> None:
    """A number with a country in front is dialled with it."""
    line = make_line(SETTINGS)
    numbers = dict(line.card.numbers) | {"nla": replace(line.card.numbers["nla"], number="+31 70 333 56 78")}
    line.card = replace(line.card, numbers=numbers)
    assert {call.link for call in calls(content(line).choices)} >= {"tel:+31703335678"}


@every_card
def test_nothing_is_said_about_keys_or_pauses(line: Line) -> None:
    """What the line says about keys is not on the page, nor is a pause or a blank."""
    page = content(line)
    told: list[Call | Chapter] = [*page.chapters, page.danger, *calls(page.choices)]
    text = " ".join(part for one in told for value in (one.about, (one.question,)) for part in value)
    assert not re.search(r"…|[{}]|\b(druk|toets|hekje|sterretje)\b", text, re.IGNORECASE)


def test_a_question_that_led_to_a_key_goes_with_it() -> None:
    """Of what a paid number says, the question that only a key answers is left out; what it costs stays."""
    police = calls(content().choices)[0]
    assert police.about[-1] == "Dit nummer kost geld, en niet elke telefoon kan het bellen."


def test_a_choice_all_in_one_sentence_is_told_whole() -> None:
    """Where an editor puts the situation and the key in one sentence, the page has that sentence."""
    line = make_line(SETTINGS)
    said = {**line.sentences.lines, "menus.main.choices.m.long": ("Druk op {key} voor anoniem melden.",)}
    line.sentences = Sentences(said, line.sentences.language)
    assert calls(content(line).choices)[-1].question == "Druk op vijf voor anoniem melden."


def test_spelled_letters_are_an_abbreviation() -> None:
    """What a voice must spell is read as an abbreviation."""
    assert essm(BY_DAY).about[-1].endswith("De afkorting is ESSM.")
    assert essm(BY_DAY, LINE.only("en")).about[-1].endswith("The short name is ESSM.")


DAY, NIGHT = "Nu open", "Nu dicht, tot morgenochtend half negen"
USUAL = "Het adviespunt is open elke dag van half negen 's ochtends tot tien uur 's avonds."


@pytest.mark.parametrize(("at", "now", "is_open"), [(BY_DAY, DAY, True), (BY_NIGHT, NIGHT, False)])
def test_it_says_whether_it_is_open_now(at: datetime, now: str, *, is_open: bool) -> None:
    """Open or closed until when, and the hours in words either way; of a number without hours nothing is said."""
    call = essm(at)
    assert (call.now, call.is_open, call.hours) == (now, is_open, (USUAL,))
    assert {call.now for call in calls(content().choices) if call.id != "essm"} == {""}


def test_a_clock_in_another_zone_makes_no_difference() -> None:
    """A server's clock, which is in UTC, gives the same page as one in the time of the card."""
    for at in (BY_DAY, BY_NIGHT):
        assert essm(at.replace(tzinfo=LINE.card.timezone).astimezone(UTC)) == essm(at)


def test_a_page_for_any_time_has_hours_and_no_now() -> None:
    """What is kept as a file says no "now", and has the hours of a usual week."""
    for at in (BY_DAY, BY_NIGHT, BY_DAY + timedelta(days=30)):
        assert (essm(at, now=False).now, essm(at, now=False).hours) == ("", (USUAL,))


def test_an_unusual_week_is_told_apart(tmp_path: Path) -> None:
    """With a day that differs the page has the hours of the coming seven days; a page for any time the usual."""
    line = make_line(with_hours(tmp_path, "Mo-Su 08:30-22:00; 2026 Nov 26 off"))
    assert (
        essm(BY_DAY, line)
        .hours[0]
        .startswith("De komende zeven dagen is het adviespunt open maandag tot en met woensdag")
    )
    assert essm(BY_DAY, line, now=False).hours == (USUAL,)


def test_nobody_knows_when_it_opens(tmp_path: Path) -> None:
    """Closed for good, or until nobody knows when, it says that, and no hours."""
    line = make_line(with_hours(tmp_path, "2026 Nov 24 08:30-22:00"))
    call = essm(BY_DAY, line)
    assert (call.now, call.hours) == ("Nu dicht, tot nader bericht", ())


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
    line.sentences = Sentences({**line.sentences.lines, **more}, line.sentences.language)
    group = content(line).choices[-1]
    assert isinstance(group, Group)
    assert [call.id for call in calls([group])] == ["m"]


def test_a_chapter_always_has_a_title() -> None:
    """A chapter that is a single sentence has that as its title; one that only speaks of keys has its question."""
    line = make_line(SETTINGS)
    for said, title in (("Het denkt met je mee!", "Het denkt met je mee"), ("Terug? … Druk op hekje.", "Twijfel je?")):
        lines = {**line.sentences.lines, "chapters.doubt.about": (said,)}
        line.sentences = Sentences(lines, line.sentences.language)
        last = content(line).chapters[-1]
        assert (last.title, last.about) == (title, ())


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans, hours=st.integers(0, 400 * 24))
def test_any_card_has_a_page(plan: Plan, hours: int) -> None:
    """Whatever is on a card and whatever the hour, the page can be made, and has each of its numbers once."""
    with tempfile.TemporaryDirectory() as folder:
        write(plan, Path(folder))
        line = make_line(replace(SETTINGS, prompts=Path(folder)))
        renderer = Renderer({"nl": line}, Path(folder), {"nl": "./"})
        at = BY_DAY + timedelta(hours=hours)
        for states in (line.world(at).states, None):
            links = re.findall('href="tel:([0-9]+)"', renderer.page("nl", at, states))
            assert sorted(links) == sorted(number.digits for number in line.card.numbers.values())
