# SPDX-License-Identifier: EUPL-1.2
"""The sheet that somebody reads from: each line with its number, as one says it aloud, and what it is for."""

import re

from ivr.editor.fields import descriptions
from ivr.page.render import environment
from ivr.sentences import LONG_PAUSE, Digits, Key, Sentence, Sentences, Value, Words
from ivr.voice.desk import Desk

LETTERS = 3
"""Names of letters in a row from which they are an abbreviation: two of them may be words."""


def page(desk: Desk) -> str:
    """The sheet as a page of its own, to print on A4."""
    template = environment("ivr.voice").get_template("sheet.html")
    return template.render(rows=rows(desk), desk=desk, say=desk.say)


def rows(desk: Desk) -> list[dict[str, object]]:
    """Of each line its number, its text as one reads it, its sentence, what that is for, and what is to be done."""
    now = desk.now
    sentences = desk.line.spoken(desk.language).sentences
    states = dict.fromkeys(now.wanted, "heard") | dict.fromkeys(now.unheard, "unheard")
    states |= dict.fromkeys(now.missing, "missing") | dict.fromkeys(now.stale, "stale")
    return [
        {
            "number": entry.number,
            "text": shown(sentences, now.wanted[entry.text], entry.text),
            "line": entry.line,
            "about": _about(entry.line),
            "state": states[entry.text],
            "file": entry.file,
        }
        for entry in desk.entries(now.wanted)
    ]


def shown(sentences: Sentences, sentence: Sentence, text: str) -> str:
    """A line as somebody reads it: 010 · 236 · 52 · 56, 1-1-2 and E-S-S-M, and a key as it stands on the telephone."""
    printed = {name: _printed(value) for name, value in sentence.values.items()}
    filled = Sentence(sentence.id, printed, sentence.optional, sentence.language)
    said = dict(zip(sentences.say(sentence), sentences.say(filled), strict=True)).get(text, text)
    letters = [name.casefold() for name in sentences.language.alphabet]
    spelled = re.compile(rf"\b(?:(?:{'|'.join(map(re.escape, letters))})(?: |\b)){{{LETTERS},}}", re.IGNORECASE)
    return spelled.sub(lambda found: _abbreviation(found[0], letters), said)


def _about(id_: str) -> str:
    """What a sentence is for, as an editor's tool tells it, without what that says of blanks: a reader meets none."""
    section, *names = id_.split(".")
    return re.sub(r"[.:]?[^.:]*\{.*", "", str(descriptions().get(section, {}).get(names[-1], ""))).strip()


def _printed(value: Value) -> Value:
    match value:
        case Digits(number, slow):
            groups = re.findall("[0-9]+", re.sub(r"\b([0-9]{2})([0-9]{2})\b", r"\1 \2", number))
            between = LONG_PAUSE if slow else " · "
            return Words("+" * number.startswith("+") + (between.join(groups) if groups[1:] else "-".join(groups[0])))
        case Key(key):
            return Words(key)
    return value


def _abbreviation(spelled: str, letters: list[str]) -> str:
    named = "-".join(chr(ord("A") + letters.index(name)) for name in spelled.casefold().split())
    return named + " " * spelled.endswith(" ")
