# SPDX-License-Identifier: EUPL-1.2
"""What these commands say, in the operator's language, and what keeps them from going on."""

from ivr.messages.catalogue import Catalogue


def say(language: str, message: str, **values: object) -> str:
    """The message with this id, in "nl" or "en"."""
    return Catalogue(language).say(message, **values)


class StoppedError(Exception):
    """Raised when Twilio, or what was set, does not let us go on: the id of a message, and its values.

    `status` is that of the HTTP answer, 0 where there was none; `code` is Twilio's own number of the error. What Twilio
    wrote is left out on purpose: it quotes addresses, and those hold the SIDs of calls.
    """

    def __init__(self, message: str, status: int = 0, code: int = 0, **values: object) -> None:
        super().__init__(message)
        self.message, self.status, self.code = message, status, code
        self.values = {"status": status, "code": code, **values}

    def text(self, language: str) -> str:
        """What is wrong, and what to do."""
        return say(language, self.message, **self.values)
