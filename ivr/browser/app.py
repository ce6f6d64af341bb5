# SPDX-License-Identifier: EUPL-1.2
"""The telephone in the browser: a page on this machine through which somebody makes calls to the line.

Every call is a `Conversation`: the same interpreter as everywhere, through the signed webhooks of the real app. The
page plays what it is told, and tells what the person did; what is heard next, and how long a silence lasts, is decided
here. This app is a demonstration: it is no part of what is deployed, and listens to this machine only.
"""

import hashlib
import json
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from socket import socket
from threading import Lock
from typing import Any

from flask import Flask, Response, abort, render_template, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from ivr.address import path
from ivr.browser.conversation import Conversation, keys_to
from ivr.dialogue import positions
from ivr.editor.load import Read, load, make_line
from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.messages.problems import CardError
from ivr.phone import espeak
from ivr.phone.events import Action, HangUp, Outcome, Press
from ivr.proof.checks import left_out
from ivr.review.compared import compared
from ivr.settings import LANGUAGE, Settings
from ivr.web.refusals import STRICT, refuse

MOST_CALLS = 64
"""Calls that can still be copied; older ones are forgotten."""

HEADERS = STRICT | {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "media-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}


Clock = Callable[[], datetime]
"""Gives the present, with a time zone."""


def _now() -> datetime:
    return datetime.now(UTC)


class Files:
    """The card and its sentences as they are on disk: read again once a file was saved.

    `wrong` tells every mistake; one in another language than the first leaves a line without that language.
    """

    def __init__(self, chosen: Settings) -> None:
        self.version = 0
        self.wrong = ""
        self._chosen = chosen
        self._lock = Lock()
        self._seen: list[object] = []
        self._read: Read | None = None

    def line(self) -> Line | None:
        """A line of what is there now; None while there is a mistake that keeps it from starting."""
        with self._lock:
            seen: list[object] = []
            for file in sorted(self._chosen.prompts.rglob("*.yaml")):
                with suppress(FileNotFoundError):  # an editor saves by putting another file in its place
                    seen += [file, file.stat().st_mtime_ns]
            if seen != self._seen or not self.version:
                self._seen, self.wrong = seen, ""
                self.version += 1
                language = self._chosen.editor_language
                try:
                    self._read = load(self._chosen.prompts, self._chosen.code)
                    self.wrong = "\n".join(found.text(language) for found in left_out(self._read))
                except CardError as error:
                    self._read, self.wrong = None, error.text(language)
            # A line of its own for each call: they may be at other times, and are made in other threads.
            return make_line(self._chosen, self._read) if self._read else None


class Telephones:
    """The calls that are made from the pages of one server, each a page's own, to what the files say when it begins."""

    def __init__(self, chosen: Settings, clock: Clock) -> None:
        self._chosen = replace(chosen, tokens=(secrets.token_hex(16),))
        self._clock = clock
        self._say = Catalogue(chosen.editor_language).say
        self._files = Files(chosen)
        self._texts: dict[str, tuple[str, str]] = {}
        self.calls = OrderedDict[str, Conversation]()

    def state(self) -> dict[str, object]:
        """What is wrong with the files, and else where a call can begin: the path and the first words there."""
        positions_: list[tuple[str, str]] = []
        if line := self._files.line():
            world = line.world(self._clock())
            for position in positions(line.card):
                words = re.split("[.…]", line.said(position, world)[0])[0].strip()
                positions_.append((path(position), f"{words} ({path(position)})"))
        return {"version": self._files.version, "wrong": self._files.wrong, "positions": positions_}

    def begin(self, asked: dict[str, Any]) -> Iterator[str]:
        """Begin a call and return what it tells, or why there can be none; raises ValueError for no moment."""
        line = self._files.line()
        if line is None:
            return _refused(self._say("phone-mistake"))
        at = _moment(str(asked.get("at")), self._clock().astimezone(line.card.timezone))
        name = str(asked.get("position") or "")
        ahead = keys_to(line, name, at) if name else ""
        if ahead is None:
            return _refused(self._say("phone-unreachable"))
        conversation = Conversation(self._chosen, line, at, ahead, sound=str(asked.get("sound")))
        id_ = secrets.token_hex(8)
        self.calls[id_] = conversation
        if len(self.calls) > MOST_CALLS:
            self.calls.popitem(last=False)
        return self._lines(id_, conversation)

    def _lines(self, id_: str, conversation: Conversation) -> Iterator[str]:
        yield json.dumps({"kind": "call", "id": id_}) + "\n"
        for told in conversation.moments():
            if told["kind"] == "said":
                said = told["text"], told["language"]
                name = hashlib.sha256(repr(said).encode()).hexdigest()[:16]
                self._texts[name] = said
                told["sound"] = f"/sound/{name}.wav"
            yield json.dumps(told) + "\n"

    def sound(self, name: str) -> bytes | None:
        """The WAV of a text that a call told of."""
        text, language = self._texts.get(name, ("", ""))
        return espeak.spoken(text, language) if text else None


def make(chosen: Settings, clock: Clock) -> Flask:
    """Make the app of the page."""
    app = Flask(__name__)
    app.jinja_env.undefined = StrictUndefined
    app.config["MAX_CONTENT_LENGTH"] = 4096
    app.register_error_handler(HTTPException, refuse)
    app.before_request(_only_from_this_page)
    app.after_request(_strict)
    phones = Telephones(chosen, clock)

    @app.get("/")
    def page() -> str:
        values = {
            "language": chosen.editor_language,
            "code": chosen.code or LANGUAGE[:2],
            "connects": bool(chosen.caller_id),
        }
        values |= {"espeak": espeak.available()}
        return render_template("phone.html", say=Catalogue(chosen.editor_language).say, **values)

    app.get("/state")(phones.state)

    @app.post("/calls")
    def begin() -> Response:
        try:
            return Response(phones.begin(_asked()), mimetype="application/x-ndjson")
        except ValueError:
            abort(400)

    @app.post("/calls/<id_>")
    def act(id_: str) -> dict[str, str]:
        try:
            number, action = _action(_asked())
        except (ValueError, TypeError):
            abort(400)
        (phones.calls.get(id_) or abort(404)).act(number, action)
        return {}

    @app.get("/calls/<id_>")
    def copy(id_: str) -> dict[str, str]:
        return (phones.calls.get(id_) or abort(404)).copy()

    @app.get("/sound/<name>.wav")
    def sound(name: str) -> Response:
        return Response(phones.sound(name) or abort(404), mimetype="audio/wav")

    @app.get("/diff")
    def diff() -> dict[str, str]:
        try:
            _, heading, told = compared(chosen, None)
        except CardError as error:
            return {"text": error.text(chosen.editor_language)}
        return {"text": "\n- ".join([heading, *told])}

    return app


def _only_from_this_page() -> None:
    """Refuse what a page elsewhere can do: give its own name the address of this machine, and send forms here."""
    if request.host.partition(":")[0] not in ("127.0.0.1", "localhost"):
        abort(403)
    if request.method == "POST" and request.headers.get("Origin") != f"http://{request.host}":
        abort(403)


def _strict(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


def _refused(why: str) -> Iterator[str]:
    return iter([json.dumps({"kind": "refused", "status": why}) + "\n"])


def _asked() -> dict[str, Any]:
    asked = request.get_json()
    return asked if isinstance(asked, dict) else abort(400)


def _action(asked: dict[str, Any]) -> tuple[int, Action]:
    """What the page tells: a key, how a connection ended, hanging up, or that the event of a number is over."""
    match asked:
        case {"keys": str(keys)}:
            return 0, Press(keys)
        case {"outcome": str(status)}:
            return 0, Outcome(status)
        case {"hangup": True}:
            return 0, HangUp()
        case _:
            return int(asked.get("over", "")), None


def _moment(asked: str, now: datetime) -> datetime:
    """The minute of a call, in the card's time zone and without it; raises ValueError for what is no moment."""
    now = now.replace(second=0, microsecond=0, tzinfo=None)
    match asked:
        case "now":
            return now
        case "tonight":
            return now.replace(hour=23, minute=0)
        case "christmas":
            this_year = now.replace(month=12, day=25, hour=14, minute=0)
            return this_year if now.date() <= this_year.date() else this_year.replace(year=now.year + 1)
    at = datetime.strptime(asked, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - the card's own
    if not 2000 <= at.year <= 2100:
        raise ValueError(asked)
    return at


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Write nothing down."""


def server(chosen: Settings, listening: socket, clock: Clock = _now) -> BaseWSGIServer:
    """A server of the page on a socket that listens to this machine; each request has a thread, since a call is one."""
    host, port = listening.getsockname()
    app = make(chosen, clock)
    return make_server(host, port, app, threaded=True, request_handler=_Silent, fd=listening.fileno())
