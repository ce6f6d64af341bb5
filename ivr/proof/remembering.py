# SPDX-License-Identifier: EUPL-1.2
"""A line and its answers, each worked out once: the proofs ask for the same positions and worlds many times."""

from collections.abc import Callable, Sequence
from functools import cache

from ivr.answers import Answers
from ivr.card import Number
from ivr.hours import Opening
from ivr.position import Position
from ivr.proof.graph import states, worlds
from ivr.world import World


class Remembering:
    """Wraps the answers of a line."""

    def __init__(self, answers: Answers) -> None:
        self.line, self.card, self.fallback = answers.line, answers.line.card, answers.fallback
        self.script, self.said = cache(self.line.script), cache(self.line.said)
        self._render = answers.render
        self._worlds = cache(lambda position, of: worlds(self.card, position, of))
        self._answers: dict[object, bytes] = {}

    def worlds(self, position: Position, of: Callable[[Number], Sequence[Opening]] = states) -> list[World]:
        """The worlds that make a difference at a position, in whichever language; the same objects each time."""
        return self._worlds(position._replace(language=""), of)

    def answer(self, position: Position, world: World) -> bytes:
        """The TwiML of a position, made once for all worlds in which the same is said there."""
        words = position, self.said(position, world), self.script(position, world).then
        if words not in self._answers:
            self._answers[words] = self._render(position, world)
        return self._answers[words]
