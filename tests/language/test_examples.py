# SPDX-License-Identifier: EUPL-1.2
"""Each language by example: `examples/xx.yaml` is for speakers of the language, who need no Python to read it."""

import re
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
import yaml

from ivr.language import Language, Week, load

FILES = {file.stem: file for file in (Path(__file__).parent / "examples").glob("*.yaml")}
DAYS = "Mo Tu We Th Fr Sa Su".split()


def week(hours: str) -> Week:
    """Read hours such as "Mo-We,Fr 09:00-12:00,13:00-17:00; Sa 10:00-12:00"."""
    opens: Week = ((),) * 7
    for rule in hours.split("; "):
        days, spans = rule.split()
        times = tuple(
            (time.fromisoformat(start), time.fromisoformat(end))
            for start, end in (span.split("-") for span in spans.split(","))
        )
        for first, _, last in (run.partition("-") for run in days.split(",")):
            on = range(DAYS.index(first), DAYS.index(last or first) + 1)
            opens = tuple(times if day in on else others for day, others in enumerate(opens))
    return opens


def said(language: Language, function: str, meant: str) -> str:
    """Say what a line of a file of examples means."""
    match function:
        case "clock":
            return language.clock(time.fromisoformat(meant))
        case "moment":
            days, at = meant.split(maxsplit=1)
            return language.moment(int(days), datetime.fromisoformat(at))
        case "hours":
            return language.hours(week(meant))
        case "either":
            return language.either(meant.split(", "))
        case _:
            spoken: str = getattr(language, function)(meant)
            return spoken


@pytest.fixture(params=FILES)
def examples(request: pytest.FixtureRequest) -> tuple[Language, dict[str, dict[str, str]]]:
    """Give each language that has examples, with them, in turn."""
    return load(request.param), yaml.safe_load(FILES[request.param].read_text(encoding="utf-8"))


def test_a_language_says_its_examples(examples: tuple[Language, dict[str, dict[str, str]]]) -> None:
    """Every example is said word for word."""
    language, written = examples
    assert {f: {meant: said(language, f, meant) for meant in lines} for f, lines in written.items()} == written


def test_no_other_word_is_said_of_a_time(examples: tuple[Language, dict[str, dict[str, str]]]) -> None:
    """Every word of any minute of the day, and of any day of a year, stands in an example."""
    language, written = examples
    midnight = datetime(2026, 11, 24)  # noqa: DTZ001 - the line gives local times without a zone
    minutes = [midnight + timedelta(minutes=minute) for minute in range(1440)]
    openings = [(days, at + timedelta(days)) for days in range(365) for at in minutes[::60]]
    for function, spoken in {
        "clock": {language.clock(at.time()) for at in minutes},
        "moment": {language.moment(days, at) for days, at in openings},
    }.items():
        known = set(re.findall(r"\w+", " ".join(written[function].values())))
        assert set(re.findall(r"\w+", " ".join(spoken))) - known == set()
