# SPDX-License-Identifier: EUPL-1.2
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr import dialogue
from ivr.address import path
from ivr.card import BACK, Notice
from ivr.editor.load import make_line
from ivr.hours import ALWAYS
from ivr.line import Line
from ivr.position import Dialled, Keys, Kind, Silence
from ivr.proof import graph
from ivr.proof.walked import Walked
from ivr.script import script
from ivr.world import World
from tests.bench import cards
from tests.conftest import LINES, SETTINGS, answers
from tests.languages import EVERY, offered


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_every_position_is_reached(line: Line) -> None:
    """There is no position that no caller can come to, and no caller comes anywhere else."""
    reached = {path(one.position) for one in graph.steps(line.card)}
    assert reached == {path(position) for position in dialogue.positions(line.card)}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_every_position_has_every_event(line: Line) -> None:
    """At each position each key, silence and several keys, at a number all its digits, at a connection each outcome."""
    steps = graph.steps(line.card)
    for position in {one.position for one in steps}:
        events = {one.event for one in steps if one.position == position}
        outcomes = {event for event in graph.EVENTS if isinstance(event, Dialled)}
        digits = [Keys(line.card.numbers[position.id].digits)] if position.kind is Kind.NUMBER else []
        keys = {*graph.EVENTS, *digits} - outcomes
        assert events == (outcomes if position.kind is Kind.CONNECT else keys)


@pytest.mark.parametrize("name", [*LINES, "many menus"])
def test_what_is_walked_once_stands_for_all(name: str, tmp_path: Path) -> None:
    """Every position is alike one that is walked: the same is said, the same follows. No way back is left out."""
    line = LINES.get(name) or make_line(replace(SETTINGS, prompts=cards.write(tmp_path, 8)))
    every, once, alike = graph.steps(line.card), graph.steps(line.card, once=True), graph.alike(line.card)
    walked = {alike(one.position._replace(language="")): one.position for one in once}
    for one in every:
        other = walked[alike(one.position._replace(language=""))]._replace(language=one.position.language)
        assert line.said(one.position, one.world) == line.said(other, one.world)
        following = graph.end_of(line.card, other, one.event, one.world)
        assert one.end
        assert following
        assert alike(one.end) == alike(following._replace(typed="")) or one.event == Keys(BACK)
    assert {one.position.menu for one in once} == {one.position.menu for one in every}
    assert {one.position.language for one in once} == {one.position.language for one in every}


def test_everything_that_can_happen_is_walked() -> None:
    """Every key of a telephone, fresh and stale, several keys, silence, and every outcome, documented or not."""
    keys = {event for event in graph.EVENTS if isinstance(event, Keys)}
    fresh, stale = ({event.digits for event in keys if event.stale is is_stale} for is_stale in (False, True))
    assert fresh == {*"0123456789*#", "12"}
    assert stale == set("0123456789*#")
    outcomes = {event.status for event in graph.EVENTS if isinstance(event, Dialled)}
    assert outcomes > {"completed", "answered", "busy", "no-answer", "failed", "canceled"}
    assert Silence() in graph.EVENTS


def test_a_number_with_hours_is_walked_open_and_closed() -> None:
    """Where a number can be closed, each event is walked in both states; elsewhere once."""
    card = LINES["ours"].card
    states = {one.position.id: set[str]() for one in graph.steps(card)}
    for one in graph.steps(card):
        if one.position.id in card.numbers:
            states[one.position.id].add(type(one.world.opening(card.numbers[one.position.id])).__name__)
    assert states["essm"] == {"Open", "Closed"}
    assert states["police"] == {"Open"}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_each_world_that_makes_a_difference_is_walked(line: Line) -> None:
    """What is said at a position differs in no world but those that are walked."""
    for position in dialogue.positions(line.card):
        number = line.card.numbers.get(position.id)
        walked = {line.said(position, world) for world in graph.worlds(line.card, position)}
        for state in graph.states(number) if number else [ALWAYS]:
            assert line.said(position, World({position.id: state})) in walked


def test_what_is_remembered_is_what_the_line_says(tmp_path: Path) -> None:
    """Worked out once, a line says and answers the same in each language and in each world that makes a difference."""
    line = make_line(offered(tmp_path, *EVERY))
    proved = Walked(answers(line))
    for position in dialogue.positions(line.card):
        there = graph.worlds(line.card, position)
        for mine, its in zip(there, proved.worlds(position), strict=True):
            assert mine.states == its.states
            assert line.script(position, mine) == proved.script(position, its)
            assert line.said(position, mine) == proved.said(position, its)
            assert answers(line).render(position, mine) == proved.answer(position, its)


def test_a_notice_is_walked_while_it_runs_and_while_it_does_not() -> None:
    """Where a notice would be heard, the world in which it runs is one of those that are walked."""
    now = datetime(2026, 12, 1, tzinfo=UTC)
    card = replace(LINES["ours"].card, notice=Notice(now, now + timedelta(days=1)))
    said = [script(card, dialogue.start(card), world).sentences for world in graph.worlds(card, dialogue.start(card))]
    assert ["line.notice" in [sentence.id for sentence in one] for one in said] == [False, True]
