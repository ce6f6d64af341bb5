# SPDX-License-Identifier: EUPL-1.2
import socket
import time
from collections.abc import Iterator

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from ivr.dialogue import start
from ivr.phone.transport import Answer, Fetch, Request, direct, http, signed
from tests.conftest import BY_DAY, LINE, answers
from tests.in_process import wsgi
from tests.serving import in_a_thread

PUBLIC = "https://line.example/path"


def mirror() -> Flask:
    """Returns a service that says what it was asked."""
    app = Flask("mirror")

    @app.route("/<path:_>", methods=["GET", "POST"])
    def reflect(_: str) -> Response:
        seen = [
            request.method,
            request.environ["RAW_URI"],
            request.environ["PATH_INFO"],
            request.environ["QUERY_STRING"] or "-",
            request.host,
            request.headers.get("X-Test", "-"),
            "&".join(f"{name}={value}" for name, value in request.form.items()),
        ]
        return Response(" ".join(seen), content_type="text/plain")

    @app.route("/elsewhere")
    def elsewhere() -> Response:
        return Response(status=302, headers={"Location": "/x"})

    @app.route("/slow", methods=["POST"])
    def slow() -> Response:
        time.sleep(2)
        return Response()

    return app


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Serves the mirror on a free port of this machine."""
    server = make_server("127.0.0.1", 0, mirror(), threaded=True)
    with in_a_thread(server):
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(params=["wsgi", "http"])
def fetch(request: pytest.FixtureRequest, server: str) -> Fetch:
    """Reaches the mirror in process, and over HTTP."""
    return wsgi(mirror(), PUBLIC) if request.param == "wsgi" else http(PUBLIC, server)


def test_a_request_arrives_as_behind_a_proxy(fetch: Fetch) -> None:
    """The service sees the public Host and the target without the prefix, with the headers and the form."""
    sent = Request("POST", f"{PUBLIC}/a/b?x=1&y=", {"Digits": "1", "From": "+1"}, {"X-Test": "yes"})
    body = b"POST /a/b?x=1&y= /a/b x=1&y= line.example yes Digits=1&From=+1"
    assert fetch(sent) == Answer(200, "text/plain", body)
    assert fetch(Request("GET", f"{PUBLIC}/a", {})).body == b"GET /a /a - line.example - "


def test_a_redirect_is_not_followed(fetch: Fetch) -> None:
    """A redirect comes back as it is."""
    assert fetch(Request("GET", f"{PUBLIC}/elsewhere", {})).status == 302


def test_the_target_stays_raw_in_process() -> None:
    """Escapes, double slashes and a bare question mark reach the service as they were sent."""
    fetch = wsgi(mirror(), PUBLIC)
    assert fetch(Request("GET", f"{PUBLIC}/a%2Fb/%C3%A9?", {})).body.startswith(b"GET /a%2Fb/%C3%A9? /a/b/")
    assert fetch(Request("GET", f"{PUBLIC}//a", {})).body.startswith(b"GET //a //a ")


@pytest.mark.parametrize("url", ["https://other.example/a", f"{PUBLIC}er/a", PUBLIC])
def test_a_url_elsewhere_is_out_of_reach_in_process(url: str) -> None:
    """Only what stands under the public URL is in this process."""
    with pytest.raises(ConnectionError, match="does not stand under"):
        wsgi(mirror(), PUBLIC)(Request("GET", url, {}))


def test_over_http_a_url_elsewhere_is_asked_there(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without another base, and for what is not under the public URL, the URL itself is asked directly."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    host = server.removeprefix("http://").encode()
    for fetch in (http(server), http(PUBLIC, "http://127.0.0.1:9"), http(server, None)):
        assert fetch(Request("GET", f"{server}/a", {})).body == b"GET /a /a - " + host + b" - "


def test_a_slow_answer_is_a_timeout(server: str) -> None:
    """An answer that takes longer than the request allows raises TimeoutError."""
    with pytest.raises(TimeoutError, match=r"no answer in 0\.1 s"):
        http(PUBLIC, server)(Request("POST", f"{PUBLIC}/slow", {}, timeout=(1.0, 0.1)))


def test_a_closed_port_is_a_failed_connection() -> None:
    """A service that is not there raises ConnectionError."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ConnectionError, match=r"^no connection: Connection refused$"):
        http(PUBLIC, f"http://127.0.0.1:{port}")(Request("POST", f"{PUBLIC}/a", {}))


def test_the_signature_is_twilios() -> None:
    """The example that Twilio publishes gets the signature that Twilio publishes, beside the other headers."""
    seen: list[Request] = []

    def fetch(request: Request) -> Answer:
        seen.append(request)
        return Answer(200, "", b"")

    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    for host in ("example.com", "example.com:443", "example.com:8443"):
        url = f"https://{host}/myapp.php?foo=1&bar=2"
        signed(fetch, "12345")(Request("POST", url, form, {"X-Test": "yes"}))
    expected = {"X-Test": "yes", "X-Twilio-Signature": "L/OH5YylLD5NRKLltdqwSvS0BnU="}
    assert [request.headers for request in seen] == [expected] * 3
    signed(fetch, "12345")(Request("POST", "http://example.com:8000/a", form))
    signed(fetch, "12345")(Request("POST", "http://example.com/a", form))
    assert seen[-1].headers != seen[-2].headers, "over http the port is signed"


def test_a_line_can_be_asked_itself() -> None:
    """Without a server a line answers at its own addresses what it answers over HTTP; elsewhere nobody answers."""
    fetch = direct(answers(LINE), lambda: BY_DAY)
    assert fetch(Request("POST", answers(LINE).url, {})).body == answers(LINE).start(BY_DAY)
    ways = answers(LINE).addresses.ways(start(LINE.card))
    assert b"/voice/number/essm/keys" in fetch(Request("POST", ways.keys, {"Digits": "3"})).body
    assert b"/voice/menu/main/noinput/keys" in fetch(Request("POST", ways.silence, {})).body
    with pytest.raises(ConnectionError, match="does not stand under"):
        fetch(Request("POST", "https://elsewhere.example/voice", {}))
