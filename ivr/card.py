# SPDX-License-Identifier: EUPL-1.2
"""What the card is: numbers with their opening hours, menus and keys. Facts only, no sentences."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ivr.editor.source import Place, Problems, Sequence, Table, Text, Value, nearest, read
from ivr.hours import Hours, HoursError, has_holidays

FILE = "card.yaml"

REPEAT, BACK, ALL = "*", "#", "0"
"""Keys that no card can give another meaning: again, the other choices, and (in menus) all numbers."""

ID = "[a-z][a-z0-9]*(-[a-z0-9]+)*"
"""What a name that the editor gives looks like."""

KEY = "[1-9]"
"""The keys that a card may give a meaning."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the file.

    `form` is what its text looks like, in what Python and JSON Schema share of regular expressions; `message` says so
    to an editor. Without a message more is asked than a form can say, and it is looked at where it is read.
    """

    form: str = ""
    message: str = ""
    required: bool = False
    kind: type[Text | Table | Sequence] = Text


CARD = {
    "name": Field(required=True),
    "timezone": Field(required=True),
    "country": Field("[A-Z]{2}"),
    "connect_key": Field(KEY, "key-not-allowed"),
    "numbers": Field(required=True, kind=Table),
    "menus": Field(required=True, kind=Table),
    "chapters": Field(kind=Table),
}
"""The fields of a card."""

NUMBER = {
    "number": Field("[+]?[0-9]+([ -][0-9]+)*", "number-form", required=True),
    "emergency": Field("yes|no", "not-yes-no"),
    "hours": Field(),
    "connect": Field("[+][1-9][0-9]{7,14}"),
    "form": Field("https://[a-z0-9.-]+(/[a-z0-9/-]*)?", "form-address"),
    "instead": Field(kind=Sequence),
    "source": Field(required=True),
    "checked": Field("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", required=True),
}
"""The fields of a number."""

WANTS_INSTEAD = frozenset({"hours", "connect"})
"""Where one of these is, `instead` is required: it may be closed, or not answer."""

CALLING_CODES = {"BE": "32", "DE": "49", "ES": "34", "FR": "33", "GB": "44", "LU": "352", "NL": "31"}
"""Of some countries, by ISO 3166-1 code (ITU-T E.164): a slip there would connect a caller to a stranger."""

NEVER_DIALLED = {
    "connect-emergency": "112",
    "connect-free": "([+]31|0)800[0-9]*",
    "connect-paid": "([+]31|0)90[069][0-9]*",
    "connect-short": "[0-9]{1,6}|[+]31(14|116)[0-9]*",
}
"""Numbers that are read out and never dialled, by the message that says why. Only a call to 112 from the caller's own
phone carries its location; how far 0800, 0900 and short numbers can be reached from Twilio is unproven, and a pay
number must not be relayed."""

E164_EXAMPLE = "+31200000000"

ANY_COUNTRY, ANY_HOURS = "NL", "24/7"
"""What stands in for a country and for hours that are wrong, so that one mistake is told once."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number that the line reads out, as printed on the card, with where that fact came from."""

    id: str
    number: str
    source: str
    checked: date
    emergency: bool = False
    hours: Hours | None = None
    connect: str | None = None
    form: str | None = None
    instead: tuple[str, ...] = ()

    @property
    def digits(self) -> str:
        """The digits to dial."""
        return re.sub(r"\D", "", self.number)


@dataclass(frozen=True, slots=True)
class Menu:
    """A place with keys. A chapter tells something and then behaves like the menu above it."""

    id: str
    keys: Mapping[str, str]
    chapter: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """The whole card. Numbers and menus stand in the order of the file; the first menu answers the phone.

    `home` names, for every number, menu and chapter, the menu that `#` goes back to.
    """

    name: str
    timezone: ZoneInfo
    connect_key: str
    numbers: Mapping[str, Number]
    menus: Mapping[str, Menu]
    home: Mapping[str, str]

    @property
    def start(self) -> Menu:
        """The menu that answers the phone."""
        return next(iter(self.menus.values()))

    @property
    def emergency(self) -> Number:
        """The number for danger: never connected, and reached by pressing its digits anywhere."""
        return next(number for number in self.numbers.values() if number.emergency)

    def read_out_only(self) -> Card:
        """The same card with nothing to connect, for a line that has no number of its own to show."""
        return replace(self, numbers={id_: replace(n, connect=None) for id_, n in self.numbers.items()})


def load(folder: Path, problems: Problems, today: date) -> Card | None:
    """Read `card.yaml` in `folder`; None when it could not be read at all. Every mistake goes to `problems`.

    After a mistake the card is not fit for a line. It then holds what is clear, so that the sentences can be held
    against it in the same go. `today` only tells a date in the future from a possible one.
    """
    table = read(folder / FILE, problems)
    return Reader(problems, today).card(table, Place(folder / FILE)) if table is not None else None


class Reader:
    """Reads the tables of `card.yaml`; what is wrong goes to the problems and reading goes on.

    The time zone and the country are those in which the hours are read that come after them.
    """

    def __init__(self, problems: Problems, today: date) -> None:
        self.wrong = problems.add
        self.today = today
        self.timezone = ZoneInfo("UTC")
        self.country: str | None = None
        self.connect_key = "9"
        self.unclear: set[str] = set()
        """Numbers, menus and chapters of which it is not clear what was meant."""

    def card(self, table: Table, file: Place) -> Card:
        """The card, as far as it is clear."""
        self.fields(table, CARD, file)
        self.timezone = self.zone(self.text(table, CARD, "timezone"))
        self.country = self.holidays(self.text(table, CARD, "country"))
        connect_key = self.text(table, CARD, "connect_key")
        if connect_key and re.fullmatch(KEY, connect_key):
            self.connect_key = str(connect_key)
        sections = [self.section(table, name) for name in ("numbers", "menus", "chapters")]
        ids = self.ids(sections)
        number_tables, menu_tables, chapter_tables = sections
        numbers = {str(id_): self.number(id_, fields) for id_, fields in number_tables.items()}
        keys = {str(id_): self.keys(id_, below, ids) for id_, below in (menu_tables | chapter_tables).items()}
        home = self.tree([str(id_) for id_ in menu_tables][:1], keys, chapters=chapter_tables)
        if home and self.unclear.isdisjoint(keys):  # a key of which it is not clear where it leads may lead anywhere
            for id_ in ids:
                if id_ not in home:
                    self.wrong(id_.place, "unreachable", id=id_)
        if numbers and self.unclear.isdisjoint(numbers):
            self.one_emergency(table.name("numbers"), number_tables, numbers.values())
        self.connect_key_of(connect_key, numbers.values())
        for id_, fields in number_tables.items():
            menu = home.get(id_)
            nearby = numbers if menu is None or menu in self.unclear else keys[menu].values()
            self.alternatives(fields, [other for other in nearby if other in numbers and other != id_])
        return Card(
            name=str(self.text(table, CARD, "name")),
            timezone=self.timezone,
            connect_key=self.connect_key,
            numbers={id_: number for id_, number in numbers.items() if id_ not in self.unclear},
            menus={
                id_: Menu(id_, {key: str(target) for key, target in targets.items()}, chapter=id_ in chapter_tables)
                for id_, targets in keys.items()
                if id_ not in self.unclear
            },
            home=home,
        )

    def fields(self, table: Table, model: Mapping[str, Field], owner: Place, also: Iterable[str] = ()) -> bool:
        """Hold the names and the kinds of fields against a model; returns whether it is clear what was meant.

        `also` names what is required here besides what always is.
        """
        unknown = [name for name in table if name not in model]
        for name in unknown:
            self.wrong(name.place, "field-unknown", key=name, known=nearest(name, model))
        required = [key for key, field in model.items() if field.required or key in also]
        for key in () if unknown else required:  # an unknown field may be a missing one, misspelt
            if key not in table:
                self.wrong(owner, "field-missing", key=key)
        kinds = [self.kind(name, value, model[name]) for name, value in table.items() if name in model]
        return table.certain and not unknown and all(kinds)

    def kind(self, name: Text, value: Value, field: Field) -> bool:
        """Whether a value is of the kind that a field has, and not empty."""
        filled = all(map(text_of, value)) if isinstance(value, Sequence) else isinstance(value, Table) or text_of(value)
        if isinstance(value, field.kind) and value and filled:
            return True
        message = f"not-{field.kind.__name__.lower()}"
        if isinstance(value, Text) and field.kind is Text:
            message = "empty" if field.required else "empty-optional"
        self.wrong(name.place, message, key=name)
        return False

    def text(self, table: Table, model: Mapping[str, Field], name: str) -> Text | None:
        """The text of a field, its form held against the model; None when there is none."""
        text = text_of(table.find(name))
        if text and model[name].message:
            self.form(model[name], text)
        return text

    def form(self, field: Field, text: Text) -> None:
        """Hold a text against the form of a field."""
        if not re.fullmatch(field.form, text):
            self.wrong(text.place, field.message, text=text)

    def section(self, table: Table, name: str) -> Table:
        """The table under a name; an empty one where there is none."""
        value = table.find(name)
        return value if isinstance(value, Table) else Table()

    def zone(self, name: Text | None) -> ZoneInfo:
        """The time zone of a name."""
        if name is None:
            return self.timezone
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, such as Europe
            self.wrong(name.place, "timezone-unknown", text=name)
            return self.timezone

    def holidays(self, country: Text | None) -> str | None:
        """The country of a code, if its holidays are known."""
        if country is None or has_holidays(country):
            return country and str(country)
        self.wrong(country.place, "country-unknown", text=country)
        return ANY_COUNTRY

    def ids(self, sections: Iterable[Table]) -> list[Text]:
        """Every name that the editor gave; what has the name of something else is taken out of its section."""
        seen: dict[str, Text] = {}
        for section in sections:
            for id_ in list(section):
                if not re.fullmatch(ID, id_):
                    self.wrong(id_.place, "id-form", id=id_)
                if id_ in seen:
                    self.wrong(id_.place, "duplicate", key=id_, line=str(seen[id_].place.line))
                    del section[id_]
                else:
                    seen[id_] = id_
        return list(seen.values())

    def number(self, id_: Text, fields: Value) -> Number:
        """One number; after a mistake it has what stands in for the wrong part."""
        if not isinstance(fields, Table):
            self.wrong(id_.place, "not-table", key=id_)
            fields = Table()
            self.unclear.add(id_)
        elif not self.fields(fields, NUMBER, id_.place, also=("instead",) if WANTS_INSTEAD & fields.keys() else ()):
            self.unclear.add(id_)
        found = {name: self.text(fields, NUMBER, name) for name in NUMBER}
        number = Number(
            id=str(id_),
            number=str(found["number"] or ""),
            source=str(found["source"]),
            checked=self.date(found["checked"]),
            emergency=(found["emergency"] or "no") != "no",
            hours=self.hours(found["hours"]),
            connect=found["connect"] and str(found["connect"]),
            form=found["form"] and str(found["form"]),
            instead=tuple(map(str, _listed(fields))),
        )
        if (connect := found["connect"]) and (reason := self.not_connected(number, connect)):
            example = re.sub("[^+0-9]", "", connect)
            example = example if re.fullmatch(NUMBER["connect"].form, example) else E164_EXAMPLE
            values = {"number": number.number, "key": self.connect_key, "example": example}
            self.wrong(connect.place, reason, text=connect, **values)
            if reason in NEVER_DIALLED:  # then its sentences are not needed either
                self.unclear.add(id_)
        return number

    def not_connected(self, number: Number, connect: str) -> str | None:
        """Why a number is not connected (the id of a message); None when it may be."""
        if number.emergency:
            return "connect-emergency"
        dialled = [re.sub("[^+0-9]", "", text) for text in (connect, number.number)]
        for reason, form in NEVER_DIALLED.items():
            if any(re.fullmatch(form, text) for text in dialled):
                return reason
        if not re.fullmatch(NUMBER["connect"].form, connect):
            return "connect-form"
        code = CALLING_CODES.get(self.country or "", r"\d{1,3}")
        written = (
            f"\\+{number.digits}" if number.number.startswith("+") else f"\\+{code}{number.digits.removeprefix('0')}"
        )
        if not re.fullmatch(written, connect):
            return "connect-other"
        return "connect-key" if self.connect_key in number.digits else None

    def connect_key_of(self, key: Text | None, numbers: Iterable[Number]) -> None:
        """The key that connects is none of the number for danger: it would take 1-1-2 away from whoever presses it."""
        for number in numbers:
            if key is not None and number.emergency and key in number.digits:
                self.wrong(key.place, "connect-key-emergency", key=key, number=number.number)

    def date(self, text: Text | None) -> date:
        """A day that has been."""
        if text is None:
            return date.min
        try:
            found = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, the same everywhere
        except ValueError:
            self.wrong(text.place, "date-form", text=text)
            return date.min
        if found - self.today > timedelta(days=1):  # where the editor is, it may be tomorrow already
            self.wrong(text.place, "date-future", text=text)
        return found

    def hours(self, text: Text | None) -> Hours | None:
        """Opening hours, in the time zone and with the holidays of the card."""
        if text is None:
            return None
        try:
            return Hours(text, self.timezone, self.country)
        except HoursError as error:
            self.wrong(text.place.of(error.detail), error.message, detail=error.detail)
            return Hours(ANY_HOURS, self.timezone, None)

    def one_emergency(self, section: Text, table: Table, numbers: Iterable[Number]) -> None:
        """Exactly one number is for danger."""
        found = [number.id for number in numbers if number.emergency]
        if not found:
            self.wrong(section.place, "emergency-none")
            self.unclear.update(table)
        for id_ in found[1:]:
            self.wrong(table.name(id_).place, "emergency-two", other=found[0])
            self.unclear.add(id_)

    def alternatives(self, fields: Value, choices: Collection[str]) -> None:
        """What is offered instead of a number can be chosen in the menu that `#` leads to."""
        for other in _listed(fields):
            if other not in choices:
                self.wrong(other.place, "instead-unknown", text=other, known=", ".join(choices) or "-")

    def keys(self, id_: Text, table: Value, known: Collection[str]) -> dict[str, Text]:
        """Where the keys of a menu or a chapter lead, as far as that is clear."""
        if not isinstance(table, Table):
            self.wrong(id_.place, "not-table", key=id_)
            self.unclear.add(id_)
            return {}
        keys: dict[str, Text] = {}
        if not table.certain:
            self.unclear.add(id_)
        for key, value in table.items():
            if not re.fullmatch(KEY, key):
                self.wrong(key.place, "key-not-allowed", text=key)
            target = text_of(value)
            if target and target in known:
                keys[str(key)] = target
                continue
            self.unclear.add(id_)
            if target:
                self.wrong(target.place, "target-unknown", text=target, known=nearest(target, known))
            else:
                self.kind(key, value, Field())
        return keys

    def tree(
        self, found: list[str], keys: Mapping[str, Mapping[str, Text]], chapters: Container[str]
    ) -> dict[str, str]:
        """The way back from everything that a key leads to. `found` starts with the menu that answers.

        Menus and chapters form a tree, so that `#` is clear; a number may stand in several menus and goes back to the
        first. A chapter goes back to the menu that it was reached from.
        """
        home = {id_: id_ for id_ in found}
        for id_ in found:  # grows while it is read: breadth first
            for target in keys[id_].values():
                if target in keys and target in home:
                    self.wrong(target.place, "tree", id=target)
                elif target in keys:
                    found.append(str(target))
                    home[str(target)] = home[id_] if id_ in chapters else id_
                elif id_ not in chapters:
                    home.setdefault(str(target), id_)
        return home


def text_of(value: Value | None) -> Text | None:
    """The text that a value is; None when it is something else, or empty."""
    return value if isinstance(value, Text) and value.strip() else None


def _listed(fields: Value) -> list[Text]:
    """What stands in `instead`."""
    items = fields.find("instead") if isinstance(fields, Table) else None
    return [item for item in items if isinstance(item, Text)] if isinstance(items, Sequence) else []
