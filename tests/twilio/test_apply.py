# SPDX-License-Identifier: EUPL-1.2
"""`ivr twilio apply` and `undo`: what was shown is written and nothing else, and comes back."""

import json
import stat
from copy import deepcopy
from pathlib import Path

import pytest

from tests.twilio import service as twilio
from tests.twilio.conftest import Run
from tests.twilio.service import Service
from tests.twilio.test_plan import ready


def before(folder: Path) -> Path:
    """The file that `apply` wrote."""
    return next(folder.glob("twilio-before-*.json"))


def test_what_was_shown_is_written(run: Run, service: Service, tmp_path: Path) -> None:
    """Only the fields that were shown are written, in the region that serves, and the route last."""
    assert run("apply", "--yes").exit_code == 0
    assert [(method, path.partition("/")[0], set(form)) for method, path, form in service.written] == [
        ("POST", "api.dublin.ie1.twilio.com", {"VoiceUrl", "VoiceFallbackUrl", "VoiceFallbackMethod"}),
        ("POST", "insights.twilio.com", {"AdvancedFeatures"}),
        ("POST", "routes.twilio.com", {"VoiceRegion"}),
    ]
    assert run("plan").exit_code == 0
    assert service.records["us1"] == [twilio.record()]
    assert stat.S_IMODE(before(tmp_path).stat().st_mode) == 0o600
    assert twilio.SECRET not in before(tmp_path).read_text(encoding="utf-8")


def test_undo(run: Run, service: Service, tmp_path: Path) -> None:
    """Everything that was changed comes back, the route first; a second time there is nothing to do."""
    service.records["ie1"][0] |= {"trunk_sid": "TK" + "9" * 32, "status_callback": "https://x.example/"}
    was = deepcopy((service.records, service.routes | {twilio.NUMBER: "us1"}, service.insights))
    run("apply", "--yes")
    service.seen.clear()
    result = run("undo", str(before(tmp_path)), typed="y\n")
    assert result.exit_code == 0
    assert "+ voice_url: https://demo.example/welcome/" in result.output
    service.records["ie1"][0]["voice_fallback_url"] = service.records["ie1"][0]["voice_fallback_url"] or None
    assert (service.records, service.routes, service.insights) == was
    assert service.written[0][1].startswith("routes.")
    assert "nothing to change" in run("undo", str(before(tmp_path)), "--yes").output


@pytest.mark.parametrize("words", [("apply",), ("undo", "file.json")])
def test_who_says_no(run: Run, service: Service, words: tuple[str, ...], tmp_path: Path) -> None:
    """Nothing is written, and no file made, for somebody who says no."""
    change = {"part": "route", "field": "voice_region", "now": "au1", "then": "ie1"}
    kept = {"account": twilio.ACCOUNT, "region": "ie1", "number": twilio.NUMBER, "changes": [change]}
    (tmp_path / "file.json").write_text(json.dumps(kept), encoding="utf-8")
    assert run(*words, typed="n\n").exit_code == 1
    assert not service.written
    assert not list(tmp_path.glob("twilio-before*"))


def test_nothing_to_change(run: Run, service: Service) -> None:
    """Where all is well nothing is asked and nothing written."""
    ready(service)
    result = run("apply")
    assert "There is nothing to change" in result.output
    assert not service.written


def test_somebody_else_changes_it_meanwhile(run: Run, service: Service, tmp_path: Path) -> None:
    """What is no longer as it was shown is not written over."""

    def meanwhile(request: str) -> None:
        if "Transcriptions" in request:  # the last that is read before the question
            service.records["ie1"][0]["voice_method"] = "GET"

    service.before = meanwhile
    result = run("apply", "--yes")
    assert result.exit_code == 1
    assert "Something changed at Twilio in the meantime" in result.output
    assert not service.written
    assert not list(tmp_path.glob("twilio-before*"))


def test_a_write_that_fails(run: Run, service: Service, tmp_path: Path) -> None:
    """Where Twilio refuses half-way, what was before is there, and putting it back is told and works."""
    service.failing = {"POST routes": (500, "")}
    result = run("apply", "--yes")
    assert result.exit_code == 1
    assert "Not everything was written. Twilio itself fails (routes.twilio.com, answer 500)" in result.output
    assert f"ivr twilio undo {before(tmp_path).name}" in result.output
    service.failing = {}
    assert "3 fields" not in run("undo", str(before(tmp_path)), "--yes").output
    assert service.insights["advanced_features"]


def test_a_field_that_twilio_does_not_take(run: Run, service: Service, tmp_path: Path) -> None:
    """What is written is read back: a field that stays as it was is told, and the rest can be put back."""
    service.records["ie1"][0]["trunk_sid"] = "TK" + "9" * 32
    service.ignored = {"TrunkSid"}
    result = run("apply", "--yes")
    assert result.exit_code == 1
    assert "Twilio did not take this over: trunk_sid." in result.output
    assert "put back" in run("undo", str(before(tmp_path)), "--yes").output


def test_what_could_not_be_seen_is_not_written(run: Run, service: Service) -> None:
    """A region that Twilio does not show is not changed, and that is said."""
    result = run("apply", "--yes", TWILIO_US1_API_KEY=None, TWILIO_US1_API_KEY_SECRET=None)
    assert "not everything could be seen" in result.output
    assert result.exit_code == 1
    assert [path.partition("/")[0] for _, path, _ in service.written] == ["api.dublin.ie1.twilio.com"]


def test_a_file_that_is_there(run: Run, service: Service, tmp_path: Path) -> None:
    """What was before is never written over, and without that file nothing is changed."""
    (tmp_path / "kept.json").write_text("{}", encoding="utf-8")
    result = run("apply", "--yes", "--before", "kept.json")
    assert "kept.json: File exists. Choose another file." in result.output
    assert not service.written


CHANGE = {"part": "number", "field": "voice_url", "now": "https://x.example", "then": ""}
KEPT = {"account": twilio.ACCOUNT, "region": "ie1", "number": twilio.NUMBER, "changes": [CHANGE]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no json", "was not written by"),
        ("[]", "was not written by"),
        (json.dumps(KEPT | {"changes": [CHANGE | {"more": 1}]}), "was not written by"),
        (json.dumps(KEPT | {"changes": [CHANGE | {"field": "account_sid"}]}), "was not written by"),
        (json.dumps(KEPT | {"region": "us1"}), "another account or another region"),
        (json.dumps(KEPT | {"account": twilio.PARENT}), "another account or another region"),
    ],
)
def test_a_file_that_is_not_ours(run: Run, service: Service, tmp_path: Path, text: str, said: str) -> None:
    """A file that is no file of ours, of elsewhere, or that names a field we never write, changes nothing."""
    (tmp_path / "file.json").write_text(text, encoding="utf-8")
    result = run("undo", "file.json", "--yes")
    assert result.exit_code == 1
    assert said in result.output
    assert not service.written


def test_nothing_is_bought_or_released(run: Run, service: Service, tmp_path: Path) -> None:
    """No command makes a number, or deletes one."""
    run("apply", "--yes")
    run("undo", str(before(tmp_path)), "--yes")
    run("forget", "--yes")
    writes = {(method, path.partition("/")[2].split("?")[0]) for method, path, _ in service.written}
    assert not any(method == "DELETE" or path.endswith("IncomingPhoneNumbers.json") for method, path in writes)
