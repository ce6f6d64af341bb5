# SPDX-License-Identifier: EUPL-1.2
"""What is told of refused signatures, by a clock of our own and by a real server with two workers."""

import json
import re
import signal
from collections.abc import Callable, Iterator

import pytest

from ivr.process import log
from ivr.process.wrongly_signed import APART, HOUR, WronglySigned
from tests.caller import Caller
from tests.conftest import TOKEN
from tests.serving import PUBLIC_URL, Serving, post, serving, wait_for

PROBE, OLDER = "probe0123456789abcdef", "older0123456789abcdef"

Tell = Callable[[float], "list[int]"]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Lets a signature be refused at a moment, in seconds; returns the counts that were told so far."""
    now = [0.0]
    counts: list[int] = []
    monkeypatch.setattr(log.log, "warning", lambda _, count: counts.append(count), raising=False)
    refused = WronglySigned(lambda: now[0])

    def at(moment: float) -> list[int]:
        now[0] = moment
        refused.note()
        return counts

    return at


def test_what_twilio_asks_is_told_and_a_single_one_is_not(told: Tell) -> None:
    """Twilio asks three times within seconds, of which one of two servers gets two; what lies far apart is not added.

    A single one, also every hour, is `ivr twilio verify` or a stranger.
    """
    for hour in range(30):
        assert told(hour * HOUR) == []
    moment = 30.0 * HOUR
    assert told(moment) == told(moment + APART + 1) == []
    assert told(moment + APART + 3) == [2]


def test_it_is_told_once_an_hour(told: Tell) -> None:
    """However many there are, the next is told an hour later, with the count of all since."""
    for second in range(HOUR + 2):
        counts = told(float(second))
    assert counts == [2, HOUR]


def warnings(server: Serving) -> list[dict[str, object]]:
    """What the server has told of refused signatures."""
    lines = [json.loads(line) for line in server.written.splitlines()]
    return [line for line in lines if line["event"] == "signatures refused"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server with two workers, and tokens for test calls."""
    with serving(tmp_path_factory.mktemp("server"), {"IVR_PROBE_TOKEN": f"{PROBE},{OLDER}"}, workers=2) as started:
        yield started


def test_a_server_tells_it_once_and_nothing_of_a_caller(server: Serving) -> None:
    """Two workers together tell once, with a count and nothing else; without a signature nobody is told anything."""
    form = {"From": "+12025550177", "CallSid": "CAkanarie", "Digits": "3"}
    unsigned = re.sub(rb"X-Twilio-Signature: .*\r\n", b"", post("/voice", form))
    wrong = post("/voice/menu/main/keys?offer=kanarie", form, token="another")
    for _ in range(20):
        assert b" 403 " in server.raw(unsigned)
    assert b" 403 " in server.raw(post("/voice", form, {"X-Twilio-Signature": ""}))
    assert b" 403 " in server.raw(wrong)
    assert warnings(server) == []
    for _ in range(20):
        assert b" 403 " in server.raw(wrong)
    (told,) = warnings(server)
    assert told.pop("timestamp")
    assert told == {"event": "signatures refused", "level": "warning", "count": 2}
    for secret in ("kanarie", "2025550177", "menu/main", "127.0.0.1 "):
        assert secret not in server.written


def test_the_token_for_test_calls_opens_the_same(server: Serving) -> None:
    """A server with a token for test calls answers what is signed with it, and with Twilio's, and nothing else."""
    for token in (PROBE, OLDER, TOKEN):
        Caller(server.fetch(token=token), f"{PUBLIC_URL}/voice").press("2").hears("acht, acht")
    assert b" 403 " in server.raw(post("/voice", {}, token="another"))
    assert PROBE not in server.written


def test_a_reload_says_to_restart(server: Serving) -> None:
    """SIGHUP changes nothing, since the card is read at the start: the log says what to do, and the workers stay."""
    before = server.workers
    server.process.send_signal(signal.SIGHUP)
    wait_for(lambda: '"reload ignored"' in server.written)
    assert "restart this server" in server.written
    Caller(server.fetch(), f"{PUBLIC_URL}/voice").press("2").hears("acht, acht")
    assert server.workers == before
