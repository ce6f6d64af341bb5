# SPDX-License-Identifier: EUPL-1.2
import gc
import json
import re
from base64 import b64encode
from pathlib import Path

import pytest
import requests

from tests import faulty
from tests.caller import Caller
from tests.conftest import BY_DAY, COUNTING, LINE, answers
from tests.serving import PUBLIC_URL, free_port, post, serving

FIELDS = """
    AccountSid AddOns AnsweredBy ApiVersion CallSid CallStatus CallToken Called CalledCity CalledCountry CalledState
    CalledVia CalledZip Caller CallerCity CallerCountry CallerName CallerState CallerZip Confidence DialBridged
    DialCallDuration DialCallSid DialCallStatus Direction ErrorCode ErrorUrl FinishedOnKey ForwardedFrom From FromCity
    FromCountry FromState FromZip ParentCallSid QueueSid RecordingSid RecordingUrl SipCallId SipDomain SpeechResult
    StirPassportToken StirVerstat Timestamp To ToCity ToCountry ToState ToZip UnstableSpeechResult msg
""".split()
"""The form fields of Twilio's voice webhooks; Digits comes besides."""

HEADERS = """
    Accept Accept-Language Cookie Forwarded From Host I-Twilio-Idempotency-Token If-Modified-Since If-None-Match Origin
    Referer User-Agent Via X-Forwarded-For X-Forwarded-Host X-Forwarded-Proto X-Home-Region X-Real-IP X-Request-Id
    X-Twilio-Signature-256 PATH-INFO SCRIPT-NAME
""".split()

CANARY = "kanarie"
DIGITS = "31415926535"
CLIENT = "127.0.0.77"
SIGNS = re.compile(f"{CANARY}|{DIGITS}|{re.escape(CLIENT)}|{b64encode(CANARY.encode()).decode()[:8]}", re.IGNORECASE)
"""What nothing that leaves a request may hold: what was sent, what was pressed, and from where."""

FORM = {field: f"{CANARY}-{field}" for field in FIELDS} | {"Digits": DIGITS}
HEAD = {header: f"{CANARY}-{header}" for header in HEADERS} | {
    "Authorization": "Basic " + b64encode(f"{CANARY}:{CANARY}".encode()).decode()
}
TARGETS = ("/voice", f"/voice/menu/main/keys?offer={CANARY}", f"/voice/{CANARY}/keys?typed={CANARY}&{CANARY}=1")


def test_what_a_caller_types_is_not_kept() -> None:
    """A line keeps where a key leads from a position, and nothing of the address or of what is longer."""
    made = answers(LINE)
    for address in ("menu/main/keys", f"menu/main/{DIGITS}/keys", f"connect/essm/{CANARY}", "connect/essm/outcome"):
        for query in ("", f"offer={CANARY}", f"{CANARY}={DIGITS}&typed={DIGITS}"):
            for form in ({"Digits": "3"}, {"Digits": DIGITS}, {"DialCallStatus": CANARY}, FORM):
                made.go_on(address, query, form, BY_DAY)
    kept = repr(gc.get_referents(made._step, made._answer))  # noqa: SLF001 - nothing else shows it
    assert "Keys(digits='3', stale=True)" in kept
    assert not SIGNS.search(kept)


def careless_requests() -> list[bytes]:
    """Requests of every kind, each with canaries wherever there is room."""
    good = post(TARGETS[0], FORM, HEAD)
    made = [post(target, FORM, HEAD) for target in TARGETS]
    made += [post(target, FORM, HEAD | {"X-Twilio-Signature": f"{CANARY}="}) for target in TARGETS]
    made += [post(f"/{CANARY}", FORM, HEAD), post(f"http://{CANARY}.example/voice", FORM, HEAD)]
    made += [good.replace(b"POST", CANARY.upper().encode(), 1), good.replace(b"POST", b"GET", 1)]
    made += [post("/voice", FORM | {"Large": CANARY * 10_000}, HEAD)]  # larger than a body may be
    made += [post("/voice", FORM | {f"{CANARY}{count}": "" for count in range(200)}, HEAD)]  # more fields than may be
    for wrong in (f"{CANARY}=%FF", f"{CANARY}=%ED%A0%80", f"{CANARY}=\u00e9", f"--{CANARY}\r\n"):
        head = (
            f"POST /voice HTTP/1.1\r\nHost: {CANARY}\r\nContent-Type: {{}}\r\nContent-Length: {len(wrong.encode())}\r\n"
        )
        for kind in ("application/x-www-form-urlencoded", f"multipart/form-data; boundary={CANARY}", CANARY):
            made.append((head.format(kind) + "\r\n" + wrong).encode())
    made += [
        f"{CANARY}\r\n\r\n".encode(),
        f"POST /{CANARY} {CANARY}/1.1\r\n\r\n".encode(),
        f"POST /{CANARY * 500} HTTP/1.1\r\n\r\n".encode(),
        f"POST /voice HTTP/1.1\r\n{CANARY} {CANARY}: x\r\n\r\n".encode(),
        f"POST /voice HTTP/1.1\r\nX-A: {CANARY * 5000}\r\n\r\n".encode(),
        f"POST /voice HTTP/1.1\r\nX-A: {CANARY}\r\n {CANARY}\r\n\r\n".encode(),
        f"POST /voice HTTP/1.1\r\nTransfer-Encoding: {CANARY}\r\n\r\n".encode(),
        f"POST /voice HTTP/1.1\r\nExpect: {CANARY}\r\n\r\n".encode(),
        f"POST /voice HTTP/1.1\r\nContent-Length: {CANARY}\r\n\r\n".encode(),
        f"POST /voice HTTP/1.1\r\nContent-Length: 500\r\n\r\n{CANARY}".encode(),
        f"POST /voice HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{CANARY}\r\n{CANARY}".encode(),
        f"POST /voice HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFF\r\n{CANARY}".encode(),
        b"POST /voice HTTP/1.1\r\nX-A: " + CANARY.encode() + b"\xff\x00\r\n\r\n",
        f"POST /voice HTTP/1.1\r\nX-A: {CANARY}".encode(),
        b"\x16\x03\x01" + CANARY.encode(),
        f"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{CANARY}".encode(),
    ]
    return made


@pytest.mark.starts
@pytest.mark.parametrize("level", [None, "debug"])
def test_nothing_that_the_server_writes_tells_of_a_caller(tmp_path: Path, level: str | None) -> None:
    """Canaries in every field, header, path and address of calls, good and bad, and in every fault that we could think
    of, are in no line that the server wrote, in no counter, and in no answer.
    """
    metrics = free_port()
    settings = {"IVR_METRICS_PORT": str(metrics)} | ({"IVR_LOG_LEVEL": level} if level else {})
    with serving(tmp_path, settings, workers=2, command=faulty.COMMAND) as server:
        heard = b"".join(server.raw(request, CLIENT) for request in careless_requests())
        for fault in ("signature", "outside", *faulty.FAULTS):
            before = server.workers
            heard += server.raw(post(TARGETS[1], FORM, HEAD | {"X-Fault": fault}), CLIENT)
            server.wait_for_workers(2, other_than=before if fault in ("abort", "kill") else ())
            Caller(server.fetch(), f"{PUBLIC_URL}/voice").hears("één, één, twee")
        counted = requests.get(f"http://127.0.0.1:{metrics}/metrics", timeout=5).text
    assert heard.count(b"HTTP/1.1 ") > 40
    assert not SIGNS.search(heard.decode("latin-1"))
    assert "ivr_requests_total" in counted
    assert not SIGNS.search(counted)
    found = [line for line in server.written.splitlines() if SIGNS.search(line)]
    assert not found
    tells_what_went_wrong(server.written)


def tells_what_went_wrong(written: str) -> None:
    """Every line is JSON, and the faults are in it: by type, and by their place in the code."""
    events = [json.loads(line) for line in written.splitlines()]
    errors = [event for event in events if event.get("error") == "CarelessError"]
    assert {event["event"] for event in errors} >= {"request", "server", "uncaught", "thread", "unraisable", "library"}
    assert all("faulty.py" in " ".join(event["at"]) for event in errors if event["event"] != "library")
    assert any(event["after"]["error"] == "ValueError" for event in errors if "after" in event)
    assert any("SIGKILL" in event.get("message", "") for event in events)
    assert events[0]["event"] == "starting"
    assert events[0]["tokens"] == 1


@pytest.mark.starts
def test_a_fault_around_the_app_is_a_short_status(tmp_path: Path) -> None:
    """An error where nothing of ours can answer any more is a 500 without a body, and the next call works."""
    with serving(tmp_path, {"PYTHONPATH": COUNTING}, command=faulty.COMMAND) as server:
        answer = server.raw(post(TARGETS[1], FORM, HEAD | {"X-Fault": "outside"}), CLIENT)
        assert answer == b"HTTP/1.1 500 \r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        Caller(server.fetch(), f"{PUBLIC_URL}/voice").hears("één, één, twee")


@pytest.mark.starts
def test_no_token_is_ever_written(tmp_path: Path) -> None:
    """The token is in nothing that the server writes, from a file or not, at the most talkative level."""
    file = tmp_path / "token"
    file.write_text("5ecret1234567890\n", encoding="ascii")
    settings = {"TWILIO_AUTH_TOKEN": "", "TWILIO_AUTH_TOKEN_FILE": str(file), "IVR_LOG_LEVEL": "debug"}
    with serving(tmp_path, settings, command=faulty.COMMAND) as server:
        Caller(server.fetch(token="5ecret1234567890"), f"{PUBLIC_URL}/voice").hears("één, één, twee")
        server.raw(post("/voice", {}, {"X-Fault": "exception"}, token="5ecret1234567890"))
    assert "CarelessError" in server.written
    assert "5ecret" not in server.written


@pytest.mark.starts
def test_a_quiet_server_writes_nothing_of_a_call(tmp_path: Path) -> None:
    """A call adds no line at all, also when it is refused: on a quiet line a moment is one person's call."""
    with serving(tmp_path) as server:
        before = server.written
        Caller(server.fetch(), f"{PUBLIC_URL}/voice").press("1").hears("één, één, twee").silence().silence()
        server.raw(post("/voice", FORM, {"X-Twilio-Signature": "wrong"}))
        assert server.written == before
