# SPDX-License-Identifier: EUPL-1.2
import io
import json
import logging
import sys
import threading
import warnings
from types import SimpleNamespace
from typing import cast

import pytest

from ivr.process import log


class Terminal(io.StringIO):
    """A screen."""

    def isatty(self) -> bool:
        """Say that people read this."""
        return True


def listen(monkeypatch: pytest.MonkeyPatch, to: io.StringIO, level: str = "info") -> io.StringIO:
    """Let the log write here."""
    monkeypatch.setattr(sys, "stderr", to)
    log.configure(level)
    return to


def test_people_get_lines_and_machines_get_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a line is made for people, elsewhere it is JSON."""
    screen = listen(monkeypatch, Terminal())
    log.log.info("starting", workers=2)
    assert "starting" in screen.getvalue()
    assert "{" not in screen.getvalue()
    file = listen(monkeypatch, io.StringIO())
    log.log.info("starting", workers=2)
    assert json.loads(file.getvalue())["workers"] == 2


def test_an_error_loses_its_text_and_keeps_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an error and of its cause the type and the lines of code are told, and nothing that they say."""
    file = listen(monkeypatch, io.StringIO())
    try:
        int("call +12025550143")
    except ValueError as cause:
        error = RuntimeError("+12025550143")
        error.__cause__ = cause
        log.failed("request", error)
    told = json.loads(file.getvalue())
    assert (told["error"], told["after"]["error"], told["level"]) == ("RuntimeError", "ValueError", "error")
    assert told["after"]["at"][0].startswith("tests/process/test_log.py:")
    assert "2025550143" not in file.getvalue()


def test_what_nobody_caught_goes_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's hooks, its warnings and the loggers of libraries lose their text as well."""
    file = listen(monkeypatch, io.StringIO(), "debug")
    error = ValueError("+12025550143")
    sys.excepthook(ValueError, error, None)
    sys.unraisablehook(cast("sys.UnraisableHookArgs", SimpleNamespace(exc_value=error)))
    threading.excepthook(threading.ExceptHookArgs((ValueError, error, None, None)))
    logging.getLogger("library").error("Not %s", "+12025550143")
    logging.getLogger("library").error("Not", exc_info=error)
    logging.getLogger("library").info("+12025550143")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("+12025550143", stacklevel=1)
    log.failed("nothing", None)
    told = [json.loads(line) for line in file.getvalue().splitlines()]
    assert [line["event"] for line in told] == ["uncaught", "unraisable", "thread", *["library"] * 3, "nothing"]
    assert told[4]["error"] == "ValueError"
    assert told[5]["logger"] == "py.warnings"
    assert "2025550143" not in file.getvalue()


def test_nothing_else_ever_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that takes our handler away, or logs where it does not listen, or stumbles, writes nothing."""
    file = listen(monkeypatch, io.StringIO())
    logging.root.handlers.clear()
    logging.getLogger("library").error("call +12025550143")
    alone = logging.Logger("alone")  # noqa: LOG001 - one that is in nobody's tree
    alone.error("call +12025550143")
    alone.addHandler(logging.StreamHandler(file))
    alone.error("call %d", "+12025550143")
    assert file.getvalue() == ""


def test_only_the_first_process_of_the_server_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gunicorn's first process reads no request and is quoted; the same line from a worker is not."""
    file = listen(monkeypatch, io.StringIO())
    logging.getLogger("gunicorn.error").warning("Worker (pid:%s) was sent SIGKILL!", 7)
    monkeypatch.setattr("os.getpid", lambda: -1)
    logging.getLogger("gunicorn.error").warning("Invalid request from +12025550143")
    quoted, other = [json.loads(line) for line in file.getvalue().splitlines()]
    assert quoted["message"] == "Worker (pid:7) was sent SIGKILL!"
    assert "message" not in other


def test_a_log_that_cannot_be_written_costs_nothing() -> None:
    """Where the disk is full or nobody reads, a line of the log is lost, and no call."""

    class Full(io.StringIO):
        """A stream that takes nothing."""

        def write(self, _: str) -> int:
            """Refuse."""
            raise OSError(28, "No space left on device")

        def flush(self) -> None:
            """Refuse."""
            raise BrokenPipeError

    stream = log._Patient(Full())  # noqa: SLF001 - the only way to a full disk
    assert stream.write("a line") == 6
    stream.flush()
