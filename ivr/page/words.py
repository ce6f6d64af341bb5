# SPDX-License-Identifier: EUPL-1.2
"""The few words of the page that the line never says. An editor finds them in `page.yaml`, beside the sentences.

They are read and not heard, so they may hold digits and abbreviations.
"""

from collections.abc import Mapping

from ivr.line import Line
from ivr.sentences import Sentence, Words

PAGE = "page"
STYLE, LOGO = "page.css", "logo.svg"
"""What the owner may put beside `card.yaml`: a style that follows ours, and a logo."""

_PLAIN = (
    "language title skip exit shift_twice shift_once shift_over leaving danger holidays lost deaf deaf_about "
    "deaf_link traces traces_about languages"
)
_BLANKS = {
    "call": "number",
    "open": "date until",
    "open_day": "date hours",
    "closed": "date opens",
    "closed_unknown": "date",
    "hours": "hours",
    "as_of": "date year",
    "own_number": "number",
    "form": "site",
    "signals": "site",
    "exit_about": "exit site",
}

PAGE_WORDS = {name: Sentence(f"{PAGE}.{name}") for name in _PLAIN.split()} | {
    name: Sentence(f"{PAGE}.{name}", dict.fromkeys(blanks.split(), Words(""))) for name, blanks in _BLANKS.items()
}
"""Every text of the page by its name, each with its blank."""


def readable(lines: Mapping[str, Line]) -> dict[str, Line]:
    """The lines that there are words for the page for, by code: a language without them has no page."""
    return {code: line for code, line in lines.items() if f"{PAGE}.title" in line.sentences.lines}
