# SPDX-License-Identifier: EUPL-1.2
"""A Dial: how a connection ends, and what comes after it."""

import pytest

from ivr.phone.events import Action, Dialling, Ended, HangUp, Outcome, Press
from ivr.phone.transport import Answer

from .conftest import Page, Site
from .following import NUMBER, follow, noting, said


def test_a_dial_with_an_action_ends_its_document(site: Site) -> None:
    """With an action the outcome of the connection is sent there, and later verbs are not reached."""
    attributes = 'action="/after" callerId="+12025550100" timeout="20" timeLimit="600" hangupOnStar="true"'
    dial = f"<Dial {attributes}>{NUMBER}</Dial><Say>never</Say>"
    fetch, requests = noting(site({"/voice": dial, "/after": "<Say>Terug</Say>"}))
    dialling = Dialling(NUMBER, "+12025550100", 20, 600, hangup_on_star=True)
    assert follow(fetch, Outcome("busy")) == [dialling, said("Terug"), Ended("line")]
    form = requests[1].form
    assert form["DialCallStatus"] == "busy"
    assert form["DialCallDuration"] == "0"
    assert form["CallStatus"] == "in-progress"
    assert form["DialCallSid"].startswith("CA")
    assert form["DialCallSid"] != form["CallSid"]


def test_a_dial_without_an_action_goes_on(site: Site) -> None:
    """Without an action the next verb has its turn; by default the caller's own number is shown."""
    fetch = site({"/voice": f"<Dial>{NUMBER}</Dial><Say>Terug</Say>"})
    dialling = Dialling(NUMBER, "+12025550143", 30, 14400, hangup_on_star=False)
    assert follow(fetch, Outcome("no-answer")) == [dialling, said("Terug"), Ended("line")]


@pytest.mark.parametrize("action", [None, Press("*"), Outcome("completed")])
def test_a_connection_that_nothing_disturbs_is_completed(site: Site, action: Action) -> None:
    """Listening on, or a key, lets a connection run its course."""
    fetch, requests = noting(site({"/voice": f'<Dial action="/after">{NUMBER}</Dial>', "/after": ""}))
    follow(fetch, action)
    assert requests[1].form["DialCallStatus"] == "completed"
    assert requests[1].form["DialCallDuration"] == "60"


@pytest.mark.parametrize("after", ["<Say>unheard</Say>", Answer(500, "", b"")])
def test_hanging_up_on_a_connection_is_reported(site: Site, after: Page) -> None:
    """The action of a Dial is asked also when the caller ends the connection; nobody hears the answer."""
    fetch, requests = noting(site({"/voice": f'<Dial action="/after">{NUMBER}</Dial>', "/after": after}))
    assert follow(fetch, HangUp())[1:] == [Ended("caller")]
    assert requests[1].form["CallStatus"] == "completed"
    assert requests[1].form["DialCallStatus"] == "completed"
    assert follow(site({"/voice": f"<Dial>{NUMBER}</Dial>"}), HangUp())[1:] == [Ended("caller")]


def test_an_outcome_belongs_to_a_connection(site: Site) -> None:
    """A handset that reports an outcome where nothing is dialled has a bug."""
    with pytest.raises(TypeError, match="only a connection has an outcome"):
        follow(site({"/voice": "<Say>Een</Say>"}), Outcome("busy"))
