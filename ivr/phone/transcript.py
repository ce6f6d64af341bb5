# SPDX-License-Identifier: EUPL-1.2
"""A call as text that somebody who does not program can read: what the line said, and what the caller did."""

import json
from dataclasses import asdict

from ivr.messages.catalogue import Catalogue
from ivr.phone.events import CallEvent, Dialling, Ended, Failed, Outcome, Press, Said

SHORT, LONG = 0.4, 0.7
"""Seconds. A pause below SHORT is written as an ellipsis, one above LONG as two of them, others as a new line."""

_MARGIN = 8


class Transcript:
    """Writes a call down while it goes on, in the editor's language ("nl" or "en")."""

    def __init__(self, language: str) -> None:
        catalogue = Catalogue(language)
        self.say = catalogue.say
        self._texts = catalogue.texts
        self._speaking = False
        self._open = ""
        self._language = ""

    def note(self, moment: CallEvent) -> str:
        """The text that one moment adds; a line that is still open is ended by the next moment."""
        match moment:
            case Said():
                return self._said(moment)
            case Press(keys):
                return self._by_caller("call-pressed", keys=keys)
            case Dialling(number, caller_id):
                return self._aside("call-dialling", number=number, caller_id=caller_id)
            case Outcome(status):
                known = status if f"call-{status}" in self._texts else "failed"
                return self._aside(f"call-{known}") + self._turn()
            case Failed(reason=reason):
                return self._aside("call-error", reason=reason)
            case Ended(by):
                return self._aside(f"call-ended-{by}")
            case _:
                return self._close()

    def silence(self, seconds: int) -> str:
        """The text for a wait that the caller let pass."""
        return self._by_caller("call-silent", seconds=str(seconds))

    def _said(self, said: Said) -> str:
        if not said.text:
            return ""
        other = self._language and said.language != self._language  # which is written down: it is another voice
        ended = self._close() if other else ""
        begin = ended + (self._open or self._label("" if self._speaking else self.say("call-line")))
        mark = f"[{said.language}] " if other else ""
        self._speaking, self._language = True, said.language
        self._open = " … " if said.pause < SHORT else " …… " if said.pause > LONG else ""
        return begin + mark + said.text + ("" if self._open else "\n")

    def _by_caller(self, message: str, **values: str) -> str:
        return self._close() + self._label(self.say("call-caller")) + self.say(message, **values) + "\n" + self._turn()

    def _aside(self, message: str, **values: str) -> str:
        return self._close() + self._label("") + self.say(message, **values) + "\n"

    def _turn(self) -> str:
        self._speaking = False
        return "\n"

    def _close(self) -> str:
        ending, self._open = "\n" if self._open else "", ""
        return ending

    @staticmethod
    def _label(who: str) -> str:
        return who.ljust(_MARGIN)


class Records(Transcript):
    """The same call for machines: one JSON object for each moment, on a line of its own."""

    def note(self, moment: CallEvent) -> str:
        """What happened, under the name of its event, and all that is known of it."""
        return json.dumps({"event": type(moment).__name__.lower(), **asdict(moment)}, ensure_ascii=False) + "\n"

    def silence(self, seconds: int) -> str:  # noqa: ARG002 - the wait has told them
        """Nothing: no key was pressed after the wait."""
        return ""
