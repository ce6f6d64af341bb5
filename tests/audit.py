# SPDX-License-Identifier: EUPL-1.2
"""`make audit`: looks up whether what is deployed has known vulnerabilities.

What could not be looked up is never passed over: then it was not audited, and the audit fails.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

COMMAND = "pip-audit --disable-pip --require-hashes -r requirements.txt --format json --progress-spinner off".split()


def vulnerabilities(report: Mapping[str, Any]) -> list[str]:
    """What is wrong according to a report of pip-audit."""
    found = report["dependencies"]
    skipped = [one for one in found if "skip_reason" in one]
    if not found or len(skipped) == len(found):
        return ["NOT AUDITED: the database of vulnerabilities could not be reached. Try again where it can."]
    return [f"{one['name']} was skipped: {one['skip_reason']}" for one in skipped] + [
        f"{one['name']} {one['version']}: {bug['id']}, mended in {', '.join(bug['fix_versions']) or 'no version yet'}"
        for one in found
        for bug in one.get("vulns", ())
    ]


def retiring(minor: int, today: date) -> list[str]:
    """What to tell of Python 3.`minor`, from half a year before its five years end (https://peps.python.org/pep-0602/)."""
    ends = date(2016 + minor, 10, 1)
    return [f"Python 3.{minor} gets no security updates after {ends:%B %Y}."] if today > ends - timedelta(183) else []


def main() -> int:
    """Look up what requirements.txt pins, and how long this Python lasts."""
    program = Path(sys.executable).parent / COMMAND[0]
    answer = subprocess.run([program, *COMMAND[1:]], capture_output=True, check=False)
    report = json.loads(answer.stdout or '{"dependencies": []}')
    problems = vulnerabilities(report) + retiring(sys.version_info.minor, datetime.now(UTC).date())
    print("\n".join(problems) or f"No known vulnerability in {len(report['dependencies'])} packages.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
