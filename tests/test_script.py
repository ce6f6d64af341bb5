# SPDX-License-Identifier: EUPL-1.2
import pytest

from ivr import dialogue
from ivr.line import Line
from ivr.proof.graph import worlds
from ivr.script import needed, script, without_a_service
from tests.conftest import LINES

every_card = pytest.mark.parametrize("line", LINES.values(), ids=LINES)


@every_card
def test_what_is_needed_is_what_is_said(line: Line) -> None:
    """Whatever is said at any position, whatever is open, is among the sentences that a card needs, with its blanks."""
    wanted = {code: needed(line.card, code) for code in ("", *line.card.languages[1:])}
    for position in dialogue.positions(line.card):
        for world in worlds(line.card, position):
            for sentence in (*script(line.card, position, world).sentences, *without_a_service(line.card)):
                if not sentence.language:
                    assert wanted[position.language][sentence.id].values.keys() == sentence.values.keys()


@every_card
def test_a_good_card_has_each_sentence_that_it_needs_and_no_other(line: Line) -> None:
    """The sentences of the approved cards are those that are needed; an optional one may be missing."""
    wanted = needed(line.card)
    missing = {id_ for id_ in wanted if id_ not in line.sentences.lines}
    assert all(wanted[id_].optional for id_ in missing)
    offers = {id_ for id_ in line.sentences.lines if id_.startswith("language.")}  # said in other languages
    web = {id_ for id_ in line.sentences.lines if id_.endswith(".address")}  # said inside another
    page = {id_ for id_ in line.sentences.lines if id_.startswith("page.")}  # read, and never said
    assert line.sentences.lines.keys() - offers - web - page <= wanted.keys()
