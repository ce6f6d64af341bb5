# SPDX-License-Identifier: EUPL-1.2
"""Where a caller is, and what can happen there: positions and events, as data."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """Which kind of position it is."""

    MENU = "menu"
    CHAPTER = "chapter"
    LANGUAGES = "languages"
    NUMBER = "number"
    LIST = "list"
    CONNECT = "connect"
    GOODBYE = "goodbye"


class Turn(StrEnum):
    """What happened just before: it decides what is said at a position."""

    FIRST = ""
    BACK = "back"
    NOINPUT = "noinput"
    NOMATCH = "nomatch"
    NOMATCH_AGAIN = "nomatch-again"
    TYPED = "typed"
    TYPED_OTHER = "typed-other"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    COMPLETED = "completed"
    GOODBYE = "goodbye"


OUTCOMES = {"completed": Turn.COMPLETED, "answered": Turn.COMPLETED, "busy": Turn.BUSY, "no-answer": Turn.NO_ANSWER}
"""Turn after a connection, by DialCallStatus (https://www.twilio.com/docs/voice/twiml/dial). Any other is a failure."""

NOT_CONNECTED = (Turn.BUSY, Turn.NO_ANSWER, Turn.FAILED)
AFTER_CONNECTION = (*NOT_CONNECTED, Turn.COMPLETED)


class Position(NamedTuple):
    """Where a caller is: of which kind, at which menu, chapter or number, and after what (`turn`).

    `menu` is where `#` leads back to, when that is another menu than the first that has the number. `typed` has the
    digits that were pressed last, while they are the beginning of a number on the card. `anew`: the card changed during
    this list, so it was restarted once, sorted by id; never twice, or it could loop. `language` is the code of the
    language that is spoken; none is the first of the card.
    """

    kind: Kind
    id: str
    turn: Turn = Turn.FIRST
    typed: str = ""
    menu: str = ""
    anew: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys were pressed, usually one. `stale`: they answer what this card does not offer there."""

    digits: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Silence:
    """The caller let a whole wait pass (noinput). `stale`: after something that this card does not say there."""

    stale: bool = False


@dataclass(frozen=True, slots=True)
class Dialled:
    """A connection ended, with Twilio's DialCallStatus. `stale`: it was to another number than this card connects."""

    status: str
    stale: bool = False


Event = Keys | Silence | Dialled
