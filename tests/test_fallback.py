# SPDX-License-Identifier: EUPL-1.2
"""When something of ours fails, the caller still hears a number: from the service, or from a file elsewhere."""

import http.server
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from ivr.phone.events import Ended, Failed
from ivr.phone.transport import Answer, Request
from ivr.phone.transport import http as over_http
from tests.caller import Caller
from tests.conftest import PUBLIC_URL, says
from tests.serving import in_a_thread, serving

FALLBACK = Path(__file__).parent.parent / "deploy" / "fallback"
ALL_NUMBERS = ["één, één, twee", "vier, vier", "vijf, twee vijf, zes", "vijf, één vijf, één", "zeven, nul nul, nul"]


@pytest.fixture
def file_host() -> Iterator[str]:
    """A static file server, elsewhere than the service, with what deploy/fallback/ holds."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        """Serves files and tells nobody."""

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(FALLBACK)))
    with in_a_thread(server):
        yield f"http://127.0.0.1:{server.server_port}/fallback.xml"


@pytest.mark.starts
def test_a_service_that_dies_during_a_call(tmp_path: Path, file_host: str) -> None:
    """The service is killed between two key presses, and the call goes on from the file, with every number."""
    with serving(tmp_path) as server:
        elsewhere = over_http(file_host)

        def fetch(request: Request) -> Answer:
            return elsewhere(request) if request.url.startswith(file_host) else server.fetch()(request)

        call = Caller(fetch, f"{PUBLIC_URL}/voice", fallback_url=file_host, fallback_method="GET")
        call.press("3").hears("nul, één, nul")  # by day and by night
        server.kill()
        call.press("9")
        said = " ".join(call.said)
    assert said.startswith(says("line.danger", emergency="één, één, twee"))
    assert all(said.count(number) >= 2 for number in ALL_NUMBERS)
    assert call.over
    assert call.transcript[-1] == Ended("line")
    assert [event.code for event in call.transcript if isinstance(event, Failed)] == [11205]
    assert "ErrorCode=11205" in call.requests[-1].url


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(500, "text/html", b"<h1>Oops</h1>"), 11217),
        (Answer(200, "text/html", b"<h1>Welcome</h1>"), 12300),
        (TimeoutError("no answer in 4 s"), 11205),
    ],
    ids=["error", "content type", "time-out"],
)
def test_other_failures_lead_to_the_file_too(file_host: str, answer: Answer | Exception, code: int) -> None:
    """An error, a page that is no TwiML and a time-out all end at the file."""
    elsewhere = over_http(file_host)

    def fetch(request: Request) -> Answer:
        if request.url.startswith(file_host):
            return elsewhere(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    call = Caller(fetch, f"{PUBLIC_URL}/voice", fallback_url=file_host, fallback_method="GET")
    call.hears(f"{says('numbers.danger.list')} één, één, twee")
    assert [event.code for event in call.transcript if isinstance(event, Failed)] == [code]
