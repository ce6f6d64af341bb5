# SPDX-License-Identifier: EUPL-1.2
"""Cards that hypothesis makes: any number of numbers and menus, with or without hours, connections and chapters."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from ivr.card import Card
from ivr.editor import cards
from ivr.editor.load import read_card
from ivr.editor.texts import Needed, wanted
from ivr.messages.problems import Problems

Made = dict[str, Any]
"""What is written as YAML."""

HOURS = ["", "Mo-Su 08:30-22:00", "Mo-Fr 09:00-12:30,13:30-17:00; PH off", "24/7", "off", "Sa 22:00-04:00"]
"""Opening hours of many kinds; none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a made card has: hours and whether it connects, for each number; the keys in a second menu; the chapters."""

    numbers: tuple[tuple[str, bool], ...]
    below: int
    chapters: int
    shift: int


plans = st.builds(
    Plan,
    st.lists(st.tuples(st.sampled_from(HOURS), st.booleans()), min_size=1, max_size=5).map(tuple),
    st.integers(0, 4),
    st.integers(0, 3),
    st.integers(0, 4),
)


def write(plan: Plan, folder: Path) -> Card:
    """Write the card of a plan, with sentences that say just what they must, and load it."""
    numbers: dict[str, Made] = {"alarm": {"number": "112", "emergency": "yes"}}
    names = [f"hulp-{index}" for index in range(len(plan.numbers))]
    below = names[len(names) - min(plan.below, len(names) - 1) :] if plan.below else []
    top = [name for name in names if name not in below]
    for name, (hours, connects) in zip(names, plan.numbers, strict=True):
        digits = f"000-333 44 5{names.index(name)}"
        others = [other for other in (below if name in below else top) if other != name]
        number: Made = {"number": digits} | ({"hours": hours} if hours else {})
        if connects:
            number["connect"] = "+31" + digits[1:].replace("-", "").replace(" ", "")
        if hours or connects:
            number["instead"] = others or (["alarm"] if name in top else [])
        if number.get("instead") == []:
            number = {"number": digits}
        numbers[name] = number
    chapters = [f"deel-{index}" for index in range(plan.chapters)]
    targets = [
        "alarm",
        *top[plan.shift % len(top) :],
        *top[: plan.shift % len(top)],
        *["meer"] * bool(below),
        *chapters[:1],
    ]
    card: Made = {
        "name": "Een kaart die niet bestaat",
        "timezone": "Europe/Amsterdam",
        "country": "NL",
        "numbers": {
            name: {"source": "verzonnen", "checked": "2026-11-01"} | fields for name, fields in numbers.items()
        },
        "menus": {"begin": dict(zip("12345678", targets, strict=False))}
        | ({"meer": dict(zip("12345", below, strict=False))} if below else {}),
    }
    if chapters:
        first = next(key for key, target in card["menus"]["begin"].items() if target == top[0])
        card["chapters"] = {
            name: ({"9": following} if following else {}) | {first: top[0]}
            for name, following in zip(chapters, [*chapters[1:], ""], strict=True)
        }
    write_table(folder / "card.yaml", card)
    problems = Problems()
    table = read_card(folder, problems)
    problems.stop()
    made = cards.card(table, problems, "nl")
    problems.stop()
    (folder / "nl").mkdir(exist_ok=True)
    for file, sentences in wanted(made).items():
        write_table(folder / "nl" / f"{file}.yaml", _said(file, sentences))
    return made


def _said(path: str, names: Needed) -> Made:
    """A sentence for each name that must be there, which says where it stands and has its blanks."""
    said: Made = {}
    for name, below in names.items():
        words = "".join(c if c.isalpha() else " " for c in f"{path} {name}")
        if isinstance(below, Mapping):
            said[name] = _said(f"{path} {name}", below)
        elif not below.optional:
            said[name] = " ".join(["Zin", words, *(f"{{{blank}}}" for blank in below.values)]) + "."
    return said


def write_table(file: Path, table: Made) -> None:
    """Write a table as YAML."""

    def lines(below: Made, indent: str) -> list[str]:
        written: list[str] = []
        for name, value in below.items():
            if isinstance(value, dict):
                written += [f"{indent}{name}:", *lines(value, indent + "  ")]
            elif isinstance(value, list):
                written.append(f"{indent}{name}: [{', '.join(value)}]")
            else:
                written.append(f"{indent}{name}: {json.dumps(value, ensure_ascii=False)}")
        return written

    file.write_text("\n".join(lines(table, "")) + "\n", encoding="utf-8")
