# SPDX-License-Identifier: EUPL-1.2
"""What passes between a line and a handset: events of the line, actions of the caller, a clock over both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Said:
    """A piece of speech without a break in it, then `pause` seconds of silence; a leading break has no text.

    A key during an interruptible piece, which stands in a Gather, stops the prompt. `language` is the code of the
    language that it is said in, such as "nl". Of a recording `seconds` is how long it lasts.
    """

    text: str
    pause: float
    interruptible: bool
    language: str = ""
    seconds: float | None = None


@dataclass(frozen=True)
class Waiting:
    """The line has said all and waits so many seconds for a (next) key. No action lets them pass."""

    seconds: int


@dataclass(frozen=True)
class Dialling:
    """The line connects to a number in E.164 and shows it `caller_id`.

    It rings for `timeout` seconds and lasts `time_limit` seconds at most.
    """

    number: str
    caller_id: str
    timeout: int
    time_limit: int
    hangup_on_star: bool


@dataclass(frozen=True)
class Failed:
    """An answer was missing or unfit: Twilio's error code, and HTTP's if that is why. The fallback, if any, is next."""

    url: str
    code: int
    reason: str
    status: int = 0


@dataclass(frozen=True)
class Ended:
    """The last event of every call, and who ended it."""

    by: Literal["line", "caller", "error"]


@dataclass(frozen=True)
class Press:
    """One or more keys of 0-9, * and #, pressed one after the other."""

    keys: str


@dataclass(frozen=True)
class Outcome:
    """How a connection ended: Twilio's completed, answered, busy, no-answer, failed or canceled."""

    status: str


@dataclass(frozen=True)
class HangUp:
    """The caller puts the phone down."""


LineEvent: TypeAlias = Said | Waiting | Dialling | Failed | Ended
Action: TypeAlias = Press | Outcome | HangUp | None
CallEvent: TypeAlias = LineEvent | Press | Outcome | HangUp

Lasts: TypeAlias = Callable[[str, str], float]
"""Gives the seconds of one utterance, a text with its breaks inside as in `<Say>`, in a language such as "nl"."""


def elapsed(moments: Sequence[CallEvent], speech: Lasts, until: str | None = None) -> float:
    """Return how many seconds the moments took, or how many until the text `until` had been said.

    What is said in one language without anything between is one utterance. A key is pressed
    at the start of a wait, so only a wait that another event follows counts. Connections and requests take no
    time. Raises ValueError when `until` is never said.
    """
    seconds, utterance, language, heard = 0.0, "", "", ""
    for moment, after in zip(moments, [*moments[1:], None], strict=True):
        spoken = moment.language if isinstance(moment, Said) and moment.seconds is None else None
        if utterance and spoken != language:
            seconds, utterance = seconds + speech(utterance, language), ""
        match moment:
            case Said(text, pause, seconds=recorded):
                language = moment.language
                heard = f"{heard} {text}".strip()
                said = until is not None and until.casefold() in heard.casefold()  # nobody hears a capital
                if recorded is None:
                    utterance += escape(text) + (f'<break time="{pause * 1000:.0f}ms"/>' if pause and not said else "")
                else:
                    seconds += recorded + (0.0 if said else pause)
                if said:
                    return seconds + (speech(utterance, language) if utterance else 0.0)
            case Waiting(passes) if not isinstance(after, Press | Outcome | HangUp | None):
                seconds += passes
    if until is not None:
        raise ValueError(f"{until!r} was never said")
    return seconds + (speech(utterance, language) if utterance else 0.0)
