# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.card import Card
from ivr.editor import cards
from ivr.editor.load import read_card
from ivr.messages.problems import Problems
from tests.cards import CARDS
from tests.mistakes import GOOD

Changed = Callable[..., tuple[Card | None, list[str]]]


def loaded(folder: Path) -> tuple[Card | None, list[str]]:
    """The card in a folder if its shape is right, and the ids of the mistakes in it."""
    problems = Problems()
    table = read_card(folder, problems)
    card = None if problems else cards.card(table, problems, "nl")
    return card, [problem.message for problem in problems]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """Loads the small good card after each `old` in it became the `new` beside it."""

    def load_changed(*changes: tuple[str, str]) -> tuple[Card | None, list[str]]:
        text = (GOOD / "card.yaml").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / "card.yaml").write_text(text, encoding="utf-8")
        return loaded(tmp_path)

    return load_changed


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


@pytest.mark.parametrize(
    ("printed", "connect", "mistake"),
    [
        ("000-111 22 33", "+31001112233", None),
        ("+31 00 111 22 33", "+31001112233", None),
        ("070-000 12 34", "+318001234", "connect-free"),
        ("0909-1234", "+319091234", "connect-paid"),
        ("144", "+31144000000", "connect-short"),
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
    assert changed(gone[0], ("    instead: [dierenarts]\n", ""))[1] == ["instead-missing"]
    assert changed(gone[1], ("    instead: [dierenarts]\n", ""))[1] == ["instead-missing"]


def test_a_date_may_leave_out_its_zeros(changed: Changed) -> None:
    """A date is one that a calendar has, however many digits it is written with."""
    card, mistakes = changed(("2026-11-01", "2026-2-3"))
    assert card
    assert (card.emergency.checked, mistakes) == (date(2026, 2, 3), [])


def test_a_number_alone_in_its_menu_has_no_alternative(changed: Changed) -> None:
    """Where nothing else can be chosen, that is told; to name nobody is right there, with an empty list or without."""
    _, mistakes = changed(("    3: dierenarts\n", "    3: arts\n  arts:\n    1: dierenarts\n"))
    assert mistakes == ["instead-unknown"]
    alone = ("    2: opvang\n    3: dierenarts\n", "    2: hulp\n    3: dierenarts\n  hulp:\n    1: opvang\n")
    key = (
        "    4: vangen\n    2: opvang\n  vangen:\n    2: opvang\n",
        "    4: vangen\n    1: opvang\n  vangen:\n    1: opvang\n",
    )
    assert changed(alone, key)[1] == ["instead-none"]
    for nobody in ("    instead: []\n", ""):
        card, mistakes = changed(alone, key, ("    instead: [dierenarts]\n", nobody))
        assert card
        assert (card.numbers["opvang"].instead, mistakes) == ((), [])


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        (("menus:\n", "menus:\n  begin:\n    1: dierenarts\n"), "duplicate"),
        (("country: NL", "country: Nederland"), "country-unknown"),
    ],
)
def test_causes_come_before_consequences(change: tuple[str, str], mistake: str, changed: Changed) -> None:
    """While the shape of the card is wrong, that is told, and nothing of what it refers to."""
    elsewhere = ("    4: vangen\n", "    4: nergens\n")
    assert changed(elsewhere)[1] == ["target-renamed"]
    assert changed(change, elsewhere) == (None, [mistake])


def test_the_key_in_effect_is_judged_written_or_not(changed: Changed) -> None:
    """With 999 for danger, nine cannot connect on a card that names no key; where nothing connects, all is well."""
    nines = ("number: 112", "number: 999")
    assert changed(nines)[1] == ["emergency-unknown"]
    nowhere = (nines, ("; PH off", ""))  # a card without a country may have any number for danger
    assert changed(*nowhere, ("country: NL\n", ""))[1] == ["connect-key-unwritten"]
    assert changed(*nowhere, ("country: NL", "connect_key: 9"))[1] == ["connect-key-emergency"]
    assert changed(*nowhere, ("country: NL", "connect_key: 8"))[1] == []
    assert changed(nines, ("    connect: +31001112233\n", ""))[1] == []


def test_a_card_without_a_country_connects_in_the_country_of_the_number(changed: Changed) -> None:
    """What is dialled must be what is read out, also where the card does not say in which country that is."""
    gone = [("country: NL\n", ""), ("; PH off", "")]
    assert changed(*gone)[1] == []
    assert changed(*gone, ("+31001112233", "+31001112244"))[1] == ["connect-other"]
    assert changed(*gone, ("+31001112233", "+999001112233"))[1] == ["connect-other"]
