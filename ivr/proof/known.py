# SPDX-License-Identifier: EUPL-1.2
"""Doubts that somebody knows of: a file of the operator's sets warnings aside, each with a reason and until a date.

A warning that comes every week is read by nobody, and hides the one that is new. In a line of the file stand the last
day, the name of the check, if wanted a piece of what it says, and after a colon the reason:

    2027-02-01 holidays 010-236 52 56: the ESSM was asked on 3 November
"""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from ivr.messages.files import there
from ivr.messages.problems import Place, Problems
from ivr.proof.proved import Result

LONGEST = timedelta(days=366)
"""Nothing is set aside for longer: whoever knew why may be gone by then."""

_LINE = re.compile(r"(\d{4}-\d\d-\d\d) ([a-z-]+)(?: ([^:]+))?: *(\S.*)")

Known = tuple[date, str, str, str]
"""The last day, the check, the piece and the reason of one line."""


def read(file: Path, today: date) -> list[Known]:
    """What is set aside today; nothing where there is no file. Raises CardError for a line that is none."""
    found: list[Known] = []
    problems = Problems()
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines() if there(file) else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        try:
            until = date.fromisoformat(match[1] if match else "")
        except ValueError:
            problems.add(Place(file, number, 1, line, len(line)), "check-known")
            continue
        if until - today > LONGEST:
            problems.add(Place(file, number, 1, line, len(line)), "check-known-long")
        elif match and until >= today:
            found.append((until, match[2], match[3] or "", match[4]))
    problems.stop()
    return found


def set_aside(result: Result, known: list[Known], language: str) -> tuple[Result, list[Known]]:
    """The result without the warnings that are known, and what they were set aside by. What is wrong stays."""
    ours = [one for one in known if one[1] == result.name and result.status == "warn"]
    texts = [finding.text(language) for finding in result.findings]
    fitting = [next((one for one in ours if one[2] in text), None) for text in texts]
    left = tuple(finding for finding, one in zip(result.findings, fitting, strict=True) if not one)
    status = result.status if left else "pass"
    return replace(result, status=status, findings=left), [one for one in fitting if one]
