# SPDX-License-Identifier: EUPL-1.2
"""The handset that the tests hold: a caller who presses keys and says what they should hear."""

from typing import Any, Self

from ivr.phone.events import Action, CallEvent, Dialling, Ended, HangUp, LineEvent, Outcome, Press, Said, Waiting
from ivr.phone.interpreter import call
from ivr.phone.transport import Answer, Fetch, Request


class Caller:
    """Somebody who calls; the options are those of `call`.

    They listen no further than asked: `.hears()` until the text was said, everything else until the line
    waits, dials or has ended the call. The last action is the last key, silence or outcome; before the first
    one it is the call itself. A method for which this is not the moment raises AssertionError, and says what
    was heard instead.
    """

    def __init__(self, fetch: Fetch, url: str, **options: Any) -> None:  # noqa: ANN401 - call() says which
        self.requests: list[Request] = []

        def noted(request: Request) -> Answer:
            self.requests.append(request)
            return fetch(request)

        self._call = call(noted, url, **options)
        self._moments: list[CallEvent] = [next(self._call)]
        self._since = 0

    def press(self, keys: str, *, at_once: bool = False) -> Self:
        """Press keys when the line waits for one, or `at_once` in the next prompt that a key interrupts.

        During a connection only `*` does something, and only with hangupOnStar.
        """
        while not self._stopped and not (at_once and self._interruptible):
            self._listen()
        match self._moments[-1]:
            case Dialling(hangup_on_star=hangs_up) if not (hangs_up and keys == "*"):
                self._fail(f"no key {keys!r} works during a connection")
            case Ended():
                self._fail(f"nobody waits for the key {keys!r}")
        return self._act(Press(keys))

    def silence(self) -> Self:
        """Let one whole wait pass."""
        self._stop_at(Waiting, "a silence")
        return self._act(None)

    def transfer(self, status: str) -> Self:
        """Let the connection that the line is making end with this DialCallStatus."""
        self._stop_at(Dialling, f"a connection that is {status}")
        return self._act(Outcome(status))

    def hang_up(self) -> Self:
        """Put the phone down, wherever the line is."""
        if isinstance(self._moments[-1], Ended):
            self._fail("nothing is left to hang up")
        return self._act(HangUp())

    def hears(self, text: str) -> Self:
        """Assert that this was said since the last action; between pieces of speech stands one blank."""
        while text not in " ".join(self._texts):
            if self._stopped:
                self._fail(f"{text!r} was not said")
            self._listen()
        return self

    @property
    def said(self) -> list[str]:
        """What was said since the last action, a text for each piece between breaks."""
        self._finish()
        return self._texts

    @property
    def heard(self) -> list[CallEvent]:
        """All that happened since the last action, for `elapsed`."""
        self._finish()
        return self._moments[self._since :]

    @property
    def transcript(self) -> list[CallEvent]:
        """The whole call: every event, and every action but silence, in order."""
        self._finish()
        return list(self._moments)

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return isinstance(self._finish(), Ended)

    @property
    def dialled(self) -> Dialling | None:
        """The connection that the line is making now."""
        event = self._finish()
        return event if isinstance(event, Dialling) else None

    @property
    def _texts(self) -> list[str]:
        return [moment.text for moment in self._moments[self._since :] if isinstance(moment, Said) and moment.text]

    @property
    def _stopped(self) -> bool:
        return isinstance(self._moments[-1], Waiting | Dialling | Ended)

    @property
    def _interruptible(self) -> bool:
        event = self._moments[-1]
        return isinstance(event, Said) and event.interruptible

    def _listen(self) -> None:
        self._moments.append(self._call.send(None))

    def _finish(self) -> CallEvent:
        while not self._stopped:
            self._listen()
        return self._moments[-1]

    def _stop_at(self, kind: type[LineEvent], what: str) -> None:
        if not isinstance(self._finish(), kind):
            self._fail(f"this is no moment for {what}")

    def _act(self, action: Action) -> Self:
        if action is not None:
            self._moments.append(action)
        self._since = len(self._moments)
        self._moments.append(self._call.send(action))
        return self

    def _fail(self, problem: str) -> None:
        heard = "\n".join(f"  {moment}" for moment in self._moments[self._since :])
        raise AssertionError(f"{problem}. Since the last action:\n{heard}")
