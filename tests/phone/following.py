# SPDX-License-Identifier: EUPL-1.2
"""A call that is followed to its end, and what it asks of the service."""

import pytest

from ivr import recording
from ivr.phone.events import Action, Ended, LineEvent, Said
from ivr.phone.interpreter import call
from ivr.phone.transport import Answer, Fetch, Request

URL = "https://line.example/voice"
NUMBER = "+12025550101"


def follow(fetch: Fetch, *actions: Action, url: str = URL, **options: str) -> list[LineEvent]:
    """Makes a call in which these actions follow the first events; from then on the caller listens."""
    line = call(fetch, url, **options)
    events = [next(line)]
    left = iter(actions)
    while not isinstance(events[-1], Ended):
        events.append(line.send(next(left, None)))
    with pytest.raises(StopIteration):
        next(line)
    return events


def said(text: str, *, interruptible: bool = False) -> Said:
    """Returns a piece of speech without a pause."""
    return Said(text, 0.0, interruptible)


def noting(fetch: Fetch) -> tuple[Fetch, list[Request]]:
    """Returns the fetch, and the list of what it is asked."""
    requests: list[Request] = []

    def noted(request: Request) -> Answer:
        requests.append(request)
        return fetch(request)

    return noted, requests


def wav(seconds: int) -> bytes:
    """Returns a recording in which nothing sounds, and a word is told."""
    samples = seconds * recording.RATE
    return recording.wav(bytes(samples * recording.WIDTH), [recording.Track(samples, "nl", "Bel.")])
