# SPDX-License-Identifier: EUPL-1.2
"""The JSON Schemas that complete and underline a card and its sentences while an editor types.

They are made from the fields in `card` and the sentences in `sentences`, and say what a schema can say; the line
itself says the rest when it loads. Draft 7 is the newest that yaml-language-server, which many editors use, knows in
full (https://github.com/redhat-developer/yaml-language-server).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from ivr import card, sentences
from ivr.editor.source import Sequence, Table

if TYPE_CHECKING:
    from pathlib import Path

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"

LOOKS_LIKE_A_NUMBER = ("number", "connect", "connect_key")
"""Fields that YAML may take for a number, of which a pattern says nothing; the line reads every text as a text."""


def files() -> dict[str, Schema]:
    """Every schema, by its path from the folder of a card."""
    return {
        "card.schema.json": _card(),
        "schema/line.schema.json": _file(
            _sentences("line", sentences.LINE | sentences.LINE_SOMETIMES, required=sentences.LINE)
        ),
        "schema/menus.schema.json": _file(_by_id(_menu("menus"))),
        "schema/chapters.schema.json": _file(_by_id(_menu("chapters"))),
        "schema/numbers.schema.json": _file(_by_id(_number())),
    }


def write(folder: Path) -> None:
    """Write the schemas beside a card."""
    for name, schema in files().items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@cache
def descriptions() -> Mapping[str, Any]:
    """What is shown about each field and sentence."""
    text = resources.files("ivr.editor").joinpath("descriptions.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - our own file, texts only
    return loaded


def _card() -> Schema:
    keys = {
        "type": "object",
        "description": descriptions()["keys"],
        "propertyNames": {"pattern": f"^{card.KEY}$"},
        "additionalProperties": {"type": "string", "pattern": f"^{card.ID}$"},
        "minProperties": 1,
    }
    number = _fields("number", card.NUMBER)
    number["dependencies"] = {field: ["instead"] for field in sorted(card.WANTS_INSTEAD)}
    schema = _fields("card", card.CARD)
    for section, below in (("numbers", number), ("menus", keys), ("chapters", keys)):
        schema["properties"][section] |= _by_id(below)
    return _file(schema)


def _fields(section: str, model: Mapping[str, card.Field]) -> Schema:
    return _object(
        {name: _described(section, name, _field(name, field)) for name, field in model.items()},
        required=[name for name, field in model.items() if field.required],
    )


def _field(name: str, field: card.Field) -> Schema:
    if field.kind is Table:
        return {"type": "object"}
    if field.kind is Sequence:
        return {"type": "array", "items": {"type": "string", "pattern": f"^{card.ID}$"}, "minItems": 1}
    if re.fullmatch("[a-z]+([|][a-z]+)+", field.form):
        return {"enum": field.form.split("|")}
    form = {"pattern": f"^({field.form})$"} if field.form else {"minLength": 1}
    return {"type": ["string", "integer"] if name in LOOKS_LIKE_A_NUMBER else "string"} | form


def _menu(file: str) -> Schema:
    """What stands under a menu or a chapter."""
    about = _described(file, "about", _sentence(""))
    if file == "menus":
        choice = _object({name: _described(file, name, _sentence(p)) for name, p in sentences.MENU_CHOICE.items()})
    else:
        choice = _sentence(sentences.CHAPTER_CHOICE)
    return _object({"about": about, "choices": _described(file, "choices", _by_id(choice))})


def _number() -> Schema:
    """What stands under a number: the card decides which of it, beyond the first four."""
    every = sentences.NUMBER | sentences.NUMBER_EMERGENCY | sentences.NUMBER_FORM | sentences.NUMBER_HOURS
    every = every | sentences.NUMBER_CONNECT | sentences.NUMBER_OPTIONAL
    return _sentences("numbers", every, required=sentences.NUMBER)


def _sentences(file: str, model: Mapping[str, str], required: Iterable[str] | None = None) -> Schema:
    properties = {name: _described(file, name, _sentence(places)) for name, places in model.items()}
    return _object(properties, required=required)


def _sentence(places: str) -> Schema:
    """One line or several, without what cannot be said, and with each of its places somewhere."""
    unsayable = sentences.UNSAYABLE.replace("\\", "\\\\")
    line = {"type": "string", "pattern": f"^[^0-9{unsayable}]+$"}
    wanted = [{"pattern": f"[{{]{place}[}}]", "contains": {"pattern": f"[{{]{place}[}}]"}} for place in places.split()]
    several = {"type": ["string", "array"], "pattern": line["pattern"], "items": line, "minItems": 1}
    return several | ({"allOf": wanted} if wanted else {})


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
        "propertyNames": {"pattern": f"^{card.ID}$"},
        "additionalProperties": below,
        "minProperties": 1,
    }


def _file(schema: Schema) -> Schema:
    return {"$schema": DRAFT, "$comment": "Made by ivr/editor/schema.py: make generated"} | schema
