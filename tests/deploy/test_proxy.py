# SPDX-License-Identifier: EUPL-1.2
"""Whole calls over HTTPS, through the shipped proxy configurations, to two real servers."""

import re
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest

from ivr.phone.transport import Fetch, Request, http, signed
from tests.caller import Caller
from tests.conftest import TOKEN, says
from tests.deploy.conftest import HOST, Line

pytestmark = pytest.mark.starts

ESSM = "nul, één, nul twee, drie, zes vijf, twee vijf, zes."
NLA = "nul, acht nul, nul vijf, één vijf, één."
MENU, SHORT_MENU = says("menus.main.choices.essm.long"), f"{says('menus.main.choices.essm.short')} drie."

STRANGER = "127.0.0.77"
"""An address of this machine from which nobody else asks."""

BODY_TO_COME = f"POST /voice HTTP/1.1\r\nHost: {HOST}\r\nX-Twilio-Signature: x\r\nContent-Length: 9\r\n\r\nx"

WITHOUT_PREFIX = pytest.mark.parametrize("prefix", [""], ids=["plain"], scope="module")
"""Where the path of the public address makes no difference."""


def unsigned(line: Line) -> Fetch:
    """What anybody can do: requests to the public address, whose certificate is checked."""
    connect_to = line.public_url.replace(line.host, f"{line.host}:{line.port}")
    return http(line.public_url, connect_to, verify=str(line.certificate))


def over_tls(line: Line, source: str) -> ssl.SSLSocket:
    """A connection from an address of this machine."""
    tcp = socket.create_connection((line.address, line.port), 5, (source, 0))
    return ssl.create_default_context(cafile=line.certificate).wrap_socket(tcp, server_hostname=line.host)


def sent(connection: socket.socket, request: str) -> str:
    """What comes back for these bytes, as far as it comes within half a second."""
    answer = b""
    with suppress(OSError):
        connection.sendall(request.encode())
        connection.settimeout(0.5)
        while received := connection.recv(65536):
            answer += received
    return answer.decode()


def over_https(line: Line) -> Fetch:
    """What Twilio does: signed requests."""
    return signed(unsigned(line), TOKEN)


def call(line: Line) -> Caller:
    """Somebody calls; an answer that Twilio could not use ends the call, and fails the test."""
    return Caller(over_https(line), f"{line.public_url}/voice")


def test_a_whole_call(line: Line) -> None:
    """A caller hears the menu, a number, the menu again, another number and the goodbye, over HTTPS."""
    caller = call(line).hears(MENU).press("3").hears(ESSM).press("#").hears(SHORT_MENU).press("4").hears(NLA)
    caller.silence().hears(NLA).silence().hears(says("line.goodbye")).silence()
    assert caller.over
    assert {request.url.partition("/voice")[0] for request in caller.requests} == {line.public_url}


def test_the_address_arrives_as_it_was_signed(line: Line) -> None:
    """An address with escapes keeps its signature on the way through, and without one nothing is answered."""
    for target in ("/voice", "/voice/a%2Fb/%C3%A9?offer=%40+b"):
        request = Request("POST", line.public_url + target, {"Digits": "1"})
        assert over_https(line)(request).status == 200, target
        assert unsigned(line)(request).status == 403, target


def test_the_page_is_there_for_everybody(line: Line) -> None:
    """Anybody may read the card, at the public address and a slash; it arrives whole."""
    answer = unsigned(line)(Request("GET", f"{line.public_url}/", {}))
    assert answer.status == 200
    assert answer.body.startswith(b"<!doctype html>")
    assert answer.body.endswith(b"</html>")


def test_who_types_the_address_alone_comes_to_the_page(line: Line) -> None:
    """Without its path, or the slash behind that, a browser is led to the page; what is sent there is refused."""
    path = line.public_url.removeprefix(f"https://{HOST}")

    def asked(method: str, target: str) -> tuple[int, str]:
        trusted = ssl.create_default_context(cafile=str(line.certificate))
        with trusted.wrap_socket(socket.create_connection((line.address, line.port)), server_hostname=HOST) as talking:
            talking.sendall(f"{method} {target} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
            answer = HTTPResponse(talking, method=method)
            answer.begin()
            return answer.status, urlsplit(answer.headers.get("Location", "")).path

    outside = ("/", path, "/lijnen") if path else ()
    for target in outside:
        assert asked("GET", target) == (302, f"{path}/")
        assert asked("POST", target) == (404, "")
    assert asked("GET", f"{path}/en/") == (302, "../en")


def test_security_txt_stands_at_the_root(line: Line) -> None:
    """Whom to tell about a weakness is found at the root of the host; nothing else is, where the line has a path."""
    root = f"https://{HOST}"
    fetch = http(root, f"{root}:{line.port}", verify=str(line.certificate))
    assert fetch(Request("GET", f"{root}/.well-known/security.txt", {})).body.startswith(b"Contact: mailto:")
    found = fetch(Request("GET", f"{root}/health/live", {})).body == b"alive\n"
    assert found == (line.public_url == root)


@WITHOUT_PREFIX
def test_a_server_dies_between_two_keys(line: Line) -> None:
    """SIGKILL to one server between two keys: every next key of the same call is answered, within a second or two."""
    caller = call(line).press("3").hears(ESSM)
    line.servers[0].kill()
    time.sleep(0.5)  # until Caddy has noticed; what is asked meanwhile: test_strangers.py
    for _ in range(4):
        before = time.monotonic()
        caller.press("*").hears(ESSM)
        assert time.monotonic() - before < 2
    caller.press("#").hears(SHORT_MENU)


@WITHOUT_PREFIX
def test_what_one_server_does_not_know_the_other_is_asked(line: Line, proxy: str) -> None:
    """Where one server has no English page, everybody gets it from the other; Caddy passes on that there is none."""
    card = line.folder / f"prompts-{line.ports[0]}/card.yaml"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace("languages: [nl, en]", "languages: [nl]"), encoding="utf-8")
    line.restart(0)
    statuses = {unsigned(line)(Request("GET", f"{line.public_url}/en", {})).status for _ in range(20)}
    card.write_text(text, encoding="utf-8")
    line.restart(0)
    assert statuses == ({200} if proxy == "nginx" else {200, 404})


@WITHOUT_PREFIX
def test_a_server_drains_and_no_request_fails(line: Line) -> None:
    """While one server is stopped and started anew, then the other, every request is answered with 200."""
    fetch = over_https(line)
    request = Request("POST", f"{line.public_url}/voice/number/nla/0/keys", {"Digits": "*"})
    going_on = True

    def keep_asking() -> list[int]:
        statuses = []
        while going_on:
            statuses.append(fetch(request).status)
            time.sleep(0.02)  # as fast as it goes would take both cores for as long as it lasts
        return statuses

    with ThreadPoolExecutor() as pool:
        asking = [pool.submit(keep_asking) for _ in range(2)]
        time.sleep(0.3)
        for which in (0, 1):
            line.restart(which)
            time.sleep(1.5)
        going_on = False
    statuses = [status for one in asking for status in one.result()]
    assert len(statuses) > 100
    assert set(statuses) == {200}


@WITHOUT_PREFIX
def test_what_is_too_large_is_refused(line: Line, proxy: str) -> None:
    """A body over 8 kB and headers over 16 kB do not come through; nginx does not even ask the servers."""
    fetch = over_https(line)
    url = f"{line.public_url}/voice"
    assert fetch(Request("POST", url, {"Digits": "1" * 7_000})).status == 200
    if proxy == "nginx":
        for server in line.servers:
            server.kill()
    assert fetch(Request("POST", url, {"Digits": "1" * 9_000})).status in (413, 502 if proxy == "caddy" else 413)
    assert 400 <= fetch(Request("POST", url, {}, {"X-Long": "x" * 30_000})).status < 500


@WITHOUT_PREFIX
def test_a_browser_is_told_to_ask_by_https(line: Line) -> None:
    """Port 80 sends a browser to the same address with https, which says to ask no other way for a year."""
    with socket.create_connection(("127.0.0.1", line.port_80), 5) as connection:
        answer = sent(connection, f"GET /en?x HTTP/1.1\r\nHost: {HOST}\r\n\r\n")
    assert re.match(rf"HTTP/1.1 30[18] (?s:.)*\r\nLocation: https://{HOST}(:{line.port})?/en\?x\r\n", answer)
    with over_tls(line, STRANGER) as connection:
        answer = sent(connection, f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n")
    assert re.search(r"^strict-transport-security: max-age=31536000\r$", answer, re.IGNORECASE | re.MULTILINE)


@WITHOUT_PREFIX
@pytest.mark.parametrize("proxy", ["nginx"], scope="module")  # Caddy ends a request after five seconds, and counts none
def test_one_sender_has_so_many_requests_in_progress(line: Line) -> None:
    """Nginx keeps a hundred requests of one sender in progress, refuses the next, and answers a caller meanwhile."""
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(over_tls(line, STRANGER)).sendall(BODY_TO_COME.encode())
        time.sleep(0.5)
        assert sent(stack.enter_context(over_tls(line, STRANGER)), BODY_TO_COME).startswith("HTTP/1.1 503 ")
        call(line).press("3").hears(ESSM)


@WITHOUT_PREFIX
def test_nothing_writes_down_who_asks(line: Line) -> None:
    """No log of the whole set-up names an address or a path, whatever is asked and whatever fails, on port 80 too."""
    asked = (
        f"/voice/canary?canary=1 HTTP/1.1\r\nHost: {HOST}\r\nReferer: https://canary.example\r\nUser-Agent: canary\r\n"
    )
    requests = [
        f"GET {asked}\r\n",
        f"POST {asked}X-Twilio-Signature: canary\r\nContent-Length: 0\r\n\r\n",
        f"POST {asked}Content-Length: 9000\r\n\r\n" + "canary" * 1500,
        f"GET {asked}X-Long: {'canary' * 6000}\r\n\r\n",
        f"canary {asked}\r\n",
        f"GET {asked}Canary\r\n\r\n",
        "canary\r\n\r\n",
    ]

    def ask() -> None:
        for request in requests:
            with over_tls(line, STRANGER) as connection:
                sent(connection, request)
            for port in (line.port_80, line.port):  # without TLS
                with socket.create_connection(("127.0.0.1", port), 5, (STRANGER, 0)) as plain:
                    sent(plain, request)

    form = {"From": "+12025550177", "CallSid": "CAcanary", "Digits": "3"}
    fetch, request = over_https(line), Request("POST", f"{line.public_url}/voice/canary?pressed=canary", form)
    assert fetch(request).status == 200
    ask()
    for server in line.servers:
        server.kill()
    assert fetch(request).status in (502, 503)
    ask()
    logs = [path for path in line.folder.iterdir() if path.suffix in (".log", ".txt")]
    assert len(logs) >= 3
    for log in logs:
        text = log.read_text()
        for trace in ("canary", "Canary", STRANGER, "12025550177", "/voice", "127.0.0.1 -", "remote"):
            assert trace not in text, (log.name, trace)
