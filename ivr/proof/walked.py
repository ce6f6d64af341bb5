# SPDX-License-Identifier: EUPL-1.2
"""A line and its answers, each worked out once: the proofs ask for the same positions and worlds many times."""

from collections.abc import Callable, Sequence
from functools import cache, cached_property

from ivr.answers import Answers
from ivr.card import Number
from ivr.hours import Opening
from ivr.phone import espeak
from ivr.position import Position
from ivr.proof.graph import Step, states, steps, worlds
from ivr.world import World


class Walked:
    """A line, walked through. `speak` tells how long speech takes: measured, where that is asked for and possible."""

    def __init__(self, answers: Answers, *, measure: bool = False) -> None:
        self.line, self.card = answers.line, answers.line.card
        self.measured = measure and espeak.available()
        self.speak = espeak.measured if self.measured else espeak.estimated
        self.script, self.said = cache(self.line.script), cache(self.line.said)
        self._render = answers.render
        self._worlds = cache(lambda position, of: worlds(self.card, position, of))
        self._answers: dict[object, bytes] = {}

    @cached_property
    def steps(self) -> list[Step]:
        """Every step from every position."""
        return steps(self.card, once=True)

    @cached_property
    def reached(self) -> list[Position]:
        """Every position that a caller can reach, in one language or another."""
        return list(dict.fromkeys(one.position for one in self.steps))

    def worlds(self, position: Position, of: Callable[[Number], Sequence[Opening]] = states) -> list[World]:
        """The worlds that make a difference at a position, in whichever language; the same objects each time."""
        return self._worlds(position._replace(language=""), of)

    def answer(self, position: Position, world: World) -> bytes:
        """The TwiML of a position, made once for all worlds in which the same is said there."""
        words = position, self.said(position, world), self.script(position, world).then
        if words not in self._answers:
            self._answers[words] = self._render(position, world)
        return self._answers[words]
