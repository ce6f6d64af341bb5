# SPDX-License-Identifier: EUPL-1.2
"""One call from a page: what happens is told as it happens, and what the person does comes from another thread."""

import re
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any

from ivr.address import path
from ivr.app import create_app
from ivr.dialogue import start, step
from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.phone import speech
from ivr.phone.events import (
    Action,
    Dialling,
    Ended,
    Event,
    Failed,
    HangUp,
    Outcome,
    Paused,
    Played,
    Press,
    Said,
    Waiting,
)
from ivr.phone.handsets import CONNECTED, KEYPAD, OUTCOMES, READING, SILENCE, press_keys
from ivr.phone.interpreter import call
from ivr.phone.rules import TwimlError
from ivr.phone.transcript import Transcript
from ivr.phone.transport import Answer, Request, direct, signed, wsgi
from ivr.position import Dialled, Keys, Kind, Silence
from ivr.position import Event as Step
from ivr.settings import Settings

RINGS = 2.0
"""Seconds that the telephone rings before the line answers."""

Told = dict[str, Any]
"""What a page is told of one moment, as JSON."""


class Conversation:
    """A call at a moment, which stands still during it, so that it can be made again.

    `ahead` are keys that are pressed before the page hears anything. `sound` is what speaks: with "espeak" or "voice"
    the page tells when a piece is over, with anything else it lasts for as long as it takes to read it.
    """

    def __init__(self, chosen: Settings, line: Line, at: datetime, ahead: str, *, sound: str) -> None:
        self._line = line
        self._at = at
        self._ahead = list(ahead)
        self._sound = sound
        self._language = chosen.editor_language
        self._transcript = Transcript(self._language)
        self._say = Catalogue(self._language)
        self._keys = ""
        self._done: SimpleQueue[tuple[int, Action]] = SimpleQueue()
        self._count = 0
        self._text = self._last = ""
        self._answer: Told = {}
        app = create_app(chosen, lambda: at, line)
        self._fetch = signed(wsgi(app, chosen.public_url), chosen.tokens[0])

    def act(self, number: int, action: Action) -> None:
        """The person did something; without an action the event of that number is over, or is not waited for."""
        self._done.put((number, action))

    def moments(self) -> Iterator[Told]:
        """Tell what happens, one moment after another; what is told last is the end."""
        yield self._told("ringing")
        hung_up = isinstance(self._during(None, RINGS), HangUp)
        line = call(self._noted, self._line.url, strict=False)
        event: Event = Ended("caller") if hung_up else next(line)
        while not isinstance(event, Ended):
            self._write(self._transcript.note(event))
            if skipped := bool(self._ahead):
                action = self._from_ahead(event)
            else:
                if self._answer:
                    yield self._told("answer", **self._answer)
                    self._answer = {}
                yield self._told_of(event)
                action = self._during(event, self._seconds(event))
                if action is None and isinstance(event, Said):
                    action = self._during(event, event.pause)
            if self._did(event, action) and not skipped:
                yield self._told("did")
            try:
                event = line.send(action)
            except TwimlError as error:  # somebody who presses two hundred keys goes round in circles
                event = Failed(self._line.url, error.code, str(error))
                self._write(self._transcript.note(event))
                yield self._told_of(event)
                event = Ended("error")
        self._write(self._transcript.note(event))
        yield self._told_of(event)

    def copy(self) -> dict[str, str]:
        """The call up to now as a command, and what that prints, as in a file of `tests/calls`."""
        keys = self._keys.rstrip(SILENCE)  # after the last key `ivr call` is silent by itself
        command = f"ivr call --at {self._at:%Y-%m-%dT%H:%M} --keys '{keys}'"
        again = call(direct(self._line, lambda: self._at), self._line.url)
        told: list[str] = []
        press_keys(again, keys, Transcript(self._language), told.append)
        title = self._say.say("phone-transcript-title")
        return {"command": command, "transcript": f"# {title}\n$ {command}\n\n{''.join(told)}"}

    def _noted(self, request: Request) -> Answer:
        answer = self._fetch(request)
        address, _, query = request.url.removeprefix(self._line.url).removeprefix("/").partition("?")
        position = start(self._line.card)
        if address:
            world = self._line.world(self._at)
            position = self._line.follow(address, query, request.form, world)
        says = " ".join(said.text for said in speech.heard(answer.body))
        self._answer = {"position": path(position), "twiml": answer.body.decode(), "text": says}
        return answer

    def _write(self, text: str) -> None:
        self._text, self._last = self._text + text, text

    def _told(self, kind: str, **more: object) -> Told:
        """What the page is told. The status is in the catalogue, or is what the transcript says of the moment."""
        self._count += 1
        text, self._text = self._text, ""
        status = self._say.texts.get(f"phone-{kind}") or re.sub(r"^\((.*)\)$", r"\1", " ".join(self._last.split()))
        return {"n": self._count, "kind": kind, "status": status[:1].upper() + status[1:], "transcript": text, **more}

    def _told_of(self, event: Event) -> Told:
        """An event: its kind, its fields, and whether it goes on with the sentence before it."""
        return self._told(type(event).__name__.lower(), **asdict(event), goes_on=self._last.startswith(" …"))

    def _seconds(self, event: Event) -> float:
        """How long an event lasts when the page does not tell that it is over."""
        match event:
            case Said(text):
                reading = len(text) / READING
                return 5 + 3 * reading if text and self._sound in ("espeak", "voice") else reading
            case Waiting(seconds) | Paused(seconds) | Played(seconds=seconds) | Dialling(time_limit=seconds):
                return seconds
            case _:
                return 0.0

    def _during(self, event: Event | None, seconds: float) -> Action:
        """What the person does during an event; None when it is over. What is no answer to it is lost, as on a line."""
        until, number = time.monotonic() + seconds, self._count
        while True:
            try:
                about, action = self._done.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                return None
            if isinstance(action, HangUp) or _fits(event, action):
                return action
            if action is None and about == number and not isinstance(event, Dialling):
                return None

    def _from_ahead(self, event: Event) -> Action:
        if not isinstance(event, Waiting | Dialling):
            return None
        key = self._ahead.pop(0)
        return CONNECTED[key] if isinstance(event, Dialling) else None if key == SILENCE else Press(key)

    def _did(self, event: Event, action: Action) -> bool:
        """Note what the person did, as `ivr call --keys` takes it; False when they only listened, or are gone."""
        if action is None and isinstance(event, Waiting):
            self._keys += SILENCE
            self._write(self._transcript.silence(event.seconds))
        elif isinstance(action, Press | Outcome):
            ended = (key for key, outcome in CONNECTED.items() if outcome == action)
            self._keys += action.keys if isinstance(action, Press) else next(ended)
            self._write(self._transcript.note(action))
        else:
            return False
        return True


def _fits(event: Event | None, action: Action) -> bool:
    """Whether this is the moment for a key or for how a connection ends."""
    match event:
        case Dialling():
            return action in CONNECTED.values() and (event.hangup_on_star or isinstance(action, Outcome))
        case Waiting() | Said(interruptible=True) | Paused(interruptible=True) | Played(interruptible=True):
            return isinstance(action, Press)
        case _:
            return False


def keys_to(line: Line, name: str, at: datetime) -> str | None:
    """The shortest row of keys, as `ivr call --keys` takes them, that leads to the position with this path.

    None when no caller comes there at that moment.
    """
    card, world = line.card, line.world(at)
    found = {start(card): ""}
    waiting = [start(card)]
    for here in waiting:  # grows while it is read: breadth first
        if path(here) == name:
            return found[here]
        ways: dict[str, Step] = {key: Dialled(status) for key, status in OUTCOMES.items()}
        if here.kind is not Kind.CONNECT:
            ways = {**{key: Keys(key) for key in KEYPAD}, SILENCE: Silence()}
        for key, event in ways.items():
            following = step(card, here, event, world)
            if following not in found:
                found[following] = found[here] + key
                waiting.append(following)
    return None
