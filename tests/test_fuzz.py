# SPDX-License-Identifier: EUPL-1.2
"""A fuzzer over HTTP against the real server: bytes, encodings, forms, paths, headers. Bounded in number."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.caller import Caller
from tests.serving import PUBLIC_URL, Serving, post, serving

FUZZ = settings(max_examples=400, deadline=None)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server that must survive it all: its first worker is still there, and nothing went wrong inside it."""
    with serving(tmp_path_factory.mktemp("fuzz"), {"IVR_LOG_LEVEL": "debug"}) as running:
        workers = running.workers
        yield running
        assert running.workers == workers
        assert "Traceback" not in running.written
        assert '"level": "error"' not in running.written


def survives(server: Serving, request: bytes) -> None:
    """Every answer is a status below 500 and holds no page but the card's; the next call is answered."""
    answer = server.raw(request)
    statuses = [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert all(status < 500 for status in statuses), answer
    assert not any(300 <= status < 400 for status in statuses), answer
    assert b"<html" not in answer.lower() or 200 in statuses or b"<h1>Op dit adres staat niets.</h1>" in answer, answer
    assert b"Traceback" not in answer
    Caller(server.fetch(), f"{PUBLIC_URL}/voice").hears("één, één, twee")


PATHS = st.one_of(
    st.sampled_from(["/voice", "/voice/", "/voice/menu/main/keys", "/voice/number/essm/silence", "/health/live", "*"]),
    st.text(max_size=60).map(lambda text: "/voice/" + text),
    st.text("/.%?#&=;\\\x00\u00e9a0", max_size=40).map(lambda text: "/" + text),
)
NAMES = st.sampled_from(
    "Content-Length Content-Type Transfer-Encoding Connection Expect Upgrade Host X-Twilio-Signature SCRIPT-NAME"
    " PATH-INFO X-Forwarded-Proto Content-Encoding Cookie Range Digits".split()
)
VALUES = st.one_of(
    st.sampled_from(
        "0 -1 5 99999999999999999999 1e9 chunked gzip,chunked close keep-alive h2c websocket 100-continue identity"
        " application/x-www-form-urlencoded multipart/form-data;boundary=x text/xml;charset=utf-16 bytes=0-".split()
    ),
    st.text(max_size=30),
)


@FUZZ
@given(st.binary(max_size=400))
@example(b"")
@example(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc")
@example(b"GET / HTTP/0.9\r\n\r\n")
def test_any_bytes(server: Serving, request: bytes) -> None:
    """Bytes that are no HTTP at all."""
    survives(server, request)


@FUZZ
@given(
    method=st.one_of(
        st.sampled_from(["POST", "GET", "HEAD", "PUT", "OPTIONS", "CONNECT", "TRACE"]), st.text(max_size=9)
    ),
    path=PATHS,
    headers=st.lists(st.tuples(NAMES, VALUES), max_size=6),
    body=st.binary(max_size=200),
)
def test_any_request(server: Serving, method: str, path: str, headers: list[tuple[str, str]], body: bytes) -> None:
    """Something like HTTP: any method, path, headers and body."""
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    survives(server, f"{method} {path} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode("utf-8", "replace") + body)


@FUZZ
@given(
    path=st.one_of(PATHS, st.builds("/voice/{}/{}/{}?offer={}&typed={}".format, *[st.text("a-/0129", max_size=9)] * 5)),
    form=st.dictionaries(
        st.one_of(st.sampled_from(["Digits", "DialCallStatus", "CallSid"]), st.text(max_size=9)), st.text(max_size=40)
    ),
    headers=st.lists(st.tuples(NAMES, VALUES), max_size=2),
)
def test_any_signed_request(server: Serving, path: str, form: dict[str, str], headers: list[tuple[str, str]]) -> None:
    """What Twilio itself might send: signed, with any address, any keys and any letters in its fields."""
    target = "".join(char for char in path if 32 < ord(char) < 127)
    plain = {name: "".join(char for char in value if 31 < ord(char) < 127) for name, value in headers}
    survives(server, post(target, form, plain))


@FUZZ
@given(st.data())
def test_any_damage_to_a_good_request(server: Serving, data: st.DataObject) -> None:
    """A genuine request of which some bytes are changed, lost or doubled."""
    request = bytearray(post("/voice/menu/main/keys?offer=0", {"Digits": "3", "CallSid": "CA1"}))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(request) - 1))
        request[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    survives(server, bytes(request))
