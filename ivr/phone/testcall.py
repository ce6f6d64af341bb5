# SPDX-License-Identifier: EUPL-1.2
"""A test call to a running line: keys are pressed, and words must be heard."""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from ivr import recording
from ivr.answers import Answers
from ivr.phone import handsets, transport
from ivr.phone.handsets import HandsetError
from ivr.phone.interpreter import Call, call
from ivr.phone.transcript import Transcript
from ivr.phone.transport import Answer, Fetch, Request
from ivr.recording import Track
from ivr.settings import Settings


def elsewhere(settings: Settings, base: str, language: str | None = None) -> Call:
    """A call to the running line at `base`; it is signed for the public address, which may be another."""
    fetch = transport.signed(transport.http(settings.public_url, connect_to=base), settings.signing)
    return call(judged(fetch), address(f"{settings.public_url}/voice", language))


def here(answers: Answers, language: str | None = None, at: datetime | None = None) -> Call:
    """A call in process, to a line that listens to nobody else."""
    fetch = judged(transport.direct(answers, lambda: at or datetime.now(UTC)))
    return call(fetch, address(answers.url, language))


def judged(fetch: Fetch) -> Fetch:
    """The fetch, which raises HandsetError for a recording without sound: its words are only what it claims."""

    def listening(request: Request) -> Answer:
        answer = fetch(request)
        if answer.content_type.startswith("audio/"):
            with suppress(ValueError):  # somebody else's
                samples, heard = recording.unpack(answer.body)
                _judge(samples, heard)
        return answer

    return listening


def _judge(samples: bytes, heard: Sequence[Track]) -> None:
    begin = 0
    for row in heard:
        end = begin + row.samples * recording.WIDTH
        if row.text and recording.silent(samples[begin:end]):
            raise HandsetError("call-silence", words=row.text)
        begin = end
    if recording.silent(samples):
        raise HandsetError("call-silence", words="")


def address(line: str, language: str | None) -> str:
    """Where a call to the line at an address begins in a language; without one, in the first."""
    return f"{line}/{language}" if language else line


def listen(
    conversation: Call, keys: str, expected: Iterable[str], transcript: Transcript, write: Callable[[str], object]
) -> None:
    """Press these keys and write what happens. Raises HandsetError, also for words that are not said."""
    said = handsets.press_keys(conversation, keys, transcript, write)
    for each in expected:
        if words(each) not in words(" ".join(said)):
            raise HandsetError("call-not-said", words=each)


def words(text: str) -> str:
    """The words of a text, without the punctuation and the pauses between them."""
    return " ".join(["", *re.findall(r"\w+", text.casefold()), ""])
