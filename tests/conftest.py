# SPDX-License-Identifier: EUPL-1.2
"""The line of our own card, and somebody who calls it."""

import errno
import logging
import os
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import hypothesis
import pytest
import structlog
from playwright.sync_api import Browser

from ivr.answers import Answers
from ivr.app import create_app
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.phone.interpreter import Call, call
from ivr.phone.transport import Fetch, signed
from ivr.settings import Settings
from tests.caller import Caller
from tests.cards import CARDS, edit
from tests.in_process import wsgi

# No test asserts that a clock is fast.
hypothesis.settings.register_profile("without a clock", deadline=None)
hypothesis.settings.load_profile("without a clock")

# jsonschema does without it. It builds 38 grammars when imported, in each process, for formats that no test checks.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let another Python run less: what it can change is our code, which the further cases of a test run again."""
    parser.addoption("--first-case", action="store_true", help="run each test on its first case only")


@pytest.hookimpl(trylast=True)  # of the cases that are left after -m
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what starts a program that is not here, and with `--first-case` all other cases of a test.

    `@pytest.mark.starts` is for a test that starts a program or a whole server: it is in the second group, that of
    `make test-all`. It names the program, and Debian's package where that is called otherwise; what starts only Python
    names none. In CI nothing is skipped.
    """
    if config.getoption("first_case"):
        first = {item.nodeid.partition("[")[0]: item for item in reversed(items)}
        items[:] = reversed(first.values())
    for item in items:
        for mark in item.iter_markers("starts"):
            if mark.args and not shutil.which(mark.args[0]) and not os.environ.get("CI"):
                install = f"{mark.args[0]} is not installed. On Debian: apt-get install {mark.args[-1]}"
                item.add_marker(pytest.mark.skip(install))


COUNTING = os.environ.get("PYTHONPATH", "")
"""With it a program that a test starts counts what it runs (tests/counting), and takes twice the time to start."""


@pytest.fixture(autouse=True, scope="module")
def _programs_count(request: pytest.FixtureRequest) -> None:
    """Count what is started where nothing else runs the same: elsewhere pytest's own processes do."""
    os.environ["PYTHONPATH"] = COUNTING if "process" in request.path.parts else ""


TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC_URL = "https://lijn.example"
BY_DAY = datetime(2026, 11, 25, 14, 0)  # noqa: DTZ001 - in the card's own time zone
BY_NIGHT = datetime(2026, 11, 25, 23, 0)  # noqa: DTZ001 - in the card's own time zone

SETTINGS = Settings(tokens=(TOKEN,), public_url=PUBLIC_URL, caller_id="+12025550100")


LINES = {name: make_line(replace(SETTINGS, prompts=folder)) for name, folder in CARDS.items()}
"""The lines of both cards."""

LINE = LINES["ours"]
"""Our own line, where a test needs no call."""


def says(id_: str, line: Line = LINE, language: str = "", **blanks: str) -> str:
    """How a line begins a sentence, by its id: as far as its first pause, or the first blank without words here."""
    words = line.spoken(language).sentences.lines[id_][0]
    for name, filled in blanks.items():
        words = words.replace(f"{{{name}}}", filled)
    said = re.split("[…{<]", words)[0].strip()
    assert said, f"{id_} begins with a blank"  # what would be heard anywhere
    return said


@lru_cache(8)
def answers(line: Line, public_url: str = PUBLIC_URL) -> Answers:
    """What a line answers to Twilio."""
    return Answers(line, public_url)


def fetch_at(at: datetime, settings: Settings = SETTINGS, line: Line | None = None) -> Fetch:
    """What carries signed requests to a line at a moment."""
    return fetch_with(lambda: at, settings, line)


def fetch_with(clock: Callable[[], datetime], settings: Settings = SETTINGS, line: Line | None = None) -> Fetch:
    """What carries signed requests to a line with a clock: `line`, or the one that the settings name."""
    line = line or (LINE if settings == SETTINGS else None)  # to read our own card anew costs more than the whole call
    return signed(wsgi(create_app(settings, clock, line), settings.public_url), settings.tokens[0])


def line_at(at: datetime, settings: Settings = SETTINGS, language: str = "", line: Line | None = None) -> Call:
    """A call to the line at a moment, or to the address of a language."""
    return call(fetch_at(at, settings, line), f"{settings.public_url}/voice{language and f'/{language}'}")


def with_edits(folder: Path, *edits: tuple[str, str, str]) -> Settings:
    """A copy of our card after an editor changed it: file, what stood there, what stands there now."""
    shutil.copytree(SETTINGS.prompts, folder, dirs_exist_ok=True)
    for one in edits:
        edit(folder, *one)
    return replace(SETTINGS, prompts=folder)


def with_hours(folder: Path, hours: str) -> Settings:
    """Our card, with other hours for the ESSM."""
    return with_edits(folder, ("card.yaml", "hours: Mo-Su 08:30-22:00", f"hours: {hours}"))


QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
"""What keeps Chromium from asking for anything by itself."""


@pytest.fixture(autouse=True)
def _no_program(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test that is not marked `starts` find no program, whatever is installed here, and start none."""
    if request.node.get_closest_marker("starts"):
        return

    def refused(command: Sequence[str], *_: object, **__: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "only a test that is marked `starts` starts a program", command[0])

    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("subprocess.Popen", refused)


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """Give Python's hooks and loggers back: what serves in the process of a test makes them the line's own."""
    hooks, handlers = (sys.excepthook, sys.unraisablehook, threading.excepthook), list(logging.root.handlers)
    level, last, raises = logging.root.level, logging.lastResort, logging.raiseExceptions
    yield
    sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
    logging.lastResort, logging.raiseExceptions = last, raises
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests: Playwright cannot be started twice."""
    if "FAKETIME" in os.environ:
        pytest.skip("at a faked time Chromium waits for nothing, and keeps a core busy")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - most tests need no browser

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium-headless-shell"), args=QUIET)
        yield started
        started.close()


@pytest.fixture
def caller() -> Callable[..., Caller]:
    """Makes a call: `caller()` by day, `caller(BY_NIGHT)`, `caller(settings=...)`."""

    def make(at: datetime = BY_DAY, settings: Settings = SETTINGS) -> Caller:
        return Caller(fetch_at(at, settings), f"{settings.public_url}/voice")

    return make
