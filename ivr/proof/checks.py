# SPDX-License-Identifier: EUPL-1.2
"""The preflight: named checks over the card, the sentences and the settings, each of which passes, warns or fails.

`PROOFS` hold for every caller and every day, need no network, and `ivr serve` runs them before it starts.
`WARNINGS` depend on the day or on how the line is run: a line must not die of old age, so they only warn.
Both look at a whole line, see there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property, partial
from urllib.parse import urlsplit

from ivr.address import path
from ivr.card import Number
from ivr.dialogue import Dialled, Kind, Position, positions
from ivr.dialogue import Keys as Pressed
from ivr.editor import doubts as second_looks
from ivr.editor.messages import Catalogue
from ivr.editor.numbers import doubts
from ivr.editor.problems import Problem
from ivr.hours import ALWAYS, Closed, Open, Opening
from ivr.line import Line
from ivr.phone import espeak
from ivr.phone.rules import TwimlError, parse
from ivr.proof import online
from ivr.proof.durations import Wait, waits
from ivr.proof.graph import Step, end_of, silent_path, states, steps, worlds
from ivr.public import security_txt_problem
from ivr.script import Finish, Script
from ivr.sentences import Digits
from ivr.settings import Settings
from ivr.world import World

LARGEST = 16_000
"""Bytes of one answer; Twilio takes 64 kB."""

ANY_CALLER_ID = "+12025550100"
"""A number of fiction, so that all that a card connects is proved where the line has no number yet."""

OLD = timedelta(days=90)
"""After this long somebody should look again whether a number is still right."""

SOON = timedelta(days=60)
"""Holidays this near should be on the card."""


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found: "pass", "warn" or "fail"."""

    name: str
    status: str
    findings: tuple[Problem, ...] = ()

    def title(self, language: str) -> str:
        """What the check promises, in a sentence."""
        return Catalogue(language).say(f"check-{self.name}")


class Walked:
    """A line, walked through once for all proofs, and no sooner than one asks."""

    def __init__(self, line: Line, *, measure: bool) -> None:
        self.line = line
        self._measure = measure and espeak.available()

    @cached_property
    def steps(self) -> list[Step]:
        """Every step from every position."""
        return steps(self.line.card)

    @cached_property
    def reached(self) -> list[Position]:
        """Every position that a caller can reach."""
        return list(dict.fromkeys(one.position for one in self.steps))

    @cached_property
    def waits(self) -> list[Wait]:
        """Every wait that has a bound."""
        speak = (
            partial(espeak.measured, language=self.line.voice.language.partition("-")[0])
            if self._measure
            else espeak.estimated
        )
        return list(waits(self.line, speak))

    def too_long(self, bound: str) -> Iterator[Wait]:
        """The waits that pass a bound; estimated ones must pass it by more than the estimate may be off."""
        slack = 1.0 if self._measure else 1 + espeak.ERROR
        return (wait for wait in self.waits if wait.bound == bound and wait.seconds > wait.most * slack)


Findings = Iterator[Problem]


def prove(line: Line, *, measure: bool, begin: Callable[[str], object] = str) -> Iterator[Result]:
    """Run the checks that hold for every caller on every day; `begin` is told the name of each before it runs.

    `measure`: with espeak-ng, where it is installed; else waits are estimated, which is quicker and less exact.
    """
    walked = Walked(line, measure=measure)
    for name, proof in PROOFS.items():
        begin(name)
        findings = tuple(proof(walked))
        yield Result(name, "fail" if findings else "pass", findings)


def wrong(line: Line, language: str) -> str:
    """What the proofs find, one a line; empty where the line may be served."""
    proofs = prove(line, measure=False)
    return "\n".join(finding.text(language) for result in proofs for finding in result.findings)


def warn(line: Line, settings: Settings, today: date) -> Iterator[Result]:
    """Run the checks that only warn."""
    for name, check in WARNINGS.items():
        findings = tuple(check(line, settings, today))
        yield Result(name, "warn" if findings else "pass", findings)


def ask(line: Line, settings: Settings) -> Iterator[Result]:
    """Run the checks that ask over the network: does the public address lead to this line, is the fallback there."""
    yield _asked("online", online.line(settings))
    yield _asked("fallback", online.fallback(settings, line.fallback))


def events(walked: Walked) -> Findings:
    """Every event at every position leads to a position."""
    known = {path(position) for position in positions(walked.line.card)}
    for one in walked.steps:
        if one.end is None or path(one.end) not in known:
            yield _finding("nowhere", one.position, event=_told(one))


def silence(walked: Walked) -> Findings:
    """Silence alone ends the call in time, without going round in circles, after a number was read in full."""
    line = walked.line
    script = cache(lambda position: line.script(position, World()))  # many ways lead through one position
    for position in walked.reached:
        way = silent_path(line.card, position)
        if not isinstance(script(way[-1]).then, Finish):
            yield _finding("no-end", position)
        if not any(_reads(script(one), number.number) for one in way for number in line.card.numbers.values()):
            yield _finding("no-number", position)
    yield from _too_long(walked, "end")


def one_key(walked: Walked) -> Findings:
    """Each number is one key from its menu."""
    line = walked.line
    for number in line.card.numbers.values():
        menu = line.card.menus[line.card.home[number.id]]
        if number.id not in menu.keys.values():
            yield Problem("found-far", {"number": number.number, "menu": menu.id})


def connections(walked: Walked) -> Findings:
    """Every outcome of a connection that is not a conversation speaks the number."""
    line = walked.line
    for one in walked.steps:
        if not isinstance(one.event, Dialled) or one.end is None:
            continue
        if not _reads(line.script(one.end, one.world), line.card.numbers[one.position.id].number):
            yield _finding("unspoken", one.position, event=_told(one))


def typing(walked: Walked) -> Findings:
    """1-1-2 ends at 112 from everywhere, and a number typed along leads nowhere else."""
    line = walked.line
    emergency = line.card.emergency
    for position in walked.reached:
        if position.kind is Kind.CONNECT:  # it hears no key
            continue
        end = _typed(line, position, emergency.digits)
        if end and (end.kind, end.id) != (Kind.NUMBER, emergency.id):
            yield _finding("not-112", position, number=emergency.number)
        if position.kind in (Kind.NUMBER, Kind.LIST):
            end = _typed(line, position, line.card.numbers[position.id].digits)
            if end and (end.kind is Kind.CONNECT or end.id not in (position.id, emergency.id)):
                yield _finding("led-away", position, number=line.card.numbers[position.id].number)


def twiml(walked: Walked) -> Findings:
    """Each answer is TwiML as Twilio documents it, under the size bound."""
    line = walked.line
    for position in walked.reached:
        for world in worlds(line.card, position, _openings):
            answer = line.render(position, world)
            if len(answer) > LARGEST:
                yield _finding("too-large", position, bytes=str(len(answer)), most=str(LARGEST))
            try:
                parse(answer)
            except TwimlError as error:
                yield _finding("twiml", position, error=str(error))


def durations(walked: Walked) -> Findings:
    """Nobody waits longer than the line promises for the number that they need."""
    for bound in ("danger", "menu", "number", "all-numbers"):
        yield from _too_long(walked, bound)


def caller_id(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """What may be connected can be connected: there is a number to show."""
    if not settings.caller_id:
        for number in line.card.numbers.values():
            if number.connect:
                yield Problem("found-no-caller-id", {"number": number.number})


def public_url(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Twilio reaches the line over TLS: what is pressed crosses the internet."""
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield Problem("found-not-https", {"url": settings.public_url})


def security_txt(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Whom to tell about a weakness holds for a while yet."""
    if problem := security_txt_problem(settings, today):
        yield problem


def checked(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Somebody has looked lately whether each number is right."""
    for number in line.card.numbers.values():
        days = (today - number.checked).days
        values = {"number": number.number, "date": number.checked.isoformat(), "days": str(days)}
        place = line.card.places.get((number.id, "checked"))
        if days > OLD.days:
            yield Problem("found-old-emergency" if number.emergency else "found-old", values, place)
        if days < -1:  # where the editor is, it may be tomorrow already
            yield Problem("found-future", values, place)


def holidays(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """The card says what happens on the coming public holidays."""
    for number in line.card.numbers.values():
        days = number.hours.unnamed_holidays(today, today + SOON) if number.hours else []
        if days:
            values = {"number": number.number, "dates": ", ".join(f"{day:%Y %b %d}" for day in days)}
            yield Problem("found-holiday", values, line.card.places.get((number.id, "hours")))


def inside(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """No number has that for danger inside it: whoever types it along would hear 112, which goes before all else."""
    for number in line.card.numbers.values():
        if not number.emergency and line.card.emergency.digits in number.digits:
            values = {"number": number.number, "emergency": line.card.emergency.number}
            yield Problem("found-inside", values, line.card.places.get((number.id, "number")))


def hours(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Opening hours open and close: always or never in the coming year is more likely a mistake."""
    start = datetime.combine(today, time(), line.card.timezone)
    end = start + timedelta(days=365)
    for number in line.card.numbers.values():
        if not number.hours or number.hours.text == "24/7":  # which says that it is meant
            continue
        spans = number.hours.spans(start, end)
        if spans in ([], [(start, end)]):
            message = "found-always-open" if spans else "found-never-open"
            yield Problem(message, {"number": number.number}, line.card.places.get((number.id, "hours")))


def numbers(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Each number can be one in this country, and is on the card once."""
    for number, message, values in doubts(line.card):
        yield Problem(message, values, line.card.places.get((number.id, "number")))


PROOFS: Mapping[str, Callable[[Walked], Findings]] = {
    "events": events,
    "silence": silence,
    "one-key": one_key,
    "connections": connections,
    "typing": typing,
    "twiml": twiml,
    "durations": durations,
}

WARNINGS: Mapping[str, Callable[[Line, Settings, date], Findings]] = {
    "caller-id": caller_id,
    "public-url": public_url,
    "security-txt": security_txt,
    "numbers": numbers,
    "inside": inside,
    "checked": checked,
    "holidays": holidays,
    "hours": hours,
    "doubts": lambda line, *_: iter(second_looks.doubts(line)),
}


def _asked(name: str, problem: Problem | None) -> Result:
    findings = (problem,) if problem else ()
    return Result(name, "fail" if findings else "pass", findings)


def _openings(number: Number) -> tuple[Opening, ...]:
    """The opening states of a number, and one of every sort, should its hours be such that it has no other."""
    if not number.hours:
        return (ALWAYS,)
    midnight = datetime(2024, 3, 5)  # noqa: DTZ001 - local, as in Closed
    always = ((midnight.time(), midnight.time()),)
    return *states(number), Open((always,) * 7), Open((always,) * 7, usual=False), Closed(1, midnight), Closed()


def _reads(said: Script, number: str) -> bool:
    """Whether a number is read out."""
    values = (value for sentence in said.sentences for value in sentence.values.values())
    return any(isinstance(value, Digits) and value.printed == number for value in values)


def _typed(line: Line, position: Position, digits: str) -> Position | None:
    """Where somebody comes who presses these keys; None on a way that leads nowhere, which another check tells.

    A connection hears no key, so whoever comes to one stays there.
    """
    end: Position | None = position
    for digit in digits:
        if end and end.kind is not Kind.CONNECT:
            end = end_of(line.card, end, Pressed(digit))
    return end


def _too_long(walked: Walked, bound: str) -> Findings:
    for wait in walked.too_long(bound):
        yield _finding(f"long-{bound}", wait.position, seconds=f"{wait.seconds:.1f}", most=str(wait.most))


def _finding(message: str, position: Position, **values: str) -> Problem:
    return Problem(f"found-{message}", {"position": path(position), **values})


def _told(one: Step) -> str:
    match one.event:
        case Pressed(digits=told) | Dialled(told):
            return told
        case _:
            return "_"
