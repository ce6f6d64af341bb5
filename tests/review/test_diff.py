# SPDX-License-Identifier: EUPL-1.2
"""What `ivr diff` tells of two cards."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr import dialogue
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.position import Kind
from ivr.proof.graph import worlds
from ivr.review import sheet
from ivr.review.compared import Compared
from ivr.review.diff import difference
from ivr.review.in_words import Area
from ivr.review.rows import Change
from ivr.review.wording import Wording
from tests.cards import edit, made
from tests.conftest import LINES, SETTINGS, says, with_edits
from tests.differences import HERE, TODAY, differences, line_of, told
from tests.mistakes import GOOD, cases
from tests.recorded import ours, record
from tests.review.test_diff_languages import in_languages

NAMED = {case.path.stem: case for case in cases(HERE)}
ORDINARY = (
    "sentence",
    "number",
    "hours",
    "holiday",
    "key",
    "number-added",
    "number-removed",
    "chapter",
    "connect-removed",
)


@cache
def told_once(name: str, language: str = "nl") -> tuple[list[str], set[str]]:
    """What is told of a case, and by which messages."""
    ids: set[str] = set()
    with noted(ids), tempfile.TemporaryDirectory() as folder:
        return told(NAMED[name], Path(folder), language), ids


@contextmanager
def noted(ids: set[str]) -> Iterator[None]:
    """Note which messages are said."""
    say = Catalogue.say

    def noting(catalogue: Catalogue, id_: str, /, **values: object) -> str:
        ids.add(id_)
        return say(catalogue, id_, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Catalogue, "say", noting)
        yield


@pytest.mark.parametrize("name", NAMED)
def test_somebody_reads_what_was_approved(name: str) -> None:
    """What is told about a change is, to the letter, what was approved beside it."""
    assert "\n".join(told_once(name)[0]) == NAMED[name].message


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_change_fits_in_ten_lines(name: str) -> None:
    """Each of the nine changes that an editor makes most is told in a heading and at most nine lines."""
    assert 1 <= len(NAMED[name].message.splitlines()) <= 9


@pytest.mark.parametrize("name", NAMED)
def test_english_tells_the_same_changes(name: str) -> None:
    """In English each line has the same sentences of the card in it, and no line is the Dutch one."""
    (dutch, _), (english, _) = told_once(name), told_once(name, "en")
    without_times = "[„“]([^()]*?)”"  # what stands for a time is of the editor's language
    quoted = [[re.findall(without_times, line) for line in lines] for lines in (dutch, english)]
    assert quoted[0] == quoted[1]
    assert not set(dutch) & set(english)


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_card_does_not_differ_from_itself(line: Line) -> None:
    """Nothing is told where nothing changed."""
    assert differences(line, line) == []


def test_a_number_on_a_poster_and_one_page_of_several_are_told(tmp_path: Path) -> None:
    """A language got a number of its own, and of two pages with signals one has another address."""
    folder = ours(tmp_path)
    edit(folder, "en/language.yaml", "voice: ", "own_number: +12025550177\nvoice: ")
    before, after = (
        Line(
            replace(line.card, signals={"labour": page, "sexual": "https://two.example"}),
            {c: line.spoken(c) for c in ("nl", "en")},
        )
        for line, page in ((LINES["ours"], "https://one.example"), (line_of(folder), "https://three.example"))
    )
    assert [change.kind for change in difference(before, after, TODAY).changes] == ["signals", "own-number"]


def test_whole_tells_every_sentence(tmp_path: Path) -> None:
    """For the sheet each sentence that is new or gone is quoted, however many there are."""
    case = NAMED["connect-removed"]
    (gone,) = [one for one in told(case, tmp_path, whole=True) if one.startswith("Niet meer te horen")]
    for line in case.changes.splitlines():
        if sentence := re.fullmatch(r"-  \w+: (.*)", line):
            assert sentence[1].format(number="000-111 22 33", key="9") in gone


def everything(line: Line) -> set[tuple[object, ...]]:
    """All that can be heard on a line, and where a caller can go from there."""
    return {
        (position, line.said(position, world), line.script(position, world).then, keys)
        for position in dialogue.positions(line.card)
        for keys in [frozenset(dialogue.offers(line.card, position).items())]
        for world in worlds(line.card, position)
    }


@settings(max_examples=25)
@given(made.plans, made.plans, st.sampled_from([field.name for field in fields(made.Plan)]))
def test_what_is_heard_differently_is_told(one: made.Plan, other: made.Plan, changed: str) -> None:
    """Between two cards that differ in one thing something is told exactly when a caller can hear a difference."""
    lines = []
    for plan in (one, replace(one, **{changed: getattr(other, changed)})):
        with tempfile.TemporaryDirectory() as folder:
            made.write(plan, Path(folder))
            lines.append(line_of(Path(folder)))
    before, after = lines
    assert bool(differences(before, after)) == (everything(before) != everything(after))


def test_the_list_of_many_places_is_counted(tmp_path: Path) -> None:
    """Where a sentence is heard at more than three places of a kind, they are counted."""
    changed = make_line(with_edits(tmp_path, ("nl/line.yaml", "\nchoices: ", "\nchoices: Hoor eens. ")))
    (sentence,) = [one for one in differences(LINES["ours"], changed) if "Hoor eens" in one]
    assert "Te horen in 5 hoofdstukken; bij 4 nummers; in de lijst" in sentence


def unread(folder: Path) -> list[str]:
    """What is told of a recorded card of which one sentence is changed."""
    old = record(ours(folder), "nl")
    edit(folder / "prompts", "nl/line.yaml", "nomatch: ", "nomatch: Nee. ")
    return differences(old, line_of(folder / "prompts"))


def test_a_changed_sentence_is_told_to_be_spoken_until_it_is_read(tmp_path: Path) -> None:
    """With the line to read; what was read before is not told."""
    told = [line for line in unread(tmp_path) if "computerstem" in line]
    text = f"Nee. {says('line.nomatch')}"
    assert told == [f"Zegt de computerstem, tot iemand het inleest (nl): „{text}”."]


def test_a_voice_that_comes_or_goes_is_told(tmp_path: Path) -> None:
    """Callers hear it, though no word changed."""
    folder = ours(tmp_path)
    spoken, played = line_of(folder), record(folder, "nl")
    other = record(folder, "nl", but=[next(iter(played.spoken("nl").recorded))], pitch=1)
    for before, after, counts in (
        (spoken, played, "122 nieuw of anders, 0 weg"),
        (played, spoken, "0 nieuw of anders, 122 weg"),
        (played, other, "121 nieuw of anders, 0 weg"),
    ):
        assert differences(before, after)[-1] == f"Opnamen (nl): {counts}."


def test_every_message_is_told(tmp_path: Path) -> None:
    """No message about a difference is left over: each is told of a case, on the sheet, or by the command."""
    told_ids = {id_ for name in NAMED for id_ in told_once(name)[1]}
    with noted(told_ids):
        changes = [Wording(Change("unchecked", areas=(Area(Kind.NUMBER, "opvang"),)), "", {}, "")]
        sheet.page(Compared(LINES["second"], "", changes, ""), "nl", TODAY)
        assert page_changed(tmp_path / "page") == [
            "„Een titel” Eerder: „Bij gevaar” Dat staat op de pagina met de kaart; de lijn zegt het niet."
        ]
        unread(tmp_path / "recorded")
        differences(line_of(ours(tmp_path / "bare")), line_of(tmp_path / "recorded" / "prompts"))
        for _ in in_languages(tmp_path / "languages"):
            pass
    by_itself = "heading|same|committed|no-(git|before|checkout|repository)|not-there|unreadable|prints?|at-many-.*"
    command = f"diff-({by_itself})"
    ids = {id_ for id_ in Catalogue("nl").texts if id_.startswith("diff-") and not re.fullmatch(command, id_)}
    assert ids == {id_ for id_ in told_ids if id_.startswith("diff-") and not re.fullmatch(command, id_)}


def page_changed(folder: Path) -> list[str]:
    """What is told where a text of the page changes that the line does not say."""
    shutil.copytree(GOOD, folder)
    text = (SETTINGS.prompts / "nl" / "page.yaml").read_text("utf-8")
    before, title = re.sub("^title: .*", "title: Bij gevaar", text, flags=re.MULTILINE), "title: Een titel"
    (folder / "nl" / "page.yaml").write_text(before, "utf-8")
    old = line_of(folder)
    edit(folder, "nl/page.yaml", "title: Bij gevaar", title)
    return differences(old, line_of(folder))
