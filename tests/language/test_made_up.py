# SPDX-License-Identifier: EUPL-1.2
"""A line in a language that does not exist: whatever Dutch is heard on it, the code brought."""

import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from ivr import dialogue
from ivr import language as languages
from ivr.editor.load import make_line
from ivr.hours import Closed, Open, Opening
from ivr.phone.events import Said
from ivr.world import World
from tests.caller import Caller
from tests.cards import CARDS
from tests.conftest import BY_DAY, BY_NIGHT, LINE, SETTINGS, fetch_at
from tests.language import made_up
from tests.languages import offered
from tests.mistakes import GOOD

WORD = "xyz"


def translated(value: object) -> object:
    """Sentences in which every word is `xyz`; what the line fills in, and every sign, stays."""
    if isinstance(value, dict):
        return {name: translated(item) for name, item in value.items()}
    if isinstance(value, list):
        return [translated(item) for item in value]
    return re.sub(r"(\{\w+\})|[\w']+", lambda found: found[1] or WORD, str(value))


def made_up_beside(card: Path, folder: Path) -> None:
    """Write a card into a folder, with its Dutch sentences in the made-up language."""
    written = (card / "card.yaml").read_text(encoding="utf-8")
    (folder / "card.yaml").write_text(re.sub("search: .*", f"search: {WORD}", written), encoding="utf-8")
    (folder / "xx").mkdir()
    for file in (file for file in (card / "nl").glob("*.yaml") if file.stem != "language"):
        sentences = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts only
        text = yaml.dump(translated(sentences), default_style="'", allow_unicode=True, width=10_000)
        (folder / "xx" / file.name).write_text(text, encoding="utf-8")


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line knows the made-up language as `xx`."""
    monkeypatch.setitem(sys.modules, "ivr.language.xx", made_up)
    monkeypatch.setattr(languages, "KNOWN", (*languages.KNOWN, "xx"))


@pytest.fixture(params=[*CARDS.values(), GOOD], ids=[*CARDS, "broken/card"])
def prompts(request: pytest.FixtureRequest, tmp_path: Path, known: None) -> Path:
    """A card with its sentences in the made-up language."""
    assert known is None
    made_up_beside(request.param, tmp_path)
    return tmp_path


LANGUAGE = """\
name: xyz
voice: Polly.Xyz
locale: xx-XX
offer: Xyz? … Xyz {key}.
short: xyz {key}.
to_nl: Xyz xyz? … Xyz {key}.
speaks_unknown: Xyz.
"""


@pytest.fixture
def beside(tmp_path: Path, known: None) -> Path:
    """Our card, offered in Dutch and in the made-up language."""
    assert known is None
    offered(tmp_path, "nl", "xx")
    made_up_beside(tmp_path, tmp_path)
    (tmp_path / "xx/language.yaml").write_text(LANGUAGE, encoding="utf-8")
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


DUTCH = {"Nederlands", "zeven.", "xyz", *(number.search for number in LINE.card.numbers.values())}
"""What the Dutch voice says there all the same: its own name, and words to search for (`xyz` on that card)."""


@pytest.mark.parametrize("keys", ["", "1", "39f", "4__", "0_3", "66666", "999", "#*", "112"])
def test_a_whole_call_in_a_language_beside_dutch_has_no_dutch_word(keys: str, beside: Path) -> None:
    """Whoever presses 8 hears no Dutch any more, nor does who calls the number of that language, until they press 8."""
    settings = replace(SETTINGS, prompts=beside)
    fetch = fetch_at(BY_DAY, settings)
    changed, direct = (Caller(fetch, f"{settings.public_url}{address}") for address in ("/voice", "/voice/xx"))
    calls = [(changed.press("8"), len(changed.transcript)), (direct, 0)]
    for caller, before in calls:
        for key in keys:
            if caller.dialled:
                caller.transfer("failed")
            elif key == "_":
                caller.silence()
            else:
                caller.press(key)
        while not caller.over:
            caller.silence()
        heard = [moment for moment in caller.transcript[before:] if isinstance(moment, Said) and moment.text]
        theirs = [moment.text for moment in heard if moment.language == "nl"]  # the name of Dutch, and words to search
        assert {*theirs} <= DUTCH
        heard = [moment for moment in heard if moment.language != "nl"]
        assert {moment.language for moment in heard} == {"xx"}
        assert strange(" ".join(moment.text for moment in heard)) == []


class Bent(made_up.MadeUp):
    """A made-up language that has another form of a word after "press", as Turkish and Hungarian have."""

    def key(self, k: str) -> str:
        """The word for a key, in that form."""
        return f"{super().key(k)}e"


def test_a_key_may_have_another_form_than_in_a_number() -> None:
    """What is pressed is bent; the digits of a number that somebody dials along are not."""
    assert Bent().key("1") == f"{made_up.LANGUAGE.key('1')}e"
    assert Bent().digits("11") == made_up.LANGUAGE.digits("11")
