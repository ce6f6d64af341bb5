# SPDX-License-Identifier: EUPL-1.2
"""What is heard at every position in every world, as the strict interpreter makes it of each answer."""

from collections.abc import Hashable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ivr.answers import Answers
from ivr.browser.ways import Shared
from ivr.line import Line
from ivr.phone.events import Dialling, LineEvent, Said, Waiting
from ivr.phone.handsets import READING
from ivr.phone.interpreter import call
from ivr.phone.transport import Answer, Request, direct
from ivr.position import Position
from ivr.world import World


class _Next(Exception):  # noqa: N818 - no error: the line goes on
    """Raised when the line asks for its next answer."""


class Hearing:
    """Numbers what is heard, the same thing once; `numbers` has those of the sentences on the map, by language."""

    def __init__(self, line: Line, numbers: Mapping[str, Mapping[str, int]]) -> None:
        self._line, self._answers = line, Answers(line, "https://line.invalid")
        self._elsewhere = direct(self._answers, lambda: datetime.now(UTC))
        self._numbers = numbers
        self._texts, self._items, self._heards = Shared[str](), Shared[tuple[Any, ...]](), Shared[tuple[int, ...]]()
        self._made: dict[Hashable, int] = {}
        self._known: dict[Position, list[tuple[list[str], dict[Hashable, int]]]] = {}

    @property
    def data(self) -> dict[str, Any]:
        """The tables."""
        return {"heards": list(self._heards), "items": list(self._items), "texts": list(self._texts)}

    def at(self, position: Position, world: World) -> int:
        """What is heard at a position in a world."""
        known = self._known.setdefault(position, [])
        for read, found in known:
            if (heard := found.get(_states(world, read))) is not None:
                return heard
        fresh = World(world.states)
        key = self._line.said(position, fresh), self._line.script(position, fresh).then, position.language
        if key not in self._made:  # with the address the answer differs, what is heard does not
            self._made[key] = self._heards[tuple(self._noted(position, fresh, list(key[0])))]
        read = sorted(fresh.read)
        if not any(ids == read for ids, _ in known):
            known.append((read, {}))
        next(found for ids, found in known if ids == read)[_states(world, read)] = self._made[key]
        return self._made[key]

    def _noted(self, position: Position, world: World, lines: list[str]) -> Iterator[int]:
        """What is heard of one answer; each piece with the number of its sentence on the map."""
        numbers, begun = self._numbers[position.language or self._line.card.languages[0]], ""
        for event in self._carried_out(self._answers.render(position, world)):
            number = 0
            if isinstance(event, Said) and event.text and lines:
                number = numbers.get(lines[0], 0)
                begun += _letters(event.text)
                if begun == _letters(lines[0]):
                    del lines[0]
                    begun = ""
            yield self._items[self._item(event, number)]

    def _item(self, event: LineEvent, number: int) -> tuple[Any, ...]:
        match event:
            case Said(text, pause, interruptible, language, seconds):
                lasts = round(len(text) / READING if seconds is None else seconds, 2)
                recorded = int(seconds is not None)
                return "said", self._texts[text], number, language, lasts, pause, int(interruptible), recorded
            case Waiting(seconds):
                return "waiting", seconds
            case Dialling(called, caller_id, _, limit, star):
                return "dialling", called, caller_id, limit, int(star)
        return ("ended",)

    def _carried_out(self, body: bytes) -> Iterator[LineEvent]:
        """What the interpreter makes of one answer, for somebody who stays silent, until it asks for the next."""
        answers = [Answer(200, "text/xml", body)]

        def fetch(request: Request) -> Answer:
            if answers:
                return answers.pop()
            if request.url.startswith(self._answers.sounds):
                return self._elsewhere(request)
            raise _Next

        try:
            for event in call(fetch, self._answers.url):
                yield event
                if isinstance(event, Dialling):
                    return
        except _Next:
            pass


def _states(world: World, ids: list[str]) -> Hashable:
    return tuple(world.states.get(id_) for id_ in ids)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
