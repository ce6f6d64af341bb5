# SPDX-License-Identifier: EUPL-1.2
from datetime import date
from typing import Any

import pytest

from tests.audit import retiring, vulnerabilities

GOOD = {"name": "good", "version": "1", "vulns": []}
BAD = {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
WORSE = {"name": "worse", "version": "2", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]}
SKIPPED = {"name": "hidden", "skip_reason": "not found"}


@pytest.mark.parametrize("report", [{"dependencies": []}, {"dependencies": [SKIPPED, SKIPPED]}])
def test_what_was_not_looked_up_was_not_audited(report: dict[str, Any]) -> None:
    """Without an answer of the database the audit fails, and says that nothing was audited."""
    assert vulnerabilities(report)[0].startswith("NOT AUDITED")


def test_a_vulnerability_or_a_skipped_package_fails_the_audit() -> None:
    """Each is named, with the version that mends it; a sound package is not."""
    assert vulnerabilities({"dependencies": [GOOD]}) == []
    assert vulnerabilities({"dependencies": [GOOD, BAD, WORSE, SKIPPED]}) == [
        "hidden was skipped: not found",
        "bad 2: PYSEC-1, mended in 3",
        "worse 2: PYSEC-2, mended in no version yet",
    ]


def test_a_python_that_will_be_left_alone_is_told_in_time() -> None:
    """From half a year before its five years end, and not sooner."""
    assert retiring(13, date(2029, 4, 1)) == []
    assert retiring(13, date(2029, 5, 1)) == ["Python 3.13 gets no security updates after October 2029."]
