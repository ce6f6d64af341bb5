# SPDX-License-Identifier: EUPL-1.2
"""Every sentence that the line says, by id: `numbers.essm.first` is `first` of `essm` in `numbers.yaml`.

Sentences are whole, with named blanks that the line fills (`{number}`); none is glued from words.
"""

from __future__ import annotations

from collections.abc import Mapping

LONGEST = 3000
"""Characters of one <Say> with a Polly voice (https://www.twilio.com/docs/voice/twiml/say)."""


class Sentences:
    """The sentences of one language by id, ready to be filled."""

    def __init__(self, lines: Mapping[str, tuple[str, ...]]) -> None:
        self.lines = lines

    def has(self, id_: str) -> bool:
        """Whether an optional sentence is there."""
        return id_ in self.lines

    def say(self, id_: str, /, **blanks: str) -> tuple[str, ...]:
        """The lines of a sentence, its blanks filled; each begins with a capital, whatever fills its first blank."""
        filled = (line.format(**blanks) for line in self.lines[id_])
        return tuple(line[0].upper() + line[1:] for line in filled)

    def word(self, id_: str) -> str:
        """A text that stands inside another sentence, such as a name."""
        return " ".join(self.lines[id_])
