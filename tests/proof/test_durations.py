# SPDX-License-Identifier: EUPL-1.2
import pytest

from ivr.phone import espeak
from tests.durations import Wait, waits

needs_espeak = pytest.mark.starts("espeak-ng")


@pytest.fixture(scope="module")
def table() -> list[Wait]:
    """Every wait that the line promises a bound for, measured with espeak-ng."""
    return list(waits(espeak.measured))


@needs_espeak
def test_nobody_waits_longer_than_promised(table: list[Wait]) -> None:
    """Each wait is within its bound."""
    assert len(table) > 30
    assert not [wait for wait in table if wait.seconds > wait.most]


@needs_espeak
def test_pauses_are_part_of_the_measure() -> None:
    """A break inside an utterance takes its time."""
    short = espeak.measured('Eén.<break time="100ms"/>Twee.', "nl")
    assert espeak.measured('Eén.<break time="2100ms"/>Twee.', "nl") == pytest.approx(short + 2, abs=0.2)


@needs_espeak
def test_the_estimate_is_close_to_the_measure(table: list[Wait]) -> None:
    """Where espeak-ng is absent the estimate from the text is within a fifth of what it would have said."""
    for measured, estimated in zip(table, waits(espeak.estimated), strict=True):
        assert estimated.seconds == pytest.approx(measured.seconds, rel=espeak.ERROR, abs=1.0), measured.what
