# SPDX-License-Identifier: EUPL-1.2
"""Broken cards: each case says what an editor did to the good card in `broken/card/`, and what they read then.

`make messages` writes anew what they read, to be judged and approved; nothing else does.
`broken/README.md` says what a case looks like.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ivr.line import Line
from ivr.settings import Settings
from ivr.source import CardError

HERE = Path(__file__).parent / "broken"
GOOD = HERE / "card"
TODAY = date(2026, 11, 24)

REPLY = "\n>>>\n"
"""Between what the editor did and what they read."""

INVISIBLE = str.maketrans({"␉": "\t", "⍽": "\N{NO-BREAK SPACE}", "␀": "\N{ZERO WIDTH SPACE}"})
"""Signs that stand in a case for what nobody could see there."""


@dataclass(frozen=True, slots=True)
class Case:
    """One broken card: what is wrong with it, the changes, and the message that was approved."""

    path: Path
    title: str
    changes: str
    message: str


def cases() -> list[Case]:
    """Every case."""
    return [_case(path) for path in sorted(HERE.glob("*.txt"))]


def _case(path: Path) -> Case:
    done, _, message = path.read_text(encoding="utf-8").partition(REPLY)
    title, _, changes = done.partition("\n\n")
    return Case(path, title.removeprefix("# "), changes, message.rstrip("\n"))


def broken(case: Case, folder: Path) -> Path:
    """Make the card of a case in a folder."""
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    for change in re.split("^--- ", case.changes, flags=re.MULTILINE)[1:]:
        head, _, hunks = change.partition("\n")
        name, _, how = head.partition(" ")
        file = folder / name
        text = file.read_text(encoding="utf-8")
        for hunk in filter(None, hunks.strip("\n").split("\n\n")):
            text = _changed(text, hunk, case)
        match how.split():
            case []:
                file.write_text(text, encoding="utf-8", newline="")
            case ["bewaard", "als", encoding]:
                file.write_text(text, encoding=encoding, newline="")
            case ["weggehaald"]:
                file.unlink()
            case ["leeggemaakt"]:
                file.write_text("", encoding="utf-8")
            case _:
                raise ValueError(f"{case.path}: {head}")
    return folder


def _changed(text: str, hunk: str, case: Case) -> str:
    lines = hunk.split("\n")
    before = "\n".join(line[1:] for line in lines if line[0] in "- ")
    after = "\n".join(line[1:] for line in lines if line[0] in "+ ").translate(INVISIBLE)
    after = re.sub(r"<(.*?) \*([0-9]+)>", lambda match: match[1] * int(match[2]), after)
    if f"\n{text}\n".count(f"\n{before}\n") != 1:
        raise ValueError(f"{case.path}: this does not stand in the good card once:\n{before}")
    return f"\n{text}\n".replace(f"\n{before}\n", f"\n{after}\n")[1:-1]


def mistakes(folder: Path) -> CardError | None:
    """The mistakes in a folder, as the line finds them when it starts; None when there are none."""
    settings = Settings(tokens=("0",), public_url="https://lijn.example", prompts=folder)
    try:
        Line(settings, TODAY)
    except CardError as error:
        return error
    return None


def said(folder: Path, language: str = "nl") -> str:
    """What an editor reads about the card in a folder; empty when there is nothing wrong with it."""
    error = mistakes(folder)
    return error.text(language).replace(f"{folder}/", "") if error else ""


def main() -> None:
    """Write what an editor reads into every case."""
    for case in cases():
        with tempfile.TemporaryDirectory() as folder:
            message = said(broken(case, Path(folder)))
        case.path.write_text(f"# {case.title}\n\n{case.changes}{REPLY}{message}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
