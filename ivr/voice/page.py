# SPDX-License-Identifier: EUPL-1.2
"""The page to record at: on this machine only, one line at a time. What the browser records is judged and kept here."""

from collections.abc import Callable
from io import BytesIO

from flask import Flask, Response, abort, render_template, request

from ivr import recording
from ivr.editor.recordings import Entry
from ivr.messages.catalogue import Catalogue
from ivr.messages.problems import ProblemsError
from ivr.recording import RATE, WIDTH, Track
from ivr.voice import audio, sheet
from ivr.voice.desk import Desk
from ivr.web import local

LARGEST = 32 * 1024 * 1024
"""Bytes of one recording: minutes at 48,000 samples a second."""


def make(opened: Callable[[], Desk], reader: str) -> Flask:
    """Make the app of the page; `reader` is the language of what stands around the lines.

    Each request opens the desk anew: a sentence may change meanwhile, and somebody may accept lines in a terminal.
    """
    app = local.app(__name__, LARGEST)
    app.register_error_handler(ProblemsError, lambda error: ({"told": error.text(reader)}, 422))
    say = Catalogue(reader).say
    takes: dict[int, bytes] = {}

    def entry(desk: Desk, number: int) -> Entry:
        return next((one for one in desk.entries(desk.now.wanted) if one.number == number), None) or abort(404)

    @app.get("/")
    def page() -> str:
        return render_template("record.html", say=say, reader=reader, language=opened().language)

    @app.get("/lines")
    def lines() -> list[dict[str, object]]:
        desk = opened()
        if any(entry.place is None for entry in desk.now.entries.values()):
            desk.save()  # a number that somebody sees stays that of its line
        return sheet.rows(desk)

    @app.post("/lines/<int:number>/take")
    def take(number: int) -> dict[str, str]:
        entry(opened(), number)
        takes.pop(number, None)
        made = audio.take(BytesIO(request.get_data()))
        takes[number] = made.samples
        seconds = f"{len(made.samples) / WIDTH / RATE:.1f}"
        return {"told": say("page-take", seconds=seconds, cut=f"{made.cut:.1f}", level=f"{made.level:+.0f}")}

    @app.get("/lines/<int:number>/sound.wav")
    def sound(number: int) -> Response:
        if samples := takes.get(number):
            data = recording.wav(samples, [Track(len(samples) // WIDTH)])
        else:
            desk = opened()
            kept = desk.now.sound.get(entry(desk, number).text) or abort(404)
            data = kept.file.read_bytes()
        return Response(data, mimetype="audio/wav")

    @app.post("/lines/<int:number>/keep")
    def keep(number: int) -> dict[str, str]:
        desk = opened()
        desk.keep(entry(desk, number), takes.get(number) or abort(404), _by())
        del takes[number]
        return {"told": ""}

    @app.post("/lines/<int:number>/heard")
    def heard(number: int) -> dict[str, str]:
        opened().accept([number], _by())
        return {"told": ""}

    return app


def _by() -> str:
    match request.get_json():
        case {"by": str(by)} if by.strip():
            return by.strip()
    return abort(400)
