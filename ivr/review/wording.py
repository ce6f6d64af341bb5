# SPDX-License-Identifier: EUPL-1.2
"""A difference between two cards in the words of whoever reads it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ivr.messages.catalogue import Catalogue
from ivr.position import Kind
from ivr.review.diff import Difference
from ivr.review.in_words import Area, called, capital, times, usually, where
from ivr.review.rows import Change, There, WalkedLine

MOST_TOLD = 3
"""So many sentences, days or waits are told in one line of the short report; the others are counted."""


class Wording(NamedTuple):
    """A change, its message and what fills its blanks, and these put together."""

    change: Change
    message: str
    values: Mapping[str, object]
    text: str

    def row(self) -> dict[str, object]:
        """The change for machines: of what, where as addresses of the line name it, and what was and is there."""
        kind, about, areas, _, _, language, _ = self.change
        where_ = ["/".join(filter(None, area)) for area in areas]
        told = {name: self.values.get(name, "") for name in ("before", "after")}
        return {"kind": kind, "about": about, "areas": where_, "language": language, **told, "text": self.text}


def worded(difference: Difference, language: str, today: date, *, whole: bool = False) -> list[Wording]:
    """Every change in the editor's language, "nl" or "en".

    `whole`: every sentence, for a sheet to sign; else a few are told and the others counted.
    """
    return list(_Teller(difference, language, today, whole=whole).worded())


class _Teller:
    def __init__(self, difference: Difference, language: str, today: date, *, whole: bool) -> None:
        self.before, self.after, self.changes = difference
        self.say = Catalogue(language).say
        self.today = today
        self.whole = whole

    def worded(self) -> Iterator[Wording]:
        """Every change by its message; one in another language names that, unless it has a blank for it."""
        for change in self.changes:
            values = self.values(change)
            if change.kind == "instead" and values["before"] == values["after"]:
                continue  # others with the same names
            message = f"diff-{change.kind}"
            if change.kind == "connect" and not (change.before and change.after):
                message = "diff-connects" if change.after else "diff-connects-no-more"
            text = capital(self.say(message, **values))
            if change.language and change.kind not in ("recorded", "unread"):
                text = f"[{change.language}] {text}"
            yield Wording(change, message, values, text)

    def values(self, change: Change) -> dict[str, object]:
        """What fills the blanks of its message, whichever that has."""
        side = self.before if change.kind in ("gone", "unheard") else self.after
        values: dict[str, object] = {
            "before": self.words(self.before, change, change.before) or self.say("diff-nothing-there"),
            "after": self.words(self.after, change, change.after) or self.say("diff-nothing-there"),
            "language": change.language,
        }
        if change.about:
            values |= {"key": change.about[0], "id": change.about[0], "dates": self.some(change.about, ", ")}
        if change.areas:
            area = change.areas[0]
            there = area in side.entrance  # of a chapter that is gone, the page with signals is told too
            values["name"] = called(side.line, self.say, area) if there else area.id
            values["where"] = where(side.line, self.say, change.areas) if there else ""
        if change.kind == "sentence":
            values["count"] = str(self.after.heard[change.about[0]].total())
        return values

    def words(self, side: WalkedLine, change: Change, value: There) -> str:
        """What was or is there, in words; "" for nothing."""
        match change.kind:
            case "new" | "gone" if value:
                return self.described(side, value)
            case "sentence" | "page" | "unsaid":
                return self.quoted(value)
            case "heard" | "unheard" | "unread":
                return self.some([self.quoted(texts) for texts in value], " ")
            case "longer":
                return self.some([self.wait(*wait) for wait in value], "; ")
            case "hours":
                return usually(side.line, self.say, side.card.numbers[change.areas[0].id], self.today)
            case "days":
                return times(self.say, value)
        match value:
            case Area(Kind.CONNECT):
                return self.say("diff-connecting")
            case Area():
                return called(side.line, self.say, value)
            case str():
                return value
            case _:
                return ", ".join(called(side.line, self.say, area) for area in value if isinstance(area, Area))

    def described(self, side: WalkedLine, area: Area) -> str:
        """An area, with what there is to know of a number."""
        what = called(side.line, self.say, area)
        if number := side.card.numbers.get(area.id):
            what = self.say("diff-number", name=what, number=number.number)
            if number.hours:
                what += self.say("diff-open", hours=usually(side.line, self.say, number, self.today))
        return what

    def wait(self, area: Area | None, before: float, after: float) -> str:
        """How much longer something takes; without an area a call in silence."""
        what = called(self.after.line, self.say, area) if area else self.say("diff-silence")
        return self.say("diff-seconds", what=what, before=f"{before:.0f}", after=f"{after:.0f}")

    def some(self, texts: Sequence[str], between: str) -> str:
        """The first few, and how many more there are; on the sheet all."""
        most = len(texts) if self.whole or len(texts) == MOST_TOLD + 1 else MOST_TOLD
        more = [self.say("diff-more", count=str(len(texts) - most))] if len(texts) > most else []
        return between.join([*texts[:most], *more])

    def quoted(self, texts: Sequence[str]) -> str:
        """Lines as one quotation, with words for a blank in which a time is said; nothing for none."""
        text = " ".join(texts).replace("{opens}", self.say("diff-moment")).replace("{hours}", self.say("diff-week"))
        return self.say("diff-quoted", text=text) if texts else ""
