# SPDX-License-Identifier: EUPL-1.2
"""`ivr twilio apply`: what was shown is written and nothing else."""

from tests.twilio import service as twilio
from tests.twilio.conftest import Run
from tests.twilio.service import Service
from tests.twilio.test_plan import ready


def test_what_was_shown_is_written(run: Run, service: Service) -> None:
    """Only the fields that were shown are written, in the region that serves, and the route last."""
    assert run("apply", "--yes").exit_code == 0
    assert [(method, path.partition("/")[0], set(form)) for method, path, form in service.written] == [
        ("POST", "api.dublin.ie1.twilio.com", {"VoiceUrl", "VoiceFallbackUrl", "VoiceFallbackMethod"}),
        ("POST", "insights.twilio.com", {"AdvancedFeatures"}),
        ("POST", "routes.twilio.com", {"VoiceRegion"}),
    ]
    assert run("plan").exit_code == 0
    assert service.records["us1"] == [twilio.record()]


def test_who_says_no(run: Run, service: Service) -> None:
    """Nothing is written for somebody who says no."""
    assert run("apply", typed="n\n").exit_code == 1
    assert not service.written


def test_nothing_to_change(run: Run, service: Service) -> None:
    """Where all is well nothing is asked and nothing written."""
    ready(service)
    result = run("apply")
    assert "There is nothing to change" in result.output
    assert not service.written


def test_somebody_else_changes_it_meanwhile(run: Run, service: Service) -> None:
    """What is no longer as it was shown is not written over."""

    def meanwhile(request: str) -> None:
        if "Transcriptions" in request:  # the last that is read before the question
            service.records["ie1"][0]["voice_method"] = "GET"

    service.before = meanwhile
    result = run("apply", "--yes")
    assert result.exit_code == 1
    assert "Something changed at Twilio in the meantime" in result.output
    assert not service.written


def test_a_write_that_fails(run: Run, service: Service) -> None:
    """Where Twilio refuses half-way that is told, and the same command finishes it."""
    service.failing = {"POST routes": (500, "")}
    result = run("apply", "--yes")
    assert result.exit_code == 1
    assert "Not everything was written. Twilio itself fails (routes.twilio.com, answer 500)" in result.output
    service.failing = {}
    assert run("apply", "--yes").exit_code == 0
    assert run("plan").exit_code == 0


def test_a_field_that_twilio_does_not_take(run: Run, service: Service) -> None:
    """What is written is read back: a field that stays as it was is told."""
    service.records["ie1"][0]["trunk_sid"] = "TK" + "9" * 32
    service.ignored = {"TrunkSid"}
    result = run("apply", "--yes")
    assert result.exit_code == 1
    assert "Twilio did not take this over: trunk_sid." in result.output


def test_what_could_not_be_seen_is_not_written(run: Run, service: Service) -> None:
    """A region that Twilio does not show is not changed, and that is said."""
    result = run("apply", "--yes", TWILIO_US1_API_KEY=None, TWILIO_US1_API_KEY_SECRET=None)
    assert "not everything could be seen" in result.output
    assert result.exit_code == 1
    assert [path.partition("/")[0] for _, path, _ in service.written] == ["api.dublin.ie1.twilio.com"]


def test_nothing_is_bought_or_released(run: Run, service: Service) -> None:
    """No command makes a number, or deletes one."""
    run("apply", "--yes")
    run("forget", "--yes")
    writes = {(method, path.partition("/")[2].split("?")[0]) for method, path, _ in service.written}
    assert not any(method == "DELETE" or path.endswith("IncomingPhoneNumbers.json") for method, path in writes)
