# SPDX-License-Identifier: EUPL-1.2
"""What changed in the facts of a card: its time zone, its notice, and the number, hours and source of each number."""

from collections.abc import Iterator, Sequence
from datetime import date

from ivr.card import Notice, Number
from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.position import Kind
from ivr.review.heard import WalkedLine
from ivr.review.places import Area, called, capital, times, usually, year

MOST_TOLD = 3
"""So many sentences, days or waits are told in one line of the short report; the others are counted."""


def unchecked(before: Line, after: Line) -> frozenset[str]:
    """The ids of what has another number than before, and that nobody looked at since."""
    old = before.card.numbers
    both = ((old[id_], new) for id_, new in after.card.numbers.items() if id_ in old)
    return frozenset(new.id for old, new in both if old.digits != new.digits and old.checked == new.checked)


class FactsChanged:
    """The difference between the facts of two lines, in which what is only renamed has the same name already."""

    def __init__(self, before: WalkedLine, after: WalkedLine, language: str, today: date, *, whole: bool) -> None:
        self.before, self.after = before, after
        self.say = Catalogue(language).say
        self.today = today
        self.whole = whole
        self.unchecked = unchecked(before.line, after.line)

    def card(self) -> Iterator[str]:
        """What changed on the card as a whole."""
        old, new = self.before.card, self.after.card
        yield from self.changed("diff-name", old.name, new.name)
        yield from self.changed("diff-timezone", str(old.timezone), str(new.timezone))
        yield from self.changed("diff-country", old.country or "", new.country or "")
        yield from self.changed("diff-own-number", old.own_number or "", new.own_number or "")
        yield from self.changed("diff-exit", old.exit, new.exit)
        for message, was, is_ in (
            ("diff-emergency", old.emergency.id, new.emergency.id),
            ("diff-start", old.start.id, new.start.id),
            ("diff-wait", old.wait, new.wait),
        ):
            if was != is_:
                yield from self.changed(message, self.named(self.before, was), self.named(self.after, is_))
        yield from self.changed("diff-notice", self.runs(old.notice), self.runs(new.notice))
        for id_ in {**old.signals, **new.signals}:
            addresses = old.signals.get(id_, ""), new.signals.get(id_, "")
            yield from self.changed("diff-signals", *addresses, chapter=self.named(self.after, id_) or id_)

    def runs(self, notice: Notice | None) -> str:
        """From when until when a notice runs, in the card's own time."""
        zone = self.after.card.timezone
        moments = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (notice.begins, notice.ends)) if notice else ()
        return " – ".join(moments)

    def number(self, old: Number, new: Number) -> Iterator[str]:
        """What changed at a number."""
        name = called(self.after.line, self.say, Area(Kind.NUMBER, new.id))
        yield from self.changed("diff-printed", old.number, new.number, name=name)
        if new.id in self.unchecked:
            yield capital(self.say("diff-unchecked", name=name, checked=new.checked.isoformat()))
        yield from self.hours(old, new, name)
        if bool(old.connect) != bool(new.connect):
            yield capital(self.say("diff-connects" if new.connect else "diff-connects-no-more", name=name))
        elif old.number == new.number:
            yield from self.changed("diff-connect", old.connect or "", new.connect or "", name=name)
        yield from self.changed("diff-form", old.form or "", new.form or "", name=name)
        yield from self.changed("diff-search", old.search or "", new.search or "", name=name)
        if old.instead != new.instead:
            others = self.others(self.before, old), self.others(self.after, new)
            yield from self.changed("diff-instead", *others, name=name)
        yield from self.changed("diff-speaks", ", ".join(old.speaks), ", ".join(new.speaks), name=name)
        yield from self.changed("diff-source", old.source, new.source, name=name)
        yield from self.changed("diff-checked", old.checked.isoformat(), new.checked.isoformat(), name=name)

    def others(self, side: WalkedLine, number: Number) -> str:
        """The numbers that are named instead of a number."""
        return ", ".join(called(side.line, self.say, Area(Kind.NUMBER, id_)) for id_ in dict.fromkeys(number.instead))

    def hours(self, old: Number, new: Number, name: str) -> Iterator[str]:
        """The usual hours of a number, and the days of the coming year on which something else changes."""
        sides = (self.before, old), (self.after, new)
        usual = [usually(side.line, self.say, number, self.today) for side, number in sides]
        yield from self.changed("diff-hours", *usual, name=name)
        if old.hours is None or new.hours is None:
            return
        was, is_ = year(old.hours, self.today), year(new.hours, self.today)
        days: dict[tuple[str, str], list[str]] = {}
        for day in sorted({*was.days, *is_.days}):
            told = times(self.say, was.on(day)), times(self.say, is_.on(day))
            days.setdefault(told, []).append(day.isoformat())
        for (before, after), dates in days.items():
            yield from self.changed("diff-days", before, after, name=name, dates=self.some(dates, ", "))
        if old.hours.text != new.hours.text and usual[0] == usual[1] and all(one == other for one, other in days):
            yield capital(self.say("diff-hours-later", name=name, before=old.hours.text, after=new.hours.text))

    def named(self, side: WalkedLine, id_: str | None) -> str:
        """A number or a menu by what it is called; "" for none."""
        return next((called(side.line, self.say, place) for place in side.first if place.id == id_), "") if id_ else ""

    def changed(self, message: str, before: str, after: str, **values: str) -> Iterator[str]:
        """A fact that changed; "" is one that was not there, or is there no more."""
        if before != after:
            none = self.say("diff-nothing-there")
            yield capital(self.say(message, before=before or none, after=after or none, **values))

    def some(self, told: Sequence[str], between: str) -> str:
        """The first few, and how many more there are; on the sheet all."""
        most = len(told) if self.whole or len(told) == MOST_TOLD + 1 else MOST_TOLD
        more = [self.say("diff-more", count=str(len(told) - most))] if len(told) > most else []
        return between.join([*told[:most], *more])
