# SPDX-License-Identifier: EUPL-1.2
"""How long callers wait in other languages."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ivr.card import Notice
from ivr.dialogue import start
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.phone import espeak
from ivr.proof import durations
from ivr.proof.proved import wrong
from ivr.proof.walked import Walked
from ivr.proof.warnings import WARNINGS, Looked
from ivr.sentences import Sentences
from tests.conftest import SETTINGS, answers
from tests.languages import EVERY, offered
from tests.mistakes import README

WAIT, NOTICE = (
    re.findall(rf"^ *{name}: (\w.*[.])$", README.read_text(encoding="utf-8"), re.MULTILINE)[0]
    for name in ("wait", "notice")
)
"""What the guide for editors gives as examples."""

ELSEWHERE = "Blijf aan de lijn. Dan verbinden we je door met het adviespunt."
"""Stands for a translation: voices of other languages take longer for Dutch than for their own words."""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    """Our card, offered in all languages that it has sentences in."""
    return make_line(offered(tmp_path_factory.mktemp("every"), *EVERY))


@pytest.mark.starts("espeak-ng")
@pytest.mark.parametrize("codes", [("nl", "en"), EVERY], ids=["two", "every"])
def test_nobody_waits_too_long_in_any_language(codes: tuple[str, ...], line: Line) -> None:
    """Measured with the voice of each language: danger within 6 s, the offer within its 6, and all else as in Dutch."""
    waits = [*durations.waits(Walked(answers(line.only(*codes)), measure=True))]
    assert {wait.position.language for wait in waits} == {"", *codes[1:]}
    assert not [wait for wait in waits if wait.seconds > wait.most]


@pytest.fixture(scope="module")
def full(line: Line) -> Line:
    """The same card with `wait`, and a notice that only Dutch has."""
    begins = datetime(2026, 12, 24, 18, tzinfo=UTC)
    card = replace(line.card, wait="essm", notice=Notice(begins, begins + timedelta(days=2)))
    spoken = {}
    for code in EVERY:
        lines = {**line.spoken(code).sentences.lines, "numbers.essm.wait": (WAIT if code == "nl" else ELSEWHERE,)}
        lines |= {"line.notice": (NOTICE,)} if code == "nl" else {}
        sentences = Sentences(lines, line.spoken(code).sentences.language)
        spoken[code] = line.spoken(code)._replace(sentences=sentences)
    return Line(card, spoken, SETTINGS.caller_id)


@pytest.mark.starts("espeak-ng")
@pytest.mark.parametrize("codes", [("nl",), ("nl", "en"), EVERY], ids=["one", "two", "every"])
def test_a_notice_and_a_number_for_who_waits_come_on_top(codes: tuple[str, ...], full: Line) -> None:
    """With a notice and `wait` together, no bound is passed in any set of languages: both come on top."""
    line = full.only(*codes)
    waits = [*durations.waits(Walked(answers(line), measure=True))]
    assert not [wait for wait in waits if wait.seconds > wait.most]
    assert wrong(answers(line)) == {}


def test_a_notice_in_dutch_only_is_said_in_dutch_everywhere(full: Line) -> None:
    """In each other language the Dutch voice says it, while it runs; the page to translate names what is missing."""
    world = full.world(datetime(2026, 12, 25, 3))  # noqa: DTZ001 - in the time zone of the card
    assert full.voice
    dutch = f'<Say language="{full.voice.language}" voice="{full.voice.name}"><break time="'
    for code in EVERY[1:]:
        before, spoken, _ = answers(full).answer(start(full.card, code), world).decode().partition(f" {NOTICE} ")
        assert spoken
        assert re.search(re.escape(dutch) + r'\w+" ?/>$', before)
    told = [problem.values["language"] for problem in WARNINGS["translated"](Looked(full, SETTINGS, date.min))]
    assert {*EVERY[1:]} <= {*told}


@pytest.mark.starts("espeak-ng")
def test_an_estimate_is_near_in_every_language(line: Line) -> None:
    """Where espeak-ng is absent, and at start, a wait is estimated: as well in other languages as in Dutch."""
    both = (durations.waits(Walked(answers(line), measure=measure)) for measure in (True, False))
    for measured, estimated in zip(*both, strict=True):
        assert estimated.seconds == pytest.approx(measured.seconds, rel=espeak.ERROR, abs=1.0), measured
