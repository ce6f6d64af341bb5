# SPDX-License-Identifier: EUPL-1.2
"""The page to record at: on this machine only, one line at a time. What the browser records is judged and kept here."""

from collections.abc import Callable
from io import BytesIO
from threading import Lock

from flask import Flask, Response, abort, render_template, request

from ivr import recording
from ivr.editor.recordings import Entry
from ivr.messages.catalogue import Catalogue
from ivr.messages.problems import ProblemsError
from ivr.recording import RATE, WIDTH, Track
from ivr.voice import audio, sheet
from ivr.voice.desk import Desk
from ivr.web import local

MOST = 64
"""Recordings that nobody has kept yet are remembered; older ones are forgotten."""

LARGEST = 32 * 1024 * 1024
"""Bytes of one recording: minutes at 48,000 samples a second."""


def make(opened: Callable[[], Desk], reader: str) -> Flask:
    """Make the app of the page; `reader` is the language of what stands around the lines.

    Each request opens the desk anew: a sentence may change meanwhile, and somebody may accept lines in a terminal.
    """
    app = local.app(__name__, LARGEST)
    app.register_error_handler(ProblemsError, lambda error: ({"told": error.text(reader)}, 422))
    say = Catalogue(reader).say
    takes: dict[str, bytes] = {}  # by the name that a file would get
    lock = Lock()  # what is compared with the list is written before anybody else writes there

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
        desk = opened()
        text = _entry(desk, number).text
        made = audio.take(BytesIO(request.get_data()))
        track = Track(len(made.samples) // WIDTH, desk.language, text)
        data = recording.wav(made.samples, [track])
        file = f"{recording.name(data, desk.language, track.text)}.wav"
        takes[file] = data
        for old in [*takes][:-MOST]:
            takes.pop(old, None)
        seconds = f"{track.samples / RATE:.1f}"
        told = say("page-take", seconds=seconds, cut=f"{made.cut:.1f}", level=f"{made.level:+.0f}")
        return {"told": told, "file": file}

    @app.get("/sound/<file>")
    def sound(file: str) -> Response:
        if file in takes:
            return Response(takes[file], mimetype="audio/wav")
        kept = (each.file for each in opened().now.sound.values())
        found = next((each for each in kept if each.name == file), None) or abort(404)
        return Response(found.read_bytes(), mimetype="audio/wav")

    @app.post("/lines/<int:number>/keep")
    def keep(number: int) -> dict[str, str]:
        file = request.form["file"]
        with lock:
            desk = opened()
            one = _entry(desk, number, request.form["was"])  # what somebody else has read meanwhile would be lost
            desk.keep(one, recording.unpack(takes.get(file) or abort(404))[0], request.form["by"].strip())
        takes.pop(file, None)
        return {"told": ""}

    @app.post("/lines/<int:number>/heard")
    def heard(number: int) -> dict[str, str]:
        with lock:
            desk = opened()
            one = _entry(desk, number, request.form["file"])  # no other reading than the one that was listened to
            desk.accept([one if one.text in desk.now.unheard else abort(409)], request.form["by"].strip())
        return {"told": ""}

    return app


def _entry(desk: Desk, number: int, file: str | None = None) -> Entry:
    """The entry of a line, which may have to be that of a `file`: else somebody has read it anew (409)."""
    found = next((one for one in desk.entries(desk.now.wanted) if one.number == number), None) or abort(404)
    return found if file in (None, found.file) else abort(409)
