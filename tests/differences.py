# SPDX-License-Identifier: EUPL-1.2
"""Changes to a card: each case in `differences/` says what an editor did, and what `ivr diff` tells about it.

They are written as those in `broken/`, and change the same good card. `make messages` writes anew what is told, to be
judged and approved; nothing else does.
"""

import tempfile
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from ivr.editor.load import make_line
from ivr.line import Line
from ivr.review import wording
from ivr.review.diff import difference
from ivr.settings import Settings
from tests.mistakes import GOOD, Case, broken, cases

HERE = Path(__file__).parent / "differences"
TODAY = date(2026, 11, 25)
SETTINGS = Settings(caller_id="+12025550100")


def line_of(folder: Path) -> Line:
    """The line of a folder."""
    return make_line(replace(SETTINGS, prompts=folder))


def told(case: Case, folder: Path, language: str = "nl", *, whole: bool = False) -> list[str]:
    """What is told about a case; the changed card is made in a folder."""
    return differences(good(), line_of(broken(case, folder)), language, whole=whole)


def differences(before: Line, after: Line, language: str = "nl", *, whole: bool = False) -> list[str]:
    """What changes for callers, as it is told."""
    return [one.text for one in wording.worded(difference(before, after, TODAY), language, TODAY, whole=whole)]


@cache
def good() -> Line:
    """The line that every case changes."""
    return line_of(GOOD)


def main() -> None:
    """Write what is told into every case."""
    for case in cases(HERE):
        with tempfile.TemporaryDirectory() as name:
            lines = told(case, Path(name))
        case.path.write_text(f"# {case.title}\n\n{case.changes}\n>>>\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
