# SPDX-License-Identifier: EUPL-1.2
"""Two replicas with two versions of a card answer one call: what one tells is reported to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, cycle, repeat
from typing import NamedTuple
from urllib.parse import urlsplit

from ivr.address import Addresses, path
from ivr.card import KEYPAD, Card
from ivr.dialogue import offers, start, step
from ivr.hours import Closed
from ivr.position import OUTCOMES, Dialled, Event, Keys, Kind, Position, Silence
from ivr.script import Connect, Finish, Listen, Script, script
from ivr.sentences import Digits
from ivr.world import World

BASE = "https://lijn.example/voice"
KEYS = tuple(map(Keys, KEYPAD))
ENDS = tuple(map(Dialled, (*OUTCOMES, "failed")))
NO_ANSWER = Dialled("no-answer")
STEPS = 100
"""No caller who stays silent hears more than this many answers."""


class Replica:
    """What answers for one card, by day or by night."""

    def __init__(self, card: Card, *, night: bool = False) -> None:
        self.card = card
        self.world = World(dict.fromkeys(card.numbers, Closed()) if night else {})
        self.addresses = Addresses(card, BASE)
        self.start = start(card)
        self.languages = ("", *card.languages[1:])

    def script(self, position: Position) -> Script:
        """What is said at a position."""
        return script(self.card, position, self.world)

    def then(self, position: Position) -> Listen | Finish | Connect:
        """What follows what is said at a position."""
        return self.script(position).then

    def step(self, position: Position, event: Event) -> Position:
        """Where an event leads that is reported here too."""
        return step(self.card, position, event, self.world)

    def handed(self, other: Replica, position: Position, event: Event) -> Position:
        """Where an event leads at a position that another replica spoke: by its address and nothing else."""
        ways = other.addresses.ways(position)
        match event:
            case Keys(digits):
                url, form = ways.keys, {"Digits": digits}
            case Dialled(status):
                url, form = ways.outcome, {"DialCallStatus": status}
            case Silence():
                url, form = ways.silence, {}
        parts = urlsplit(url)
        address = parts.path.removeprefix("/voice/")
        return self.step(*self.addresses.read(address, parts.query, form))


class Half(NamedTuple):
    """Half a call on each replica: what happened at a position, where that was said to lead, and where it leads."""

    position: Position
    event: Event
    promised: Position
    reached: Position
    wrong: str

    @property
    def stale(self) -> bool:
        """Whether the caller hears the menu instead."""
        return self.reached.kind is Kind.MENU and path(self.reached) != path(self.promised)


def halves(one: Card, other: Card, every: int = 1) -> Iterator[Half]:
    """Every half of a call with one card, by day and by night, that goes on with another; or at `every` so many."""
    for night in (False, True):
        old, new = Replica(one, night=night), Replica(other, night=night)
        ends = cache(lambda position, new=new: _ends(silent(position._replace(typed=""), repeat(new))))
        for position, event in _crossings(old, reached(one)[::every]):
            promised, end = old.step(position, event), new.handed(old, position, event)
            wrong = _wrong(old, new, Half(position, event, promised, end, ""))
            yield Half(position, event, promised, end, wrong or ("" if ends(end) else "never ends"))


def _crossings(old: Replica, reached: Iterable[Position]) -> Iterator[tuple[Position, Event]]:
    """What can happen at each position; and each next digit of each number, where the rest of it was typed before.

    What is typed is kept alike at every position, so each has the beginnings of one number, in turn.
    """
    for position, number in zip(reached, cycle(old.card.numbers.values()), strict=False):
        happens = _happens(old.then(position))
        yield from ((position, event) for event in happens)
        typed = {danger[:count]: danger[count] for danger in (old.card.emergency.digits,) for count in (1, 2)}
        typed |= {number.digits[:count]: key for count, key in enumerate(number.digits)}
        if Silence() in happens:
            yield from (
                (position._replace(typed=begun), event)
                for begun, key in typed.items()
                for event in (Keys(key), Silence())
            )


def _wrong(old: Replica, new: Replica, half: Half) -> str:
    """What is wrong with where a half leads; empty when nothing is."""
    position, event, promised, end, _ = half
    then, typed = new.then(end), new.card.begun(position.typed)
    if isinstance(then, Connect) and then not in {old.then(promised), *_offered(old, position, event)}:
        return "connects to what was not offered"
    if isinstance(event, Keys):
        typed += event.digits
        if number := new.card.whole(typed):
            return "" if (end.kind, end.id) == (Kind.NUMBER, number.id) else "a typed number does not lead there"
    if end.typed != new.card.begun(typed):
        return "what was typed is forgotten"
    at_start = end == new.start._replace(typed=end.typed, language=end.language)
    heard = position.language if position.language in new.languages else ""  # whose language is gone hears the first
    if end.language not in (promised.language, heard):
        return "speaks another language"
    if isinstance(event, Silence):
        goes_on = position.kind in (Kind.MENU, Kind.CHAPTER, Kind.LIST) and end.kind is not Kind.NUMBER
        goes_on |= end.kind in (Kind.LIST, Kind.GOODBYE)
        fine = goes_on or at_start or _means(new, end) == _means(old, position)
        return "" if fine else "goes on with something else"
    return "" if at_start or _means(new, end) == _means(old, promised) else "leads to what was not offered"


def _offered(old: Replica, position: Position, event: Event) -> list[Listen | Finish | Connect]:
    """What follows a key by what was said, though with the digits before it it was typed: that number may be gone."""
    to = offers(old.card, position).get(event.digits) if isinstance(event, Keys) else None
    return [old.then(to)] if to else []


def _means(replica: Replica, position: Position) -> str:
    """What a caller who comes to a position came for: a number, or what a menu tells."""
    number = replica.card.numbers.get(position.id)
    return number.digits if number else f"{position.kind} {position.id}"


_reached: dict[int, tuple[Card, list[Position]]] = {}
"""What was walked already, with the card: while it is kept here, no other has its id()."""


def reached(card: Card) -> list[Position]:
    """Every position that a caller can come to, by day or by night, and from another replica too."""
    if id(card) in _reached:
        return _reached[id(card)][1]
    replicas = (Replica(card), Replica(card, night=True))
    found = [start(card)]
    seen = set(found)
    _reached[id(card)] = card, found
    for position in found:  # grows while it is read
        for replica in replicas:
            for event in (*_happens(replica.then(position)), Silence(stale=True)):
                end = replica.step(position, event)._replace(typed="")  # of which `_crossings` adds each
                if end not in seen:
                    seen.add(end)
                    found.append(end)
    return found


def _happens(then: Listen | Finish | Connect) -> tuple[Event, ...]:
    if isinstance(then, Connect):
        return ENDS
    return KEYS if isinstance(then, Finish) else (*KEYS, Silence())


Spoken = tuple[Replica, Position]


def silent(position: Position, replicas: Iterator[Replica]) -> Iterator[Spoken]:
    """What somebody hears who does nothing more; `replicas` answer in turn, and the first spoke the position."""
    here = next(replicas)
    for _ in range(STEPS):
        yield here, position
        then = here.then(position)
        if isinstance(then, Finish):
            return
        there = next(replicas)
        position = there.handed(here, position, NO_ANSWER if isinstance(then, Connect) else Silence())
        here = there


def _ends(spoken: Iterable[Spoken]) -> bool:
    replica, position = list(spoken)[-1]
    return isinstance(replica.then(position), Finish)


def never_end(one: Card, other: Card, every: int = 1) -> list[Position]:
    """Where somebody silent who alternates between two replicas hears no goodbye."""
    pairs = [(Replica(one, night=night), Replica(other, night=night)) for night in (False, True)]
    return [at for at in reached(one)[::every] if not all(_ends(silent(at, cycle(pair))) for pair in pairs)]


def unheard(one: Card, other: Card) -> set[str]:
    """The numbers of both cards that somebody silent misses who crosses once, after any answer."""
    both = {number.number for number in one.numbers.values()} & {number.number for number in other.numbers.values()}
    missed = set[str]()
    for night in (False, True):
        old, new = Replica(one, night=night), Replica(other, night=night)
        for before in range(1, len(list(silent(old.start, repeat(old)))) + 1):
            missed |= both - _heard(silent(old.start, chain(repeat(old, before), repeat(new))))
    return missed


def _heard(spoken: Iterable[Spoken]) -> set[str]:
    """The numbers that were read out."""
    sentences = (one for replica, position in spoken for one in replica.script(position).sentences)
    return {value.printed for sentence in sentences for value in sentence.values.values() if isinstance(value, Digits)}
