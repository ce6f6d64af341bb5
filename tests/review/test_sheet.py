# SPDX-License-Identifier: EUPL-1.2
"""The sheet that somebody signs before a card goes out."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.review import sheet
from ivr.review.compared import Compared, compared
from ivr.review.rows import Change
from ivr.review.wording import Wording
from tests.conftest import LINES, SETTINGS
from tests.differences import TODAY
from tests.mistakes import GOOD


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_sheet_has_every_number(line: Line, language: str) -> None:
    """On the sheet each number has its hours in words, its source, its date, and room for two initials."""
    found = Compared(line, "Kop", [Wording(Change("fallback"), "", {}, "<b>&")], "Afdruk")
    drawn = ElementTree.fromstring(sheet.page(found, language, TODAY).partition("\n")[2])  # noqa: S314 - ours
    assert drawn.get("lang") == language
    (main,) = drawn.iter("main")
    assert [one.tag for one in main.iter() if re.fullmatch("h[1-6]", one.tag)] == ["h1", "h2", "h2", "h2"]
    assert ["".join(one.itertext()) for one in main.iter("li")] == ["<b>&"]
    rows = [["".join(cell.itertext()) for cell in row] for row in main.iter("tr") if len(row) > 2][1:]
    assert len(rows) == len(line.card.numbers)
    for (name, hours, *rest), number in zip(rows, line.card.numbers.values(), strict=True):
        assert name.endswith(number.number)
        assert rest == [number.source, number.checked.isoformat(), "", ""]
        assert not re.search("[0-9]", hours.partition("2026")[0].partition(Catalogue(language).say("diff-closed"))[0])


def test_the_sheet_is_signed_on_its_first_page_and_every_page_tells_the_cards(tmp_path: Path) -> None:
    """Names and signatures come before all that may fill pages; both prints stand in a foot on each page."""
    drawn = ElementTree.fromstring(sheet.page(found(tmp_path), "nl", TODAY).partition("\n")[2])  # noqa: S314 - ours
    (sheet_,) = (one for one in drawn.iter("table") if one.get("role") == "presentation")
    foot, body = sheet_
    assert "".join(foot.itertext()) == f"{found(tmp_path).prints} Gemaakt op 2026-11-25."
    assert [one.get("class") for one in body.iter("table")] == ["names", "numbers"]
    assert [*body.iter("ul")]
    assert re.fullmatch(r"\D+ [0-9a-f]{16}, \D+ [0-9a-f]{16}\.", found(tmp_path).prints)
    assert len({*re.findall("[0-9a-f]{16}", found(tmp_path).prints)}) == 2


def test_the_sheet_marks_what_changed_and_tells_in_red_what_nobody_checked(tmp_path: Path) -> None:
    """Of a sentence only the words that changed are marked; a number that is another with its old date is in red."""
    drawn = ElementTree.fromstring(sheet.page(found(tmp_path), "nl", TODAY).partition("\n")[2])  # noqa: S314 - ours
    assert [one.text for one in drawn.iter("mark")] == ["drie", "nog"]
    assert ["".join(one.itertext()) for one in drawn.iter("span")] == ["2026‑11‑01van vóór dit nummer"]  # noqa: RUF001 - does not wrap
    assert any("Let op: de dierenarts heeft een ander nummer" in "".join(one.itertext()) for one in drawn.iter("li"))


def found(folder: Path) -> Compared:
    """What changes where a word and a number do, and nobody looked at that."""
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    card, sentences = (folder / name for name in ("card.yaml", "nl/numbers.yaml"))
    card.write_text(card.read_text("utf-8").replace("000-444 55 66", "000-444 55 77"), "utf-8")
    sentences.write_text(sentences.read_text("utf-8").replace("Daar zijn nog", "Daar zijn drie"), "utf-8")
    return compared(replace(SETTINGS, prompts=folder), str(GOOD), whole=True)


def test_a_word_that_came_or_went_is_marked() -> None:
    """Of two texts the words that only one has are marked in that one, and what looks like HTML is text."""
    old, new = sheet.marked("bel nu de politie", "bel de <b> politie")
    assert (old, new) == ("bel <mark>nu</mark> de politie", "bel de <mark>&lt;b&gt;</mark> politie")
