# SPDX-License-Identifier: EUPL-1.2
import pytest

from ivr.phone.events import Ended, Press, elapsed
from tests.caller import Caller

from .conftest import Pages, Site

URL = "https://line.example/voice"
MENU = (
    '<Say><break time="1s"/>Welkom.</Say>'
    '<Gather numDigits="1" action="/keys"><Say>Kies één<break time="1s"/>of twee.</Say></Gather>'
    "<Redirect>/silence</Redirect>"
)
DIAL = '<Dial action="/after" hangupOnStar="{}">+12025550101</Dial>'


@pytest.fixture
def caller(site: Site) -> Caller:
    """Somebody who called a line with one menu and one connection."""
    pages: Pages = {
        "/voice": MENU,
        "/keys": f"<Say>Ik verbind.</Say>{DIAL.format('false')}",
        "/silence": "<Say>Niets gehoord.</Say><Gather/><Say>Dag.</Say>",
        "/after": "<Say>Terug.</Say>",
    }
    return Caller(site(pages), URL)


def test_what_was_not_said_is_a_failure_that_tells(caller: Caller) -> None:
    """A text that is not said before the line waits fails, and the failure shows what was heard instead."""
    with pytest.raises(AssertionError, match=r"(?s)'Dag' was not said.*Welkom.*of twee.*Waiting"):
        caller.hears("Dag")


def test_a_caller_who_heard_enough_can_interrupt(caller: Caller) -> None:
    """`hears` listens no further than the text, so that a key can follow at once."""
    assert caller.hears("één").press("1", at_once=True).transcript[3] == Press("1")


def test_a_star_ends_a_connection_that_allows_it(site: Site) -> None:
    """With hangupOnStar the caller can come back from a connection with `*`, and no other key."""
    caller = Caller(site({"/voice": DIAL.format("true"), "/after": "<Say>Terug.</Say>"}), URL)
    with pytest.raises(AssertionError, match="no key '1' works during a connection"):
        caller.press("1")
    caller.press("*").hears("Terug")


def test_a_caller_can_hang_up_anywhere(caller: Caller) -> None:
    """`hang_up` ends the call at once, and only once."""
    assert caller.hang_up().over
    assert caller.transcript[-1] == Ended("caller")
    with pytest.raises(AssertionError, match="nothing is left to hang up"):
        caller.hang_up()


def test_what_makes_no_sense_fails(caller: Caller) -> None:
    """An action for which this is not the moment fails and says so."""
    with pytest.raises(AssertionError, match="no moment for a connection that is busy"):
        caller.transfer("busy")
    caller.press("1")
    with pytest.raises(AssertionError, match="no moment for a silence"):
        caller.silence()
    with pytest.raises(AssertionError, match=r"no key '\*' works during a connection"):
        caller.press("*")
    with pytest.raises(AssertionError, match="nobody waits for the key '1'"):
        caller.transfer("completed").press("1")


def test_the_clock_runs_over_what_was_heard(caller: Caller) -> None:
    """`heard` is what the clock needs from the last action on, `transcript` from the answer on."""
    caller.silence()
    assert elapsed(caller.heard, lambda *_: 2.0, until="Niets gehoord") == 2
    assert elapsed(caller.transcript, lambda *_: 2.0) == 2 + 5 + 2
