# SPDX-License-Identifier: EUPL-1.2
"""What one line of a file may look like: the small part of YAML that a card needs.

A line is empty, a comment, `name: value` or `- value`, and each text stands on one line. YAML allows far more, and
much of it changes the meaning in silence: a `#` in a sentence cuts it off, a forgotten colon makes a line part of the
one above, an open quote swallows the next. Here every line is judged by itself, so that all mistakes are found at once
and each is told in its own words. A line that passes means the same to YAML (https://yaml.org/spec/1.1/).
"""

import re
from collections.abc import Iterator
from itertools import groupby

from ivr.messages.problems import invisible

Mistake = tuple[int, int, str, dict[str, str]]
"""The column (from 1), how many characters, the id of the message, and what fills its places."""

_SIGNS = re.escape("[]{}&*!|>%@`,")
"""With these a text without quotes cannot begin: they mean something to YAML."""

_ITEM = re.compile(r" *-(?: +(?P<value>.*))?")
_NAMED = re.compile(rf" *(?:\"[^\"\\]*\"|'[^']*'|[^ {_SIGNS}\"'?:#-][^:#]*):(?: +(?P<value>.*))?")

_FIELD = re.compile(r"[\w-]+:(?: |$)")

_CURLY_QUOTES = re.compile("[“”„‟]|[‘’‚‛].*[‘’‛]$")
"""A pair round the whole; one ’ by itself is an apostrophe."""

_ODD = (
    (re.compile("<{7}|>{7}|={7}|[|]{7}"), "conflict"),
    (re.compile("---$|[.]{3}$"), "document-mark"),
    (re.compile("[•–—·‣▪]|[*] |[0-9]+[.)] "), "list-sign"),
    (re.compile("#:(?= |$)"), "key-hash"),
)
"""What a line begins with that another program made of it, or that would be a comment; with the message."""

_QUOTED = re.compile(r"(?:\"(?:[^\"\\]|\\\")*\"|'[^']*')(?: +#.*)?")
"""With `\\"` for a quote within quotes, as a translator's program writes it."""

_LIST = re.compile(r"\[ *(?:\w[\w-]*(?: *, *\w[\w-]*)* *)?\](?: +#.*)?")
_MEANT_AS_LIST = re.compile(r" *(?:languages|instead): +[\[({<]")

_START = re.compile(rf"[{_SIGNS}]|[-?](?= |$)")
_COLON = re.compile(r":(?= |$)")
_COMMENT = re.compile(r" #.*")


def mistakes(line: str) -> Iterator[Mistake]:
    """What is wrong with a line, by itself."""
    hidden = list(unseen(line))
    yield from hidden
    content = line.strip()
    odd = next(((message, match[0]) for sign, message in _ODD if (match := sign.match(content))), None)
    if odd and not hidden:
        yield line.index(content) + 1, len(odd[1].rstrip()), odd[0], {"sign": odd[1].strip()}
    if odd or hidden or not content or content.startswith("#"):
        return
    begin = line.index(content)
    match = _ITEM.fullmatch(line.rstrip()) or _NAMED.fullmatch(line.rstrip())
    if _CURLY_QUOTES.match(content):
        yield begin + 1, 1, "curly-quotes", {}
    elif not match:
        yield _unfit(content, begin)
    elif content.startswith("-") and _FIELD.match(match["value"] or ""):
        yield begin + 1, 1, "dash-name", {}
    elif _MEANT_AS_LIST.match(line):
        if not _LIST.fullmatch(match["value"]):
            written = ", ".join(re.findall(r"[\w-]+", match["value"].partition(" #")[0]))
            yield match.start("value") + 1, len(match["value"]), "list-form", {"written": f"[{written}]"}
    elif match["value"]:
        yield from _value(match["value"], match.start("value"))


def unseen(line: str) -> Iterator[Mistake]:
    """Each run of a character that nobody can see."""
    if line.isprintable():  # as most lines are
        return
    for character, run in groupby(enumerate(line, 1), lambda pair: pair[1]):
        if invisible(character):
            places = [place for place, _ in run]
            message, values = ("tab", {}) if character == "\t" else ("character", {"code": f"U+{ord(character):04X}"})
            yield places[0], len(places), message, values


def _unfit(content: str, begin: int) -> Mistake:
    """Why this is neither `name: value` nor `- value`."""
    if content.startswith("-"):
        return begin + 1, 1, "dash", {}
    if sign := re.match(rf"[{_SIGNS}?]", content):
        return begin + 1, 1, "line-start", {"sign": sign[0]}
    return begin + 1, len(content), "colon-missing", {}


def _value(value: str, begin: int) -> Iterator[Mistake]:
    """What is wrong with what stands after a name or a dash."""
    if value.startswith("#"):
        return
    if _CURLY_QUOTES.match(value):
        yield begin + 1, 1, "curly-quotes", {}
    elif value.startswith(('"', "'")):
        if not _QUOTED.fullmatch(value):
            yield begin + 1, len(value), "quote", {"sign": value[0]}
    elif value.startswith("["):
        if not _LIST.fullmatch(value):
            yield begin + 1, len(value), "brackets", {}
    elif sign := _START.match(value):
        yield begin + 1, 1, "start", {"sign": sign[0]}
    elif colon := _COLON.search(value):
        yield begin + colon.start() + 1, 1, "colon", {}
    elif comment := _COMMENT.search(value):
        yield begin + comment.start() + 2, len(comment[0]) - 1, "comment", {}
