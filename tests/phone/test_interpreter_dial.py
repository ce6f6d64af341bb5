# SPDX-License-Identifier: EUPL-1.2
"""A Dial: how a connection ends, and what comes after it."""

import pytest

from ivr.phone.events import Action, Dialling, Ended, HangUp, Outcome, Press

from .conftest import Site
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


def test_hanging_up_on_a_connection_ends_the_call(site: Site) -> None:
    """A caller who ends the connection by hanging up hears nothing more."""
    fetch = site({"/voice": f'<Dial action="/after">{NUMBER}</Dial>', "/after": "<Say>unheard</Say>"})
    assert follow(fetch, HangUp())[1:] == [Ended("caller")]
