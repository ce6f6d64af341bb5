# SPDX-License-Identifier: EUPL-1.2
"""Handsets for people: one that presses a given row of keys, and one in the terminal."""

import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ivr.card import KEYPAD
from ivr.messages.problems import ProblemError
from ivr.phone.events import Action, Dialling, Ended, HangUp, LineEvent, Outcome, Press, Said, Waiting
from ivr.phone.interpreter import Call
from ivr.phone.transcript import Transcript

OUTCOME_KEYS = {"c": "completed", "b": "busy", "n": "no-answer", "f": "failed"}
SILENCE = "_"

CONNECTED: dict[str, Outcome | Press] = {key: Outcome(status) for key, status in OUTCOME_KEYS.items()} | {
    "*": Press("*")
}
"""What can happen to a connection, by key; `*` ends it (hangupOnStar)."""

READING = 18
"""Characters a second that one can read along."""

Write = Callable[[str], object]


class HandsetError(ProblemError):
    """Raised when a call is not as whoever makes it asked: its keys do not fit, or something is not heard."""


def press_keys(call: Call, keys: str, transcript: Transcript, write: Write) -> list[str]:
    """Make a call that presses `keys` in turn when the line waits, and then stays silent until the line ends it.

    Returns what was said. Raises HandsetError for an outcome where nothing is connected, a key but `*` during a
    connection, keys left over, and a line that fails.
    """
    left, said = list(keys), list[str]()
    event = next(call)
    while True:
        write(transcript.note(event))
        action: Action = None
        match event:
            case Ended("error"):
                raise HandsetError("call-nothing-answers")
            case Ended():
                break
            case Said(text):
                said.append(text)
            case Waiting(seconds):
                if left and left[0] in OUTCOME_KEYS:
                    raise HandsetError("call-wants-key", key=left[0])
                key = left.pop(0) if left else SILENCE
                action = None if key == SILENCE else Press(key)
                write(transcript.silence(seconds) if action is None else transcript.note(action))
            case Dialling():
                if left and left[0] not in CONNECTED:
                    raise HandsetError("call-wants-outcome", key=left[0])
                action = CONNECTED[left.pop(0) if left else "c"]
                write(transcript.note(action))
        event = call.send(action)
    if left:
        raise HandsetError("call-over", keys="".join(left))
    return said


def in_terminal(call: Call, transcript: Transcript) -> None:
    """Make a call by hand: what is said appears at a pace one can read, and a key acts at once."""
    write: Write = lambda text: print(text, end="", flush=True)  # noqa: E731, T201 - a name for what it does
    print(transcript.say("call-keys"), end="\n\n")  # noqa: T201 - this is a handset
    with _keys_at_once():
        event = next(call)
        while not isinstance(event, Ended):
            write(transcript.note(event))
            action = _act(event, transcript)
            if isinstance(event, Waiting) and action is None:
                write(transcript.silence(event.seconds))
            elif action is not None:
                write(transcript.note(action))
            event = call.send(action)
        write(transcript.note(event))


@contextmanager
def _keys_at_once() -> Iterator[None]:
    """Hand over each key as it is pressed, without Enter and without showing it."""
    import termios  # noqa: PLC0415 - Windows has none, and the telephone in the browser instead
    import tty  # noqa: PLC0415

    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _act(event: LineEvent, transcript: Transcript) -> Action:
    """What the person does during an event."""
    match event:
        case Said(text, pause, seconds=recorded):
            key = _key((len(text) / READING if recorded is None else recorded) + pause)
        case Waiting(seconds):
            key = _key(seconds)
        case Dialling():
            print(" " * 8 + transcript.say("call-outcome"))  # noqa: T201 - this is a handset
            key = _key(None, "".join(CONNECTED))
        case _:
            return None
    if key == "q":
        return HangUp()
    if isinstance(event, Dialling):
        return CONNECTED[str(key)]
    return Press(key) if key and key in KEYPAD else None


def _key(seconds: float | None, keys: str = KEYPAD + " ") -> str | None:
    """The next of these keys, or `q`, within so many seconds (None: however long it takes); others are passed over."""
    until = None if seconds is None else time.monotonic() + seconds
    while True:
        left = None if until is None else max(0.0, until - time.monotonic())
        ready, _, _ = select.select([sys.stdin], [], [], left)
        if not ready:
            return None
        key = os.read(sys.stdin.fileno(), 1).decode("ascii", "replace")
        if not key:
            return "q"  # the terminal is gone, and so is the caller
        if key in keys + "q":
            return key
