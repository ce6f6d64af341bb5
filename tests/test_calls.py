# SPDX-License-Identifier: EUPL-1.2
"""The rules of the line as a caller meets them: through the webhooks, signed, by pressing keys."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.phone.events import Ended, Waiting
from tests.caller import Caller
from tests.conftest import BY_DAY, BY_NIGHT, SETTINGS, fetch_at, fetch_with, says, with_edits, with_hours

NUMBERS = {
    "112": "één, één, twee",
    "police": "nul, negen nul, nul acht, acht vier, vier",
    "essm": "nul, één, nul twee, drie, zes vijf, twee vijf, zes",
    "nla": "nul, acht nul, nul vijf, één vijf, één",
    "m": "nul, acht nul, nul zeven, nul nul, nul",
}
KEYS = {"112": "1", "police": "2", "essm": "3", "nla": "4", "m": "5"}

Call = Callable[..., Caller]


@pytest.mark.parametrize("number", KEYS)
@pytest.mark.parametrize("at", [BY_DAY, BY_NIGHT], ids=["day", "night"])
def test_one_key_leads_to_a_number_that_is_read_twice(caller: Call, number: str, at: object) -> None:
    """Each of the five numbers is one key press away, and is read twice, first of all."""
    said = " ".join(caller(at).press(KEYS[number]).said)
    assert said.count(NUMBERS[number]) >= 2
    assert re.match(rf"({says('numbers.danger.first')}|[^.]*\.) (één|nul)", said)


@pytest.mark.parametrize("at", [BY_DAY, BY_NIGHT], ids=["day", "night"])
def test_who_never_presses_hears_every_number_twice_and_a_goodbye(caller: Call, at: object) -> None:
    """Silence from start to end brings all five numbers, each twice, a goodbye whose last word is 112, and the end."""
    call = caller(at)
    while not call.over:
        call.silence()
    said = " ".join(moment.text for moment in call.transcript if hasattr(moment, "text"))
    said = re.sub(r"\s+", " ", said)
    assert all(said.count(number) >= 2 for number in NUMBERS.values())
    assert said.endswith("één, één, twee.")
    assert call.transcript[-1] == Ended("line")


def test_a_key_interrupts_the_first_word(caller: Call) -> None:
    """A key works from the first millisecond of the menu."""
    caller().press("3", at_once=True).hears(says("numbers.essm.first"))


def test_a_key_interrupts_a_goodbye(caller: Call) -> None:
    """A key works while a goodbye is spoken: a late typist is still helped."""
    call = caller().press("4").silence().silence().hears(says("line.goodbye"))
    call.press("0", at_once=True).hears(says("line.typed_other"))


@pytest.mark.parametrize("key", ["1", "2", "4", "5", "6"])
def test_only_a_number_with_connect_is_connected(caller: Call, key: str) -> None:
    """No other choice than the ESSM ever dials, 112 the least."""
    assert caller().press(key).press("9").dialled is None


def test_a_connection_shows_our_number(caller: Call) -> None:
    """The other side sees our number; it rings about 25 s, lasts at least two hours, and `*` ends it."""
    dialled = caller().press("3").press("9").dialled
    assert dialled is not None
    assert (dialled.number, dialled.caller_id) == ("+31102365256", SETTINGS.caller_id)
    assert dialled.timeout == 25
    assert dialled.time_limit >= 2 * 60 * 60
    assert dialled.hangup_on_star


def test_without_a_caller_id_the_number_is_only_read(caller: Call) -> None:
    """A line without a number of its own offers no connection."""
    call = caller(settings=replace(SETTINGS, caller_id=None)).press("3").hears(NUMBERS["essm"])
    assert "doorverbinden" not in " ".join(call.said).lower()
    assert call.press("9").hears(says("line.typed_other")).dialled is None


def test_a_number_that_closes_is_not_offered_again() -> None:
    """At closing time "try again" is dropped."""
    now = [BY_DAY]
    call = Caller(fetch_with(lambda: now[0]), f"{SETTINGS.public_url}/voice").press("3").press("9")
    now[0] = BY_NIGHT
    call.transfer("busy").hears(says("numbers.essm.closed")).hears(NUMBERS["essm"]).hears(NUMBERS["112"])
    assert says("numbers.essm.retry") not in " ".join(call.said)
    call.press("9").hears(says("numbers.essm.closed", opens="morgenochtend half negen"))


def test_who_types_along_in_the_list_has_time(caller: Call) -> None:
    """A key in the list stays at that number for as long as at a number, and says what else there is."""
    call = caller().press("0").silence().press("0").hears(says("line.choices"))
    assert call.transcript[-1] == Waiting(10)


def test_no_next_opening_is_said_plainly(caller: Call, tmp_path: Path) -> None:
    """Where no opening is known the number is closed until further notice, also in the list."""
    call = caller(BY_DAY, with_hours(tmp_path, "off")).press("3").hears(says("numbers.essm.closed_unknown"))
    call.press("#").press("0").silence().silence().hears(says("numbers.essm.list_closed_unknown"))


WAITING = "  wait: Blijf aan de lijn. Dan verbinden we je door met het adviespunt. Wil je dat niet? … Druk op nul.\n"


def test_who_waits_is_connected_where_the_card_says_so(caller: Call, tmp_path: Path) -> None:
    """Without a key one hears that waiting connects, and it does; if nobody answers there, all numbers follow."""
    waits = ("card.yaml", "country: NL\n", "country: NL\nwait: essm\n")
    settings = with_edits(tmp_path, waits, ("nl/numbers.yaml", "\nnla:", f"{WAITING}\nnla:"))
    call = caller(BY_DAY, settings).silence().hears("Blijf aan de lijn.").silence().hears(says("numbers.essm.connect"))
    call.transfer("no-answer").hears(says("numbers.essm.no_answer")).silence().hears(says("line.list"))
    assert "Blijf aan de lijn." not in caller(BY_NIGHT, settings).silence().said
    caller(BY_NIGHT, settings).silence().silence().hears(says("line.list"))


def test_a_notice_comes_and_goes_to_the_minute(caller: Call, tmp_path: Path) -> None:
    """While a notice runs every caller hears it once, after what to do in danger; before and after, nobody does."""
    runs = "country: NL\nnotice:\n  from: 2026-11-25 14:00\n  until: 2026-11-25 15:30\n"
    sentence = ("nl/line.yaml", "noinput:", "notice: Door een storing is het vandaag druk.\nnoinput:")
    settings = with_edits(tmp_path, ("card.yaml", "country: NL\n", runs), sentence)
    for hour, minute, told in ((13, 59, False), (14, 0, True), (15, 29, True), (15, 30, False)):
        call = caller(BY_DAY.replace(hour=hour, minute=minute), settings)
        assert ("Door een storing is het vandaag druk." in call.said[1:4]) is told, call.said
        assert "storing" not in " ".join(call.silence().said)


@given(st.text("0123456789*#", max_size=12))
def test_no_digit_is_ever_spoken(keys: str) -> None:
    """Whatever is pressed, no digit reaches the speech engine, and nothing but our addresses is called."""
    call = Caller(fetch_at(BY_DAY), f"{SETTINGS.public_url}/voice")
    for key in keys:
        assert not [text for text in call.said if re.search(r"\d", text)]
        if call.dialled:
            call.transfer("busy")
        call.press(key)
    assert all(request.url.startswith(f"{SETTINGS.public_url}/voice") for request in call.requests)


def test_an_address_holds_no_trail(caller: Call) -> None:
    """Two callers who came another way to the same place have the same address next."""
    direct = caller().press("4")
    detour = caller().press("7").press("3").press("#").press("4")
    assert direct.press("*").requests[-1].url == detour.press("*").requests[-1].url
