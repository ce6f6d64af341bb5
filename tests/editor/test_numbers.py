# SPDX-License-Identifier: EUPL-1.2

from dataclasses import replace

import pytest

from ivr.editor.numbers import odd_numbers
from tests.conftest import LINE


def doubted(printed: str, country: str | None = "NL", emergency: str = "112") -> list[str]:
    """The messages about a card with a number for danger and one other."""
    numbers = {"danger": replace(LINE.card.emergency, number=emergency)}
    numbers["police"] = replace(LINE.card.numbers["police"], number=printed)
    return [message for _, message, _ in odd_numbers(replace(LINE.card, country=country, numbers=numbers))]


@pytest.mark.parametrize("printed", [number.number for number in LINE.card.numbers.values() if not number.emergency])
def test_our_numbers_are_not_doubted(printed: str) -> None:
    """Nothing is said of a number that is right."""
    assert doubted(printed) == []


@pytest.mark.parametrize(
    ("printed", "country", "doubt"),
    [
        ("010-236 52 5", "NL", ["found-unknown-number"]),
        ("0900-884", "NL", ["found-unknown-number"]),
        ("1", "NL", ["found-unknown-number"]),
        ("800-5151", "NL", ["found-written-number"]),
        ("112", "NL", ["found-same-number"]),
        ("14 010", "NL", []),
        ("116 111", "NL", []),
        ("144", "NL", []),
        ("116 016", "DE", []),
        ("0911", "NL", ["found-unknown-number"]),
        ("+31 10 236 52 56", "NL", ["found-national-number"]),
        ("+32 2 234 56 78", "NL", []),
        ("202-555-0100", "US", []),
        ("06 698 0000", "IT", []),
        ("010-236 52 5", None, []),
        ("112", None, ["found-same-number"]),
    ],
)
def test_what_a_number_cannot_be_is_doubted(printed: str, country: str | None, doubt: list[str]) -> None:
    """A digit too few, a 0 too much or missing and a number that is there twice are told; a short one is none."""
    assert doubted(printed, country) == doubt


def test_a_number_for_danger_is_one_in_its_country() -> None:
    """What is marked as the number for danger, and is no emergency number there, is told."""
    assert doubted("0900-8844", emergency="113") == ["found-no-emergency-number"]
    assert doubted("0900-8844", "GB", "999") == ["found-unknown-number"]


@pytest.mark.parametrize(
    ("own", "told"),
    [("010-236 52 5", ["found-unknown-number"]), ("0800-7000", ["found-same-number"]), ("+31 10 267 11 00", [])],
)
def test_the_number_of_the_line_can_exist_and_is_none_of_the_card(own: str, told: list[str]) -> None:
    """Where it is one of the others, whoever reads the poster dials them instead of the line."""
    assert [message for _, message, _ in odd_numbers(replace(LINE.card, own_number=own))] == told


def test_one_number_written_in_two_ways_is_one() -> None:
    """With the code of the country or without, it is the same number."""
    numbers = {**LINE.card.numbers, "m": replace(LINE.card.numbers["essm"], id="m")}
    numbers["m"] = replace(numbers["m"], number="+31 10 236 52 56")
    found = list(odd_numbers(replace(LINE.card, numbers=numbers)))
    assert [(number.id, message, values["other"]) for number, message, values in found if "other" in values] == [
        ("m", "found-same-number", "essm")
    ]
