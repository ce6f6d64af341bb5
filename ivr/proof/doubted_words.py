# SPDX-License-Identifier: EUPL-1.2
"""What an editor should look at once more in the sentences of a language.

Words that a voice reads badly, sentences that nobody follows, and what the card says by itself or otherwise.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import datetime, time
from importlib import resources
from itertools import product, takewhile

from ivr.card import ALL, BACK, REPEAT, Card, Number
from ivr.dialogue import positions
from ivr.editor import numbers as phone
from ivr.hours import Closed
from ivr.language import Language
from ivr.messages.problems import Place, Problem
from ivr.phone.testcall import words
from ivr.script import script
from ivr.sentences import FIRST, Sentences
from ivr.world import World

LONGEST_SENTENCE = 14
"""Words in a sentence that somebody who is afraid still follows."""

LONGEST_NAME = 6
"""Words in a name, which stands in the middle of other sentences."""

SAME = 4
"""Words that a sentence has at least, if saying it twice is worth a word."""

ODD = (
    (re.compile(r"\bwww\.[\w.-]+\w|\bhttps?:\S*|\b[\w-]+\.(?:nl|be|eu|com|org|net)\b", re.IGNORECASE), "doubt-address"),
    (
        re.compile(r"\b(?:[^\W\d_]{1,4}\.){2,}|\b[b-df-hj-np-tv-xz]{2,}\.|\b[^\W\d_]+\.(?=,? [a-z])"),
        "doubt-abbreviation",
    ),
    (re.compile(r"[%()[\]]"), "doubt-sign"),
    (re.compile(r"\w\{\w+\}|\{\w+\}\w+"), "doubt-glued"),
)
"""What may stand in a sentence, and is read badly or cannot be understood."""

FIXED_KEYS = {
    "all": ALL,
    "repeat_short": REPEAT,
    **dict.fromkeys(("back", "back_short", "no_danger", "instead", "instead_short"), BACK),
    "choices": BACK + REPEAT,
    "list_again": REPEAT + BACK,
}
"""Sentences about keys that are the same on every card: each names the first of these, and no others of them."""

NAMED = ("first", "list", "closed", "list_closed", "busy", "no_answer")
"""Sentences of a number that may name it, and then name it and no other."""

INTRODUCED = ("first", "list", "closed", "list_closed")
"""Of those, the ones that a caller hears first, with a word of its name at least."""

LONG_WORD = 4
"""Letters; a shorter word is the same in each of its forms."""

OWN = re.compile(
    r"numbers[.].*[.](name|full_name)|.*[.](about)|(menus.*choices)[.].*[.](long|short)|(chapters.*choices)[.].*"
)
"""Sentences of which no two say the same: those of one kind or, of choices, of one menu."""

_FILE = resources.files("ivr.proof").joinpath("words.toml").read_text(encoding="utf-8")
WORDS = {kind: "|".join(found) for kind, found in tomllib.loads(_FILE).items()}
"""The words by which a doubt is known, by their kind: what any of them is like."""

GIVEAWAY = r"\b[^\W\d_]{5,}"
"""A word of the name of a card that says more than "of" and "the"."""

END = re.compile("[.?!…:;]")


def doubted(card: Card, sentences: Sentences) -> Iterator[Problem]:
    """All that is worth another look in the sentences of a language that a voice says."""
    yield from _words(sentences)
    yield from _keys(sentences)
    yield from _clocks(card, sentences)
    yield from _names(card, sentences)
    yield from _twice(card, sentences)
    yield from _choices(card, sentences)


def doubt(message: str, line: str, part: str = "", **values: str) -> Problem:
    """A doubt about a part of a line, or about the whole."""
    place = getattr(line, "place", None)
    if isinstance(place, Place) and part and part in place.source[place.column - 1 :]:
        place = place.of(part)
    return Problem(message, {"part": part or str(line), **values}, place)


def _words(sentences: Sentences) -> Iterator[Problem]:
    """Words that a voice reads badly, and sentences that nobody follows."""
    own = {"LATIN"} | _scripts("".join(map(sentences.language.key, "0123456789")))  # in which names may stand anywhere
    for line in (line for lines in sentences.lines.values() for line in lines):
        rest = FIRST.sub(" ", line)  # what another voice says
        for word in [word for word in re.findall(r"\w+", rest) if _scripts(word) - own or len(_scripts(word)) > 1][:1]:
            yield doubt("doubt-script", line, word)
        for odd, message in ODD:
            for part in odd.findall(rest)[:1]:
                yield doubt(message, line, part)
            rest = odd.sub(" ", rest)
        for part in map(str.strip, END.split(line)):
            if (count := len(part.split())) > LONGEST_SENTENCE:
                yield doubt("doubt-long", line, part, count=str(count), most=str(LONGEST_SENTENCE))


def _scripts(text: str) -> set[str]:
    """The scripts of a text, as Unicode names them, such as CYRILLIC; the small letters of 1.ª are letters."""
    letters = filter(str.isalpha, unicodedata.normalize("NFKC", text))
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}


def _keys(sentences: Sentences) -> Iterator[Problem]:
    """A key that stands in a sentence as a word, where `{key}` follows a change of the card by itself."""
    key = sentences.language.key
    told = [line.lower() for lines in sentences.lines.values() for line in lines]
    before = [match for line in told for match in re.findall(r"([^\W\d_]+(?: [^\W\d_]+)?) \{key\}", line)]
    phrases = "|".join(sorted({re.escape(phrase) for phrase in before if before.count(phrase) > 1}))
    pressed = re.compile(rf"\b(?:{phrases}) (?:{'|'.join(map(key, '123456789'))})\b", re.IGNORECASE)
    again = words(" ".join(sentences.lines.get("line.repeat_short", ()))).partition(_stem(key(REPEAT)))[0]
    for id_, lines in sentences.lines.items():
        for line in lines if phrases else ():
            if match := pressed.search(line):
                yield doubt("doubt-key", line, match[0])
        allowed = "" if id_.startswith(("menus.", "chapters.")) else FIXED_KEYS.get(id_.rpartition(".")[2], "")
        said = words(" ".join(lines))
        named = {fixed for fixed in ALL + REPEAT + BACK if re.search(rf" {_stem(key(fixed))}\w* ", said)}
        if allowed and (allowed[0] not in named or named - set(allowed)):
            keys = allowed if allowed[0] in named else allowed[0]
            yield doubt("doubt-fixed-key", lines[0], keys=", ".join(map(key, keys)))
        elif allowed and again and f"{again}{_stem(key(BACK))}" in said:
            yield doubt("doubt-swapped-keys", lines[0], keys=f"{key(REPEAT)}, {key(BACK)}")


def _stem(word: str) -> str:
    """What the forms of a word have in common: in many languages its end tells what it does in the sentence."""
    return word[:-1] if len(word) > LONG_WORD else word


def _clocks(card: Card, sentences: Sentences) -> Iterator[Problem]:
    """Times, days and numbers that stand in a sentence as words, where a blank follows the card by itself."""
    language = sentences.language
    digits = {form for digit in map(language.digits, "0123456789") for form in (digit, _plain(digit))}
    digit = f"(?:{'|'.join(map(re.escape, digits))})"
    number = re.compile(rf"\b{digit}(?:[ ,…]+{digit}){{2,}}\b", re.IGNORECASE)
    times = [re.escape(time) for time in spoken_times(language)]
    hour = rf"(?:{'|'.join(_stem(word) for word in language.numbers[1:25])})\w*"
    times.append(language.from_until.format(hour, hour))
    days = [language.every_day, language.always, language.whole_day, *language.weekdays]
    days = [*times, WORDS["working"], *(day for day in days if len(day) > LONG_WORD)]
    for id_, lines in sentences.lines.items():
        of = number_of(card, id_)
        worded = days if of and of.hours and not of.hours.always else times
        clock = re.compile(rf"\b(?:{'|'.join(worded)})", re.IGNORECASE)
        for line in lines:
            if match := number.search(line):
                yield doubt("doubt-number", line, match[0])
            if id_ != "line.notice" and (match := clock.search(line)):  # which is for a while, and has no blanks
                yield doubt("doubt-clock", line, match[0])


def _plain(word: str) -> str:
    """A word without accents, which are easily forgotten."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))


def spoken_times(language: Language) -> list[str]:
    """How a language says each quarter of an hour, without the part of the day; of two words or more."""
    times = set[str]()
    for hour, minute in product(range(24), range(0, 60, 15)):
        this, other = (language.clock(time(one % 24, minute)).split() for one in (hour, hour + 12))
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(this, other, strict=False))
        spoken = list(takewhile(str.isalpha, (one for one, _ in alike))) or this
        if len(spoken) > 1:
            times.add(" ".join(spoken))
    return sorted(times, key=len, reverse=True)


def _names(card: Card, sentences: Sentences) -> Iterator[Problem]:
    """A name that does not fit in a sentence, and a sentence with the name of another number."""
    names = {id_: sentences.word(f"numbers.{id_}.name") for id_ in card.numbers}
    folded = {id_: words(name) for id_, name in names.items()}
    for id_, name in names.items():
        line = sentences.lines[f"numbers.{id_}.name"][0]
        if END.search(name) or len(name.split()) > LONGEST_NAME:
            yield doubt("doubt-name", line, most=str(LONGEST_NAME))
        for field in NAMED:
            lines = sentences.lines.get(f"numbers.{id_}.{field}", ())
            said = words(" ".join(lines))
            other = next((other for other in names if folded[other] in said), None)
            if other and folded[id_] not in said:
                yield doubt("doubt-other-name", lines[0], other=names[other], name=name)
            elif lines and field in INTRODUCED and not card.numbers[id_].emergency and not named(sentences, id_, said):
                yield doubt("doubt-no-name", lines[0], name=name)


def named(sentences: Sentences, id_: str, text: str) -> bool:
    """Whether a text has a word of the name of a number, in whatever form: a long one or, if it has none, the last."""
    name = words(sentences.word(f"numbers.{id_}.name")).split()
    stems = [word[:-2] for word in name if len(word) > LONG_WORD] or name[-1:]
    return any(f" {stem}" in words(text) for stem in stems)


def number_of(card: Card, id_: str) -> Number | None:
    """The number that a sentence is about, by its id; None where it is about none, or about the whole line."""
    return next((card.numbers[name] for name in id_.split(".")[1:] if name in card.numbers), None)


def _twice(card: Card, sentences: Sentences) -> Iterator[Problem]:
    """A sentence that a caller hears twice in one answer, and the same words for two things."""
    already = set[str]()
    closed = World(dict.fromkeys(card.numbers, Closed(1, datetime(2024, 3, 5, 9))))  # noqa: DTZ001 - local, as in Closed
    for position, world in product(positions(card), (World(), closed)):
        heard: dict[str, tuple[str, int]] = {}
        for sentence in script(card, position, world).sentences:
            if sentence.id.rpartition(".")[2] in FIXED_KEYS:
                continue  # where a key is, may be said again
            for index, line in enumerate(sentences.lines.get(sentence.id, ())):
                for part in (part.strip() for part in END.split(line) if "{" not in part):
                    same = heard.setdefault(part.casefold(), (sentence.id, index)) == (sentence.id, index)
                    if not same and len(part.split()) >= SAME and part not in already:
                        already.add(part)
                        yield doubt("doubt-twice", line, part)
    known = dict[object, str]()
    for id_, lines in sentences.lines.items():
        own = OWN.fullmatch(id_)
        for line in lines if own else ():
            if own and (other := known.setdefault((own.groups(), words(line)), id_)) != id_:
                yield doubt("doubt-copied", line, other=other)


def _choices(card: Card, sentences: Sentences) -> Iterator[Problem]:
    """A short form that is the longer one, what a free call costs, and what somebody near may hear."""
    for id_, lines in sentences.lines.items():
        long = sentences.lines.get(f"{id_.removesuffix('.short')}.long", ())
        if long and len(" ".join(lines)) > len(" ".join(long)):
            yield doubt("doubt-swapped", lines[0])
    for number in card.numbers.values():
        said = sentences.lines.get(f"numbers.{number.id}.cost")
        if said and phone.cost(number.number, card.country) == "connect-free":
            yield doubt("doubt-cost", said[0], number=number.number)
    subject = re.compile(rf"{WORDS['subject']}|{'|'.join(re.findall(GIVEAWAY, card.name)) or '(?!)'}", re.IGNORECASE)
    for id_ in ("line.danger", "line.notice", f"menus.{card.start.id}.about"):
        for line in sentences.lines.get(id_, ()):
            if match := subject.search(line):
                yield doubt("doubt-aloud", line, match[0])
