# SPDX-License-Identifier: EUPL-1.2

import json
import re
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest

from ivr.editor import schema
from ivr.editor.fields import descriptions
from tests.cards import CARDS
from tests.mistakes import GOOD, Case, broken, cases, underlined

PROMPTS = CARDS["ours"]
FILES = schema.files()

MODELINE = re.compile("# yaml-language-server: [$]schema=(.*)\n")


@pytest.mark.parametrize("name", FILES)
def test_a_schema_is_the_one_that_the_code_makes(name: str) -> None:
    """After a change of a field or a sentence, `make generated` writes the schemas anew."""
    assert json.loads((PROMPTS / name).read_text(encoding="utf-8")) == FILES[name]


@pytest.mark.parametrize("name", FILES)
def test_a_schema_is_one(name: str) -> None:
    """Each schema keeps to the draft that editors' tools know in full."""
    jsonschema.Draft7Validator.check_schema(FILES[name])


@pytest.mark.parametrize("folder", [GOOD, *CARDS.values()], ids=["broken/card", *CARDS])
def test_a_good_card_is_not_underlined(folder: Path) -> None:
    """Nobody who types a card that is right sees a line under it."""
    assert not underlined(folder)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.path.stem)
def test_a_mistake_is_underlined_as_approved(case: Case, tmp_path: Path) -> None:
    """What the schemas can tell of a mistake, they tell while it is typed."""
    assert underlined(broken(case, tmp_path)) is case.underlined


@pytest.mark.parametrize("folder", CARDS.values(), ids=CARDS)
def test_every_file_names_its_schema(folder: Path) -> None:
    """The first line of each file leads an editor's tool to its schema."""
    for file in (folder / "card.yaml", *sorted(folder.glob("??/*.yaml"))):
        named = MODELINE.match(file.read_text(encoding="utf-8"))
        assert named, file
        expected = "card.schema.json" if file.name == "card.yaml" else f"schema/{file.stem}.schema.json"
        assert (file.parent / named[1]).resolve() == (PROMPTS / expected).resolve()


def test_every_description_is_shown() -> None:
    """Each description stands in a schema, so that none is kept for what is gone; a missing one ends in an error."""
    shown = json.dumps(FILES, ensure_ascii=False)

    def texts(value: object) -> list[str]:
        return [text for item in value.values() for text in texts(item)] if isinstance(value, Mapping) else [str(value)]

    for text in texts(descriptions()):
        assert json.dumps(text, ensure_ascii=False) in shown


def test_the_schemas_can_be_written_beside_any_card(tmp_path: Path) -> None:
    """A new card gets the schemas too."""
    schema.write(tmp_path)
    assert {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*.json")} == set(FILES)
