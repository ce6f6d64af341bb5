# SPDX-License-Identifier: EUPL-1.2
"""A whole line as one finite table: where every event leads, and what is heard there, at every moment of a year.

Whoever reads the table needs no rule of the dialogue, of hours or of TwiML.
"""

from collections.abc import Hashable, Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Any

from ivr.browser.hearing import Hearing
from ivr.browser.ways import Shared, Ways, brief
from ivr.hours import Closed
from ivr.line import Line
from ivr.world import Clockwork, World

DAYS = 366
"""So many days, from the one on which it is made, have their moments in the table."""


class Table:
    """The table of a line from a day on, which is aware and begins at midnight in the card's zone.

    `numbers` has the numbers of the sentences on the map, by language. `moments` has the world from each moment on, in
    local time, and `data` is all of it, as JSON takes it.
    """

    def __init__(self, line: Line, today: datetime, numbers: Mapping[str, Mapping[str, int]]) -> None:
        self.moments = _moments(line, today)
        worlds = list({id(world): world for world in self.moments.values()}.values())
        shut = {_shut(line, world): world for world in worlds}
        self.ways = Ways(line.card, list(shut.values()))
        hearing = Hearing(line, numbers)
        sorts = list(shut)
        heard = zip(*(hearing.at(each, worlds) for each in self.ways.alike), strict=True)
        known = Shared[tuple[int, ...]]()  # worlds in which the same is heard, and leads to the same, are one
        number = {
            id(world): known[(sorts.index(_shut(line, world)), *each)]
            for world, each in zip(worlds, heard, strict=True)
        }
        patterns = Shared[tuple[tuple[int, int], ...]]()
        days = [
            patterns[tuple((at.hour * 60 + at.minute, number[id(world)]) for at, world in on_day)]
            for _, on_day in groupby(self.moments.items(), lambda each: each[0].date())
        ]
        self.data: dict[str, Any] = {
            "zone": str(line.card.timezone),
            "first": f"{today:%Y-%m-%d}",
            "days": days,
            "patterns": list(patterns),
            "worlds": [sort for sort, *_ in known],
            "heard": [brief(each) for each in list(zip(*known, strict=True))[1:]],
            **self.ways.data,
            **hearing.data,
        }


def _moments(line: Line, today: datetime) -> dict[datetime, World]:
    """The world from each moment on, for so many days, in local time; each day begins with one."""
    moments: dict[datetime, World] = {}
    known: dict[Hashable, World] = {}
    clock, zone = Clockwork(line.card), line.card.timezone
    for day in range(DAYS):
        date = today.date() + timedelta(days=day)
        at = datetime.combine(date, time(), zone).astimezone(UTC)
        end = datetime.combine(date + timedelta(days=1), time(), zone).astimezone(UTC)
        while at < end:
            world = clock.world(at)
            same = known.setdefault(tuple(sorted(world.states.items(), key=lambda each: each[0])), world)
            moments[at.astimezone(zone).replace(tzinfo=None)] = same
            at = clock.until
    return moments


def _shut(line: Line, world: World) -> frozenset[str]:
    """The numbers that are connected at other times: nothing else of a world changes where an event leads."""
    numbers = (number for number in line.card.numbers.values() if number.connect)
    return frozenset(number.id for number in numbers if isinstance(world.opening(number), Closed))
