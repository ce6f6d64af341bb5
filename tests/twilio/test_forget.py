# SPDX-License-Identifier: EUPL-1.2
"""`ivr twilio forget`: calls that have ended are deleted, and only counts are told."""

import re
from datetime import timedelta

import pytest

from tests.twilio import service as twilio
from tests.twilio.conftest import Run
from tests.twilio.service import Service, call, event


def with_calls(service: Service) -> None:
    """Calls of every kind: six that may be deleted, each with two events, and four that may not."""
    service.calls["ie1"] = [
        *(call(i, status) for i, status in enumerate(["completed", "busy", "failed", "no-answer", "canceled"])),
        call(5) | {"from": twilio.NUMBER, "to": "+31102365256"},  # where we connected
        call(6, "in-progress"),
        call(7, ago=timedelta(minutes=1)),
        call(8, to="+3197010299999"),  # another number of this account
        call(9, ago=timedelta(minutes=30)),
    ]
    service.events = {one["sid"]: [event("3"), event("9")] for one in service.calls["ie1"]}


def left(service: Service) -> list[int]:
    """Which calls Twilio still has."""
    return [int(one["sid"].removeprefix("CA"), 16) for one in service.calls["ie1"]]


def test_calls_that_have_ended(run: Run, service: Service) -> None:
    """Ended calls of the line are deleted, whatever became of them; the others stay, and events are counted."""
    with_calls(service)
    result = run("forget", "--yes")
    assert result.exit_code == 0
    assert left(service) == [6, 7, 8, 9]
    assert "6 calls deleted, 0 were gone already, 0 cannot be yet." in result.output
    assert "12 before, 0 can still be read; of 6 calls Twilio shows none any more" in result.output
    assert "it names 30 days" in result.output
    assert run("forget", "--yes", "--older", "20").exit_code == 0
    assert left(service) == [6, 7, 8]


def test_nothing_of_a_call_is_told(run: Run, service: Service) -> None:
    """No SID and no number comes out, also not of a call that Twilio refuses to delete."""
    with_calls(service)
    service.failing = {r"DELETE .*CA0+3\.json": (500, '{"message": "CA00000000000000000000000000000003 +31201234567"}')}
    result = run("forget", "--yes")
    assert result.exit_code == 1
    assert "calls deleted" in result.output
    assert not re.search(r"CA0|\+?31|/Calls", result.output + result.stderr)


def test_events_that_stay(run: Run, service: Service) -> None:
    """Events that Twilio still shows after a call was deleted are counted, not hidden."""
    with_calls(service)
    service.events_stay = True
    assert "12 before, 12 can still be read; of 0 calls" in run("forget", "--yes").output


def test_pages_and_limits(run: Run, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many pages are read, and Twilio is given the time that it asks for; without a time, ever more."""
    waited: list[float] = []
    monkeypatch.setattr("ivr.twilio.client.sleep", waited.append)
    with_calls(service)
    service.page, service.busy = 1, [7, None, None, None, 3600]
    assert run("forget", "--yes").exit_code == 0
    assert left(service) == [6, 7, 8, 9]
    assert waited == [7, 2, 4, 8, 60]


def test_it_goes_on(run: Run, service: Service) -> None:
    """It stops at a limit, says so, and the next time goes on."""
    with_calls(service)
    result = run("forget", "--yes", "--limit", "4")
    assert result.exit_code == 1
    assert "4 calls deleted" in result.output
    assert "Give the command again" in result.output
    assert "2 calls deleted" in run("forget", "--yes", "--limit", "4").output


def test_too_many_requests(run: Run, service: Service) -> None:
    """When Twilio never gets the time, what was done is told with the cure, and the next time goes on."""
    with_calls(service)
    deleted: list[str] = []

    def busy_after_two(request: str) -> None:
        deleted.extend([request] if request.startswith("DELETE") else [])
        if len(deleted) == 3:
            service.busy = [None] * 6

    service.before = busy_after_two
    result = run("forget", "--yes")
    assert result.exit_code == 1
    assert "2 calls deleted" in result.output
    assert "too many requests from this account (error 20429)" in result.output
    service.before = lambda _: None
    assert "4 calls deleted" in run("forget", "--yes").output


def test_calls_that_cannot_be_deleted_yet(run: Run, service: Service) -> None:
    """A call that Twilio keeps a while longer is left for the next time; one that is gone is no mistake."""
    with_calls(service)
    service.calls["ie1"][0]["price"] = "early"
    service.failing = {r"DELETE .*CA0+1\.json": (404, '{"code": 20404}'), "CA0+2/Events": (404, '{"code": 20404}')}
    result = run("forget", "--yes")
    assert result.exit_code == 1
    assert "4 calls deleted, 1 were gone already, 1 cannot be yet." in result.output


def test_events_that_may_not_be_read(run: Run, service: Service) -> None:
    """Without the right to read events nothing is deleted, since nobody could say what stays."""
    with_calls(service)
    service.failing = {"Events": (403, '{"code": 20003}')}
    assert "The key may not do this" in run("forget", "--yes").output
    assert len(left(service)) == 10


def test_who_says_no(run: Run, service: Service) -> None:
    """Who is asked first hears how many, and may say no."""
    with_calls(service)
    result = run("forget", typed="n\n")
    assert "Delete the records of 6 calls?" in result.output
    assert result.exit_code == 1
    assert len(left(service)) == 10


def test_another_number(run: Run, service: Service) -> None:
    """The number of the command counts before the caller id; without either there is nothing to do."""
    with_calls(service)
    assert run("forget", "--yes", "--number", "+3197010299999", IVR_CALLER_ID=None).exit_code == 0
    assert left(service) == [0, 1, 2, 3, 4, 5, 6, 7, 9]
    assert "Which number is it about?" in run("forget", "--yes", IVR_CALLER_ID=None).output
