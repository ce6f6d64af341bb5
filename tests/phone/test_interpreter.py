# SPDX-License-Identifier: EUPL-1.2
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

import pytest

from ivr.phone.events import Ended, Failed, HangUp, Said, Waiting
from ivr.phone.interpreter import MAX_DOCUMENTS
from ivr.phone.rules import TwimlError
from ivr.phone.transport import Answer, Request
from ivr.twiml import OVERRIDES

from .conftest import Page, Pages, Site
from .following import follow, noting, said, wav


def test_a_document_is_carried_out_in_order(site: Site) -> None:
    """Verbs follow one another, and at the end of the document the call ends."""
    fetch = site({"/voice": '<Say>Een<break time="1s"/>twee</Say><Say>drie</Say>'})
    assert follow(fetch) == [
        Said("Een", 1.0, interruptible=False),
        said("twee"),
        said("drie"),
        Ended("line"),
    ]


def test_after_a_hangup_nothing_is_reached(site: Site) -> None:
    """A Hangup ends the call, whatever stands after it."""
    assert follow(site({"/voice": "<Hangup/><Say>Een</Say>"})) == [Ended("line")]


def test_a_redirect_goes_on_elsewhere(site: Site) -> None:
    """A Redirect leaves the rest of the document; its URL may be relative to the document, or absolute."""
    for there in ("b", "/a/b", "https://line.example/a/b"):
        fetch = site({"/a/voice": f"<Redirect>{there}</Redirect><Say>never</Say>", "/a/b": "<Say>Twee</Say>"})
        assert follow(fetch, url="https://line.example/a/voice") == [said("Twee"), Ended("line")]


def test_every_request_says_which_call_it_is(site: Site) -> None:
    """A request carries the fields that Twilio always sends; the call rings first and is in progress then."""
    fetch, requests = noting(site({"/voice": "<Redirect>/b</Redirect>", "/b": ""}))
    follow(fetch)
    assert requests[0].method == "POST"
    assert requests[0].form == {
        "CallSid": "CA" + "0" * 32,
        "AccountSid": "AC" + "0" * 32,
        "From": "+12025550143",
        "Caller": "+12025550143",
        "To": "+12025550100",
        "Called": "+12025550100",
        "CallStatus": "ringing",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    }
    assert requests[1].form == {**requests[0].form, "CallStatus": "in-progress"}


def test_a_get_carries_its_fields_in_the_url(site: Site) -> None:
    """With method GET the fields come after the query that is there, and the body is empty."""
    pages: Pages = {"/voice": f'<Redirect method="GET">/b?x=1{escape(OVERRIDES)}</Redirect>', "/b": ""}
    fetch, requests = noting(site(pages))
    follow(fetch)
    assert requests[1].method == "GET"
    assert requests[1].form == {}
    query = parse_qs(requests[1].url.partition("?")[2], strict_parsing=True)
    assert query["x"] == ["1"]
    assert query["From"] == ["+12025550143"]


def test_hanging_up_ends_the_call_anywhere(site: Site) -> None:
    """A caller who hangs up hears nothing more, and no Gather sends anything."""
    fetch = site({"/voice": '<Say>Een</Say><Gather action="/keys"/>'})
    assert follow(fetch, HangUp()) == [said("Een"), Ended("caller")]
    assert follow(fetch, None, HangUp()) == [said("Een"), Waiting(5), Ended("caller")]


def test_a_recording_is_fetched_and_lasts(site: Site) -> None:
    """A Play asks for its file without the fields of the call, and says its words for as long as the recording."""
    play = "<Gather><Play>a.wav</Play></Gather>"
    fetch, requests = noting(site({"/voice": play, "/a.wav": Answer(200, "audio/wav", wav(2))}))
    played = [Said("", 0.0, interruptible=True, seconds=0.0), Said("Bel.", 0.0, True, "nl", 2.0)]  # noqa: FBT003
    assert follow(fetch) == [*played, Waiting(5), Ended("line")]
    assert requests[1] == Request("GET", "https://line.example/a.wav", {})


@pytest.mark.parametrize(
    ("answer", "code"), [(Answer(404, "text/html", b""), 11217), (Answer(200, "text/html", b""), 12300)]
)
def test_a_missing_recording_fails_the_call(site: Site, answer: Answer, code: int) -> None:
    """A recording that is not there, or is no audio, is fatal, and named as what failed."""
    events = follow(site({"/voice": "<Play>/a.wav</Play>", "/a.wav": answer}))
    assert [event.code for event in events if isinstance(event, Failed)] == [code]
    assert [event.url for event in events if isinstance(event, Failed)] == ["https://line.example/a.wav"]
    assert events[-1] == Ended("error")


@pytest.mark.parametrize("audio", [b"", b"RIFF", wav(1)[:-1]])
def test_a_recording_that_tells_no_words_is_refused(site: Site, audio: bytes) -> None:
    """This phone plays the recordings of a line only, and says so."""
    with pytest.raises(TwimlError, match=r"a\.wav: this phone plays only recordings of a line"):
        follow(site({"/voice": "<Play>/a.wav</Play>", "/a.wav": Answer(200, "audio/wav", audio)}))


def test_a_call_that_goes_round_in_circles_is_found(site: Site) -> None:
    """A call of more than 200 documents is refused; one of 200 is fine."""
    with pytest.raises(TwimlError, match="the call has no end"):
        follow(site({"/voice": "<Redirect>/voice</Redirect>"}))
    pages: list[Page] = [*["<Redirect>/voice</Redirect>"] * (MAX_DOCUMENTS - 1), "<Hangup/>"]
    assert follow(site({"/voice": pages})) == [Ended("line")]
