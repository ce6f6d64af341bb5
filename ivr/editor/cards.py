# SPDX-License-Identifier: EUPL-1.2
"""From a table of the right shape to a card: what refers to what, and every mistake in that."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from ivr import language as languages
from ivr.card import EXIT, LANGUAGE_KEY, Card, Menu, Notice, Number
from ivr.dialogue import LANGUAGES
from ivr.editor import numbers as phone
from ivr.editor.fields import ID, day, moment, section
from ivr.editor.hours import read_hours
from ivr.editor.source import Node, Sequence, Table, Text, suggestion
from ivr.editor.texts import judge
from ivr.hours import Hours
from ivr.messages.problems import Place, ProblemError, Problems

Places = Mapping[tuple[str, str], Place]
"""Where a fact stands in the file, by the number or menu ("" for the card) and the name or key."""


def card(table: Table, problems: Problems, language: str, said: Collection[str] = ()) -> Card:
    """The card in a table; after a mistake, which goes to the problems, it is not fit for a line.

    `language` is the code of the one that answers the phone. A card that begins in another is read for that one only.
    `said`: every name that stands in the files with sentences.
    """
    return _Reader(table, problems, language, said).card(language)


def places(table: Table) -> Places:
    """Where each fact stands in a card."""
    below = [
        (str(id_), fields) for name in ("numbers", "menus", "chapters") for id_, fields in section(table, name).items()
    ]
    return {(id_, name): text.place for id_, fields in [("", table), *below] for name, text in _texts(fields).items()}


class _Reader:
    """Reads one card; what is wrong goes to the problems and reading goes on."""

    def __init__(self, table: Table, problems: Problems, language: str, said: Collection[str]) -> None:
        self.said = said
        self.language = languages.load(language)
        self.problems = problems
        self.wrong = problems.add
        self.table = table
        self.facts = _texts(table)
        self.zone = ZoneInfo(self.facts["timezone"])
        self.numbers, menus, self.chapters = (section(table, name) for name in ("numbers", "menus", "chapters"))
        self.start = str(next(iter(menus)))
        self.keys = {str(id_): _texts(below) for id_, below in (menus | self.chapters).items()}
        emergency = (id_ for id_ in self.numbers if _texts(section(self.numbers, id_)).get("emergency") == "yes")
        self.danger = str(next(emergency, ""))
        self.country = str(self.facts["country"]) if "country" in self.facts else None
        self.connect_key = str(self.facts.get("connect_key", "9"))

    def card(self, language: str) -> Card:
        home = self.tree() if self.targets() else {}
        numbers = {str(id_): self.number(str(id_), section(self.numbers, id_)) for id_ in self.numbers}
        self.emergency(list(numbers.values()))
        self.alternatives(home)
        self.chapter_keys(home)
        return Card(
            name=str(self.facts["name"]),
            timezone=self.zone,
            connect_key=self.connect_key,
            numbers=numbers,
            menus={
                id_: Menu(id_, {key: str(target) for key, target in keys.items()}, chapter=id_ in self.chapters)
                for id_, keys in self.keys.items()
            },
            home=home,
            languages=self.languages(language),
            country=self.country,
            wait=self.wait(numbers),
            notice=self.notice(),
            signals=self.signals(),
            own_number=self.facts.get("own_number"),
            exit=self.facts.get("exit", EXIT),
        )

    def languages(self, first: str) -> tuple[str, ...]:
        """The languages that are offered, as far as the line knows them: key 8 is left to them."""
        codes = listed(self.table, "languages")
        for place, code in enumerate(codes):
            if not re.fullmatch("[A-Za-z]{2,3}([-_].*)?", code):
                self.wrong(code.place, "language-code", text=code)
            elif code not in languages.KNOWN and (meant := code.lower()[:2]) in languages.KNOWN:
                self.wrong(code.place, "language-meant", text=code, known=meant)
            elif code in codes[:place]:
                self.wrong(code.place, "twice", text=code)
        for code in codes[len(LANGUAGES) :]:
            self.wrong(code.place, "languages-many", most=str(len(LANGUAGES)))
        codes = [code for code in codes if code in languages.KNOWN]  # the line does without any other
        if not codes[1:]:
            return (first,)
        for keys in self.keys.values():
            if LANGUAGE_KEY in keys:
                self.wrong(keys[LANGUAGE_KEY].place, "language-key", key=LANGUAGE_KEY)
        if self.connect_key == LANGUAGE_KEY:
            self.wrong(self.facts["connect_key"].place, "language-key", key=LANGUAGE_KEY)
        return tuple(map(str, codes)) if codes[0] == first else (first,)

    def targets(self) -> bool:
        """Whether each key leads to something that is on the card."""
        known = [*self.numbers, *self.keys]
        targets = [text for keys in self.keys.values() for text in keys.values()]
        unknown = [text for text in targets if text not in known]
        unreached = [id_ for id_ in known if id_ not in (self.start, *targets)]
        renamed = len(set(unknown)) == len(unreached) == 1 and unreached[0] not in self.said  # or it was there before
        for target in unknown:
            message, values = suggestion("target-unknown", target, known)
            if renamed and re.fullmatch(ID, target) and values["known"] != unreached[0]:
                message, values = "target-renamed", {"known": str(unreached[0])}
            self.wrong(target.place, message, text=target, **values)
        return not unknown

    def tree(self) -> dict[str, str]:
        """The way back from everything that a key leads to.

        Menus and chapters form a tree, so that `#` is clear; a number may stand in several menus and goes back to the
        first. A chapter goes back to the menu that it was reached from.
        """
        above = {self.start: {self.start}}  # with what lies above each, and itself
        home = {self.start: self.start}
        for id_ in (queue := [self.start]):  # grows while it is read: breadth first
            for target in self.keys[id_].values():
                if target in above:
                    self.wrong(target.place, "tree-above" if target in above[id_] else "tree", id=target)
                elif target in self.keys:
                    queue.append(str(target))
                    above[str(target)] = {*above[id_], str(target)}
                    home[str(target)] = home[id_] if id_ in self.chapters else id_
                elif id_ not in self.chapters:
                    home.setdefault(str(target), id_)
        for name in ("numbers", "menus", "chapters"):
            for unreached in section(self.table, name).keys() - home.keys():
                if name != "numbers" or unreached != self.danger:
                    self.wrong(unreached.place, "unreachable", id=unreached)
        if self.danger and self.danger not in self.keys[self.start].values():
            self.wrong(self.numbers.name(self.danger).place, "unreachable-emergency", id=self.danger)
        return home

    def number(self, id_: str, fields: Table) -> Number:
        texts = _texts(fields)
        number = Number(
            id=id_,
            number=str(texts["number"]),
            source=str(texts["source"]),
            checked=day(texts["checked"]),
            emergency=texts.get("emergency") == "yes",
            hours=self.hours(texts["hours"]) if "hours" in texts else None,
            connect=str(texts["connect"]) if "connect" in texts else None,
            form=str(texts["form"]) if "form" in texts else None,
            search=texts.get("search"),
            premium=phone.cost(texts["number"], self.country) == "connect-paid",
            call_yourself=texts.get("call_yourself") == "yes",
            speaks={str(code): str(source) for code, source in section(fields, "speaks").items()},
            instead=tuple(map(str, listed(fields, "instead"))),
        )
        if search := texts.get("search"):
            judge(search, self.language, self.problems, letters=False)
            if re.search(r"\w\.\w", search):
                self.wrong(search.place, "doubt-address", part=search)
        if connect := texts.get("connect"):
            phone.judge_connect(number, connect, self.country, self.connect_key, self.problems)
        return number

    def hours(self, text: Text) -> Hours | None:
        """Opening hours; None where they cannot be used."""
        try:
            return read_hours(str(text), self.zone, self.country)
        except ProblemError as error:
            (problem,) = error.problems
            self.problems.append(replace(problem, place=text.place.of(problem.values["detail"])))
            return None

    def emergency(self, numbers: list[Number]) -> None:
        """Exactly one number is for danger, nothing else has its digits, and no key takes it away from a caller."""
        found = [number for number in numbers if number.emergency]
        if not found:
            self.wrong(self.table.name("numbers").place, "emergency-none")
            return
        first, *more = found
        for number in more:
            self.wrong(self.numbers.name(number.id).place, "emergency-two", other=first.id)
        for number in numbers:
            if number.digits == first.digits and not number.emergency:
                self.wrong(self.printed(number), "emergency-same", number=number.number, emergency=first.id)
        self.emergency_key(first, "".join(number.digits for number in numbers if number.connect))

    def emergency_key(self, emergency: Number, connected: str) -> None:
        """The key that connects is no digit of the number for danger: whoever presses 1-1-2 must hear that."""
        written = self.facts.get("connect_key")
        meant = phone.emergency_number(self.country)
        if self.connect_key in emergency.digits and (written or connected):
            place = written.place if written else self.printed(emergency)
            example = phone.free_key(emergency.digits, connected)
            message = "connect-key-emergency" if written else "connect-key-unwritten"
            if meant and not phone.is_emergency(emergency, self.country):  # the key is wrong only for that
                place, message, example = self.printed(emergency), "emergency-unknown", meant
            values = {"key": self.connect_key, "number": emergency.number, "country": str(self.country)}
            self.wrong(place, message, example=example, **values)

    def wait(self, numbers: Mapping[str, Number]) -> str | None:
        """The number that somebody who waits is connected to: one that can be."""
        wait = self.facts.get("wait")
        can = [number.id for number in numbers.values() if number.connect]
        if wait and wait not in can:
            self.wrong(wait.place, "wait-unknown", text=wait, known=", ".join(can) or "-")
        return wait and str(wait)

    def notice(self) -> Notice | None:
        """The notice, in the time zone of the card; it ends after it begins."""
        texts = _texts(section(self.table, "notice"))
        if not texts:
            return None
        begins, ends = (moment(texts[name]).replace(tzinfo=self.zone) for name in ("from", "until"))
        if begins >= ends:
            self.wrong(texts["until"].place, "notice-order", begins=texts["from"], ends=texts["until"])
        return Notice(begins, ends)

    def signals(self) -> dict[str, str]:
        """The pages with signals; each goes with a chapter of the card."""
        pages = section(self.table, "signals")
        for id_ in pages:
            if id_ not in self.chapters:
                message, values = suggestion("target-unknown", id_, self.chapters)
                self.wrong(id_.place, message, text=id_, **values)
        return {str(id_): str(address) for id_, address in pages.items()}

    def chapter_keys(self, home: Mapping[str, str]) -> None:
        """A key of a menu leads to the same number in the chapters below it: who knows a key can rely on it there."""
        for id_ in home.keys() & self.chapters:
            above = {key: str(to) for key, to in self.keys[home[id_]].items() if to in self.numbers}
            for key, target in self.keys[id_].items():
                if above.get(key, target) != target or (target in above.values() and key not in above):
                    self.wrong(target.place, "chapter-key", key=key, target=target, menu=home[id_])

    def printed(self, number: Number) -> Place:
        """Where a number stands as it is printed."""
        return _texts(section(self.numbers, number.id))["number"].place

    def alternatives(self, home: Mapping[str, str]) -> None:
        """What is offered instead of a number can be chosen in the menu that `#` leads to.

        A number that may be closed or not answer names another, if there is one besides that for danger.
        """
        for id_ in (id_ for id_ in self.numbers if id_ in home):
            fields = section(self.numbers, id_)
            nearby = self.keys[home[id_]].values()
            choices = [str(other) for other in nearby if other in self.numbers and other != id_]
            instead = listed(fields, "instead")
            for place, other in enumerate(instead):
                if other in instead[:place]:
                    self.wrong(other.place, "twice", text=other)
                elif other not in choices:
                    message = "instead-unknown" if choices else "instead-none"
                    self.wrong(other.place, message, text=other, known=", ".join(choices))
            others = [other for other in choices if other != self.danger]
            fails = "connect" in fields or fields.find("hours") not in (None, "24/7")
            if others and not instead and fails:
                self.wrong(id_.place, "instead-missing", id=id_, known=", ".join(others[:2]))


def _texts(value: Node) -> dict[str, Text]:
    """The texts in a table, by name."""
    items = value.items() if isinstance(value, Table) else ()
    return {str(name): item for name, item in items if isinstance(item, Text)}


def listed(fields: Table, name: str) -> list[Text]:
    """The texts that stand in a list under a name."""
    items = fields.find(name)
    return [item for item in items if isinstance(item, Text)] if isinstance(items, Sequence) else []
