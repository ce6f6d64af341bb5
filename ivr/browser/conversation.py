# SPDX-License-Identifier: EUPL-1.2
"""One call from a page, made anew from its beginning each time that somebody did something.

A page keeps nothing but a list of what was done, each with the number of its moment. The same list at the same moment
of the same card gives the same call, so the server keeps none.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ivr.address import path
from ivr.answers import Answers
from ivr.card import KEYPAD
from ivr.dialogue import start, step
from ivr.line import Line
from ivr.messages.catalogue import Catalogue
from ivr.phone import speech
from ivr.phone.events import (
    Action,
    Dialling,
    Ended,
    Failed,
    HangUp,
    LineEvent,
    Outcome,
    Paused,
    Played,
    Press,
    Said,
    Waiting,
)
from ivr.phone.handsets import CONNECTED, OUTCOME_KEYS, READING, SILENCE, press_keys
from ivr.phone.interpreter import call
from ivr.phone.rules import TwimlError
from ivr.phone.transcript import Transcript
from ivr.phone.transport import Answer, Fetch, Request, direct
from ivr.position import Dialled, Keys, Kind, Silence
from ivr.position import Event as Step
from ivr.review.map import key_of
from ivr.review.places import capital
from ivr.settings import Settings

RINGS = 2.0
"""Seconds that the telephone rings before the line answers."""

Told = dict[str, Any]
"""What a page gets of one moment, as JSON."""


class Conversation:
    """A call to a line at a moment, which stands still during it; `fetch` carries its requests.

    `ahead` are keys that are pressed before the page hears anything. `done` is what the person did then, by the number
    of the moment; None where a silence is over. `chosen`: what a command must be given to make the same call.
    """

    def __init__(  # noqa: PLR0913 - what makes the same call again
        self, line: Line, fetch: Fetch, at: datetime, ahead: str, done: Mapping[int, Action], *, chosen: Settings
    ) -> None:
        self._line, self._answers = line, Answers(line, chosen.public_url)
        self._fetch = fetch
        self._at = at
        self._ahead = list(ahead)
        self._done = done
        self._chosen = chosen
        self._language = chosen.editor_language
        self._transcript = Transcript(self._language)
        self._say = Catalogue(self._language)
        self._keys = ""
        self._count = 0
        self._text = self._last = ""
        self._answer: Told = {}

    def moments(self) -> Iterator[Told]:
        """Tell what happens, one moment after another, until the line waits for the person or the call is over."""
        yield self._told("ringing", seconds=RINGS)
        line = call(self._noted, self._answers.url, strict=False)
        event: LineEvent = Ended("caller") if isinstance(self._done.get(self._count), HangUp) else next(line)
        while not isinstance(event, Ended):
            self._write(self._transcript.note(event))
            if skipped := bool(self._ahead):
                action = self._from_ahead(event)
            else:
                if self._answer:
                    yield self._told("answer", **self._answer)
                    self._answer = {}
                yield self._told_of(event)
                done = self._count in self._done and _fits(event, self._done[self._count])
                if isinstance(event, Waiting | Dialling) and not done:
                    return
                action = self._done[self._count] if done else None  # an action that does not fit is lost, as on a line
            if self._did(event, action) and not skipped:
                yield self._told("did")
            try:
                event = line.send(action)
            except TwimlError as error:  # somebody who presses two hundred keys goes round in circles
                event = Failed(self._answers.url, error.code, str(error))
                self._write(self._transcript.note(event))
                yield self._told_of(event)
                event = Ended("error")
        self._write(self._transcript.note(event))
        yield self._told_of(event)

    def news(self) -> list[Told]:
        """What happens after the last that the person did."""
        return [told for told in self.moments() if told["n"] > max(self._done, default=0)]

    def copy(self) -> dict[str, str]:
        """The call up to now as a command, and what that prints, as in a file of `tests/calls`."""
        for _ in self.moments():
            pass
        keys = self._keys.rstrip(SILENCE)  # after the last key `ivr call` is silent by itself
        default = Settings()
        given = {
            "IVR_PROMPTS": "" if self._chosen.prompts == default.prompts else str(self._chosen.prompts.resolve()),
            "IVR_LANGUAGE": self._chosen.language or "",
            "IVR_EDITOR_LANGUAGE": "" if self._language == default.editor_language else self._language,
        }
        given = {name: shlex.quote(value) for name, value in given.items() if value}
        given["IVR_CALLER_ID"] = self._chosen.caller_id or ""  # digits, which need no quotes; none connects nothing
        set_ = " ".join(f"{name}={value}" for name, value in given.items())
        command = f"{set_} make call ARGS=\"--at {self._at:%Y-%m-%dT%H:%M} --keys '{keys}'\""
        again = call(direct(self._answers, lambda: self._at), self._answers.url)
        told: list[str] = []
        press_keys(again, keys, Transcript(self._language), told.append)
        title = self._say.say("phone-transcript-title")
        return {"command": command, "transcript": f"# {title}\n$ {command}\n\n{''.join(told)}"}

    def _noted(self, request: Request) -> Answer:
        answer = self._fetch(request)
        address, _, query = request.url.removeprefix(self._answers.url).removeprefix("/").partition("?")
        position = start(self._line.card)
        if address:
            position = self._answers.follow(address, query, request.form, self._line.world(self._at))
        says = " ".join(said.text for said in speech.heard(answer.body, self._line.recordings))
        self._answer = {
            "position": path(position),
            "place": key_of(position),
            "twiml": answer.body.decode(),
            "text": says,
        }
        return answer

    def _write(self, text: str) -> None:
        self._text, self._last = self._text + text, text

    def _told(self, kind: str, **more: object) -> Told:
        """What the page is told. The status is in the catalogue, or is what the transcript says of the moment."""
        self._count += 1
        text, self._text = self._text, ""
        status = self._say.texts.get(f"phone-{kind}") or re.sub(r"^\((.*)\)$", r"\1", " ".join(self._last.split()))
        return {"n": self._count, "kind": kind, "status": capital(status), "transcript": text, **more}

    def _told_of(self, event: LineEvent) -> Told:
        """An event: its kind, its fields, and whether it goes on with the sentence before it."""
        fields = asdict(event)
        if isinstance(event, Said):
            fields["recorded"] = bool(fields.pop("sound"))
            if event.seconds is None:  # pragma: no branch - else a recording, which no card of the tests here has
                fields["seconds"] = len(event.text) / READING  # for as long as it takes to read it
        return self._told(type(event).__name__.lower(), **fields, goes_on=self._last.startswith(" …"))

    def _from_ahead(self, event: LineEvent) -> Action:
        if not isinstance(event, Waiting | Dialling):
            return None
        key = self._ahead.pop(0)
        return CONNECTED[key] if isinstance(event, Dialling) else None if key == SILENCE else Press(key)

    def _did(self, event: LineEvent, action: Action) -> bool:
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


def _fits(event: LineEvent, action: Action) -> bool:
    """Whether this is the moment for a key, for how a connection ends, or for a silence that is over."""
    if isinstance(action, HangUp):
        return True
    match event:
        case Waiting():
            return not isinstance(action, Outcome)
        case Dialling():
            return action in CONNECTED.values() and (event.hangup_on_star or isinstance(action, Outcome))
        case Said(interruptible=True) | Paused(interruptible=True) | Played(interruptible=True):
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
        ways: dict[str, Step] = {key: Dialled(status) for key, status in OUTCOME_KEYS.items()}
        if here.kind is not Kind.CONNECT:
            ways = {**{key: Keys(key) for key in KEYPAD}, SILENCE: Silence()}
        for key, event in ways.items():
            following = step(card, here, event, world)
            if following not in found:
                found[following] = found[here] + key
                waiting.append(following)
    return None
