# SPDX-License-Identifier: EUPL-1.2
"""What is heard at every position in every world, as the strict interpreter makes it of each answer."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ivr.answers import Answers
from ivr.browser.ways import Shared
from ivr.hours import Opening
from ivr.line import Line
from ivr.phone.events import Dialling, LineEvent, Said, Waiting
from ivr.phone.handsets import READING
from ivr.phone.interpreter import call
from ivr.phone.transport import Answer, Request, direct
from ivr.position import Position
from ivr.world import World


class Hearing:
    """Numbers what is heard, the same thing once; `numbers` has those of the sentences on the map, by language."""

    def __init__(self, line: Line, numbers: Mapping[str, Mapping[str, int]]) -> None:
        self._line, self._answers = line, Answers(line, "https://line.invalid")
        self._sound = direct(self._answers, lambda: datetime.now(UTC))
        self._numbers = numbers
        self._texts, self._items, self._heards = Shared[str](), Shared[tuple[Any, ...]](), Shared[tuple[int, ...]]()
        self._made: dict[Hashable, int] = {}

    @property
    def data(self) -> dict[str, Any]:
        """The tables."""
        return {"heards": list(self._heards), "items": list(self._items), "texts": list(self._texts)}

    def at(self, position: Position, worlds: Iterable[World]) -> list[int]:
        """What is heard at a position in each of these worlds."""
        read: dict[str, None] = {}  # ids whose state is asked for there, as far as that is known
        known: dict[tuple[Opening | None, ...], int] = {}
        found: list[int] = []
        for world in worlds:
            if (heard := known.get(tuple(map(world.states.get, read)))) is None:
                fresh = World(world.states)
                said, then = self._line.said(position, fresh), self._line.script(position, fresh).then
                key = said, then, position.language
                if key not in self._made:  # with the address the answer differs, what is heard does not
                    self._made[key] = self._heards[tuple(self._noted(position, fresh, list(said)))]
                heard = self._made[key]
                read |= dict.fromkeys(fresh.read)
                known[tuple(map(world.states.get, read))] = heard
            found.append(heard)
        return found

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
        asked = list[Request]()

        def fetch(request: Request) -> Answer:
            if request.url.startswith(self._answers.sounds):
                return self._sound(request)
            asked.append(request)
            return Answer(200, "text/xml", body)

        for event in call(fetch, self._answers.url):
            if asked[1:]:
                return
            yield event
            if isinstance(event, Dialling):
                return


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
