# SPDX-License-Identifier: EUPL-1.2
"""Reads the table of a line, as the script of the page does: with no rule of the line."""

from datetime import datetime
from typing import Any, NamedTuple

Heard = list[tuple[Any, ...]]


class State(NamedTuple):
    """Where a call is, in parts; each is an index in the tables."""

    plain: int
    menu: int = 0
    language: int = 0
    typed: int = 0


class Reading:
    """A table as JSON has it."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def world(self, at: datetime) -> int:
        """The world at a local moment."""
        day = (at.date() - datetime.fromisoformat(self.data["first"]).date()).days
        pattern = self.data["patterns"][self.data["days"][day]]
        return int([world for minute, world in pattern if minute <= at.hour * 60 + at.minute][-1])

    def leads(self, world: int, at: State, event: str) -> State | None:
        """Where an event leads; None where it cannot happen."""
        data, column = self.data, self.data["events"].index(event)
        row = one(data["byTyped"][data["ways"][data["worlds"][world]][self._alike(at)]], at.typed)
        end = data["rows"][row][column] if row >= 0 else -1
        if end < 0:
            return None
        to, menu, language = data["ends"][end]
        typed = data["typed"][at.typed]
        return State(
            data["menus"][at.menu][-1 - to] if to < 0 else to,
            at.menu if menu < 0 else menu,
            at.language if language < 0 else language,
            typed[column] if column < len(typed) else at.typed,
        )

    def heard(self, world: int, at: State) -> Heard:
        """What is heard at a position; of what is said without its number on the map."""
        found = []
        for item in self.data["heards"][one(self.data["heard"][self._alike(at)], world)]:
            kind, *rest = self.data["items"][item]
            found.append((kind, self.data["texts"][rest[0]], *rest[2:]) if kind == "said" else (kind, *rest))
        return found

    def path(self, at: State) -> str:
        """The path of a position, with the language where that is not the first."""
        spoken = [self.data["languages"][at.language]] * bool(at.language)
        return "/".join([*spoken, self.data["paths"][at.plain]])

    def _alike(self, at: State) -> int:
        return int(one(self.data["classes"][at.plain * len(self.data["languages"]) + at.language], at.menu))


def one(each: list[Any], index: int) -> Any:  # noqa: ANN401 - as JSON is
    """A list with one member is the same for every index."""
    return each[0 if len(each) == 1 else index]
