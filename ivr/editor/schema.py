# SPDX-License-Identifier: EUPL-1.2
"""The JSON Schemas that complete and underline a card and its sentences while an editor types.

They are made from the fields of a card and the sentences of an example that has everything, and say what a schema can
say; the line itself says the rest when it loads. Draft 7 is the newest that yaml-language-server, which many editors
use, knows in full (https://github.com/redhat-developer/yaml-language-server).
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ivr.editor import example, fields
from ivr.editor.fields import descriptions
from ivr.editor.source import Sequence, Table
from ivr.editor.texts import UNSAYABLE, Needed, wanted
from ivr.page.words import PAGE, PAGE_WORDS
from ivr.sentences import Sentence

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"

LOOKS_LIKE_A_NUMBER = ("number", "connect", "connect_key")
"""Fields that YAML may take for a number, to which no pattern applies; the line itself reads them as texts."""


def files() -> dict[str, Schema]:
    """Every schema, by its path from the folder of a card."""
    least, most = wanted(example.card()), wanted(example.everything())
    menu, chapter = _tables(most["menus"])[example.MENU], _tables(most["chapters"])[example.CHAPTER]
    back = {f"^{fields.TO_FIRST}$": _described("language", "to", {"type": "string", "pattern": "[{]key[}]"})}
    page = {name: _described(PAGE, name, _sentence(sentence, heard=False)) for name, sentence in PAGE_WORDS.items()}
    return {
        "card.schema.json": _card(),
        "schema/language.schema.json": _file(_fields("language", fields.LANGUAGE) | {"patternProperties": back}),
        "schema/line.schema.json": _file(_sentences("line", least["line"], most["line"])),
        "schema/menus.schema.json": _file(_by_id(_sentences("menus", menu))),
        "schema/chapters.schema.json": _file(_by_id(_sentences("chapters", chapter))),
        "schema/numbers.schema.json": _file(_by_id(_sentences("numbers", *_tables(most["numbers"]).values()))),
        f"schema/{PAGE}.schema.json": _file(_object(page)),
    }


def write(folder: Path) -> None:
    """Write the schemas beside a card."""
    for name, schema in files().items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _card() -> Schema:
    keys = {
        "type": "object",
        "description": descriptions()["keys"],
        "propertyNames": {"pattern": f"^{fields.KEY}$"},
        "additionalProperties": {"type": "string", "pattern": f"^{fields.ID}$"},
        "minProperties": 1,
    }
    number = _fields("number", fields.NUMBER)
    number["dependencies"] = {field: [wanted] for field, wanted in sorted(fields.WANTS.items())}
    schema = _fields("card", fields.CARD)
    schema["properties"]["notice"] |= _fields("notice", fields.NOTICE)
    schema["properties"]["signals"] |= _by_id({"type": "string", "pattern": f"^({fields.ADDRESS.pattern})$"})
    for section, below in (("numbers", number), ("menus", keys), ("chapters", keys)):
        schema["properties"][section] |= _by_id(below)
    return _file(schema)


def _fields(section: str, model: Mapping[str, fields.Field]) -> Schema:
    return _object(
        {name: _described(section, name, _field(name, field)) for name, field in model.items()},
        required=[name for name, field in model.items() if field.required],
    )


def _field(name: str, field: fields.Field) -> Schema:
    if field.kind is Table:
        return {"type": "object"}
    if field.kind is Sequence:
        return {"type": "array", "items": {"type": "string", "pattern": f"^{fields.ID}$"}, "minItems": 1}
    if re.fullmatch("[a-z]+([|][a-z]+)+", field.pattern):
        return {"enum": field.pattern.split("|")}
    pattern = {"pattern": f"^({field.pattern})$"} if field.pattern else {"minLength": 1}
    return {"type": ["string", "integer"] if name in LOOKS_LIKE_A_NUMBER else "string"} | pattern


def _tables(names: Needed) -> dict[str, Needed]:
    """The names that have more names below them."""
    return {name: below for name, below in names.items() if isinstance(below, Mapping)}


def _sentences(file: str, *cases: Needed) -> Schema:
    """What stands in a file, or under a name in it; what is not needed in each of these cases may be missing."""
    order = list(descriptions()[file])
    names = {name: below for case in reversed(cases) for name, below in case.items()}
    properties = {name: _described(file, name, _below(file, names[name])) for name in sorted(names, key=order.index)}
    needed = ({name for name, below in case.items() if not getattr(below, "optional", False)} for case in cases)
    always = set.intersection(*needed)
    return _object(properties, [name for name in properties if name in always])


def _below(file: str, below: Sentence | Needed) -> Schema:
    """What stands under a name: a sentence, or choices, which all look the same."""
    if isinstance(below, Mapping):
        choice = next(iter(below.values()))
        return _by_id(_sentences(file, choice) if isinstance(choice, Mapping) else _sentence(choice))
    return _sentence(below)


def _sentence(sentence: Sentence, *, heard: bool = True) -> Schema:
    """One line or several, with each of its blanks somewhere; if it is `heard`, without what cannot be said."""
    unsayable = UNSAYABLE.replace("\\", "\\\\")
    line = {"type": "string", "pattern": f"^([^0-9{unsayable}]|<[A-Z][^<>]*>)+$" if heard else "."}
    blanks = [{"pattern": f"[{{]{name}[}}]", "contains": {"pattern": f"[{{]{name}[}}]"}} for name in sentence.values]
    several = {"type": ["string", "array"], "pattern": line["pattern"], "items": line, "minItems": 1}
    return several | ({"allOf": blanks} if blanks else {})


def _described(section: str, name: str, schema: Schema) -> Schema:
    return {"description": descriptions()[section][name]} | schema


def _object(properties: Schema, required: Iterable[str] | None = None) -> Schema:
    """Exactly these names; all of them, unless it is said which."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
        "additionalProperties": False,
    }


def _by_id(below: Schema) -> Schema:
    """Any name that an editor may give, with the same below each."""
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^{fields.ID}$"},
        "additionalProperties": below,
        "minProperties": 1,
    }


def _file(schema: Schema) -> Schema:
    return {"$schema": DRAFT, "$comment": "Made by ivr/editor/schema.py: make generated"} | schema
