# SPDX-License-Identifier: EUPL-1.2
"""Proxies and fallbacks as they are found in the wild, each with the sentence that tells what to do."""

import http.server
import socket
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest

from ivr.app import create_app
from ivr.phone.transport import Answer, Fetch, Request
from ivr.proof import online
from ivr.settings import Settings
from tests.conftest import SETTINGS
from tests.in_process import wsgi
from tests.serving import in_a_thread

BEHIND = replace(SETTINGS, public_url="https://lijn.example/lijn")
"""A line whose proxy takes a path off."""


def proxied(settings: Settings = SETTINGS, prefix: str = "") -> Fetch:
    """The way to a line with these settings, which starts with the first request, through a proxy that does well."""
    app = cache(lambda: create_app(settings))

    def way(request: Request) -> Answer:
        return wsgi(app(), prefix or settings.public_url)(request)

    return way


def answering(status: int, content_type: str = "text/xml", body: bytes = b"") -> Fetch:
    """The way to something that always gives the same answer."""
    return lambda _: Answer(status, content_type, body)


@pytest.mark.parametrize("settings", [SETTINGS, BEHIND])
def test_a_line_behind_a_good_proxy(settings: Settings) -> None:
    """A line that answers at its public address, and takes a key there, is all well."""
    assert online.line(settings, proxied(settings)) is None


def without_the_query(fetch: Fetch) -> Fetch:
    """The way through a proxy that changes the address of a key, and of nothing else."""
    return lambda request: fetch(replace(request, url=request.url.partition("?")[0]))


@pytest.mark.parametrize(
    ("settings", "fetch", "said"),
    [
        (replace(SETTINGS, tokens=("other",)), proxied(), "another TWILIO_AUTH_TOKEN or another IVR_PUBLIC_URL"),
        (SETTINGS, without_the_query(proxied()), "the proxy rewrites the address"),
        (BEHIND, proxied(BEHIND, "https://lijn.example"), "The proxy must take /lijn off the address"),
        (SETTINGS, answering(404), "The proxy must leave the address as it is"),
        (SETTINGS, answering(301), "https://lijn.example redirects"),
        (SETTINGS, answering(503), "gives 503: the proxy reaches no line"),
        (SETTINGS, answering(500), "gives no TwiML: HTTP status 500"),
        (SETTINGS, answering(200, "text/html", b"<h1>Welcome"), "gives no TwiML: content type 'text/html'"),
        (SETTINGS, answering(200, body=b"<Response><Hello/></Response>"), "What answers is no line"),
        (SETTINGS, answering(200, body=b"<Response><Say>Hallo.</Say><Hangup/></Response>"), "is it the fallback?"),
    ],
)
def test_what_stands_before_a_line_is_told_apart(settings: Settings, fetch: Fetch, said: str) -> None:
    """Another token, each way in which a proxy changes an address, and what answers in place of a line."""
    problem = online.line(settings, fetch)
    assert problem is not None
    assert said in problem.said("en")


def test_a_late_answer_is_asked_for_again() -> None:
    """As Twilio does: once late is no matter, three times late is a line that does not answer."""
    for late, message in ((1, None), (3, "online-silent")):
        timeouts, ours = [TimeoutError() for _ in range(late)], proxied()

        def fetch(request: Request, timeouts: list[TimeoutError] = timeouts, ours: Fetch = ours) -> Answer:
            assert request.timeout[1] == 4
            if timeouts:
                raise timeouts.pop()
            return ours(request)

        problem = online.line(SETTINGS, fetch)
        assert (problem and problem.message) == message


def test_nothing_answers(closed: str) -> None:
    """A public address where nothing listens is found over the real network."""
    problem = online.line(replace(SETTINGS, public_url=closed))
    assert problem is not None
    assert f"{closed}/voice does not answer: no connection" in problem.said("en")


@pytest.mark.parametrize(
    ("fallback", "said"),
    [
        ("https://bestanden.example/fallback.xml", None),
        ("https://lijn.example/fallback.xml", "stands on the same machine"),
        ("https://other-name.example/fallback.xml", "stands on the same machine"),
    ],
)
def test_the_fallback_stands_elsewhere(fallback: str, said: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fallback on the same host, or on another name of the same machine, is found."""
    known = {"lijn.example": "192.0.2.1", "other-name.example": "192.0.2.1"}

    def look_up(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if host not in known:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (known[host], 443))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(online, "http", lambda _: answering(200, body=b"<Response/>\n"))
    problem = online.fallback(replace(SETTINGS, fallback_url=fallback), b"<Response/>")
    assert (problem is None) if said is None else (problem is not None and said in problem.said("en"))


@pytest.fixture
def files(tmp_path: Path) -> Iterator[str]:
    """A web server that serves what lies in tmp_path, as any file host would."""
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with in_a_thread(server):
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def closed() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_the_fallback_says_what_the_card_says(
    files: str, closed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fallback that is missing, stale, of the wrong kind or out of reach is found; the right one is all well."""
    monkeypatch.setattr(online, "_addresses", lambda host: {host})
    url = f"{files}/fallback.xml"

    def problem(expected: bytes = b"<Response/>", at: str = url) -> str:
        found = online.fallback(replace(SETTINGS, fallback_url=at), expected)
        return found.said("en") if found else ""

    assert "gives 404" in problem()
    for name in ("fallback.xml", "fallback.txt"):
        (tmp_path / name).write_bytes(b"<Response/>")
    assert problem() == ""
    assert "does not say what the card says" in problem(b"<Response><Hangup/></Response>")
    assert "comes as text/plain" in problem(at=f"{files}/fallback.txt")
    assert "does not answer: no connection" in problem(at=f"{closed}/fallback.xml")
    monkeypatch.setattr(online, "http", lambda _: answering(200, ""))
    assert "comes as -" in problem()
