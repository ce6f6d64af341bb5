# SPDX-License-Identifier: EUPL-1.2
"""How long callers wait in other languages."""

import pytest

from ivr.editor.load import make_line
from ivr.line import Line
from ivr.phone import espeak
from ivr.proof import durations
from tests.conftest import needs
from tests.languages import EVERY, offered


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Our card, offered in all languages that it has sentences in."""
    return make_line(offered(tmp_path_factory.mktemp("every"), *EVERY))


@needs("espeak-ng", "espeak-ng")
@pytest.mark.parametrize("codes", [("nl", "en"), ("nl", "en", "es", "pl", "ro"), EVERY], ids=["two", "five", "every"])
def test_nobody_waits_too_long_in_any_language(codes: tuple[str, ...], line: Line) -> None:
    """Measured with the voice of each language: danger within 6 s, the offer within its 6, and all else as in Dutch."""
    waits = [*durations.waits(line.only(*codes), espeak.measured)]
    assert {wait.position.language for wait in waits} == {"", *codes[1:]}
    assert not [wait for wait in waits if wait.seconds > wait.most]


@needs("espeak-ng", "espeak-ng")
def test_an_estimate_is_near_in_every_language(line: Line) -> None:
    """Where espeak-ng is absent, and at start, a wait is estimated: as well in other languages as in Dutch."""
    both = zip(durations.waits(line, espeak.measured), durations.waits(line, espeak.estimated), strict=True)
    for measured, estimated in both:
        assert estimated.seconds == pytest.approx(measured.seconds, rel=espeak.ERROR, abs=1.0), measured
