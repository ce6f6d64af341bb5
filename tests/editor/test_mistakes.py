# SPDX-License-Identifier: EUPL-1.2

import re
import shutil
import tempfile
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.messages.catalogue import Catalogue
from ivr.messages.problems import CardError, Problem
from ivr.settings import EDITOR_LANGUAGES
from tests import mistakes as approved
from tests.cards import CARDS
from tests.mistakes import GOOD, MESSAGES, Case, broken, cases, judged, known, mistakes, said, told

CASES = cases()
GOOD_LINES = {file: file.read_text(encoding="utf-8").splitlines() for file in sorted(GOOD.rglob("*.yaml"))}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_an_editor_reads_what_was_approved(case: Case) -> None:
    """What an editor reads about a mistake is, to the letter, what was approved beside it."""
    assert told(*known(case)) == case.message


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_an_editor_may_read_english(case: Case) -> None:
    """In English the same mistakes are told at the same places."""
    places = re.findall(r"^\S+\.yaml[0-9:]*", case.message, re.MULTILINE)
    assert re.findall(r"^\S+\.yaml[0-9:]*", told(*known(case), "en"), re.MULTILINE) == places != []


PASTED = {
    "{written}": [id_ for id_ in MESSAGES if id_ != "hours-all-day"],
    "{written} off": ("hours-all-day",),
    "{spelled}": ("sentence-letters",),
    "{example}": ("not-sequence", "emergency-unknown", "connect-form", "connect-other", "connect-key-emergency"),
    "{known}": "target-unknown target-renamed field-unknown sentence-unused sentence-renamed language-meant "
    "wait-unknown".split(),
    "instead: [{known}]": ("instead-missing",),
    "connect_key: {example}": ("connect-key-unwritten",),
}
"""What of a problem an editor can paste, and the messages that say so."""


def cures(error: CardError | None) -> list[tuple[Problem, str]]:
    """Each problem with what can be pasted to take it away."""
    return [
        (problem, cure.format(**problem.values))
        for problem in (error.problems if error else ())
        for cure, messages in PASTED.items()
        if problem.message in messages and problem.values.get(re.findall(r"{(\w+)}", cure)[0])
    ]


def pasted(problem: Problem, cure: str) -> None:
    """Put a cure where the mistake is: in place of the part that is shown, or of all that stands behind the name."""
    assert problem.place
    file, line = problem.place.file, problem.place.line - 1
    lines = file.read_text(encoding="utf-8").split("\n")
    part = problem.values.get("part") or problem.values.get("detail", "")
    begin = problem.place.column - 1
    shown = part or lines[line][begin : begin + problem.place.width]
    whole = problem.message in {"doubt-holiday-order", "doubt-night-day", "not-sequence"}
    name = lines[line].partition(": ")[0]
    if ": " in cure:  # a line of its own: in the block that is shown, or at the top of the card
        block = lines[line].endswith(":")
        lines.insert(line + 1 if block else 0, "    " * block + cure)
    else:
        lines[line] = f"{name}: {cure}" if whole or shown not in lines[line] else lines[line].replace(shown, cure)
    file.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.stem)
def test_what_can_be_pasted_is_true(case: Case, tmp_path: Path) -> None:
    """A cure that is given word for word, pasted, takes its mistake away and makes no other of the same kind."""
    if not cures(known(case)[0]):
        return
    error = judged(broken(case, tmp_path))
    assert error
    for problem, cure in cures(error):
        pasted(problem, cure)
        left = judged(tmp_path)
        found = [(one.message, one.place) for one in left.problems] if left else []
        assert (problem.message, problem.place) not in found
        new = {message for message, _ in found} - {one.message for one in error.problems}
        assert not [message for message in new if message.startswith(("hours-", "list-", "not-"))]
        broken(case, tmp_path)


def test_every_message_is_provoked() -> None:
    """There is no message that no mistake leads to, and each is in a case that somebody approved."""
    provoked = set()
    for case in CASES:
        error, _ = known(case)
        assert error is not None
        provoked |= {problem.message for problem in error.problems}
    assert provoked == set(MESSAGES)


def test_every_mistake_is_explained() -> None:
    """At the end of the README for editors stands each message, as `make messages` writes it."""
    readme = approved.README.read_text(encoding="utf-8")
    assert readme.partition(approved.MARKER)[2] == approved.explained()


def test_every_language_has_the_same_messages() -> None:
    """Each message is there in each language of an editor, in the same order, and fills in the same."""
    filled = [
        {id_: {blank for _, blank, _, _ in Formatter().parse(text) if blank} for id_, text in texts.items()}
        for texts in (Catalogue(language).texts for language in EDITOR_LANGUAGES)
    ]
    assert list(filled[0]) == list(filled[1])
    assert filled[0] == filled[1]


@pytest.mark.parametrize("folder", [GOOD, *CARDS.values()], ids=["broken/card", *CARDS])
def test_a_good_card_has_no_mistakes(folder: Path) -> None:
    """Nothing is said about a card that is right, and nothing in it is doubted."""
    assert said(folder) == ""


def test_windows_line_ends_are_fine(tmp_path: Path) -> None:
    """A card that was saved on Windows is the same card."""
    for file, lines in GOOD_LINES.items():
        copy = tmp_path / file.relative_to(GOOD)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    assert said(tmp_path) == ""


pieces = st.sampled_from(
    [
        *"0129:#*-{}[]\"'&!|>%@\\\t“é猫\u00a0",
        "- ",
        ": ",
        " #",
        "{number}",
        "PH",
        "off",
        "yes",
        "...",
        "---",
        "\n",
        " \n  ",
    ]
)


@settings(deadline=None)  # each copies a whole card
@given(st.sampled_from(list(GOOD_LINES)), st.data())
def test_no_edit_ends_in_a_traceback(file: Path, data: st.DataObject) -> None:
    """Whatever an editor deletes, doubles, moves or types, they read messages or the card is right."""
    lines = list(GOOD_LINES[file])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        column = data.draw(st.integers(0, len(line)))
        typed = data.draw(st.lists(pieces, max_size=2).map("".join))
        match data.draw(st.sampled_from(["type", "delete", "double", "move"])):
            case "type":
                lines[at] = line[:column] + typed + line[column:]
            case "delete":
                lines[at] = line[:column]
            case "double":
                lines.insert(at, line)
            case _:
                lines.insert(data.draw(st.integers(0, len(lines) - 1)), lines.pop(at))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(GOOD, folder, dirs_exist_ok=True)
        (Path(folder) / file.relative_to(GOOD)).write_text("\n".join(lines), encoding="utf-8")
        error = mistakes(Path(folder))
    for language in EDITOR_LANGUAGES:
        assert error is None or error.text(language)
