# SPDX-License-Identifier: EUPL-1.2
"""An earlier card: from another folder, or from a git revision of the folder with the card."""

import io
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.editor.load import CARD, Read, fingerprint, load
from ivr.messages.problems import CardError, Problem, ProblemsError

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
    told = {"before": revision, "folder": str(folder)}
    _git("diff-no-checkout", told, "rev-parse", "--git-dir")
    asked = ("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    commit = _git("diff-no-before", told, *asked).decode().strip()
    archive = _git("diff-no-checkout", told, "archive", "--format=zip", commit)
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        files.extractall(to, [name for name in files.namelist() if name.endswith((".yaml", ".css", ".svg"))])


def _git(refused: str, told: Mapping[str, str], *arguments: str) -> bytes:
    """What git answers; raises BeforeError where it does not, with the message `refused` and git's own reason."""
    command = ["git", "-C", told["folder"], *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - no shell
    except FileNotFoundError:
        raise BeforeError([Problem("diff-no-git", {})]) from None
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        refused = "diff-no-repository" if reason.startswith("not a git repository") else refused
        raise BeforeError([Problem(refused, {**told, "reason": reason})]) from None
