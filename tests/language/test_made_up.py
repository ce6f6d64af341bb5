# SPDX-License-Identifier: EUPL-1.2
"""A line in a language that does not exist: whatever Dutch is heard on it, the code brought."""

import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from ivr import dialogue, make_line
from ivr import language as languages
from ivr.hours import Closed, Open, Opening
from ivr.phone.caller import Caller
from ivr.phone.events import Said
from ivr.world import World
from tests.cards import CARDS
from tests.conftest import BY_DAY, BY_NIGHT, SETTINGS, fetch_at
from tests.language import made_up
from tests.mistakes import GOOD

WORD = "xyz"


def translated(value: object) -> object:
    """Sentences in which every word is `xyz`; what the line fills in, and every sign, stays."""
    if isinstance(value, dict):
        return {name: translated(item) for name, item in value.items()}
    if isinstance(value, list):
        return [translated(item) for item in value]
    return re.sub(r"(\{\w+\})|[\w']+", lambda found: found[1] or WORD, str(value))


@pytest.fixture(params=[*CARDS.values(), GOOD], ids=[*CARDS, "broken/card"])
def prompts(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A card with its sentences in the made-up language, which the line knows as `xx`."""
    monkeypatch.setitem(sys.modules, "ivr.language.xx", made_up)
    monkeypatch.setattr(languages, "KNOWN", (*languages.KNOWN, "xx"))
    card = (request.param / "card.yaml").read_text(encoding="utf-8")
    (tmp_path / "card.yaml").write_text(re.sub("search: .*", f"search: {WORD}", card), encoding="utf-8")
    (tmp_path / "xx").mkdir()
    for file in (file for file in (request.param / "nl").glob("*.yaml") if file.stem != "language"):
        sentences = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only
        text = yaml.dump(translated(sentences), default_style="'", allow_unicode=True, width=10_000)
        (tmp_path / "xx" / file.name).write_text(text, encoding="utf-8")
    return tmp_path


def strange(text: str) -> list[str]:
    """The words in a text that are not of the made-up language."""
    return [word for word in re.findall(r"\w+", text) if not word.lower().startswith("x")]


def test_nothing_else_in_the_code_is_dutch(prompts: Path) -> None:
    """At every position, whether open, closed until some day or closed until further notice, no other word is said."""
    settings = replace(SETTINGS, prompts=prompts, language="xx-XX")
    line = make_line(settings)
    week = tuple(((datetime.min.time(), datetime.max.time()),) for _ in range(7))
    for position in dialogue.positions(line.card):
        number = line.card.numbers.get(position.id)
        openings: list[Opening] = [Open(week), Closed(), Closed(1, BY_DAY)] if number and number.hours else [Open()]
        for opening in openings:
            lines = line.said(position, World({position.id: opening}))
            assert lines
            assert strange(" ".join(lines)) == []


@pytest.mark.parametrize("keys", ["", "1", "2", "3", "0_3", "77777", "#*"])
@pytest.mark.parametrize("at", [BY_DAY, BY_NIGHT], ids=["day", "night"])
def test_a_whole_call_has_no_dutch_word(keys: str, at: datetime, prompts: Path) -> None:
    """From the first word to the last, a caller to such a line hears no other language."""
    settings = replace(SETTINGS, prompts=prompts, language="xx-XX")
    caller = Caller(fetch_at(at, settings), f"{settings.public_url}/voice")
    for key in keys:
        caller.press(key) if key != "_" else caller.silence()
    while not caller.over:
        caller.silence()
    heard = [moment.text for moment in caller.transcript if isinstance(moment, Said)]
    assert WORD in " ".join(heard).lower()
    assert strange(" ".join(heard)) == []
