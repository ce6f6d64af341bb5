# SPDX-License-Identifier: EUPL-1.2
"""The page to record at: on this machine only, one line at a time. What the browser records is judged and kept here."""

from collections.abc import Callable
from socket import socket
from typing import Any

from flask import Flask, Response, abort, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer

from ivr import recording
from ivr.editor.recordings import Entry
from ivr.messages.catalogue import Catalogue
from ivr.messages.problems import RecordError
from ivr.recording import WIDTH, Track
from ivr.voice import audio
from ivr.voice.desk import Desk
from ivr.voice.sheet import about, shown
from ivr.web import local
from ivr.web.refusals import refuse

LARGEST = 32 * 1024 * 1024
"""Bytes of one recording: two minutes at 48,000 samples a second and more."""


def make(desk: Desk, reader: str) -> Flask:
    """Make the app of the page; `reader` is the language of what stands around the lines."""
    app = Flask(__name__)
    app.jinja_env.undefined = StrictUndefined
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.register_error_handler(HTTPException, refuse)
    local.guard(app)
    say = Catalogue(reader).say
    takes: dict[int, bytes] = {}

    def entry(number: int) -> Entry:
        return next((one for one in desk.entries(desk.standing.wanted) if one.number == number), None) or abort(404)

    @app.get("/")
    def page() -> str:
        return render_template("record.html", say=say, reader=reader, desk=desk)

    @app.get("/lines")
    def lines() -> list[dict[str, Any]]:
        now = desk.standing
        sentences = desk.line.spoken(desk.language).sentences
        states = dict.fromkeys(now.wanted, "heard") | dict.fromkeys(now.unheard, "unheard")
        states |= dict.fromkeys(now.missing, "missing") | dict.fromkeys(now.stale, "stale")
        return [
            {
                "number": one.number,
                "text": shown(sentences, now.wanted[one.text], one.text),
                "about": about(one.line),
                "state": states[one.text],
                "by": one.spoken_by,
            }
            for one in sorted(desk.entries(now.wanted), key=lambda one: one.number)
        ]

    @app.post("/lines/<int:number>/take")
    def take(number: int) -> tuple[dict[str, str], int]:
        entry(number)
        try:
            made = audio.take(request.get_data())
        except RecordError as error:
            takes.pop(number, None)
            return {"told": error.text(reader)}, 422
        takes[number] = made.samples
        seconds = f"{len(made.samples) / WIDTH / recording.RATE:.1f}"
        return {"told": say("page-take", seconds=seconds, cut=f"{made.cut:.1f}", level=f"{made.level:+.0f}")}, 200

    @app.get("/lines/<int:number>/sound.wav")
    def sound(number: int) -> Response:
        samples = takes.get(number) or desk.book.samples(entry(number)) or abort(404)
        return Response(recording.wav(samples, [Track(len(samples) // WIDTH)]), mimetype="audio/wav")

    @app.post("/lines/<int:number>/keep")
    def keep(number: int) -> tuple[dict[str, str], int]:
        made = takes.get(number) or abort(404)
        return _done(lambda: desk.book.keep(entry(number), made, _by(), desk.today), reader)

    @app.post("/lines/<int:number>/heard")
    def heard(number: int) -> tuple[dict[str, str], int]:
        return _done(lambda: desk.accept([number], _by()), reader)

    return app


def _by() -> str:
    match request.get_json():
        case {"by": str(by)} if by.strip():
            return by.strip()
    return abort(400)


def _done(work: Callable[[], object], reader: str) -> tuple[dict[str, str], int]:
    """Do something, and tell what went wrong with it."""
    try:
        work()
    except RecordError as error:
        return {"told": error.text(reader)}, 422
    return {"told": ""}, 200


def server(desk: Desk, reader: str, listening: socket) -> BaseWSGIServer:
    """A server of the page on a socket that listens to this machine."""
    return local.server(make(desk, reader), listening)
