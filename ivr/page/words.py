# SPDX-License-Identifier: EUPL-1.2
"""The few words of the page that the line never says, by language: which there are, words.toml says."""

import tomllib
from collections.abc import Mapping
from importlib import resources

from ivr.line import Line
from ivr.sentences import Sentence, Words

PAGE = "page"
STYLE, LOGO = "page.css", "logo.svg"
"""What the owner may put beside `card.yaml`: a style that follows ours, and a logo."""

PAGE_WORDS = {
    name: Sentence(f"{PAGE}.{name}", dict.fromkeys(blanks, Words("")))
    for name, blanks in tomllib.loads(resources.files("ivr.page").joinpath("words.toml").read_text("utf-8")).items()
}
"""Every text of the page by its name, each with its blank."""


def readable(lines: Mapping[str, Line]) -> dict[str, Line]:
    """The lines that there are words for the page for, by code: a language without them has no page."""
    return {code: line for code, line in lines.items() if f"{PAGE}.title" in line.sentences.lines}
