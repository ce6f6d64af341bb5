# SPDX-License-Identifier: EUPL-1.2
"""The telephone in the browser while somebody edits: the same file as `ivr phone FILE` writes, made anew at each save.

This app is a demonstration: it is no part of what is deployed, and listens to this machine only.
"""

import os
import shlex
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock

from flask import Flask, Response, abort, request

from ivr.answers import Answers
from ivr.browser import file
from ivr.browser.ways import EVENTS
from ivr.editor.load import Read, left_out, load, make_line
from ivr.language import KNOWN
from ivr.messages.problems import CardError, ProblemError
from ivr.phone import espeak, speech
from ivr.phone.handsets import SILENCE, press_keys
from ivr.phone.interpreter import call
from ivr.phone.transcript import Transcript
from ivr.phone.transport import Answer, Request, direct
from ivr.settings import Settings
from ivr.web import local

GIVEN = ("IVR_PROMPTS", "IVR_LANGUAGE", "IVR_EDITOR_LANGUAGE")
"""Settings that a copied command needs, where this telephone was started with them."""


class Files:
    """The card and its sentences as they are on disk: read again once a file was saved.

    `wrong` tells every mistake; one in another language than the first leaves a line without that language. `read` is
    the last card that could be read, if any could, and `version` counts these.
    """

    def __init__(self, chosen: Settings) -> None:
        self.wrong = ""
        self.version = 0
        self.read: Read | None = None
        self._chosen = chosen
        self._lock = Lock()
        self._seen: list[object] = []

    def look(self) -> None:
        """Read the files, if one was saved."""
        with self._lock:
            seen: list[object] = []
            for one in sorted(self._chosen.prompts.rglob("*.yaml")):
                with suppress(FileNotFoundError):  # an editor saves by putting another file in its place
                    seen += [one, one.stat().st_mtime_ns]
            if seen == self._seen:
                return
            self._seen, language = seen, self._chosen.editor_language
            try:
                self.read = load(self._chosen.prompts, self._chosen.code)
            except CardError as error:
                self.wrong = error.text(language)
                return
            self.wrong = "\n".join(found.text(language) for found in left_out(self.read))
            self.version += 1


def make(chosen: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Flask:
    """Make the app of the page; `clock` gives the present, with a time zone."""
    app = local.app(__name__, largest=65536)
    files = Files(chosen)
    made: dict[object, str] = {}

    @app.get("/")
    def page() -> Response:
        files.look()
        if not files.read:
            return Response(files.wrong, mimetype="text/plain", headers={"Refresh": "2"})
        known = files.version, files.wrong, f"{clock():%Y-%m-%d}"
        if known not in made:
            made.clear()
            made[known] = file.page(chosen, clock(), read=files.read, wrong=files.wrong, served=str(files.version))
        return Response(made[known], headers={"Content-Security-Policy": "frame-ancestors 'none'"})  # and its own

    @app.get("/state")
    def state() -> dict[str, str]:
        files.look()
        return {"version": str(files.version), "wrong": files.wrong}

    @app.get("/told")
    def told() -> dict[str, str]:
        files.look()
        asked = request.args
        at, keys, language = asked.get("at", type=datetime.fromisoformat), asked["keys"], asked["language"]
        if not (files.read and at) or {*keys} - {*EVENTS} or language not in files.read.spoken:
            abort(400)
        if asked["version"] != str(files.version):
            return {}  # the call began with sentences that are gone, and no command makes it again
        return copies(chosen, files.read, at, keys, language)

    @app.get("/sound/<language>.wav")
    def sound(language: str) -> Response:
        text = request.args["text"]
        if language not in KNOWN:
            abort(404)
        files.look()  # a page may be open since before this telephone started
        read = files.read if request.args.get("recorded") else None
        known = make_line(chosen, read).spoken(language).recorded.values() if read else ()
        found = next((one.file.read_bytes() for one in known if speech.plain(one.heard.text) == text), None)
        return Response(found or espeak.spoken(text, language), mimetype="audio/wav")

    return app


def copies(chosen: Settings, read: Read, at: datetime, keys: str, language: str) -> dict[str, str]:
    """A call up to now as a command, what that prints, as in `tests/calls`, and the TwiML of its last answer."""
    line = make_line(chosen, read)
    answers = Answers(line, chosen.public_url)
    fetch, bodies = direct(answers, lambda: at), list[bytes]()

    def noted(asked: Request) -> Answer:
        answer = fetch(asked)
        if not asked.url.startswith(answers.sounds):
            bodies.append(answer.body)
        return answer

    first = language == line.card.languages[0]
    pressed = keys.rstrip(SILENCE)  # after the last key `ivr call` is silent by itself
    written: list[str] = []
    with suppress(ProblemError):  # somebody who presses two hundred keys goes round in circles
        url = answers.url if first else f"{answers.url}/{language}"
        press_keys(call(noted, url), pressed, Transcript(chosen.editor_language), written.append)
    set_ = "".join(f"{name}={shlex.quote(os.environ[name])} " for name in GIVEN if name in os.environ)
    asked = f"--at {at:%Y-%m-%dT%H:%M} --keys '{pressed}'" + ("" if first else f" --language {language}")
    command = f'{set_}IVR_CALLER_ID={chosen.caller_id or ""} make call ARGS="{asked}"'
    transcript = f"# {chosen.say('phone-transcript-title')}\n$ {command}\n\n{''.join(written)}"
    return {"command": command, "transcript": transcript, "twiml": bodies[: len(keys) + 1][-1].decode()}
