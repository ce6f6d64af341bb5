# SPDX-License-Identifier: EUPL-1.2
"""What differs for callers between two cards, as data. Whoever shows it puts it in words (`ivr.review.wording`).

Both lines are walked: every position, in every world that makes a difference there; and their tables are compared.
"""

from collections.abc import Container, Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import NamedTuple

from ivr.answers import Answers
from ivr.card import Number
from ivr.dialogue import listed
from ivr.editor.texts import ABOUT
from ivr.line import Line
from ivr.page.words import PAGE
from ivr.position import Kind
from ivr.proof.lines import lines
from ivr.review.in_words import Area, year
from ivr.review.rows import Change, Rows, There, WalkedLine, number_area, rows

LONGER = 1.0
"""Seconds; what takes less longer than that is not told."""


class Difference(NamedTuple):
    """Both lines in their first language, walked; and every change."""

    before: WalkedLine
    after: WalkedLine
    changes: tuple[Change, ...]


def difference(before: Line, after: Line, today: date) -> Difference:
    """What changes for callers; hours are held against each other for the year from `today` on."""
    first, *others = after.card.languages
    old, new = WalkedLine(before.only(before.card.languages[0])), WalkedLine(after.only(first))
    changes = [Change("new", areas=(area,), after=area) for area in new.entrance if area not in old.entrance]
    changes += [Change("gone", areas=(area,), before=area) for area in old.entrance if area not in new.entrance]
    common = {"", *_common(old, new)} | {*before.card.languages} & {*after.card.languages}
    changes += _changed(rows(before, old, today), rows(after, new, today), common)
    for id_, number in after.card.numbers.items():
        if earlier := before.card.numbers.get(id_):
            changes += _days(earlier, number, today)
            if earlier.digits != number.digits and earlier.checked == number.checked:
                changes.append(Change("unchecked", areas=(number_area(id_),), after=number.checked.isoformat()))
    changes += _sentences(old, new)
    changes += [*_news(old, new), *_order(old, new), *_longer(old, new)]
    for code in others:
        if code in common:
            translated = _sentences(WalkedLine(before.only(code)), WalkedLine(after.only(code)))
            changes += [change._replace(language=code) for change in translated]
    for code in after.card.languages:
        changes += _recorded(before, after, code, today)
    if Answers(before, "").fallback != Answers(after, "").fallback:
        changes.append(Change("fallback"))
    return Difference(old, new, tuple(changes))


def _changed(old: Rows, new: Rows, common: Container[object]) -> Iterator[Change]:
    """The rows that differ, of areas and languages that both have; what changed alike in several areas is told once."""
    areas_of: dict[Change, list[Area]] = {}
    for row in {**new, **old}:
        change = row._replace(areas=(), before=old.get(row, ""), after=new.get(row, ""))
        both = row.kind == "signals" or all(area in common for area in row.areas)
        if both and row.language in common and change.before != change.after:
            areas_of.setdefault(change, []).extend(row.areas)
    yield from (change._replace(areas=tuple(areas)) for change, areas in areas_of.items())


def _days(before: Number, after: Number, today: date) -> Iterator[Change]:
    """Days of the coming year on which a number has other hours; and what differs later only."""
    if not before.hours or not after.hours:
        return
    areas = (number_area(after.id),)
    earlier, later = year(before.hours, today), year(after.hours, today)
    days: dict[tuple[There, There], list[str]] = {}
    for day in sorted({*earlier.days, *later.days}):
        if earlier.on(day) != later.on(day):
            days.setdefault((earlier.on(day), later.on(day)), []).append(day.isoformat())
    yield from (Change("days", tuple(dates), areas, on, then) for (on, then), dates in days.items())
    if before.hours.text != after.hours.text and earlier == later:
        yield Change("hours-later", (), areas, before.hours.text, after.hours.text)


def _sentences(before: WalkedLine, after: WalkedLine) -> Iterator[Change]:
    """Sentences whose words changed, each once; of a longer text only the lines that did."""
    old, new = before.line.sentences.lines, after.line.sentences.lines
    for id_ in new:
        if id_ not in old or old[id_] == new[id_] or id_.startswith(f"{ABOUT}."):
            continue
        areas = tuple(after.heard.get(id_, ()))
        kind = "sentence" if areas else "page" if id_.startswith(f"{PAGE}.") else "unsaid"
        for same, a, b, c, d in SequenceMatcher(None, old[id_], new[id_], autojunk=False).get_opcodes():
            was, is_ = before.texts(id_)[a:b], after.texts(id_)[c:d]
            if same != "equal" and was != is_:
                yield Change(kind, (id_,), areas, was, is_, line=c)


def _news(before: WalkedLine, after: WalkedLine) -> Iterator[Change]:
    """Sentences that are new or gone, or are heard elsewhere now, together where they are heard."""
    heard, unheard = _only(after, before), _only(before, after)
    gone = {area.id for area in before.entrance if area.id and area not in after.entrance}
    for kind, side, found, other, there in (
        ("heard", after, heard, before, unheard),
        ("unheard", before, unheard, after, heard),
    ):
        for areas, ids in found.items():
            alike = [other.texts(id_) for id_ in there.get(areas, ())]
            new = [id_ for id_ in ids if side.texts(id_) and side.texts(id_) not in alike]
            if kind == "unheard":  # what is gone with its number, menu or chapter is not told again
                new = [id_ for id_ in new if id_.startswith("line.") or gone.isdisjoint(id_.split(".")[1::2])]
            if new:
                texts = tuple(map(side.texts, new))
                yield Change(kind, tuple(new), areas, *((texts, "") if side is before else ("", texts)))


def _only(side: WalkedLine, other: WalkedLine) -> dict[tuple[Area, ...], list[str]]:
    """What is heard on one side only, by where. What is said at a number is told there, in the list too."""
    ids_by_areas: dict[tuple[Area, ...], list[str]] = {}
    for id_, here in side.heard.items():
        there = other.heard.get(id_, ())
        areas = tuple(area for area in here if area not in there and (area in other.entrance or not there))
        if areas and not id_.endswith(".name"):  # a name is told with what has it
            section, owner, *_ = id_.split(".")
            own = (number_area(owner),) if section == "numbers" and not there else areas
            ids_by_areas.setdefault(own, []).append(id_)
    return ids_by_areas


def _order(before: WalkedLine, after: WalkedLine) -> Iterator[Change]:
    """Areas where the same is said in another order; the order of the numbers in the list."""
    for area in _common(before, after):
        alike = area.kind is not Kind.LIST and before.keys(area) == after.keys(area)
        if alike and _moved(before.order(area), after.order(area)):
            yield Change("order", areas=(area,))
    old, new = ([number.id for number in listed(side.card, side.card.start.id)] for side in (before, after))
    if _moved(old, new):
        yield Change("list-order", before=tuple(map(number_area, old)), after=tuple(map(number_area, new)))


def _longer(before: WalkedLine, after: WalkedLine) -> Iterator[Change]:
    """What takes a second longer or more, that which grew most first: each area, and the seconds before and after.

    Without an area it is a call in silence.
    """
    waits = [(area, before.seconds(area), after.seconds(area)) for area in (None, *_common(before, after))]
    if longer := sorted((wait for wait in waits if wait[2] - wait[1] >= LONGER), key=lambda wait: wait[1] - wait[2]):
        yield Change("longer", (), tuple(area for area, *_ in longer if area), after=tuple(longer))


def _recorded(before: Line, after: Line, code: str, today: date) -> Iterator[Change]:
    """Recordings that are another, and what a voice says until somebody reads it."""
    recorded = after.spoken(code).recorded
    was = before.spoken(code).recorded if code in before.card.languages else {}
    read = [text for text, one in recorded.items() if text not in was or was[text].name != one.name]
    gone = was.keys() - recorded
    if read or gone:
        yield Change("recorded", before=str(len(gone)), after=str(len(read)), language=code)
    if recorded:  # what was read before is still heard
        known = recorded.keys() | lines(before, code, today)
        if unread := tuple((text,) for text in lines(after, code, today) if text not in known):
            yield Change("unread", after=unread, language=code)


def _common(before: WalkedLine, after: WalkedLine) -> list[Area]:
    return [area for area in after.entrance if area in before.entrance]


def _moved(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether what stands in both stands in another order."""
    return [id_ for id_ in old if id_ in new] != [id_ for id_ in new if id_ in old]
