# SPDX-License-Identifier: EUPL-1.2
"""What changes for callers between two cards, in plain words of the editor's language.

Both lines are walked: every position, in every world that makes a difference there. What fills a blank is told as a
fact (a number, hours, a key), so a sentence is told only where its own words changed, and once.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher

from ivr.answers import Answers
from ivr.dialogue import listed
from ivr.editor.texts import ABOUT
from ivr.line import Line, Spoken
from ivr.page.words import FILE as PAGE
from ivr.position import Kind
from ivr.proof.lines import lines as said
from ivr.review.facts import FactsChanged
from ivr.review.heard import End, WalkedLine
from ivr.review.places import Area, called, usually, where
from ivr.review.renamed import renamed, with_names

LONGER = 1.0
"""Seconds; what takes less longer than that is not told."""


def differences(before: Line, after: Line, language: str, today: date, *, whole: bool = False) -> list[str]:
    """What changes for callers, a line for each change; none when nothing does.

    Hours are held against each other for the year from `today` on. `whole`: every sentence, for a sheet to sign; else a
    line tells a few and counts the others. `language` is the editor's, "nl" or "en".
    """
    first, *others = after.card.languages
    names = renamed(before, after)
    before = with_names(before, names)
    old, new = WalkedLine(before.only(before.card.languages[0])), WalkedLine(after.only(first))
    told = _Difference(old, new, language, today, whole=whole)
    lines = [told.say("diff-renamed", before=old, after=new) for old, new in names.items()]
    lines += told.changed("diff-languages", ", ".join(before.card.languages), ", ".join(after.card.languages))
    lines += told.lines()
    for code in [code for code in after.card.languages if code in before.card.languages]:
        lines += [f"[{code}] {line}" for line in told.about(before.spoken(code), after.spoken(code))]
        if code in others:  # the facts are the same, and are told
            translated = _Difference(
                WalkedLine(before.only(code)), WalkedLine(after.only(code)), language, today, whole=whole
            )
            lines += [f"[{code}] {line}" for line in translated.sentences()]
    for code in after.card.languages:
        recorded = after.spoken(code).recorded
        was = before.spoken(code).recorded if code in before.card.languages else {}
        read = [text for text, one in recorded.items() if text not in was or was[text].name != one.name]
        gone = was.keys() - recorded
        if read or gone:
            lines.append(told.say("diff-recorded", language=code, new=len(read), gone=len(gone)))
        if recorded:  # what was read before is still heard
            known = recorded.keys() | said(before, code, today)
            unread = [told.quoted([text]) for text in said(after, code, today) if text not in known]
            lines += [told.say("diff-unread", language=code, texts=told.some(unread, " "))] if unread else []
    if Answers(before, "").fallback != Answers(after, "").fallback:
        lines.append(told.say("diff-fallback"))
    return lines


MARK = "\x02", "\x03"
"""Stand round words that changed, for a sheet to mark them; no card can have them."""


def marked(before: str, after: str) -> tuple[str, str]:
    """Two texts, in which the words that differ stand between MARK; nothing is marked where all would be."""
    old, new = before.split(), after.split()
    begin, end = MARK
    told: tuple[list[str], list[str]] = [], []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if old and new else ():
        for text, words in zip(told, (old[a:b], new[c:d]), strict=True):
            if words:
                text.append(" ".join(words) if kind == "equal" else f"{begin}{' '.join(words)}{end}")
    return (" ".join(told[0]), " ".join(told[1])) if old and new else (before, after)


class _Difference(FactsChanged):
    """The difference between two lines: the facts, and what is heard where."""

    def __init__(self, before: WalkedLine, after: WalkedLine, language: str, today: date, *, whole: bool) -> None:
        super().__init__(before, after, language, today, whole=whole)
        self.common = [place for place in after.first if place in before.first]
        self.gone = [place for place in before.first if place not in after.first]
        self.gone_ids = {place.id for place in self.gone if place.id}

    def lines(self) -> Iterator[str]:
        """Every change: facts first, then sentences, then what follows from them."""
        yield from self.card()
        yield from self.places()
        for number in self.after.card.numbers.values():
            if number.id in self.before.card.numbers:
                yield from self.number(self.before.card.numbers[number.id], number)
        yield from self.keys()
        yield from self.sentences()
        yield from self.news()
        yield from self.order()
        yield from self.longer()

    def places(self) -> Iterator[str]:
        """Numbers, menus and chapters that are new, or gone."""
        for place in self.after.first:
            if place not in self.before.first:
                yield self.say("diff-new", what=self.described(self.after, place))
        for place in self.gone:
            yield self.say("diff-gone", what=self.described(self.before, place))

    def described(self, side: WalkedLine, place: Area) -> str:
        """A place, with what there is to know of a number."""
        what = called(side.line, self.say, place)
        if number := side.card.numbers.get(place.id):
            what = self.say("diff-number", name=what, number=number.number)
            if number.hours:
                what += self.say("diff-open", hours=usually(side.line, self.say, number, self.today))
        return what

    def keys(self) -> Iterator[str]:
        """Keys that lead elsewhere now, each change once, with where that is."""
        ways: dict[tuple[str, str, str], list[Area]] = {}
        for place in self.common:
            old, new = self.before.keys(place), self.after.keys(place)
            for key in sorted({*old, *new}):
                if old.get(key) != new.get(key):
                    told = key, self.led(self.before, old.get(key)), self.led(self.after, new.get(key))
                    ways.setdefault(told, []).append(place)
        for (key, before, after), places in ways.items():
            yield self.say("diff-key", key=key, where=self.at(self.after, places), before=before, after=after)

    def led(self, side: WalkedLine, end: End | None) -> str:
        """Where a key leads, in words."""
        if end is None:
            return self.say("diff-nothing-there")
        return self.say("diff-connecting") if end.connects else called(side.line, self.say, end.place)

    def sentences(self) -> Iterator[str]:
        """Sentences whose words changed, each once; of a longer text only the lines that did."""
        old, new = self.before.line.sentences.lines, self.after.line.sentences.lines
        for id_ in new:
            if id_ not in old or old[id_] == new[id_] or id_.startswith(f"{ABOUT}."):
                continue
            was, is_ = self.before.texts(id_, self.say), self.after.texts(id_, self.say)
            places = self.after.heard[id_]
            message = "diff-sentence" if places else "diff-page" if id_.startswith(f"{PAGE}.") else "diff-unsaid"
            heard = str(places.total())
            for kind, a, b, c, d in SequenceMatcher(None, old[id_], new[id_], autojunk=False).get_opcodes():
                if kind != "equal":
                    texts = self.quoted(was[a:b]), self.quoted(is_[c:d])
                    texts = marked(*texts) if self.whole else texts
                    yield from self.changed(message, *texts, where=self.at(self.after, places), count=heard)

    def about(self, before: Spoken, after: Spoken) -> Iterator[str]:
        """What changed in how a language sounds, and in how it offers itself."""
        yield from self.changed("diff-voice", " ".join(before.voice or ()), " ".join(after.voice or ()))
        yield from self.changed("diff-own-number", before.own_number or "", after.own_number or "")
        old, new = before.sentences.lines, after.sentences.lines
        for id_ in (id_ for id_ in {**old, **new} if id_.startswith(f"{ABOUT}.")):
            texts = " ".join(old.get(id_, ())), " ".join(new.get(id_, ()))
            yield from self.changed("diff-about-language", *texts, id=id_.partition(".")[2])

    def news(self) -> Iterator[str]:
        """Sentences that are new or gone, or are heard elsewhere now, together where they are heard."""
        heard, unheard = self.only(self.after, self.before), self.only(self.before, self.after)
        for message, side, found, other in (
            ("diff-heard", self.after, heard, unheard),
            ("diff-unheard", self.before, unheard, heard),
        ):
            for places, texts in found.items():
                new = [text for text in texts if text and text not in other.get(places, ())]
                if new:
                    yield self.say(message, where=self.at(side, places), texts=self.some(new, " "))

    def only(self, side: WalkedLine, other: WalkedLine) -> dict[tuple[Area, ...], list[str]]:
        """What is heard on one side only, by where. What is said at a number is told there, in the list too."""
        found: dict[tuple[Area, ...], list[str]] = {}
        for id_, here in side.heard.items():
            there = other.heard.get(id_, ())
            places = tuple(place for place in here if place not in there and (place in other.first or not there))
            if places and not self.tells_itself(id_, side):
                section, owner, *_ = id_.split(".")
                own = (Area(Kind.NUMBER, owner),) if section == "numbers" and not there else places
                found.setdefault(own, []).append(self.quoted(side.texts(id_, self.say)))
        return found

    def tells_itself(self, id_: str, side: WalkedLine) -> bool:
        """Whether another line tells a sentence already: a name, or one of something that is gone."""
        section, *names = id_.split(".")
        gone = side is self.before and section != "line" and not self.gone_ids.isdisjoint(names[::2])
        return gone or id_.endswith(".name")

    def order(self) -> Iterator[str]:
        """Places where the same is said in another order; the order of the numbers in the list."""
        for place in self.common:
            alike = place.kind is not Kind.LIST and self.before.keys(place) == self.after.keys(place)
            if alike and _moved(self.before.order(place), self.after.order(place)):
                yield self.say("diff-order", where=self.at(self.after, [place]))
        old, new = ([one.id for one in listed(side.card, side.card.start.id)] for side in (self.before, self.after))
        if _moved(old, new):
            names = (called(self.after.line, self.say, Area(Kind.NUMBER, id_)) for id_ in new)
            yield self.say("diff-list-order", names=", ".join(names))

    def longer(self) -> Iterator[str]:
        """What takes a second longer or more, that which grew most first."""
        found = [(self.before.seconds_of_silence(), self.after.seconds_of_silence(), self.say("diff-silence"))]
        for place in self.common:
            old, new = self.before.seconds(self.before.first[place]), self.after.seconds(self.after.first[place])
            found.append((old, new, called(self.after.line, self.say, place)))
        grown = sorted((old - new, old, new, what) for old, new, what in found if new - old >= LONGER)
        waits = [
            self.say("diff-seconds", what=what, before=f"{old:.0f}", after=f"{new:.0f}") for _, old, new, what in grown
        ]
        if waits:
            yield self.say("diff-longer", waits=self.some(waits, "; "))

    def at(self, side: WalkedLine, places: Iterable[Area]) -> str:
        """Where something is heard."""
        return where(side.line, self.say, list(places))

    def quoted(self, texts: Sequence[str]) -> str:
        """Lines as one quotation; nothing for none."""
        return self.say("diff-quoted", text=" ".join(texts)) if texts else ""


def _moved(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether what stands in both stands in another order."""
    return [id_ for id_ in old if id_ in new] != [id_ for id_ in new if id_ in old]
