# SPDX-License-Identifier: EUPL-1.2
"""Counters for Prometheus, off by default, on a port of their own that only this machine reaches.

Nothing is counted per number, per choice or per area of the card: on a quiet line a counter that moves is one person's
call at one moment. What is counted says how the service does, and nothing about what anybody did.
"""

import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, got_request_exception, request
from prometheus_client import CollectorRegistry, Counter, Histogram, make_wsgi_app
from prometheus_client.multiprocess import MultiProcessCollector

from ivr.web.signature import VARIABLE

REFUSED = (400, 403, 404, 405, 408, 413)
"""The statuses of what is refused."""

_FAILED = "ivr.failed"

_requests = Counter("ivr_requests", "Requests that were answered, health checks among them.")
_seconds = Histogram(
    "ivr_request_seconds",
    "Seconds from a request to its answer; refusals apart, whose seconds a stranger chooses.",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5),
)
_refusals = Counter(
    "ivr_refusals", "Requests that were refused, by status; of those with 403 only what had a signature.", ["status"]
)
_errors = Counter("ivr_errors", "Errors in our own code.")
_fallbacks = Counter("ivr_fallback_answers", "Errors after which the caller still heard every number.")


def count_refusal(status: int) -> None:
    """Note a request that was refused before it reached the app."""
    _requests.inc()
    _refusals.labels(status).inc()


def count(app: Flask, port: int) -> WSGIApplication:
    """The app, counted; what comes in at `port` reads the counters of all workers instead."""
    got_request_exception.connect(_note_error, app)
    for refused in REFUSED:  # from 0 on: where the first makes a series, no alert sees a rise
        _refusals.labels(refused)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    page = make_wsgi_app(registry)

    def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["SERVER_PORT"] == str(port):
            answer: Iterable[bytes] = page(environ, start_response)
            return answer
        begin = time.perf_counter()
        answered: list[int] = []

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            answered.append(int(status[:3]))
            return start_response(status, headers, *rest)  # type: ignore[arg-type]

        answer = app(environ, start)  # type: ignore[arg-type]
        taken = time.perf_counter() - begin
        _requests.inc()
        if answered[0] in REFUSED:
            if answered[0] != 403 or environ.get(VARIABLE):  # without a signature it is not Twilio's
                _refusals.labels(answered[0]).inc()
            return answer
        _seconds.observe(taken)
        if environ.get(_FAILED) and answered[0] == 200:
            _fallbacks.inc()
        return answer

    return counted


def _note_error(*_: object, **__: object) -> None:
    _errors.inc()
    request.environ[_FAILED] = True
