# SPDX-License-Identifier: EUPL-1.2
"""What the server writes down: that it starts, with which settings, and where in the code something went wrong.

Never about whom. A request is not logged at all: on a quiet line a moment in a log is one person's call. Nor is the
text of an exception, which can quote what a caller sent; its type and its place in the code are. Of the libraries only
gunicorn's first process is quoted, which reads no request.
"""

import io
import logging
import os
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import structlog

log: structlog.typing.FilteringBoundLogger = structlog.get_logger()


def configure(level: str) -> None:
    """Write to standard error from this `level` on: JSON, or lines for people when that is a terminal.

    Everything that would write there by itself (Python's loggers and warnings, an error that nobody caught) goes the
    same way and loses its text.
    """
    to_people = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if to_people else structlog.processors.JSONRenderer(sort_keys=True)
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper("iso", utc=True), renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # One write for each line: several workers write to the same stream.
        logger_factory=structlog.WriteLoggerFactory(_Patient(sys.stderr)),
    )
    logging.basicConfig(level=level.upper(), handlers=[_Libraries(os.getpid())], force=True)
    # Neither a record without a handler nor an error inside a handler is written.
    logging.lastResort = None
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)
    sys.excepthook = lambda _, error, __: failed("uncaught", error)
    sys.unraisablehook = lambda unraisable: failed("unraisable", unraisable.exc_value)
    threading.excepthook = lambda thread: failed("thread", thread.exc_value)


class _Patient(io.StringIO):
    """Ignores write errors: a full disk or a closed terminal must not fail a call."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def failed(event: str, error: BaseException | None) -> None:
    """Note an error by its type and its place in the code, and nothing that it says."""
    log.error(event, **described(error))


def described(error: BaseException | None) -> dict[str, object]:
    """The type of an error, and the lines that it came through, innermost last; the same of what caused it."""
    if error is None:
        return {}
    frames = traceback.extract_tb(error.__traceback__, limit=-20)
    fields: dict[str, object] = {
        "error": type(error).__name__,
        "at": [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }
    cause = error.__cause__ or error.__context__
    return fields | ({"after": described(cause)} if cause else {})


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-3:])


class _Libraries(logging.Handler):
    """Python's loggers. A message can quote a request (gunicorn's do), so of a warning only its place is kept.

    The exception is gunicorn's first process, `quoted`: it watches over the workers and reads no request.
    """

    def __init__(self, quoted: int) -> None:
        super().__init__()
        self._quoted = quoted

    def emit(self, record: logging.LogRecord) -> None:
        details: dict[str, object] = {"logger": record.name, "line": f"{record.module}:{record.lineno}"}
        if record.name == "gunicorn.error" and os.getpid() == self._quoted:
            details["message"] = record.getMessage()
        elif record.levelno < logging.WARNING:
            return
        if record.exc_info:
            details |= described(record.exc_info[1])
        log.log(record.levelno, "library", **details)
