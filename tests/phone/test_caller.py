# SPDX-License-Identifier: EUPL-1.2
import pytest

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
