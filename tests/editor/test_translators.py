# SPDX-License-Identifier: EUPL-1.2
"""The sentences in a translator's program: read and written by the toolkit that Weblate uses, as Weblate is told to.

The settings are those of `prompts/weblate.json`. No Weblate runs here.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from translate.storage.yaml import YAMLFile

from ivr.editor.source import read
from ivr.messages.problems import Problems
from ivr.settings import default_prompts
from tests.test_publiccode import FILE as PUBLICCODE

PROMPTS = default_prompts()
FILES = sorted(PROMPTS.glob("??/*.yaml"))
COMPONENTS: list[dict[str, Any]] = json.loads((PROMPTS / "weblate.json").read_text(encoding="utf-8"))

NOTES = {
    "line": ("danger", "all", "again", "remembers", "instead", "list"),
    "menus": ("main->choices->danger->short", "main->choices->m->short"),
    "numbers": (
        "danger->first",
        "police->first",
        "essm->closed",
        "essm->list",
        "essm->hours_now",
        "essm->full_name",
        "essm->offer",
        "essm->connect",
        "nla->form",
        "m->call_yourself",
        "m->form",
    ),
    "page": ("title", "call", "closed", "form", "traces"),
}
"""Sentences whose note a translator sees beside them.

The toolkit shows none at a list, at the sentence after one, and at the first sentence under a name.
"""

BREAKS = {"unix": "\n", "dos": "\r\n", "mac": "\r"}


def opened(written: bytes) -> YAMLFile:
    """A file as Weblate opens it: each of its parameters is an argument of the toolkit's.

    So it is in weblate/trans/file_format_params.py of Weblate.
    """
    store = YAMLFile()
    settings = COMPONENTS[0]["file_format_params"]
    arguments: dict[str, Any] = store.dump_args
    arguments["indent"] = settings["yaml_indent"]
    arguments["width"] = settings["yaml_line_wrap"]
    arguments["line_break"] = BREAKS[settings["yaml_line_break"]]
    store.parse(written)
    return store


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_file_comes_back_as_it_went(file: Path) -> None:
    """Opened and saved, each file of each language is the same to the byte."""
    assert bytes(opened(file.read_bytes())) == file.read_bytes()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_one_sentence_changes_one_line(file: Path, tmp_path: Path) -> None:
    """A sentence that is typed there changes its own line and nothing else, and the line reads it as it was typed."""
    before = file.read_text(encoding="utf-8").splitlines()
    count = len(opened(file.read_bytes()).units)
    for index in {0, count // 2, count - 1}:
        typed = f'{"Can’t see it? " * 12}It isn\'t "here": press # or {{key}}'
        store = opened(file.read_bytes())
        store.units[index].target = typed
        changed = tmp_path / file.name
        changed.write_bytes(bytes(store))
        after = changed.read_text(encoding="utf-8").splitlines()
        assert len(after) == len(before)
        (at,) = (line for line, (one, other) in enumerate(zip(before, after, strict=True)) if one != other)
        problems = Problems()
        table = read(changed, problems)
        assert not problems
        assert typed in repr(table).replace("\\'", "'"), after[at]


def test_notes_are_shown_beside_their_sentences() -> None:
    """What fills a blank, how long it may take and what must not be promised stands where a translator sees it."""
    for name, ids in NOTES.items():
        units = {unit.getid(): unit.getnotes() for unit in opened((PROMPTS / "nl" / f"{name}.yaml").read_bytes()).units}
        assert not [id_ for id_ in ids if not units[id_]]
    for blank in ("opens", "hours", "others", "search"):
        assert f"{{{blank}}}" in "".join(
            unit.getnotes() for file in FILES if file.parent.name == "nl" for unit in opened(file.read_bytes()).units
        )


def test_every_file_of_sentences_is_a_component() -> None:
    """Weblate is told of each file with sentences, with the Dutch one as its source, and never to wrap a line."""
    assert {component["template"] for component in COMPONENTS} == {
        f"prompts/nl/{file.name}" for file in FILES if file.parent.name == "nl" and file.name != "language.yaml"
    }
    for component in COMPONENTS:
        assert component["filemask"] == component["template"].replace("/nl/", "/*/")
        assert component["file_format"] == "yaml"
        assert component["file_format_params"] == COMPONENTS[0]["file_format_params"]
        assert component["source_language"] == {"code": "nl"}
    first, *others = COMPONENTS
    assert first["repo"] == PUBLICCODE.get("url", "https://example.org/meldroutekaart-lijn.git")  # until it has one
    assert {other["repo"] for other in others} == {f"weblate://meldroutekaart-lijn/{first['slug']}"}


def test_a_wrapped_line_would_be_noticed() -> None:
    """With the toolkit's own width a long sentence is wrapped, which the line cannot read: so the settings matter."""
    written = (PROMPTS / "nl" / "chapters.yaml").read_bytes()
    store = YAMLFile()
    store.parse(written)
    assert bytes(store) != written
