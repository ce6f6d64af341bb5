# SPDX-License-Identifier: EUPL-1.2
"""`ivr twilio verify`: the account, the line from outside, and Twilio's errors since the last time."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.app import create_app
from ivr.commands.twilio import MARKS
from ivr.phone.transport import Answer, Request
from ivr.proof import online
from ivr.twilio.alerts import since
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
    monkeypatch.setattr(online, "http", lambda *_: world)
    monkeypatch.setattr(online, "_addresses", lambda host: {host})
    monkeypatch.setattr(online, "certificates", lambda *_: [])


@pytest.mark.usefixtures("internet")
def test_all_is_well(run: Run, service: Service, tmp_path: Path) -> None:
    """Where all is well the exit code is 0; the moment is kept, and nothing else."""
    ready(service)
    result = run("verify", "--last", "last")
    assert result.exit_code == 0, result.output
    for line in ("takes a key", "all numbers from elsewhere", "does not answer", "wrote down no errors since"):
        assert line in result.output
    assert (tmp_path / "last").read_bytes() == b""


@pytest.mark.usefixtures("internet")
def test_what_was_changed_at_twilio(run: Run, service: Service) -> None:
    """What somebody changed since is wrong."""
    ready(service)
    service.records["ie1"][0]["voice_method"] = "GET"
    result = run("verify")
    assert result.exit_code == 2
    found = {line.split()[1]: line[0] for line in result.output.splitlines() if line[:1] in MARKS.values()}
    assert found["number"] == MARKS["change"]
    assert {found[name] for name in ("online", "fallback", "strangers", "alerts")} == {MARKS["ok"]}


@pytest.mark.usefixtures("internet")
def test_errors_since_the_last_time(run: Run, service: Service, tmp_path: Path) -> None:
    """Errors of either region count by their code since the last time, a refused signature apart, and no warnings."""
    ready(service)
    refused = "Msg=x&httpResponse=403&ErrorCode=11200"
    service.alerts["ie1"] = [alert(1, "11200"), alert(2, "11200", refused), alert(3, "12200", level="warning")]
    service.alerts["us1"] = [alert(2, "11200", refused), alert(4, "13224"), alert(5, "11205", ago=timedelta(hours=3))]
    service.page = 1
    touched(tmp_path / "last", twilio.NOW - timedelta(hours=2))
    result = run("verify", "--last", "last")
    assert result.exit_code == 2
    assert "1 times error 11200 since" in result.output
    assert "1 times error 11200 with 403 since" in result.output
    assert "1 times error 13224 since" in result.output
    assert "12200" not in result.output
    assert "11205" not in result.output
    assert "CA0" not in result.output


@pytest.mark.usefixtures("internet")
def test_alerts_that_may_not_be_read(run: Run, service: Service, tmp_path: Path) -> None:
    """One region that shows its errors is enough; none is told, and the moment of the last time stays."""
    ready(service)
    service.failing = {"monitor.dublin": (404, "")}
    assert run("verify", "--last", "last").exit_code == 0
    touched(tmp_path / "last", NOW)
    service.failing = {"monitor": (403, "")}
    result = run("verify", "--last", "last")
    assert result.exit_code == 1
    assert "? alerts" in result.output
    assert (tmp_path / "last").stat().st_mtime == NOW.timestamp()


@pytest.mark.usefixtures("internet")
def test_us1_is_asked_once(run: Run, service: Service) -> None:
    """Where US1 serves there is one record of errors."""
    service.alerts["us1"] = [alert(1, "11205")]
    us1 = {"TWILIO_REGION": "us1", "TWILIO_EDGE": "ashburn", "TWILIO_API_KEY": twilio.HOME_KEY}
    assert "1 times error 11205" in run("verify", **us1).output
    assert sum("monitor" in path for _, path, _ in service.seen) == 1


@pytest.mark.usefixtures("internet")
def test_a_line_that_answers_strangers(run: Run, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that answers whoever asks is wrong, whatever Twilio says."""
    ready(service)
    monkeypatch.setattr(online, "http", lambda *_: lambda _: Answer(200, "text/xml", b""))
    result = run("verify")
    assert result.exit_code == 2
    assert "with 403, and gave 200 (none) and 200 (a wrong one)" in result.output


def touched(file: Path, moment: datetime) -> Path:
    """A file that was touched at a moment."""
    file.touch()
    os.utime(file, (moment.timestamp(), moment.timestamp()))
    return file


def test_since_when(tmp_path: Path) -> None:
    """A bit before the last time, at most what Twilio keeps; a day where it is not known."""
    buffer, last = timedelta(minutes=15), tmp_path / "last"
    for moment, then in {
        NOW - timedelta(hours=1): timedelta(hours=1) + buffer,
        NOW - timedelta(days=300): timedelta(days=29),
        NOW + timedelta(days=300): buffer,
    }.items():
        assert since(touched(last, moment), NOW) == NOW - then
    assert since(None, NOW) == since(tmp_path / "none", NOW) == NOW - timedelta(days=1) - buffer
