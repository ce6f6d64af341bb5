# SPDX-License-Identifier: EUPL-1.2
"""The real `ivr` command with faults in it: the header X-Fault of a signed request names the one that happens.

Each fault says aloud all that it knows of the request, as a careless line of code or a library might.
"""

import logging
import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import gevent
from flask import Flask, has_request_context, request

from ivr.answers import Answers
from ivr.commands.main import main
from ivr.web.refusals import note
from ivr.web.signature import Signature


class CarelessError(Exception):
    """An error that quotes a request."""


class _CarelessEnd:
    def __init__(self, text: str) -> None:
        self._text = text

    def __del__(self) -> None:
        raise CarelessError(self._text)


def _all_of_it() -> str:
    return f"{request.url} {request.remote_addr} {dict(request.headers)} {request.environ}"


def _fail(text: str) -> None:
    try:
        int(text)
    except ValueError as error:
        raise CarelessError(text) from error


def _answer_all_the_same(text: str) -> None:
    try:
        _fail(text)
    except CarelessError as error:
        note(error)


def _exit(text: str) -> None:
    raise SystemExit(text)


def _log(text: str) -> None:
    warnings.warn(text, stacklevel=1)
    logging.getLogger("a.library").error("Here is %s", text)
    logging.getLogger("gunicorn.error").error(text)
    logging.getLogger("a.library").error(text, exc_info=CarelessError(text))


FAULTS: dict[str, Callable[[str], object]] = {
    "exception": _fail,
    "answered": _answer_all_the_same,
    "exit": _exit,
    "log": _log,
    "greenlet": lambda text: gevent.spawn(_fail, text),
    "thread": lambda text: threading.Thread(target=_fail, args=(text,)).start(),
    "unraisable": _CarelessEnd,
    "abort": lambda _: os.kill(os.getpid(), signal.SIGABRT),
    "kill": lambda _: os.kill(os.getpid(), signal.SIGKILL),
}
"""What can happen while a request is answered. Before it: "signature", in its check, and "outside", around the app."""


def _with_faults() -> None:
    answer, genuine = Answers.answer, Signature.genuine

    def faulty_answer(*args: object) -> bytes:
        # Without a request the line is proved, before it is served.
        if has_request_context() and (fault := FAULTS.get(request.headers.get("X-Fault", ""))):
            fault(_all_of_it())
        return answer(*args)  # type: ignore[arg-type]

    def faulty_genuine(*args: object) -> bool:
        if request.headers.get("X-Fault") == "signature":
            _fail(_all_of_it())
        return genuine(*args)  # type: ignore[arg-type]

    def faulty_app(app: Flask, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("HTTP_X_FAULT") == "outside":
            _fail(str(environ))
        return app.wsgi_app(environ, start_response)

    Flask.__call__ = faulty_app  # type: ignore[assignment, method-assign]
    Answers.answer = faulty_answer  # type: ignore[assignment, method-assign]
    Signature.genuine = faulty_genuine  # type: ignore[assignment, method-assign]


COMMAND = "from tests.faulty import run; run()"


def run() -> None:
    """Run `ivr` with its faults."""
    _with_faults()
    main()
