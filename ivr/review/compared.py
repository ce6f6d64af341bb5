# SPDX-License-Identifier: EUPL-1.2
"""The card that is there now beside an earlier one: of another folder, or of a git revision of its own."""

import io
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ivr.editor.load import CARD, Read, fingerprint, load, make_line
from ivr.line import Line
from ivr.messages.problems import CardError, Problem, ProblemsError
from ivr.review.diff import difference
from ivr.review.wording import Wording, worded
from ivr.settings import Settings

COMMITTED = "HEAD"
"""The revision that is compared with where none is named."""


class BeforeError(ProblemsError):
    """Raised when there is no earlier card that can be compared with."""

    between = "\n"


def card_before(named: str, folder: Path, code: str | None) -> tuple[Read, str]:
    """The card and its sentences of another folder, or of a revision of `folder`, with its print; `code` as for `load`.

    Raises BeforeError, which tells why there are none; where the card itself is to blame, with its first mistake.
    """
    if Path(named).is_dir():
        return _load(Path(named), named, code)
    with TemporaryDirectory() as temporary:
        _export(named, folder, Path(temporary))
        return _load(Path(temporary), named, code)


def _load(folder: Path, named: str, code: str | None) -> tuple[Read, str]:
    if not (folder / CARD).exists():
        raise BeforeError([Problem("diff-not-there", {"before": named})])
    try:
        return load(folder, code), fingerprint(folder)
    except CardError as error:
        first = error.problems[0]
        place = first.place and replace(first.place, file=first.place.file.relative_to(folder))
        mistake = replace(first, place=place, block="")
        raise BeforeError([Problem("diff-unreadable", {"before": named}), mistake]) from None


def _export(revision: str, folder: Path, to: Path) -> None:
    """Write the files that a revision has of a folder, but for recordings."""
    values = {"before": revision, "folder": str(folder)}
    _git("diff-no-checkout", values, "rev-parse", "--git-dir")
    asked = ("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    commit = _git("diff-no-before", values, *asked).decode().strip()
    archive = _git("diff-no-checkout", values, "archive", "--format=zip", commit)
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        files.extractall(to, [name for name in files.namelist() if name.endswith((".yaml", ".css", ".svg"))])


def _git(refused: str, values: Mapping[str, str], *arguments: str) -> bytes:
    """What git answers; raises BeforeError where it does not, with the message `refused` and git's own reason."""
    command = ["git", "-C", values["folder"], *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - no shell
    except FileNotFoundError:
        raise BeforeError([Problem("diff-no-git", {})]) from None
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        refused = "diff-no-repository" if reason.startswith("not a git repository") else refused
        raise BeforeError([Problem(refused, {**values, "reason": reason})]) from None


class Compared(NamedTuple):
    """The line as it is now, a heading, and what changes; `prints` shows the fingerprints of both cards."""

    line: Line
    heading: str
    changes: list[Wording]
    prints: str


def compared(chosen: Settings, before: str | None, *, whole: bool = False) -> Compared:
    """Hold the card as it is now against one of before; raises CardError where it has mistakes."""
    chosen = chosen.connecting()
    line, new_print = make_line(chosen), fingerprint(chosen.prompts)
    try:
        read, old_print = card_before(before or COMMITTED, chosen.prompts, chosen.code)
    except BeforeError as error:
        return Compared(line, error.text(chosen.editor_language), [], chosen.say("diff-print", after=new_print))
    old = make_line(chosen, read)
    today = datetime.now(line.card.timezone).date()
    changes = worded(difference(old, line, today), chosen.editor_language, today, whole=whole)
    named = before or chosen.say("diff-committed", revision=COMMITTED)
    heading = chosen.say("diff-heading" if changes else "diff-same", before=named)
    prints = chosen.say("diff-prints", after=new_print, before=old_print)
    return Compared(line, heading, changes, prints)
