# SPDX-License-Identifier: EUPL-1.2
"""What fails in a call: the fallback goes on, or Twilio says sorry, or the service is at fault."""

import re
from xml.sax.saxutils import escape

import pytest

from ivr.phone.events import Ended, Failed, Press, Waiting
from ivr.phone.interpreter import APOLOGY
from ivr.phone.rules import TwimlError
from ivr.phone.transport import Answer
from ivr.twiml import OVERRIDES

from .conftest import Page, Pages, Site
from .following import URL, follow, noting, said


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Answer(500, "text/html", b""), 11217),
        (Answer(404, "text/html", b""), 11217),
        (ConnectionError("refused"), 11205),
        (TimeoutError("slow"), 11205),
        (Answer(200, "text/html; charset=utf-8", b"<Response/>"), 12300),
        (Answer(200, "", b"<Response/>"), 12300),
    ],
)
def test_a_failure_goes_to_the_fallback(site: Site, page: Page, code: int) -> None:
    """When TwiML cannot be fetched, the fallback URL is told what failed and goes on with the call."""
    pages: Pages = {"/voice": page, "/fallback": "<Say>Sorry</Say>"}
    fetch, requests = noting(site(pages))
    failed, *rest = follow(fetch, url=f"{URL}{OVERRIDES}", fallback_url="https://line.example/fallback")
    assert isinstance(failed, Failed)
    assert failed.code == code
    assert rest == [said("Sorry"), Ended("line")]
    assert requests[-1].form["ErrorCode"] == str(code)
    assert requests[-1].form["ErrorUrl"] == URL


def test_a_fallback_can_be_a_file(site: Site) -> None:
    """With fallback method GET static hosting can answer."""
    fetch, requests = noting(site({"/voice": Answer(500, "", b""), "/fallback": "<Say>Sorry</Say>"}))
    follow(fetch, fallback_url="https://line.example/fallback", fallback_method="GET")
    assert requests[-1].method == "GET"
    assert "ErrorCode=11217" in requests[-1].url


def test_a_failure_later_in_the_call_goes_to_the_fallback_too(site: Site) -> None:
    """The fallback is for every document of a call, not just for the first."""
    pages: Pages = {
        "/voice": '<Gather numDigits="1" action="/keys"/>',
        "/keys": Answer(503, "", b""),
        "/fallback": "<Say>Sorry</Say>",
    }
    events = follow(site(pages), Press("1"), fallback_url="https://line.example/fallback")
    assert events[-2:] == [said("Sorry"), Ended("line")]


def test_without_a_fallback_twilio_says_sorry(site: Site) -> None:
    """Without a fallback, or when that fails as well, the caller hears English and the call ends in error."""
    failed = Failed(URL, 11217, "HTTP status 500", 500)
    assert follow(site({"/voice": Answer(500, "", b"")})) == [failed, APOLOGY, Ended("error")]
    both: Pages = {"/voice": Answer(500, "", b""), "/fallback": Answer(404, "", b"")}
    also = Failed("https://line.example/fallback", 11217, "HTTP status 404", 404)
    events = follow(site(both), fallback_url="https://line.example/fallback")
    assert events == [failed, also, APOLOGY, Ended("error")]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<Recrod/>", 12200),
        ('<Say voise="x">Een</Say>', 12200),
        (Answer(200, "text/xml", b"<Response>"), 12100),
        (Answer(200, "application/xml", b" " * 70000), 11750),
        (Answer(302, "text/html", b""), 11200),
        ("<Redirect>/voice#rc=9</Redirect>", 11243),
    ],
)
def test_wrong_twiml_is_a_fault_of_the_service(site: Site, page: Page, code: int) -> None:
    """Wrong TwiML and redirects raise, also when there is a fallback that would hide them."""
    with pytest.raises(TwimlError, match=re.escape(URL)) as caught:
        follow(site({"/voice": page, "/fallback": ""}), fallback_url="https://line.example/fallback")
    assert caught.value.code == code


def test_a_request_is_retried_as_its_url_says(site: Site) -> None:
    """The overrides of a URL count for that URL: a slow answer is retried, and the key is not lost."""
    keys = f'<Gather numDigits="1" action="/keys{escape(OVERRIDES)}"/>'
    fetch, requests = noting(site({"/voice": keys, "/keys": [TimeoutError(), "<Say>Dank</Say>"]}))
    assert follow(fetch, Press("1")) == [Waiting(5), said("Dank"), Ended("line")]
    assert [request.form.get("Digits") for request in requests] == [None, "1", "1"]
