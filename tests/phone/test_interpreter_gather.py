# SPDX-License-Identifier: EUPL-1.2
"""A Gather: which keys are sent, and when."""

from ivr.phone.events import Action, Ended, Press, Waiting
from ivr.phone.transport import Answer, Request
from ivr.twiml import OVERRIDES

from .conftest import Site
from .following import URL, follow, noting, said


def test_a_gather_speaks_and_then_waits(site: Site) -> None:
    """The timeout, 5 seconds if none is given, starts after the prompts; then the next verb has its turn."""
    fetch = site({"/voice": "<Gather><Say>Kies</Say></Gather><Say>Stil</Say>"})
    assert follow(fetch) == [
        said("Kies", interruptible=True),
        Waiting(5),
        said("Stil"),
        Ended("line"),
    ]


def test_silence_after_which_nothing_stands_ends_the_call(site: Site) -> None:
    """A Gather that hears nothing, last in its document, ends the call."""
    assert follow(site({"/voice": '<Gather timeout="9"/>'})) == [Waiting(9), Ended("line")]


def digits(attributes: str, *actions: Action) -> str | None:
    """Returns the Digits that a Gather of two prompts sent for these actions, if it sent any."""
    found: list[str] = []

    def fetch(request: Request) -> Answer:
        found.extend(value for name, value in request.form.items() if name == "Digits")
        gather = f'<Gather {attributes} action="/keys"><Say>Kies</Say><Say>nu</Say></Gather>'
        inside = gather if request.url == URL else ""
        return Answer(200, "text/xml", f"<Response>{inside}</Response>".encode())

    follow(fetch, *actions)
    assert len(found) < 2
    return found[0] if found else None


WAITED = (None, None)  # both prompts of `digits` were heard to the end


def test_the_timeout_submits_what_was_pressed() -> None:
    """Without numDigits the keys are sent when the finish key comes, or none within the timeout."""
    assert digits("", *WAITED, Press("1"), Press("2"), None) == "12"
    assert digits("", *WAITED, Press("1"), Press("2#")) == "12"
    assert digits("", *WAITED, Press("1*2#3")) == "1*2"


def test_the_finish_key_submits_at_once(site: Site) -> None:
    """After the finish key the line waits no longer."""
    fetch = site({"/voice": '<Gather action="/keys"/>', "/keys": "<Say>Dank</Say>"})
    assert follow(fetch, Press("1#")) == [Waiting(5), said("Dank"), Ended("line")]


def test_num_digits_submits_at_once() -> None:
    """With numDigits the last of them sends the keys; the ones after it are lost."""
    assert digits('numDigits="2"', *WAITED, Press("1"), Press("2")) == "12"
    assert digits('numDigits="2"', *WAITED, Press("1234")) == "12"
    assert digits('numDigits="2"', *WAITED, Press("1#")) == "1"
    assert digits('numDigits="1"', *WAITED, Press("*")) == "*"


def test_the_finish_key_can_be_another_or_none() -> None:
    """The finish key is not among the Digits; with an empty one every key is."""
    assert digits('finishOnKey="*"', *WAITED, Press("#1*")) == "#1"
    assert digits('finishOnKey=""', *WAITED, Press("1#*"), None) == "1#*"
    assert digits('finishOnKey="" numDigits="1"', *WAITED, Press("#")) == "#"


def test_a_bare_finish_key_is_nothing_pressed() -> None:
    """The finish key before any other sends nothing: the next verb has its turn, as after silence."""
    assert digits("", *WAITED, Press("#")) is None
    assert digits("", *WAITED, None) is None


def test_a_key_stops_the_prompt(site: Site) -> None:
    """Barge-in: a key during a prompt stops it, and what is still missing is waited for at once."""
    gather = '<Gather numDigits="2" action="/keys"><Say>Kies</Say><Say>nu</Say></Gather>'
    fetch = site({"/voice": gather, "/keys": "<Say>Dank</Say>"})
    kies = said("Kies", interruptible=True)
    assert follow(fetch, Press("12")) == [kies, said("Dank"), Ended("line")]
    assert follow(fetch, Press("1"), Press("2")) == [kies, Waiting(5), said("Dank"), Ended("line")]


def test_a_key_outside_a_gather_is_lost(site: Site) -> None:
    """Where no Gather listens a key does nothing, now or later."""
    fetch = site({"/voice": '<Say>Een</Say><Gather numDigits="1" action="/keys"/><Say>Stil</Say>'})
    events = [said("Een"), Waiting(5), said("Stil"), Ended("line")]
    assert follow(fetch, Press("1")) == events


def test_keys_too_many_are_lost_for_the_next_gather(site: Site) -> None:
    """What is pressed after the last key of a Gather does not reach the next one."""
    fetch = site({"/voice": '<Gather numDigits="1" action="/keys"/>', "/keys": '<Gather numDigits="1"/>'})
    assert follow(fetch, Press("12")) == [Waiting(5), Waiting(5), Ended("line")]


def test_without_an_action_the_document_is_asked_again(site: Site) -> None:
    """A Gather's action is by default its own document, without the overrides that were for the first time."""
    fetch, requests = noting(site({"/voice": ["<Gather/>", "<Say>Dank</Say>"]}))
    follow(fetch, Press("1#"), url=f"{URL}?a=1{OVERRIDES}")
    assert [request.url for request in requests] == [f"{URL}?a=1"] * 2
    assert [request.timeout for request in requests] == [(2.0, 4.0), (5.0, 15.0)]
    assert requests[1].form["Digits"] == "1"
