# SPDX-License-Identifier: EUPL-1.2
"""The fields of `card.yaml`, and the first look at it: does everything there have the right shape.

What refers to something else on the card is looked at in `cards`, once all of this is right.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ivr.editor.hours import has_holidays
from ivr.editor.source import Node, Sequence, Table, Text, suggestion
from ivr.language import KNOWN
from ivr.messages.catalogue import own
from ivr.messages.problems import Place, Problems

ID = "[a-z][a-z0-9]*(-[a-z0-9]+)*"
"""What a name that the editor gives looks like."""

KEY = "[1-9]"
"""The keys that a card may give a meaning."""

SITE = "https://[a-z0-9-]+([.][a-z0-9-]+)+"
"""The beginning of a web address that others can reach."""

UNKNOWN = re.compile(
    r"(todo|tbd|fixme|onbekend|unknown|nee|no|nog|geen|none|niet|not|nvt|xx+|idem|ditto|zie (hier)?boven)\b|[\W\d]*$",
    re.IGNORECASE,
)
"""How a text begins that only says that there is no source, or another line has it; digits alone are none either."""


def day(text: str) -> date:
    """The day that a text names; raises ValueError where it names none."""
    return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, the same everywhere


def moment(text: str) -> datetime:
    """The local moment that a text names; raises ValueError where it names none."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - in the time zone of the card


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the file.

    `pattern` is what its text looks like, in what Python and JSON Schema share of regular expressions, `valid` makes of
    the text what it means, or raises, and `message` tells an editor what is wrong. No message: it is judged elsewhere.
    """

    pattern: str = ""
    message: str = ""
    required: bool = False
    kind: type[Text | Table | Sequence] = Text
    valid: Callable[[str], object] = str

    def fits(self, text: str) -> bool:
        """Whether a text can be used."""
        with suppress(KeyError, ValueError, OSError):  # OSError: as a time zone the name of a folder, such as Europe
            return bool(re.fullmatch(self.pattern or ".+", text) and self.valid(text))
        return False


DATE = Field("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", "date-form", valid=day)
CHECKED = replace(DATE, required=True)
MOMENT = Field(f"{DATE.pattern} [0-9]{{1,2}}:[0-9]{{2}}", "moment-form", required=True, valid=moment)
ADDRESS = Field(f"{SITE}(/[^ ]*)?", "signals-address")
PRINTED = Field("[+]?[0-9]+([ -][0-9]+)*", "number-form", required=True)
"""A telephone number as people write it."""

OWN_NUMBER = replace(PRINTED, required=False)
"""A number on which people call the line: of the card, or of a language."""

CARD = {
    "name": Field(required=True),
    "timezone": Field("", "timezone-unknown", required=True, valid=ZoneInfo),
    "country": Field("[A-Z]{2}", "country-unknown", valid=has_holidays),
    "languages": Field(kind=Sequence),
    "connect_key": Field(KEY, "key-not-allowed"),
    "wait": Field(),
    "notice": Field(kind=Table),
    "numbers": Field(required=True, kind=Table),
    "menus": Field(required=True, kind=Table),
    "chapters": Field(kind=Table),
    "own_number": OWN_NUMBER,
    "exit": ADDRESS,
    "signals": Field(kind=Table),
}
"""The fields of a card."""

NUMBER = {
    "number": PRINTED,
    "emergency": Field("yes|no", "not-yes-no"),
    "hours": Field(),
    "connect": Field("[+][1-9][0-9]{7,14}"),
    "form": Field(f"{SITE}(/[a-z0-9/-]*)?", "form-address"),
    "search": Field(),
    "call_yourself": Field("yes|no", "not-yes-no"),
    "instead": Field(kind=Sequence),
    "speaks": Field(kind=Table),
    "source": Field(required=True),
    "checked": CHECKED,
}
"""The fields of a number."""

NOTICE = {"from": MOMENT, "until": MOMENT}
"""The fields of a notice."""

CODE = "[a-z]{2}"
"""What the code of a language looks like."""

LANGUAGE = {
    "name": Field(required=True),
    "voice": Field("(Polly|Google)[.][A-Za-z0-9-]+", "language-voice"),
    "locale": Field("[a-z]{2}-[A-Z]{2}", "language-locale", required=True),
    "offer": Field(".*[{]key[}].*", required=True),
    "short": Field(".*[{]key[}].*", required=True),
    "others": Field(".*[{]key[}].*"),
    "speaks_unknown": Field(),
    "own_number": OWN_NUMBER,
    "reviewed_by": Field(),
    "reviewed": DATE,
    "reviewed_said": Field(),
}
"""The fields of a language, besides the one that TO_FIRST describes."""

TO_FIRST = "to_[a-z]{2}"
"""What the field is called that leads back to the first language of a card: `to_nl` where that is Dutch."""

WANTS = {"form": "search", "search": "form"}
"""Each of these fields requires the other: a web address cannot be said, so callers hear what to search for."""


class Shape:
    """Judges the shape of tables and texts; what is wrong goes to the problems and judging goes on."""

    def __init__(self, problems: Problems) -> None:
        self.wrong = problems.add

    def card(self, table: Table) -> None:
        """Judge a whole card."""
        sections = {name: section(table, name) for name in ("numbers", "menus", "chapters")}
        if inner := [id_ for tables in sections.values() for id_ in tables if id_ in sections]:
            for id_ in inner:  # all else that is wrong comes from it
                self.wrong(id_.place, "section-inner", id=id_)
            return
        self.facts(table)
        self.ids(sections.values())
        for name, tables in sections.items():
            for id_, below in tables.items():
                if not isinstance(below, Table):
                    self.wrong(id_.place, "not-table", key=id_)
                elif name == "numbers":
                    self.number(id_, below)
                else:
                    self.keys(below)

    def facts(self, table: Table) -> None:
        """Judge what a card has besides its numbers, menus and chapters."""
        self.fields(table, CARD, Place(table.place.file))
        notice = table.find("notice")
        if isinstance(notice, Table):
            self.fields(notice, NOTICE, table.name("notice").place)
        for name, value in section(table, "signals").items():
            self.field(name, value, ADDRESS)

    def number(self, id_: Text, table: Table) -> None:
        """Judge what stands under a number."""
        self.fields(table, NUMBER, id_.place, also={WANTS[name] for name in WANTS if name in table})
        for code, source in section(table, "speaks").items():
            if not re.fullmatch(CODE, code):
                self.wrong(code.place, "language-code", text=code)
            if self.kind(code, source, Field()) and isinstance(source, Text) and UNKNOWN.match(source):
                self.wrong(source.place, "speaks-source", code=code, text=source)

    def language(self, table: Table, first: str) -> None:
        """Judge what stands in `language.yaml`; `first` is the code of the first language, which may be this one."""
        code = table.place.file.parent.name
        also = {f"to_{first}", "speaks_unknown"} if code != first else set()
        back = {str(name): Field() for name in {*table, *also} if re.fullmatch(TO_FIRST, name)}
        self.fields(table, LANGUAGE | back, Place(table.place.file), also)
        locale = text_of(table.find("locale")) or ""
        if isinstance(locale, Text) and code in KNOWN and locale[2:3] == "-" and locale[:2] != code:
            self.wrong(locale.place, "language-locale-other", text=locale, code=code)
        if len(table.keys() & {"reviewed", "reviewed_by"}) == 1:
            self.wrong(Place(table.place.file), "language-review")

    def keys(self, table: Table) -> None:
        """Judge what stands under a menu or a chapter."""
        for key, value in table.items():
            if not re.fullmatch(KEY, key):
                self.wrong(key.place, "key-not-allowed", text=key)
            self.kind(key, value, Field())

    def fields(self, table: Table, model: Mapping[str, Field], owner: Place, also: Iterable[str] = ()) -> None:
        """Hold the fields of a table against a model; `also` names what is required here besides what always is."""
        unknown = [name for name in table if name not in model]
        for name in unknown:
            left = [other for other in model if other not in table]
            message, values = suggestion("field-unknown", name, left) if left else ("field-unneeded", {})
            self.wrong(name.place, message, key=name, **values)
        required = [key for key, field in model.items() if field.required or key in also]
        for key in () if unknown else required:  # an unknown field may be a missing one, misspelt
            if key not in table:
                self.wrong(owner, "field-missing", key=key)
        for name, value in table.items():
            if name in model:
                self.field(name, value, model[name])

    def field(self, name: Text, value: Node, field: Field) -> None:
        """Judge what stands behind a name."""
        if self.kind(name, value, field) and field.message and isinstance(value, Text) and not field.fits(value):
            self.wrong(value.place, field.message, text=value)

    def kind(self, name: Text, value: Node, field: Field) -> bool:
        """Whether a value is of the kind that a field has, and not empty."""
        filled = all(map(text_of, value)) if isinstance(value, Sequence) else isinstance(value, Table) or text_of(value)
        if isinstance(value, field.kind) and (value or isinstance(value, Sequence)) and filled:
            return True
        message = f"not-{field.kind.__name__.lower()}"
        if isinstance(value, Text) and field.kind is Text:
            message = "empty" if field.required else "empty-optional"
        written = ", ".join(re.findall(r"[\w-]+", text_of(value) or "naam"))
        self.wrong(name.place, message, key=name, example=f"[{written}]")
        return False

    def ids(self, sections: Iterable[Table]) -> None:
        """Judge the names that the editor gave: each is given once, on the whole card."""
        seen: dict[str, Text] = {}
        for id_ in (id_ for table in sections for id_ in table):
            if not re.fullmatch(ID, id_):
                self.wrong(id_.place, "id-form", id=id_)
            if id_ in seen:
                self.wrong(id_.place, "duplicate", key=id_, line=str(seen[id_].place.line))
            seen.setdefault(id_, id_)


def text_of(value: Node | None) -> Text | None:
    """The text that a value is; None when it is something else, or empty."""
    return value if isinstance(value, Text) and value.strip() else None


def section(table: Table, name: str) -> Table:
    """The table under a name; an empty one where there is none."""
    value = table.find(name)
    return value if isinstance(value, Table) else Table()


def descriptions() -> Mapping[str, Any]:
    """What an editor's tool shows about each field and sentence, by section or file, in the order of a card."""
    return own("ivr.editor", "descriptions.yaml")
