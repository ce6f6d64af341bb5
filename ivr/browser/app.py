# SPDX-License-Identifier: EUPL-1.2
"""The telephone in the browser: a page on this machine through which somebody makes calls to the line.

Every call is a `Conversation`: the same interpreter as everywhere, through the signed webhooks of the real app. The
page plays what it is told, and tells what the person did; what is heard next, and how long it lasts, is decided
here. This app is a demonstration: it is no part of what is deployed, and listens to this machine only.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from flask import Flask, Response, abort, render_template, request

from ivr.app import create_app
from ivr.browser import places
from ivr.browser.conversation import Conversation, Told, keys_to
from ivr.card import KEYPAD
from ivr.editor.load import Read, left_out, load, make_line
from ivr.language import KNOWN
from ivr.line import Line
from ivr.messages.problems import CardError
from ivr.phone import espeak, speech
from ivr.phone.events import Action, HangUp, Outcome, Press
from ivr.phone.handsets import OUTCOME_KEYS, SILENCE
from ivr.phone.transport import Fetch, signed, wsgi
from ivr.review.compared import compared
from ivr.settings import LANGUAGE, Settings
from ivr.web import local

KEYS_AHEAD = KEYPAD + SILENCE + "".join(OUTCOME_KEYS)
"""The keys that may lead to where a call begins, as `ivr call --keys` takes them."""

MOST_VERSIONS = 64
"""Versions of the files in which a call can still go on; older ones are forgotten."""

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
        self._reads: dict[int, Read | None] = {}

    def line(self, version: int | None = None) -> Line | None:
        """A line of what is there now, or was there in a version that a call began with.

        None while there is a mistake that keeps it from starting, and for a version that is forgotten.
        """
        with self._lock:
            if version is None:
                self._look()
            read = self._reads.get(version or self.version)
            # A line of its own for each request: they may be at other times, and are answered in other threads.
            return make_line(self._chosen, read) if read else None

    def _look(self) -> None:
        """Read the files, if one was saved."""
        seen: list[object] = []
        for file in sorted(self._chosen.prompts.rglob("*.yaml")):
            with suppress(FileNotFoundError):  # an editor saves by putting another file in its place
                seen += [file, file.stat().st_mtime_ns]
        if seen == self._seen and self.version:
            return
        self._seen, self.wrong = seen, ""
        self.version += 1
        self._reads.pop(self.version - MOST_VERSIONS, None)
        language = self._chosen.editor_language
        try:
            read = load(self._chosen.prompts, self._chosen.code)
            self.wrong = "\n".join(found.text(language) for found in left_out(read))
        except CardError as error:
            read, self.wrong = None, error.text(language)
        self._reads[self.version] = read


class Telephones:
    """Makes the calls of the pages of one server, each to what the files said when it began."""

    def __init__(self, chosen: Settings, clock: Clock) -> None:
        self._chosen = replace(chosen, tokens=(secrets.token_hex(16),))
        self._clock = clock
        self._say = chosen.say
        self._files = Files(chosen)
        self._made = lru_cache(8)(self._make)

    def _make(self, version: int, at: datetime) -> tuple[Line, Fetch]:
        """A line at a moment, and what carries signed requests to its app. Raises LookupError for no such version."""
        if (line := self._files.line(version)) is None:
            raise LookupError(version)
        app = create_app(self._chosen, lambda: at, line)
        return line, signed(wsgi(app, self._chosen.public_url), self._chosen.tokens[0])

    def state(self, known: int | None) -> dict[str, object]:
        """What is wrong with the files, whose card it is and where calls begin; only the version if it is `known`."""
        line = self._files.line()
        if self._files.version == known:
            return {"version": known}
        told = {"name": line.card.name, "groups": list(places.groups(line, self._say))} if line else {}
        return {"version": self._files.version, "wrong": self._files.wrong} | told

    def map(self) -> dict[str, object]:
        """The map of the line as it is now; nothing while there is a mistake."""
        line = self._files.line()
        return places.drawn(line, self._chosen.editor_language) if line else {}

    def changes(self) -> dict[str, object]:
        """What changes for callers since the last commit, each with where it is heard; or else the mistake."""
        try:
            line, heading, told, *_ = compared(self._chosen, None)
        except CardError as error:
            return {"heading": error.text(self._chosen.editor_language), "told": []}
        now = self._clock().astimezone(line.card.timezone)
        moments = {name: _moment(name, now) for name in ("now", "tonight", "christmas")}
        heard = [places.begin(line, change.change, moments) for change in told]
        return {
            "heading": heading,
            "told": [[change.text, found and found._asdict()] for change, found in zip(told, heard, strict=True)],
        }

    def begin(self, asked: dict[str, Any]) -> dict[str, object]:
        """What makes the call that a page asks for, or why there can be none; raises ValueError for a wrong moment."""
        line = self._files.line()
        if line is None:
            return {"refused": self._say("phone-mistake")}
        at = _moment(str(asked.get("at")), self._clock().astimezone(line.card.timezone))
        name = str(asked.get("position") or "")
        ahead = keys_to(line, name, at) if name else ""
        if ahead is None:
            return {"refused": self._say("phone-unreachable")}
        return {"version": self._files.version, "at": f"{at:%Y-%m-%dT%H:%M}", "ahead": ahead, "done": {}}

    def call(self, asked: dict[str, Any]) -> Conversation:
        """A call as `begin` gave it, with what was done since. Raises ValueError, TypeError or LookupError for none."""
        at = _moment(str(asked["at"]), self._clock())
        line, fetch = self._made(int(asked["version"]), at)
        done = {int(number): _action(action) for number, action in dict(asked["done"]).items()}
        if set(ahead := str(asked["ahead"])) - set(KEYS_AHEAD):
            raise ValueError(ahead)  # pragma: no cover - no page of ours sends it
        return Conversation(line, fetch, at, ahead, done, chosen=self._chosen)

    def recorded(self, language: str, text: str) -> bytes | None:
        """The recording of a piece that a call said; None where there is none by now."""
        line = self._files.line()
        known = line.spoken(language).recorded.values() if line else ()
        return next((one.file.read_bytes() for one in known if speech.plain(one.heard.text) == text), None)


def make(chosen: Settings, clock: Clock = _now) -> Flask:
    """Make the app of the page."""
    app = local.app(__name__, largest=65536)
    phones = Telephones(chosen, clock)

    @app.get("/")
    def page() -> str:
        return render_template(
            "phone.html",
            say=chosen.say,
            language=chosen.editor_language,
            code=chosen.code or LANGUAGE[:2],
            connects=bool(chosen.caller_id),
            espeak=espeak.available(),
        )

    @app.get("/state")
    def state() -> dict[str, object]:
        return phones.state(request.args.get("version", type=int))

    @app.post("/begin")
    def begin() -> dict[str, object]:
        with _of_our_page():
            return phones.begin(_asked())

    def call() -> Conversation:
        with _of_our_page():
            return phones.call(_asked())

    @app.post("/call")
    def go_on() -> list[Told]:
        return call().news()

    @app.post("/copy")
    def copy() -> dict[str, str]:
        return call().copy()

    @app.get("/sound/<language>.wav")
    def sound(language: str) -> Response:
        if language not in KNOWN:
            abort(404)
        text = request.args["text"]
        found = phones.recorded(language, text) if request.args.get("recorded") else None
        return Response(found or espeak.spoken(text, language), mimetype="audio/wav")

    app.get("/diff")(phones.changes)
    app.get("/map")(phones.map)
    return app


@contextmanager
def _of_our_page() -> Iterator[None]:
    """Refuse what our page never sends."""
    try:
        yield
    except (ValueError, TypeError, LookupError):
        abort(400)


def _asked() -> dict[str, Any]:
    asked = request.get_json()
    return asked if isinstance(asked, dict) else abort(400)


def _action(asked: object) -> Action:
    """What a page tells: a key, how a connection ended, hanging up, or that a silence is over."""
    match asked:
        case {"keys": str(keys)}:
            return Press(keys)
        case {"outcome": str(status)}:
            return Outcome(status)
        case {"hangup": True}:
            return HangUp()
        case None:
            return None
        case _:
            raise ValueError(asked)


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
