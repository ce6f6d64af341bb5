# SPDX-License-Identifier: EUPL-1.2
import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from ivr.process import metrics
from tests import faulty
from tests.deploy.conftest import DEPLOY
from tests.serving import Serving, free_port, post, serving

pytestmark = pytest.mark.starts


class Counted:
    """A running server with two workers, and its counters."""

    def __init__(self, server: Serving, port: int) -> None:
        self.server = server
        self.port = port

    def shown(self) -> dict[str, float]:
        """What Prometheus reads: each counter, with its labels, and its value."""
        told = requests.get(f"http://127.0.0.1:{self.port}/metrics", timeout=5).text
        return {name: float(value) for name, value in re.findall(r"^([a-z_]+\S*) (.+)$", told, re.MULTILINE)}

    def value(self, name: str) -> float:
        """One counter."""
        return self.shown()[name]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    """A server that counts."""
    port = free_port()
    folder = tmp_path_factory.mktemp("metrics")
    options = ("--host", "0.0.0.0")  # noqa: S104 - of which the counters must know nothing
    with serving(folder, {"IVR_METRICS_PORT": str(port)}, workers=2, command=faulty.COMMAND, options=options) as server:
        yield Counted(server, port)


@pytest.mark.starts("promtool")
def test_the_first_refused_call_is_an_alert(counted: Counted, tmp_path: Path) -> None:
    """Of what a server shows before and after it, promtool makes that alert and no other: a series must begin at 0."""
    before = counted.shown()
    assert all(before[f'ivr_refusals_total{{status="{status}"}}'] == 0 for status in metrics.REFUSED)
    for _ in range(3):  # as often as Twilio asks
        counted.server.raw(post("/voice", {}, token="another"))
    series = [
        {"series": name, "values": f"{before.get(name, '_')}x14 {now}x14"} for name, now in counted.shown().items()
    ]
    fired = [{"labels": '{alertname="SignaturesRefused"}', "value": 1}]
    expression = 'count by (alertname) (ALERTS{alertstate="firing"})'
    told = [
        {"expr": expression, "eval_time": moment, "exp_samples": alerts}
        for moment, alerts in (("14m", []), ("17m", fired))
    ]
    rules = {
        "rule_files": [str(DEPLOY / "prometheus/alerts.yaml")],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", "input_series": series, "promql_expr_test": told}],
    }
    (tmp_path / "played.yaml").write_text(json.dumps(rules), encoding="utf-8")
    played = subprocess.run(["promtool", "test", "rules", tmp_path / "played.yaml"], capture_output=True, check=False)
    assert played.returncode == 0, played.stderr.decode()


def test_every_request_of_every_worker_is_counted(counted: Counted) -> None:
    """Of 40 requests, each over a connection of its own so that both workers answer some, all 40 are counted; and how
    long it took of those that were not refused.
    """
    names = ("ivr_requests_total", "ivr_request_seconds_count", 'ivr_refusals_total{status="403"}')
    before = [counted.value(name) for name in names]
    for _ in range(20):
        counted.server.raw(post("/voice", {}))
        counted.server.raw(post("/voice", {}, {"X-Twilio-Signature": "wrong"}))
    assert [counted.value(name) for name in names] == [before[0] + 40, before[1] + 20, before[2] + 20]


@pytest.mark.parametrize(
    ("request_", "status", "counts"),
    [
        (b"GARBAGE\r\n\r\n", 400, 1),
        (b"POST /" + b"a" * 3000 + b" HTTP/1.1\r\n\r\n", 400, 1),
        (b"GET /elsewhere HTTP/1.1\r\n\r\n", 404, 1),
        (b"GET /voice HTTP/1.1\r\n\r\n", 405, 1),
        (post("/voice", {}, {"X-Twilio-Signature": ""}), 403, 0),
        (post("/voice", {}).replace(b"X-Twilio-Signature", b"X-Another"), 403, 0),
        (post("/voice", {}, token="another"), 403, 1),
        (post("/voice", {"A": "a" * 40_000}), 413, 1),
        (post("/voice", {"A": "a"}, {"Content-Type": "text/plain"}), 400, 1),
    ],
)
def test_refusals_are_counted_by_status(counted: Counted, request_: bytes, status: int, counts: int) -> None:
    """A refusal moves the counter of its status, also before it reaches the app; without a signature 403 stays."""
    names = f'ivr_refusals_total{{status="{status}"}}', "ivr_requests_total"
    before = [counted.value(name) for name in names]
    counted.server.raw(request_)
    assert [counted.value(name) for name in names] == [before[0] + counts, before[1] + 1]


def test_a_stranger_who_is_slow_does_not_make_the_line_look_slow(counted: Counted) -> None:
    """The seconds that a body takes to come, before it is refused, are not counted among those of answers."""
    before = counted.value("ivr_request_seconds_sum")
    with counted.server.connect() as connection:
        connection.sendall(b"POST /voice HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n")
        time.sleep(1)
        connection.sendall(b"a")
        assert connection.recv(4096).startswith(b"HTTP/1.1 4")
    assert counted.value("ivr_request_seconds_sum") == before


@pytest.mark.parametrize("fault", ["exception", "answered"])
def test_errors_and_what_callers_heard_instead_are_counted(counted: Counted, fault: str) -> None:
    """An error is counted once, and as a fallback answer if the caller got one."""
    errors, fallbacks = counted.value("ivr_errors_total"), counted.value("ivr_fallback_answers_total")
    answer = counted.server.raw(post("/voice", {}, {"X-Fault": fault}))
    assert counted.value("ivr_errors_total") == errors + 1
    assert counted.value("ivr_fallback_answers_total") == fallbacks + answer.startswith(b"HTTP/1.1 200")


def test_nothing_is_counted_per_number_or_choice(counted: Counted) -> None:
    """After calls to every place, the only labels are the status of a refusal and the bounds of the latency."""
    for target in ("/voice/number/essm/keys", "/voice/connect/essm/outcome", "/voice/menu/main/silence"):
        counted.server.raw(post(target, {"Digits": "3", "DialCallStatus": "busy"}))
    shown = counted.shown()
    assert {label for name in shown for label in re.findall(r"[{,](\w+)=", name)} == {"status", "le"}
    assert {name.partition("{")[0] for name in shown} == {
        "ivr_requests_total",
        "ivr_request_seconds_bucket",
        "ivr_request_seconds_count",
        "ivr_request_seconds_sum",
        "ivr_refusals_total",
        "ivr_errors_total",
        "ivr_fallback_answers_total",
    }


def test_counters_are_not_on_the_public_port(counted: Counted) -> None:
    """Whatever Host a request claims, the public port tells no counters; their own answers no calls, and this machine
    only, also where the server listens to the whole network.
    """
    host = f"Host: lijn.example:{counted.port}\r\n".encode()
    assert counted.server.raw(b"GET /metrics HTTP/1.1\r\n" + host + b"\r\n").startswith(b"HTTP/1.1 404")
    assert requests.post(f"http://127.0.0.1:{counted.port}/voice", timeout=5).status_code == 405
    with socket.create_connection(("127.0.0.2", counted.server.port), 5), pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", counted.port), 5)  # another address of this machine is the network here
