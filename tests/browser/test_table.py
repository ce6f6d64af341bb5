# SPDX-License-Identifier: EUPL-1.2
"""The table of a line says what the rules and the interpreter say: everywhere, and at any moment of the year."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest

from ivr.address import path
from ivr.answers import Answers
from ivr.browser import file
from ivr.browser.table import DAYS, Table
from ivr.browser.ways import EVENTS
from ivr.dialogue import start, step
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.phone.events import Dialling, Ended, Said, Waiting
from ivr.phone.handsets import READING
from ivr.phone.interpreter import call
from ivr.phone.transport import Answer, Request
from ivr.position import Dialled, Kind, Position
from ivr.world import World
from tests.bench.cards import write
from tests.browser.reading import Heard, Reading, State
from tests.cards import edit
from tests.conftest import LINES, SETTINGS
from tests.languages import EVERY, offered

TODAY = datetime(2026, 12, 2, tzinfo=LINES["ours"].card.timezone)


def table(line: Line) -> tuple[Table, Reading]:
    """The table of a line, and what reads it as JSON."""
    made = Table(line, TODAY, {code: {} for code in line.card.languages})
    return made, Reading(json.loads(json.dumps(made.data)))


def lines(folder: Path) -> Iterator[Line]:
    """Our card in two languages, and in three with a notice; and the second card."""
    three = offered(folder / "three", "nl", "en", "pl")
    notice = "notice:\n  from: 2026-12-03 09:00\n  until: 2026-12-24 17:00\n"
    edit(three.prompts, "card.yaml", "country: NL\n", f"country: NL\n{notice}")
    edit(three.prompts, "nl/line.yaml", "noinput:", "notice: Het is druk. Wacht gerust even.\nnoinput:")
    yield from (LINES["ours"], make_line(three), LINES["second"])


@pytest.mark.parametrize("at", range(3))
def test_every_step_and_every_answer_is_that_of_the_line(tmp_path: Path, at: int) -> None:
    """Each event, in each world of the year, at each position that can be reached, whatever was typed before.

    At moments drawn by chance the world is that of the hours.
    """
    line = [*lines(tmp_path)][at]
    made, reading = table(line)
    answers = Answers(line, "https://line.example")
    numbers = {frozenset(world.states.items()): reading.world(moment) for moment, world in made.moments.items()}
    for number, world in {number: World(dict(states)) for states, number in numbers.items()}.items():
        seen = {start(line.card): State(made.data["start"])}
        waiting, heard = [*seen], dict[Position, Heard]()
        for position in waiting:  # grows while it is read
            here = seen[position]
            plain = position._replace(typed="")  # which nothing that is heard depends on
            if plain not in heard:
                heard[plain] = carried_out(answers, answers.render(plain, world))
            assert reading.heard(number, here) == heard[plain], position
            for key, event in EVENTS.items():
                found = reading.leads(number, here, key)
                if (position.kind is Kind.CONNECT) != isinstance(event, Dialled):
                    assert found is None
                    continue
                end = step(line.card, position, event, world)
                assert found, (position, key)
                assert reading.path(found) == path(end._replace(menu="", typed="")), (position, key)
                if end not in seen:
                    seen[end] = found
                    waiting.append(end)
                assert seen[end] == found, (position, key)
        assert len(seen) > len(made.data["paths"])
    chance = random.Random(37)  # noqa: S311 - of moments
    for _ in range(500):
        moment = TODAY.replace(tzinfo=None) + timedelta(minutes=chance.randrange(DAYS * 1440))
        assert numbers[frozenset(line.world(moment).states.items())] == reading.world(moment), moment


@lru_cache(4096)
def carried_out(answers: Answers, body: bytes) -> Heard:
    """What the interpreter makes of one answer."""
    asked: list[str] = []

    def fetch(request: Request) -> Answer:
        asked.append(request.url)
        if len(asked) > 1:
            raise ConnectionError(request.url)
        return Answer(200, "text/xml", body)

    heard: Heard = []
    for event in call(fetch, answers.url):
        match event:
            case Said(text, pause, interruptible, language) if len(asked) == 1:
                heard.append(("said", text, language, round(len(text) / READING, 2), pause, int(interruptible), 0))
            case Waiting(seconds):
                heard.append(("waiting", seconds))
            case Dialling(number, caller_id, _, limit, star):
                return [*heard, ("dialling", number, caller_id, limit, int(star))]
            case Ended() if len(asked) == 1:
                heard.append(("ended",))
    return heard


def test_big_cards_stay_small(tmp_path: Path) -> None:
    """Thirty menus are a table of some hundred kilobytes; our card in six languages is a file that can be mailed."""
    made, _ = table(make_line(replace(SETTINGS, prompts=write(tmp_path / "menus", 30))))
    assert len(json.dumps(made.data, ensure_ascii=False, separators=(",", ":")).encode()) < 180_000
    six = offered(tmp_path / "six", *EVERY)
    assert len(file.page(six, TODAY).encode()) < 1_000_000
