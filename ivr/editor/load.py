# SPDX-License-Identifier: EUPL-1.2
"""From a folder to what a line is given: the card, and the sentences of one language.

Mistakes are told in stages, so that a cause is not told together with all that follows from it: first the shape of
every file, then what refers to what on the card, then the sentences against a card that is right.
"""

from __future__ import annotations

from pathlib import Path

from ivr import language as languages
from ivr.card import Card
from ivr.editor import cards, texts
from ivr.editor.fields import Shape
from ivr.editor.problems import Place, Problems
from ivr.editor.source import Table, read
from ivr.page.words import FILE as PAGE
from ivr.sentences import Sentences
from ivr.settings import default_prompts

CARD = "card.yaml"

FILES = ("line", "menus", "chapters", "numbers")
"""The files with sentences, without `.yaml`; the one for chapters is not needed on a card that has none.

Nor is the one for the page: where a card has none, the page has the words of our own card, which fit any.
"""


def load(folder: Path, code: str) -> tuple[Card, Sentences]:
    """Read a card and its sentences in a language, such as "nl".

    Raises CardError with every mistake of the first stage that has one, and LookupError for a language that the line
    does not speak.
    """
    language = languages.load(code)
    problems = Problems()
    table = read_card(folder, problems)
    files = {name: folder / code / f"{name}.yaml" for name in FILES}
    chapters = files["chapters"]
    if table and (not _there(chapters) or "chapters" not in table):
        del files["chapters"]
    own, shipped = (where / code / f"{PAGE}.yaml" for where in (folder, default_prompts()))
    if page := next(filter(_there, (own, shipped)), None):
        files[PAGE] = page
    read_files = {name: read(file, problems) for name, file in files.items()}
    problems.stop()
    card = cards.card(table, problems)
    problems.stop()
    if "chapters" not in files:
        place = Place(chapters)
        if "chapters" in table:  # the first: nobody has made the file yet
            problems.add(place, "file-new", file=chapters.name, folder=code)
            read_files["chapters"] = Table.at(place)
        elif _there(chapters):
            problems.add(place, "file-unneeded", file=chapters.name)
    sentences = texts.sentences(
        {n: found for n, found in read_files.items() if found is not None}, card, language, problems
    )
    problems.stop()
    return card, sentences


def _there(file: Path) -> bool:
    """Whether there is a file; where one may not even look, reading it tells so."""
    try:
        return file.exists()
    except PermissionError:
        return True


def read_card(folder: Path, problems: Problems) -> Table:
    """The table of `card.yaml`, in the right shape unless there are problems."""
    table = read(folder / CARD, problems)
    if table is None:
        return Table()
    Shape(problems).card(table)
    return table
