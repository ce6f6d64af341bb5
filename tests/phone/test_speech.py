# SPDX-License-Identifier: EUPL-1.2
import pytest

from ivr.phone.rules import parse
from ivr.phone.speech import pieces


@pytest.mark.parametrize(
    ("inside", "heard"),
    [
        ("Goede\n  dag.", [("Goede dag.", 0.0)]),
        ('een<break time="400ms"/>twee', [("een", 0.4), ("twee", 0.0)]),
        ('een <break time="1.5s"/>', [("een", 1.5)]),
        ('<break time="500ms"/>een', [("", 0.5), ("een", 0.0)]),
        ('een<break time="1s"/> <break time="250ms"/>twee', [("een", 1.25), ("twee", 0.0)]),
    ],
)
def test_a_say_is_heard_in_pieces_between_its_breaks(inside: str, heard: list[tuple[str, float]]) -> None:
    """Breaks cut the speech and add up, and a leading one follows nothing."""
    assert pieces(parse(f"<Response><Say>{inside}</Say></Response>".encode())[0]) == heard
