# SPDX-License-Identifier: EUPL-1.2
"""Every line that a card says in a year, and how each stands to its recording: what somebody has to read."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ivr.card import Number
from ivr.dialogue import positions
from ivr.editor import recordings
from ivr.editor.recordings import Entry
from ivr.hours import Closed, Opening
from ivr.line import Line
from ivr.messages.problems import Problem, Problems
from ivr.proof.graph import states, worlds
from ivr.recording import Recording
from ivr.sentences import Sentence

YEAR = timedelta(days=365)

NAMED = 5
"""Lines that a message names."""


def lines(line: Line, language: str, today: date | None = None, *, names: bool = False) -> dict[str, Sentence]:
    """Every line that is said in a language, in the order of the card, with its sentence.

    That is in any usual week, and in the year from a day on. With `names` also each name in the first language within
    its sentences that nobody has recorded there: it is read by who reads the rest.
    """
    sentences: dict[str, Sentence] = {}
    first = line.card.languages[0]
    for position in positions(line.card):
        for world in worlds(line.card, position, lambda number: _year(number, today)):
            for sentence in line.script(position, world).sentences:
                code = sentence.language or position.language or first
                if language in (code, first) and (sentence.id in line.spoken(code).sentences.lines):
                    for own, text in line.pieces(sentence, code):
                        name = names and code == language and text not in line.spoken(own).recorded
                        if own == language or name:
                            sentences.setdefault(text, sentence)
    return sentences


@lru_cache
def _year(number: Number, today: date | None) -> list[Opening]:
    """The opening states of a number in a year, one of all those that are said in the same words."""
    openings = list(states(number))
    if not number.hours or not today:
        return openings
    moment = datetime.combine(today, time(), UTC)
    end = moment + YEAR
    while moment < end:
        state, moment = number.hours.at(moment)
        openings.append(state)
    return list({_told(state): state for state in openings}.values())


def _told(state: Opening) -> object:
    """What of a state is heard: of a moment in the coming week the day and the time, and further off the date."""
    if not isinstance(state, Closed) or state.at is None:
        return state
    return state.days, state.at.weekday(), state.at.time(), state.days > 6 and state.at.date()


class RecordingStanding(NamedTuple):
    """How the recordings of a language stand to what is said."""

    wanted: dict[str, Sentence]
    entries: dict[str, Entry]
    """What the list has, by the text."""
    problems: tuple[Problem, ...]
    sound: dict[str, Recording]
    """The files that are right, by their text, whether or not somebody has heard them."""

    @property
    def missing(self) -> list[str]:
        """Texts that nobody has read."""
        return [text for text in self.wanted if text not in self.sound]

    @property
    def unheard(self) -> list[str]:
        """Texts that somebody has read, and nobody has heard."""
        return [text for text in self.wanted if text in self.sound and not self.entries[text].accepted]

    @property
    def stale(self) -> dict[str, Entry]:
        """What is recorded of a sentence that says something else now, by what it says now."""
        was = {entry.line: entry for entry in self.entries.values() if entry.file and entry.text not in self.wanted}
        return {text: was[self.wanted[text].id] for text in self.missing if self.wanted[text].id in was}


def standing(line: Line, prompts: Path, language: str, today: date) -> RecordingStanding:
    """How the recordings of a language in the folder of a card stand to what the line says."""
    problems = Problems()
    folder = prompts / language
    entries = recordings.entries(folder, problems)
    sound = {text: one for text, entry in entries.items() if (one := recordings.sound(folder, entry, problems))}
    return RecordingStanding(lines(line, language, today, names=True), entries, tuple(problems), sound)


def unread(line: Line, prompts: Path, today: date) -> Iterator[Problem]:
    """What keeps answers of a recorded language from being played, in words."""
    for code in line.card.languages:
        now = standing(line, prompts, code, today)
        yield from now.problems
        if any(entry.file for entry in now.entries.values()) or not line.spoken(code).voice:
            for message, texts in (("found-unread", now.missing), ("found-unheard", now.unheard)):
                if texts:
                    yield Problem(message, {"language": code, "count": str(len(texts)), "texts": some(texts)})


def some(texts: list[str]) -> str:
    """The first few of many lines."""
    return "; ".join(f"“{text}”" for text in texts[:NAMED]) + (" …" if texts[NAMED:] else "")
