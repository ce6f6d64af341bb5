# SPDX-License-Identifier: EUPL-1.2
"""What Twilio documents of TwiML, as a table, and a parser that takes nothing else.

The table holds what our lines write; the rest of TwiML is refused like a spelling mistake, since a call that goes
on after an ignored verb proves nothing. The values come from the page of each verb under
https://www.twilio.com/docs/voice/twiml/, such as gather.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, fromstring

from ivr.messages.problems import ProblemError

MAX_DOCUMENT_BYTES = 64 * 1024  # https://www.twilio.com/docs/api/errors/11750
MAX_SAY_CHARACTERS = 3000  # Amazon Polly's bound on one Say, the lowest of the voices


class TwimlError(ProblemError):
    """Raised when TwiML is not what Twilio documents, with a code of https://www.twilio.com/docs/api/errors."""

    def __init__(self, code: int, problem: str) -> None:
        super().__init__("call-twiml", problem=f"[{code}] {problem}")
        self.code = code


class Rule(NamedTuple):
    """What an attribute or a text must look like: a regular expression, and the same in words."""

    pattern: str
    meaning: str


class Verb(NamedTuple):
    """What one element may hold; `text` is None where text means nothing."""

    attributes: Mapping[str, Rule] = {}
    children: tuple[str, ...] = ()
    text: Rule | None = None
    required: tuple[str, ...] = ()


_WHOLE = Rule(r"[1-9][0-9]{0,5}", "a whole number of 1 or more")
_BOOLEAN = Rule(r"true|false", "true or false")
_METHOD = Rule(r"GET|POST", "GET or POST")
_URL = Rule(
    r"https?://[^\s/?#]+[^\s]*|(?![A-Za-z][A-Za-z0-9+.-]*:)\S+", "an http(s) URL, or one relative to this document"
)
_E164 = Rule(r"\+[1-9][0-9]{6,14}", "a number in E.164, such as +12025550100")
_TEXT = Rule(r"(?s:.*)", "text")
_BREAK = Rule(r"(?:[0-9](?:\.[0-9]+)?|10)s|(?:[0-9]{1,4}|10000)ms", 'at most ten seconds, written "1s" or "400ms"')

VERBS = {
    "Response": Verb(children=("Say", "Play", "Gather", "Redirect", "Dial", "Hangup")),
    "Gather": Verb(
        {
            "input": Rule(r"dtmf", "dtmf, the only input that this phone has"),
            "action": _URL,
            "method": _METHOD,
            "timeout": _WHOLE,
            "numDigits": _WHOLE,
            "finishOnKey": Rule(r"[0-9*#]?", "one key of 0-9, * and #, or nothing"),
        },
        children=("Say", "Play"),
    ),
    "Say": Verb(
        {
            "voice": Rule(r"man|woman|(?:Polly|Google)\.[A-Za-z0-9-]+", "man, woman, Polly.... or Google...."),
            "language": Rule(r"[a-z]{2,3}-[A-Z]{2,3}", "a language with its country, such as nl-NL"),
        },
        children=("break",),
        text=_TEXT,
    ),
    "break": Verb({"time": _BREAK}, required=("time",)),
    "Play": Verb(text=_URL),
    "Redirect": Verb({"method": _METHOD}, text=_URL),
    "Dial": Verb(
        {
            "action": _URL,
            "method": _METHOD,
            "timeout": _WHOLE,
            "timeLimit": _WHOLE,
            "callerId": _E164,
            "hangupOnStar": _BOOLEAN,
            "answerOnBridge": _BOOLEAN,
            "ringTone": Rule(r"nl", "nl, what a telephone of the Netherlands sounds like"),
        },
        text=_E164,
    ),
    "Hangup": Verb(),
}


def parse(document: bytes, source: str = "TwiML") -> Element:
    """Return the checked tree of a document; `source` names it in errors.

    Raises TwimlError for a document that is too large (11750), that is no XML (12100), or that holds an
    element, an attribute, a value or a text that is not in the table (12200, 13520).
    """
    if len(document) > MAX_DOCUMENT_BYTES:
        raise TwimlError(11750, f"{source}: {len(document)} bytes, and Twilio takes at most {MAX_DOCUMENT_BYTES}")
    try:
        root = fromstring(document)  # noqa: S314 - small by now, and expat bounds what entities grow to
    except (ParseError, ValueError, LookupError) as error:  # the last two: an encoding that Python does not know
        raise TwimlError(12100, f"{source}: this is not XML: {error}") from error
    _known("element", root.tag, ("Response",), source)
    _check(root, f"{source}: Response")
    return root


def text_of(element: Element) -> str:
    """Return the text that stands directly in an element, without the blanks around it."""
    return "".join([element.text or "", *(child.tail or "" for child in element)]).strip()


def _check(element: Element, where: str) -> None:
    verb, text = VERBS[element.tag], text_of(element)
    for name, value in element.attrib.items():
        _known("attribute", name, verb.attributes, where)
        _matches(f"{name}={value!r}", value, verb.attributes[name], where)
    for name in verb.required:
        if name not in element.attrib:
            raise TwimlError(12200, f"{where}: the attribute {name!r} is missing")
    if verb.text is None and text:
        raise TwimlError(12200, f"{where}: Twilio does nothing with the text {text!r} here")
    if verb.text is not None and (text or not len(element)):
        _matches(f"the text {text!r}", text, verb.text, where)
    if element.tag == "Say":
        length = len("".join(element.itertext()).strip())
        if not 0 < length <= MAX_SAY_CHARACTERS:
            raise TwimlError(13520, f"{where}: {length} characters to say, must be 1 to {MAX_SAY_CHARACTERS}")
    count = Counter[str]()
    for child in element:
        _known("element", child.tag, verb.children, where)
        count[child.tag] += 1
        _check(child, f"{where}/{child.tag}[{count[child.tag]}]")


def _known(kind: str, name: str, known: Collection[str], where: str) -> None:
    if name not in known:
        hint = "none may stand here"
        if known:
            hint = f"nearest is {get_close_matches(name, known, 1, 0.0)[0]!r}, known are {', '.join(known)}"
        raise TwimlError(12200, f"{where}: unknown {kind} {name!r}; {hint}")


def _matches(what: str, value: str, rule: Rule, where: str) -> None:
    if not re.fullmatch(rule.pattern, value):
        raise TwimlError(12200, f"{where}: {what} must be {rule.meaning}")
