# SPDX-License-Identifier: EUPL-1.2
"""`ivr twilio verify`: the account, the line from outside, and Twilio's errors since the last time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.app import create_app
from ivr.commands.twilio import MARKS
from ivr.messages.problems import Problem
from ivr.phone import transport
from ivr.phone.transport import Answer, Fetch, Request
from ivr.proof import online
from ivr.twilio.verify import ask, since
from tests.conftest import LINE, SETTINGS, answers
from tests.in_process import wsgi
from tests.twilio import service as twilio
from tests.twilio.conftest import FALLBACK, Run
from tests.twilio.service import Service, alert
from tests.twilio.test_plan import ready

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
OURS = wsgi(create_app(SETTINGS), SETTINGS.public_url)


def world(request: Request) -> Answer:
    """The line and its fallback, as they stand on the internet."""
    return Answer(200, "text/xml", answers(LINE).fallback) if request.url == FALLBACK else OURS(request)


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line answers at its address, and the fallback elsewhere."""
    for module in (online, transport):
        monkeypatch.setattr(module, "http", lambda *_: world)
    monkeypatch.setattr(online, "_addresses", lambda host: {host})


def told(
    fetch: Fetch = world, line: Problem | None = None, fallback: Problem | None = None, took: float = 0.1
) -> dict[str, str]:
    """What is not well, by check, of a line that answers strangers so, and of which this is known."""
    times = iter((0.0, took))
    asked = ask("https://lijn.example/voice", fetch, lambda: line, lambda: fallback, lambda: next(times))
    return {one.check: one.text("en") for one in asked if one.status != "ok"}


@pytest.mark.usefixtures("internet")
def test_all_is_well(run: Run, service: Service, tmp_path: Path) -> None:
    """Where all is well the exit code is 0; the moment is kept, and nothing else."""
    ready(service)
    result = run("verify", "--last", "last")
    assert result.exit_code == 0, result.output
    for line in ("takes a key", "what this card says", "does not answer", "wrote down no errors since"):
        assert line in result.output
    kept = (tmp_path / "last").read_text(encoding="utf-8")
    assert kept == datetime.fromisoformat(kept.strip()).isoformat(timespec="seconds") + "\n"


@pytest.mark.usefixtures("internet")
def test_what_was_changed_at_twilio(run: Run, service: Service) -> None:
    """What somebody changed since is wrong."""
    ready(service)
    service.records["ie1"][0]["voice_method"] = "GET"
    result = run("verify")
    assert result.exit_code == 2
    found = {line.split()[1]: line[0] for line in result.output.splitlines() if line[:1] in MARKS.values()}
    assert found["number"] == MARKS["change"]
    assert {found[name] for name in ("line", "fallback", "strangers", "alerts")} == {MARKS["ok"]}


@pytest.mark.usefixtures("internet")
def test_errors_since_the_last_time(run: Run, service: Service, tmp_path: Path) -> None:
    """Errors of either region count by their code since the last time, a refused signature apart; warnings are told."""
    ready(service)
    refused = "Msg=x&httpResponse=403&ErrorCode=11200"
    service.alerts["ie1"] = [alert(1, "11200"), alert(2, "11200", refused), alert(3, "12200", level="warning")]
    service.alerts["us1"] = [alert(2, "11200", refused), alert(4, "13224"), alert(5, "11205", ago=timedelta(hours=3))]
    service.page = 1
    (tmp_path / "last").write_text((twilio.NOW - timedelta(hours=2)).isoformat(), encoding="utf-8")
    result = run("verify", "--last", "last")
    assert result.exit_code == 2
    assert "1 times error 11200 since" in result.output
    assert "1 times error 11200 with 403 since" in result.output
    assert "1 times error 13224 since" in result.output
    assert "· alerts        1 times error 12200" in result.output
    assert "11205" not in result.output
    assert "CA0" not in result.output


@pytest.mark.usefixtures("internet")
def test_alerts_that_may_not_be_read(run: Run, service: Service, tmp_path: Path) -> None:
    """One region that shows its errors is enough; none is told, and the moment of the last time stays."""
    ready(service)
    service.failing = {"monitor.dublin": (404, "")}
    assert run("verify", "--last", "last").exit_code == 0
    (tmp_path / "last").write_text("2026-11-24T10:00:00+00:00\n", encoding="utf-8")
    service.failing = {"monitor": (403, "")}
    result = run("verify", "--last", "last")
    assert result.exit_code == 1
    assert "? alerts" in result.output
    assert (tmp_path / "last").read_text(encoding="utf-8") == "2026-11-24T10:00:00+00:00\n"


@pytest.mark.usefixtures("internet")
def test_us1_is_asked_once(run: Run, service: Service) -> None:
    """Where US1 serves there is one record of errors."""
    service.alerts["us1"] = [alert(1, "11205")]
    us1 = {"TWILIO_REGION": "us1", "TWILIO_EDGE": "ashburn", "TWILIO_API_KEY": twilio.HOME_KEY}
    assert "1 times error 11205" in run("verify", **us1).output
    assert sum("monitor" in path for _, path, _ in service.seen) == 1


@pytest.mark.usefixtures("internet")
def test_a_moment_that_cannot_be_kept(run: Run, service: Service, tmp_path: Path) -> None:
    """Where the moment cannot be kept, that is told after what was found."""
    ready(service)
    result = run("verify", "--last", str(tmp_path))
    assert result.exit_code == 1
    assert "Is a directory. Choose another file." in result.output


def test_since_when() -> None:
    """A bit before the last time, at most what Twilio keeps; a day where it is not known, or lies ahead."""
    for last, then in {
        "2026-11-25T13:00:00+00:00\n": timedelta(hours=1, minutes=5),
        "2026-11-25T14:00:00+01:00": timedelta(hours=1, minutes=5),
        "2025-01-01T00:00:00+00:00": timedelta(days=29),
        "2030-01-01T00:00:00+00:00": timedelta(minutes=5),
        "": timedelta(days=1, minutes=5),
        "yesterday": timedelta(days=1, minutes=5),
    }.items():
        assert since(last, NOW) == NOW - then, last


def answering(*statuses: int) -> Fetch:
    """A line that gives these in turn."""
    given = iter(statuses)
    return lambda _: Answer(next(given), "text/xml", b"")


def silent(_: Request) -> Answer:
    """Nothing answers."""
    raise ConnectionError


def test_the_line_from_outside() -> None:
    """What does not answer, answers late, or answers anybody, is told apart."""
    assert told() == {}
    assert "answers there" in told(answering(200, 403))["strangers"]
    assert "gave 403 (none) and 200 (a wrong one)" in told(answering(403, 200))["strangers"]
    assert "cannot be reached" in told(silent)["strangers"]
    assert told(line=Problem("online-fallback-answers", {"url": "x"}))["line"][:1] == "x"
    assert told(fallback=Problem("fallback-unset", {}))["fallback"][:16] == "IVR_FALLBACK_URL"
    assert "takes 5.0 s for an answer; Twilio asks again after 4 s" in told(took=10)["line"]
