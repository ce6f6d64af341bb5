# SPDX-License-Identifier: EUPL-1.2
"""What is measured: our service, Twilio's sample pattern for the same menu, and two floors that do no work.

The sample follows https://www.twilio.com/docs/usage/tutorials/how-to-secure-your-flask-app-by-validating-incoming-twilio-requests:
a validator and a `VoiceResponse` for every request. It says our main menu, with the same pauses.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, Say, VoiceResponse

from ivr.answers import Answers
from ivr.app import create_app
from ivr.dialogue import start
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.settings import Settings, default_prompts
from ivr.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC_URL = "http://lijn.example"
"""Without TLS, so that the sample's `request.url` is right behind nothing but the Host header."""


def settings(prompts: Path | None = None) -> Settings:
    """The settings of our service under measurement."""
    return Settings((TOKEN,), PUBLIC_URL, "+12025550123", prompts or default_prompts())


def ours(prompts: Path | None = None) -> Flask:
    """Our service."""
    return create_app(settings(prompts))


def sample(prompts: Path | None = None) -> Flask:
    """Twilio's sample pattern; whatever is pressed, it says the main menu."""
    os.environ["TWILIO_AUTH_TOKEN"] = TOKEN
    lines = [line.split(" … ") for line in _menu_lines(prompts)]
    app = Flask("sample")

    def validate_twilio_request(view: Callable[..., str]) -> Callable[..., str]:
        @wraps(view)
        def decorated(*args: str, **kwargs: str) -> str:
            validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
            if not validator.validate(request.url, request.form, request.headers.get("X-Twilio-Signature", "")):
                abort(403)
            return view(*args, **kwargs)

        return decorated

    @app.post("/voice")
    @app.post("/voice/<path:_>")
    @validate_twilio_request
    def menu(_: str = "") -> str:
        response = VoiceResponse()
        gather = Gather(input="dtmf", num_digits=1, finish_on_key="", timeout=10, action="/voice/gather", method="POST")
        say = Say(voice="Polly.Laura-Neural", language="nl-NL")
        for line in lines:
            for place, piece in enumerate(line):
                say.break_(time="250ms" if place else "500ms")
                say.append(piece)
        gather.append(say)
        response.append(gather)
        response.redirect("/voice", method="POST")
        return str(response)

    return app


def constant(prompts: Path | None = None) -> Flask:
    """A Flask view that returns the bytes of the main menu, and checks nothing."""
    answer = _menu(prompts)
    app = Flask("constant")

    @app.post("/voice")
    @app.post("/voice/<path:_>")
    def menu(_: str = "") -> bytes:
        request.environ["wsgi.input"].read()  # our server closes a connection whose body nobody reads
        return answer

    return app


class _Bare(Flask):
    """An app of which only the server is left."""

    def __init__(self, answer: bytes) -> None:
        super().__init__("bare")
        self._answer = answer
        self._headers = [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(answer)))]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer without a look at the request; but for its body, or our server would close the connection."""
        environ["wsgi.input"].read()
        start_response("200 OK", self._headers)
        return [self._answer]


def bare(prompts: Path | None = None) -> Flask:
    """The server alone, with the bytes of the main menu."""
    return _Bare(_menu(prompts))


APPS: dict[str, Callable[[Path | None], Flask]] = {"ours": ours, "sample": sample, "constant": constant, "bare": bare}


def line(prompts: Path | None = None) -> Line:
    """Our line, to read off what it says and where."""
    return make_line(settings(prompts))


def _menu(prompts: Path | None) -> bytes:
    return Answers(line(prompts), PUBLIC_URL).start(datetime.now(UTC))


def _menu_lines(prompts: Path | None) -> tuple[str, ...]:
    here = line(prompts)
    return here.said(start(here.card), World())
