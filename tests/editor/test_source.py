# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.editor.source import Node, Sequence, Table, nearest, read
from ivr.messages.problems import CardError, Place, Problems

FILE = Path("card.yaml")

Reads = Callable[[str], Table]


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    """Reads a text that holds no mistake."""

    def read_text(text: str) -> Table:
        file = tmp_path / "some.yaml"
        file.write_text(text, encoding="utf-8")
        problems = Problems()
        table = read(file, problems)
        assert not problems
        assert table is not None
        return table

    return read_text


def spot(value: Node) -> tuple[int, int, int]:
    """Line, column and width."""
    return value.place.line, value.place.column, value.place.width


@pytest.mark.parametrize("text", ["08:30", "112", "yes", "0900-8844", "2026-11-24", "1e3", "null", "~", "0o17"])
def test_every_text_stays_as_it_was_written(text: str, reads: Reads) -> None:
    """YAML makes other things of these; on a card they are texts, with quotes and without."""
    assert reads(f"a: {text}\nb: '{text}'") == {"a": text, "b": text}


def test_what_is_nested_hundreds_deep_is_a_mistake(tmp_path: Path) -> None:
    """And no traceback."""
    (file := tmp_path / "card.yaml").write_text("".join(f"{' ' * depth}a:\n" for depth in range(900)), encoding="utf-8")
    problems = Problems()
    assert read(file, problems) is None
    assert problems


def test_everything_keeps_its_place(reads: Reads) -> None:
    """Keys, texts, lists and tables know the line, the column and the width of what was written."""
    table = reads("# een\n\na:\n  b: tekst\n  c: [x, yy]\n  d:\n    - 'één'\n")
    below = table.find("a")
    assert isinstance(below, Table)
    assert spot(table.name("a")) == (3, 1, 1)
    assert spot(below) == (4, 3, 1)
    b, c, d = below.values()
    assert spot(b) == (4, 6, 5)
    assert isinstance(c, Sequence)
    assert [spot(item) for item in c] == [(5, 7, 1), (5, 10, 2)]
    assert isinstance(d, Sequence)
    assert spot(d[0]) == (7, 7, 5)
    assert str(b.place).endswith("some.yaml:4:6")
    assert table.find("b") is None


def test_a_place_knows_the_pieces_of_what_stands_there() -> None:
    """A piece is looked for from the place on, so that the same text before it is passed over."""
    place = Place(FILE, 1, 7, "list: Bel de list 9", 13)
    assert (place.of("list").column, place.of("list").width) == (14, 4)


@pytest.mark.parametrize(
    ("source", "column", "width", "picture"),
    [
        ("a: b", 4, 1, "    7 | a: b\n     |    ^"),
        ("a:\tb", 3, 1, "    7 | a:→b\n     |   ^"),
        ("a: \u00a0b", 4, 1, "    7 | a: ·b\n     |    ^"),
        ("a: é9", 5, 1, "    7 | a: é9\n     |     ^"),
        ("a:", 3, 0, "    7 | a:\n     |   ^"),
        ("x" * 99 + "yz", 100, 1, "    7 | …" + "x" * 60 + "yz\n     | " + " " * 61 + "^"),
        ("xy" + "z" * 99, 2, 1, "    7 | xy" + "z" * 60 + "…\n     |  ^"),
        ("y" * 99, 1, 99, "    7 | " + "y" * 60 + "…\n     | " + "^" * 61),
    ],
)
def test_the_mark_stands_under_the_spot(source: str, column: int, width: int, picture: str) -> None:
    """Tabs, unseen characters and long lines do not move the mark from its spot."""
    assert Place(FILE, 7, column, source, width).picture() == f"\n{picture}"


def test_the_file_as_a_whole_has_no_picture() -> None:
    """What is wrong with a file, and with no line of it, is told with the name of the file alone."""
    place = Place(FILE)
    assert (str(place), place.picture()) == ("card.yaml", "")


@pytest.mark.parametrize(("name", "message"), [(".", "odd-kind"), ("card.yaml", "file-missing")])
def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path, name: str, message: str) -> None:
    """No file, or a folder where it should be, is told as a mistake, not raised."""
    problems = Problems()
    assert read(tmp_path / name, problems) is None
    assert [problem.message for problem in problems] == [message]


def test_mistakes_are_told_in_the_order_of_the_files() -> None:
    """Mistakes are sorted by file, line and column; without a language they are in English."""
    problems = Problems()
    for place in (Place(Path("b"), 1), Place(Path("a"), 2, 3), Place(Path("a"), 2, 1), Place(Path("a"))):
        problems.add(place, "sentence-empty")
    places = ["a", "a:2:1", "a:2:3", "b:1:1"]
    assert [str(problem.place) for problem in CardError(problems).problems] == places
    assert str(CardError(problems[:1])).startswith("b:1:1: There is no sentence here yet.")


@pytest.mark.parametrize(
    ("word", "known", "found"),
    [
        ("conect", ["source", "connect"], "connect"),
        ("CONNECT", ["source", "connect"], "connect"),
        ("xyz", ["source", "connect"], ""),
        ("ander", ["danger"], ""),
        ("xyz", [], ""),
    ],
)
def test_the_nearest_known_word_is_offered(word: str, known: list[str], found: str) -> None:
    """One word that looks like it and begins like it, whatever the capitals; no word that is far from it."""
    assert nearest(word, known) == found


@settings(deadline=None)  # each writes a file
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_file_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever bytes a file holds, it is read or a mistake is told, in words that can be printed."""
    file = tmp_path_factory.getbasetemp() / "some.yaml"
    file.write_bytes(raw)
    problems = Problems()
    assert read(file, problems) is not None or problems
    assert CardError(problems).text("nl").count("some.yaml") >= len(problems)
