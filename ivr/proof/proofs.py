# SPDX-License-Identifier: EUPL-1.2
"""What holds for every caller on every day, whatever the clock says; none of it needs a network."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import product

from ivr.address import path
from ivr.card import KEYPAD, REPEAT, Card, Number
from ivr.dialogue import MEANT, positions, waited
from ivr.hours import Opening
from ivr.messages.problems import Problem
from ivr.phone import espeak
from ivr.phone.rules import TwimlError, parse
from ivr.position import Dialled, Keys, Kind, Position, Silence, Turn
from ivr.proof.durations import BOUNDS, Wait, waits, wordiest
from ivr.proof.graph import Step, end_of, once, silent_path, states
from ivr.proof.lines import lines, some
from ivr.proof.walked import Walked
from ivr.script import STATES, Finish, Script
from ivr.sentences import Digits, Either
from ivr.world import World

LARGEST = 16_000
"""Bytes of one answer: with less a caller waits. Twilio takes 64 kB."""


@lru_cache
def openings(number: Number) -> tuple[Opening, ...]:
    """Every state this number can have in a fixed week, plus one of each kind, in case it lacks that."""
    return *states(number), *STATES


def events(walked: Walked) -> Iterator[Problem]:
    """Every event at every position leads to a position."""
    known = {path(position) for position in positions(walked.card)}
    for one in walked.steps:
        if one.end is None or path(one.end) not in known:
            yield _finding("nowhere", one.position, event=_told(one))


def silence(walked: Walked) -> Iterator[Problem]:
    """Silence alone ends the call, without going round in circles, after a number was read in full."""
    card = walked.card
    script = once(card, lambda position: walked.script(position, World()))  # many ways lead through one position
    numbers = [number.number for number in card.numbers.values()]
    reads = once(card, lambda position: any(_reads(script(position), number) for number in numbers))
    for position in walked.reached:
        way = silent_path(card, position)
        if not isinstance(script(way[-1]).then, Finish):
            yield _finding("no-end", position)
        if not any(map(reads, way)):
            yield _finding("no-number", position)


def one_key(walked: Walked) -> Iterator[Problem]:
    """Each number is one key from its menu."""
    for number in walked.card.numbers.values():
        menu = walked.card.menus[walked.card.home[number.id]]
        if number.id not in menu.keys.values():
            yield Problem("found-far", {"number": number.number, "menu": menu.id})


def connections(walked: Walked) -> Iterator[Problem]:
    """Every outcome of a connection that is not a conversation speaks the number."""
    for one in walked.steps:
        if not isinstance(one.event, Dialled) or one.end is None:
            continue
        if not _reads(walked.script(one.end, one.world), walked.card.numbers[one.position.id].number):
            yield _finding("unspoken", one.position, event=_told(one))


def typing(walked: Walked) -> Iterator[Problem]:
    """A call is ordered only to a number that was received whole, and of 112 a digit may be lost: so at any speed.

    At every position that hears keys, after every beginning of a number, each key is tried. The last digit of a number
    leads to it, no other orders a call or makes one but the first of a row, or after a silence the second, where that
    is a key for danger or connects; and a digit is kept for the next, also in silence. Whatever is lost of what
    somebody types, what is received is such a row of keys.

    Where the first digit of 112 is received and another is lost, the answer reads it; but not where that digit leads to
    another menu (which is doubted), nor is it shown after more than MEANT digits of another number.
    """
    card = walked.card
    danger = card.emergency.digits
    rests = {danger[:lost] + danger[lost + 1 :] for lost in range(1, len(danger))}
    kinds = _kinds(card)
    begun = {typed for typed, _ in kinds if len(typed) <= MEANT}
    heard = once(card, lambda position: _reads(walked.script(position, World()), card.emergency.number))
    for position in walked.reached:
        if position.kind is Kind.CONNECT:  # there no key is heard
            continue
        for typed, key in kinds:
            end = end_of(card, position._replace(typed=typed), Keys(key))
            if end and not _counts(card, position, typed + key, end):
                yield _finding("not-typed", position, number=typed + key)
        later = end_of(card, position._replace(typed=danger[0]), Silence())
        if later and later.typed != danger[0]:
            yield _finding("not-typed", position, number=danger)
        first = end_of(card, position, Keys(danger[0]))
        elsewhere = first and first.id in card.menus and first.turn is Turn.FIRST
        for typed, rest in product(begun, () if elsewhere else rests):
            end = end_of(card, position._replace(typed=typed), Keys(rest))
            if end and not card.whole(typed + rest) and not heard(end._replace(typed="")):
                yield _finding("not-heard", position, keys=typed + rest, number=card.emergency.number)


def twiml(walked: Walked) -> Iterator[Problem]:
    """Each answer is TwiML as Twilio documents it, under the size bound.

    What is said does not depend on the address that follows it, nor the address on the world. So an answer is made for
    every address, and for everything that is said, but not for every combination of the two.
    """
    spoken = ("", *walked.card.languages[1:])
    made = set[tuple[object, ...]]()
    for position in dict.fromkeys(one._replace(language=code) for one in walked.reached for code in spoken):
        said = {
            (walked.said(position, world), walked.script(position, world).then): world
            for world in walked.worlds(position, openings)
        }
        longest = max(said, key=lambda words: sum(map(len, words[0])))
        for words, world in said.items():
            if words is not longest:
                if words in made:
                    continue
                made.add(words)
            answer = walked.answer(position, world)
            if len(answer) > LARGEST:
                yield _finding("too-large", position, bytes=str(len(answer)), most=str(LARGEST))
            try:
                parse(answer)
            except TwimlError as error:
                yield _finding("twiml", position, error=str(error))


def durations(walked: Walked) -> Iterator[Problem]:
    """Nobody waits longer than the line promises, for the number that they need and for the end of the call.

    Of each bound the worst is told first, and once for each longest sentence on the way, which is likely the cause.
    What is only estimated must pass a bound by more than the estimate may be off.
    """
    slack = 1.0 if walked.measured else 1 + espeak.ERROR
    causes = set[tuple[str, str]]()
    for wait in sorted(waits(walked), key=lambda wait: ([*BOUNDS].index(wait.bound), wait.most - wait.seconds)):
        cause = _longest(walked, wait) if wait.seconds > wait.most * slack else None
        if cause is not None and (wait.bound, cause) not in causes:
            causes.add((wait.bound, cause))
            values = {"position": path(wait.position), "seconds": f"{wait.seconds:.1f}", "most": f"{wait.most:.0f}"}
            yield Problem(f"found-long-{wait.bound}", values, getattr(cause, "place", None))


def recorded(walked: Walked) -> Iterator[Problem]:
    """A language without a voice says nothing that is not recorded, but for a notice, which the first language says."""
    for code in walked.card.languages:
        spoken = walked.line.spoken(code)
        if not spoken.voice:
            said = lines(walked.line, code)
            missing = [text for text, one in said.items() if text not in spoken.recorded and one.id != "line.notice"]
            if missing:
                told = {"language": code, "count": str(len(missing)), "texts": some(missing)}
                yield Problem("found-recorded", told)


PROOFS: Mapping[str, Callable[[Walked], Iterator[Problem]]] = {
    "events": events,
    "silence": silence,
    "one-key": one_key,
    "connections": connections,
    "typing": typing,
    "twiml": twiml,
    "durations": durations,
    "recorded": recorded,
}


def _reads(said: Script, number: str) -> bool:
    """Whether a number is read out."""
    values = (value for sentence in said.sentences for value in sentence.values.values())
    return any(isinstance(value, Digits) and value.printed == number for value in values)


def _kinds(card: Card) -> list[tuple[str, str]]:
    """What was typed before a key, and that key: one pair of each kind that a step can tell apart.

    It asks which number is whole, and which digits may become one; of more than MEANT, only that they are more.
    """
    begun = dict.fromkeys(each.digits[:count] for each in card.numbers.values() for count in range(len(each.digits)))
    kinds: dict[object, tuple[str, str]] = {}
    for typed, key in product(begun, KEYPAD):
        whole, kept = card.whole(typed + key), card.begun(typed + key)
        kinds.setdefault((whole and whole.id, kept if len(kept) <= MEANT else None, key), (typed, key))
    return list(kinds.values())


def _counts(card: Card, position: Position, typed: str, end: Position) -> bool:
    """Whether the last of some typed digits counts: at `end` the number is reached, or they are kept and order no call.

    A key for danger may order one, and a key may connect, but not as a digit of 112 or of the number that it connects.
    """
    kept, emergency = card.begun(typed), card.emergency
    if whole := card.whole(typed):
        return end[:2] == (Kind.NUMBER, whole.id) and end.typed == kept
    if len(kept) > MEANT - (not waited(card, position)) and not emergency.digits.startswith(kept):
        return end.typed == kept and end.turn is Turn.TYPED_OTHER
    given = (key for menu in card.menus.values() for key, to in menu.keys.items() if to == emergency.id)
    ordered = end[:3] == (Kind.NUMBER, emergency.id, Turn.FIRST) and typed[-1] not in (
        emergency.digits[0],
        REPEAT,
        *given,
    )
    digits = (emergency.digits, card.numbers[end.id].digits) if end.kind is Kind.CONNECT else ()
    connects = kept and any(each.startswith(kept) for each in digits)
    return end.typed == kept and not connects and not ordered and end.turn is not Turn.TYPED


def _longest(walked: Walked, wait: Wait) -> str:
    """The longest sentence, or name in one, of all that is said in a wait."""
    silent = wait.bound in ("end", "all-numbers")
    said: list[str] = [""]
    for position in silent_path(walked.card, wait.position) if silent else [wait.position]:
        for sentence in walked.script(position, wordiest(walked, position)).sentences:
            names = [id_ for value in sentence.values.values() if isinstance(value, Either) for id_ in value.ids]
            lines = walked.line.spoken(sentence.language or position.language).sentences.lines
            said += [text for id_ in (sentence.id, *names) for text in lines.get(id_, ())]
    return max(said, key=len)


def _finding(message: str, position: Position, **values: str) -> Problem:
    return Problem(f"found-{message}", {"position": path(position), **values})


def _told(one: Step) -> str:
    match one.event:
        case Keys(digits=told) | Dialled(told):
            return told
        case _:
            return "_"
