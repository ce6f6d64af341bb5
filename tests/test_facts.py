# SPDX-License-Identifier: EUPL-1.2
"""Every fact of the Meldroutekaart is on the line: a table that its owner reads and signs says which, and where."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from ivr.hours import Open
from tests.caller import Caller
from tests.conftest import BY_DAY, LINE, SETTINGS

FILE = SETTINGS.prompts / "feiten.md"

ROW = re.compile(r"\| *([^|]*[^| ]) *\| *([0-9*#_]*)(?: om ((?:[01]\d|2[0-3]):[0-5]\d))? *\| *([^|]*[^| ]) *\|")
"""The fact, the keys, when, and the words in which it is heard."""


def rows(text: str) -> dict[int, str]:
    """The rows with facts, by the number of their line: all below the first heading, without the heads of tables."""
    lines = ["", *text.splitlines()]
    first = next(number for number, line in enumerate(lines) if line.startswith("## "))
    heads = {number + above for number, line in enumerate(lines) if line.startswith("|--") for above in (-1, 0)}
    facts = (number for number, line in enumerate(lines) if line.startswith("|") and number > first)
    return {number: lines[number] for number in facts if number not in heads}


FACTS = rows(FILE.read_text(encoding="utf-8"))


def problem(row: str, caller: Callable[..., Caller]) -> str:
    """What is wrong with a row, told to its owner; empty where its fact is heard."""
    match = ROW.fullmatch(row.strip())
    if not match:
        return "Een regel heeft drie vakken: | feit | toetsen, of toetsen om 23:00 | wat de beller hoort |"
    fact, keys, at, words = match.groups()
    call = caller(datetime.fromisoformat(f"{BY_DAY:%Y-%m-%d}T{at or '14:00'}"))
    try:
        for key in keys:
            call = call.silence() if key == "_" else call.press(key)
    except AssertionError:
        return f"De toetsen {keys!r} kunnen niet na elkaar: het gesprek is eerder voorbij, of de lijn verbindt door."
    said = " ".join(call.said)
    try:
        words = re.sub(r"\{(.*?)\}", lambda blank: _spoken(blank[1]), words)
    except LookupError:
        return (
            f"Dit heeft de kaart niet: {words}. Er kan {{number …}}, {{hours …}} of {{form …}} staan, met een nummer."
        )
    parts = [rf"\b{_plain(part)}\b" for part in words.split("…")]
    if re.search(".*".join(parts), _plain(said)):
        return ""
    return f"Niet te horen: {fact} Gezocht is: {words!r}. Na de toetsen {keys!r} zegt de lijn: {said!r}"


def _spoken(blank: str) -> str:
    """What the line says for a fact of `card.yaml`, without pauses. Raises LookupError for one that is not there."""
    what, _, id_ = blank.partition(" ")
    number = LINE.card.numbers[id_]
    if what == "number":
        spoken = LINE.sentences.language.digits(number.number)
    elif what == "search" and number.search:
        spoken = number.search
    elif what == "hours" and number.hours:
        opening, until = number.hours.at(BY_DAY.replace(tzinfo=LINE.card.timezone))
        opening = opening if isinstance(opening, Open) else number.hours.at(until)[0]
        assert isinstance(opening, Open)
        assert opening.week
        spoken = LINE.sentences.language.hours(opening.week)
    else:
        raise LookupError(blank)
    return spoken.replace("…", " ")


def _plain(text: str) -> str:
    """The words of a text, without capitals and punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("line", FACTS)
def test_the_fact_is_heard(caller: Callable[..., Caller], line: int) -> None:
    """The fact is said where the keys lead."""
    if wrong := problem(FACTS[line], caller):
        pytest.fail(f"{FILE.name}, regel {line}. {wrong}", pytrace=False)


def test_every_number_is_among_the_facts() -> None:
    """Each number of the card, and the hours of each that has them, are facts that are held to the line."""
    wanted = {f"{{number {id_}}}" for id_ in LINE.card.numbers}
    wanted |= {f"{{hours {number.id}}}" for number in LINE.card.numbers.values() if number.hours}
    assert wanted <= {blank for row in FACTS.values() for blank in re.findall(r"\{.*?\}", row)}


def test_only_rows_with_facts_are_read() -> None:
    """Where the table is signed, and the head of a table, are no facts; a line of a table in any other place is one."""
    text = "| naam |\n|---|\n| Jansen |\n\n## Eén\n\n| feit |\n|---|\n| Eén. |\n\n## Twee\n| Los. |"
    assert rows(text) == {9: "| Eén. |", 12: "| Los. |"}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("| Het nummer. | 2 | {number police} |", ""),
        ("| Dicht. | 3 om 23:00 | DICHT tot … {number essm} |", ""),
        ("| Twee keer stil. |__| alle nummers |", ""),
        ("| Iets nieuws. | 2 | gratis |", "Niet te horen: Iets nieuws. Gezocht is: 'gratis'. Na de toetsen '2' zegt"),
        ("| Half. | 2 | politi |", "Niet te horen: Half."),
        ("| Andersom. | 2 | {number police} … De politie, zonder spoed |", "Niet te horen: Andersom."),
        ("| Zonder. | 2 | |", "Een regel heeft drie vakken"),
        ("| Toets. | twee | politie |", "Een regel heeft drie vakken"),
        ("| Te laat. | 2 om 25:00 | politie |", "Een regel heeft drie vakken"),
        ("| Te veel. | 1___ | politie |", "De toetsen '1___' kunnen niet na elkaar"),
        ("| Weg. | 2 | {number politie} |", "Dit heeft de kaart niet: {number politie}."),
        ("| Geen tijden. | 2 | {hours police} |", "Dit heeft de kaart niet"),
        ("| Wat is dat? | 2 | {naam police} |", "Dit heeft de kaart niet"),
    ],
)
def test_a_row_is_judged(caller: Callable[..., Caller], row: str, told: str) -> None:
    """A new row is checked as it stands, and what is wrong with it is told in its own words."""
    wrong = problem(row, caller)
    assert wrong.startswith(told)
    assert bool(wrong) == bool(told)


def test_every_word_of_the_choices_is_before_its_key(caller: Callable[..., Caller]) -> None:
    """First the situation, then the key; in numerical order, without gaps."""
    keys = re.findall(r"Druk op (\w+)", " ".join(caller().said))
    assert keys == ["één", "twee", "drie", "vier", "vijf", "zes", "nul"]


def test_no_key_leads_to_the_police_unless_it_was_said(caller: Callable[..., Caller]) -> None:
    """Wherever two leads, "politie" stands before it."""
    said = " ".join(caller().said)
    assert "politie" in said[: said.index("Druk op twee")]
    assert "Politie" in " ".join(caller().silence().said).split("twee")[0]


@pytest.mark.parametrize("keys", ["", "1", "2", "3", "4", "6", "0", "__", "39c", "5"])
def test_our_line_promises_no_anonymity(caller: Callable[..., Caller], keys: str) -> None:
    """No sentence says that our own line is anonymous or keeps nothing."""
    call = caller()
    for key in keys:
        call = call.silence() if key == "_" else call.transfer("completed") if key == "c" else call.press(key)
    assert not re.search(r"bewaren|deze lijn is anoniem|bel ons anoniem|we slaan", " ".join(call.said), re.IGNORECASE)


def test_the_first_menu_betrays_nobody(caller: Callable[..., Caller]) -> None:
    """Whoever presses redial on somebody else's telephone hears the word mensenhandel only after a choice."""
    call = caller()
    heard = [*call.said, *call.silence().said]
    assert "mensenhandel" not in " ".join(heard).casefold()
