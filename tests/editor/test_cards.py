# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.card import Card, load
from ivr.editor.source import Problems
from tests.cards import CARDS
from tests.mistakes import GOOD, TODAY

Changed = Callable[..., tuple[Card | None, list[str]]]


def loaded(folder: Path, today: date = TODAY) -> tuple[Card | None, list[str]]:
    """The card in a folder, and the ids of the mistakes in it."""
    problems = Problems()
    return load(folder, problems, today), [problem.message for problem in problems]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """Loads the small good card after each `old` in it became the `new` beside it."""

    def load_changed(*changes: tuple[str, str], today: date = TODAY) -> tuple[Card | None, list[str]]:
        text = (GOOD / "card.yaml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / "card.yaml").write_text(text, encoding="utf-8")
        return loaded(tmp_path, today)

    return load_changed


@pytest.fixture(scope="module")
def card() -> Card:
    """Our own card."""
    found, mistakes = loaded(CARDS["ours"])
    assert found
    assert not mistakes
    return found


def test_our_numbers_are_those_of_the_meldroutekaart(card: Card) -> None:
    """The five numbers stand in the order of the card, as it prints them."""
    printed = [number.number for number in card.numbers.values()]
    assert printed == ["112", "0900-8844", "010-236 52 56", "0800-5151", "0800-7000"]
    assert [number.digits for number in card.numbers.values()][2] == "0102365256"


def test_only_an_ordinary_number_is_connected(card: Card) -> None:
    """Out of the box one number is connected, in E.164, and it names what to call instead."""
    assert {n.id: (n.connect, n.instead) for n in card.numbers.values() if n.connect} == {
        "essm": ("+31102365256", ("police", "m"))
    }


def test_a_line_without_a_number_of_its_own_connects_nothing(card: Card) -> None:
    """Read out only, the card is the same but for what it connects."""
    quiet = card.read_out_only()
    assert [number.connect for number in quiet.numbers.values()] == [None] * 5
    assert (quiet.menus, quiet.home, quiet.emergency) == (card.menus, card.home, card.emergency)


def test_the_first_menu_answers_and_one_number_is_for_danger(card: Card) -> None:
    """The card knows where a call begins and where danger leads."""
    assert card.start.id == "main"
    assert card.start.keys["1"] == card.emergency.id == "danger"


def test_a_chapter_goes_back_to_its_menu(card: Card) -> None:
    """However deep a row of chapters is, the way back is the menu it was reached from."""
    assert [id_ for id_, menu in card.menus.items() if menu.chapter] == [
        "trafficking",
        "sexual",
        "criminal",
        "labour",
        "doubt",
    ]
    assert set(card.home.values()) == {"main"}


def test_a_submenu_and_its_numbers_go_back_one_step() -> None:
    """A menu under a menu goes back to that one, and the numbers in it go back to it."""
    card, mistakes = loaded(CARDS["second"])
    assert card
    assert not mistakes
    assert card.timezone == ZoneInfo("Atlantic/Canary")
    assert card.home == {
        "begin": "begin",
        "alarm": "begin",
        "dieren": "begin",
        "opvang": "dieren",
        "dierenarts": "dieren",
    }


def test_a_number_in_two_menus_goes_back_to_the_first(changed: Changed) -> None:
    """A number may stand in several menus; the nearest to the start is the way back."""
    card, mistakes = changed(("    4: uitleg\n", "    4: uitleg\n    5: meer\n  meer:\n    1: opvang\n"))
    assert card
    assert not mistakes
    assert (card.home["meer"], card.home["opvang"]) == ("begin", "begin")


def test_what_stands_only_in_a_chapter_cannot_be_reached(changed: Changed) -> None:
    """A chapter is no menu to go back to, so a number needs a key in a menu."""
    _, mistakes = changed(("    2: opvang\n", ""))
    assert mistakes == ["unreachable"]


@pytest.mark.parametrize(
    ("printed", "connect", "mistake"),
    [
        ("000-111 22 33", "+31001112233", None),
        ("+31 00 111 22 33", "+31001112233", None),
        ("12 34 56 78", "+4512345678", "connect-other"),
        ("112", "+31112", "connect-emergency"),
        ("112", "112", "connect-emergency"),
        ("0800-1234", "+318001234", "connect-free"),
        ("0800-1234", "+31700001234", "connect-free"),
        ("070-000 12 34", "+318001234", "connect-free"),
        ("0900-1234", "+319001234", "connect-paid"),
        ("0906-1234", "+319061234", "connect-paid"),
        ("0909-1234", "+319091234", "connect-paid"),
        ("14 010", "+3114010", "connect-short"),
        ("116 111", "+31116111", "connect-short"),
        ("144", "+31144000000", "connect-short"),
        ("000-111 22 33", "0031001112233", "connect-form"),
        ("000-111 22 33", "+31 001112233", "connect-form"),
        ("000-111 22 33", "+3100111223", "connect-other"),
        ("+31 00 111 22 33", "+32001112233", "connect-other"),
        ("009-111 22 33", "+31091112233", "connect-key"),
    ],
)
def test_only_what_may_be_dialled_is_connected(
    printed: str, connect: str, mistake: str | None, changed: Changed
) -> None:
    """What is connected is in E.164, is what is read out, lacks the key, and is not 112, 0800, 0900 or short."""
    _, mistakes = changed(("000-111 22 33", printed), ("+31001112233", connect))
    assert mistakes == ([mistake] if mistake else [])


def test_another_connect_key_frees_the_digits_of_a_number(changed: Changed) -> None:
    """The card may choose the key that connects."""
    nines = [("000-111 22 33", "099-111 22 33"), ("+31001112233", "+31991112233")]
    assert changed(*nines)[1] == ["connect-key"]
    card, mistakes = changed(*nines, ("country: NL", "country: NL\nconnect_key: 4"))
    assert card
    assert (card.connect_key, mistakes) == ("4", [])


def test_a_number_without_hours_needs_no_alternative(changed: Changed) -> None:
    """`instead` is wanted only where somebody may be closed or not answer."""
    gone = [(f"    {line}\n", "") for line in ("hours: Mo-Fr 09:00-17:00; PH off", "connect: +31001112233")]
    assert changed(*gone, ("    instead: [dierenarts]\n", ""))[1] == []
    assert changed(gone[0], ("    instead: [dierenarts]\n", ""))[1] == ["field-missing"]
    assert changed(gone[1], ("    instead: [dierenarts]\n", ""))[1] == ["field-missing"]


def test_tomorrow_is_not_in_the_future(changed: Changed) -> None:
    """What was checked today loads, also where the clock is a day behind; what will be checked later does not."""
    today = date(2026, 11, 1)
    assert changed(today=today)[1] == []
    assert changed(("2026-11-01", "2026-11-02"), today=today)[1] == []
    assert changed(("2026-11-01", "2026-11-03"), today=today)[1] == ["date-future"]


def test_a_date_may_leave_out_its_zeros(changed: Changed) -> None:
    """A date is one that a calendar has, however many digits it is written with."""
    card, mistakes = changed(("2026-11-01", "2026-2-3"))
    assert card
    assert (card.emergency.checked, mistakes) == (date(2026, 2, 3), [])


def test_a_card_without_numbers_is_told(changed: Changed) -> None:
    """Without the section with numbers no key leads anywhere."""
    _, mistakes = changed(("numbers:", "nummers:"))
    assert mistakes == ["field-unknown"] + ["target-unknown"] * 5


def test_a_card_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    """Without a file there is a mistake and no card."""
    assert loaded(tmp_path) == (None, ["file-missing"])


def test_a_number_alone_in_its_menu_has_no_alternative(changed: Changed) -> None:
    """Where nothing else can be chosen, the message says so."""
    _, mistakes = changed(("    3: dierenarts\n", "    3: arts\n  arts:\n    1: dierenarts\n"))
    assert mistakes == ["instead-unknown"]
    _, mistakes = changed(
        ("    2: opvang\n    3: dierenarts\n", "    2: hulp\n    3: dierenarts\n  hulp:\n    1: opvang\n")
    )
    assert mistakes == ["instead-unknown"]


@pytest.mark.parametrize(
    ("change", "unclear"),
    [
        (("    hours:", "    huors:"), {"opvang"}),
        (("    source: Verzonnen", "    source:"), {"gevaar"}),
        (("    emergency: yes", "    emergncy: yes"), {"gevaar"}),
        (("    number: 112", "    number: 112\n    number: 113"), {"gevaar"}),
        (("    emergency: yes", "    emergency: no"), {"gevaar", "opvang", "dierenarts"}),
        (("    connect: +31001112233", "    connect: +318000000"), {"opvang"}),
        (("    3: dierenarts", "    3: dierenats"), {"begin"}),
        (("    3: dierenarts", "    3:"), {"begin"}),
        (("    3: dierenarts", "    2: dierenarts"), {"begin"}),
        (("  vangen:\n    2: opvang", "  vangen: opvang"), {"vangen"}),
        (("hours: Mo-Fr 09:00-17:00", "hours: 9-17"), set()),
        (("checked: 2026-11-01", "checked: gisteren"), set()),
        (("timezone: Europe/Amsterdam", "timezone: Europe"), set()),
        (("country: NL", "country: Nederland"), set()),
        (("connect: +31001112233", "connect: 0001112233"), set()),
        (("emergency: yes", "emergency: ja"), set()),
    ],
)
def test_after_a_mistake_the_card_holds_what_is_clear(
    change: tuple[str, str], unclear: set[str], changed: Changed
) -> None:
    """One mistake is told once; only that of which it is not clear what was meant is left out of the card."""
    card, mistakes = changed(change)
    assert card
    assert len(mistakes) == 1
    everything = {"gevaar", "opvang", "dierenarts", "begin", "uitleg", "vangen"}
    assert everything - {*card.numbers, *card.menus} == unclear
