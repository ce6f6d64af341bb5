# SPDX-License-Identifier: EUPL-1.2
"""What a machine can know to be untrue, or out of place, on a card that is sound in form."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations, permutations
from pathlib import Path

from ivr.card import Card
from ivr.editor.cards import Places
from ivr.editor.load import CARD, Read, parts
from ivr.editor.numbers import cost
from ivr.editor.texts import ABOUT
from ivr.language import KNOWN
from ivr.line import Spoken
from ivr.messages.files import there
from ivr.messages.problems import Place, Problem
from ivr.page.words import PAGE
from ivr.proof.doubted_words import END, WORDS, doubt, named, number_of
from ivr.sentences import Sentences
from ivr.settings import default_prompts

EXAMPLE = re.compile(
    r"\+1[ -]?\d{3}[ -]?555[ -]?01\d\d\b|\bvoorbeeld\b|\bexample\.(?:com|org|net|nl)\b|\b0?20[ -]?000 ?00 ?00\b"
    r"|200000000\b",
    re.IGNORECASE,
)
"""What our guide and the descriptions of the fields write where a card has its own."""

FREE, KEEPS, NOTHING = WORDS["free"], WORDS["keeps"], WORDS["nothing"]
PROMISES = (
    FREE,
    WORDS["anonymous"],
    WORDS["secret"],
    rf"\b(?:{KEEPS})\w*[^.?!…]* (?:{NOTHING})\b|\b(?:{NOTHING}) [^.?!…]*\b(?:{KEEPS})\w*",
    rf"\b(?:{WORDS['nobody']})\b[^.?!…]*[.]",
)
"""What nobody can promise for the line itself, since a call leaves traces in many places and costs what a provider
asks, and for a number only who says so."""

_NUMBER = re.compile(r"\+?\d[\d -]+\d")

COMMON = 30
"""Words that a language uses most, by which it is known."""

MANY = 6
"""Words of a file or a sentence, from which on it can be told in what language they are."""


@cache
def _common() -> Mapping[str, set[str]]:
    """The words that each language uses most, as our own card does."""
    common = {}
    for code in KNOWN:
        files = (file.read_text(encoding="utf-8") for file in (default_prompts() / code).glob("*.yaml"))
        said = " ".join(text for file in files for text in re.findall("^[^#\n]*?[:-] (.+)", file, re.MULTILINE))
        common[code] = {word for word, _ in Counter(_words(said)).most_common(COMMON)}
    return common


def _words(text: str) -> list[str]:
    """The words of a text, without names from elsewhere and what is filled in."""
    return re.findall(r"[^\W\d_]+", re.sub("<[^>]*>|{[^}]*}", "", text).lower())


def other_language(code: str, spoken: Spoken) -> Iterator[Problem]:
    """Files, and else sentences, that are in another language than that of their folder."""
    files = defaultdict[str, list[str]](list)
    for id_, held in spoken.sentences.lines.items():
        files[id_.partition(".")[0]] += held
    for file, said in files.items():
        whole = [(said[0], " ".join(said))]
        parts = [(line, part) for line in said for part in END.split(line)]
        for line, text in [] if file == ABOUT else [*whole, *parts]:
            words = _words(text)
            found = {one: len([word for word in words if word in common]) for one, common in _common().items()}
            other = max(found, key=lambda one: found[one])
            if len(words) >= MANY and found[other] > max(2, 2 * found.get(code, len(words))):
                yield doubt("doubt-language", line, code=code, other=other)
                break


def untrue(card: Card, code: str, spoken: Spoken) -> Iterator[Problem]:
    """What is known to be untrue in the sentences of a language."""
    for id_, held in spoken.sentences.lines.items():
        number = number_of(card, id_)
        for promise in PROMISES if number or id_.startswith(("line.", "menus.")) else ():
            known = number and (
                re.search(promise, number.source, re.IGNORECASE)
                or (promise == FREE and cost(number.number, card.country) == "connect-free")
            )
            for line in held if not known else ():
                if match := re.search(promise, line, re.IGNORECASE):
                    values = {"number": number.number} if number else {}
                    yield doubt("doubt-unsourced" if number else "doubt-promise", line, match[0], **values)
    yield from _on_the_page(card, code, spoken)


def _on_the_page(card: Card, code: str, spoken: Spoken) -> Iterator[Problem]:
    """Telephone numbers among the words of the page that neither the card nor our own page has."""
    page = default_prompts() / code / f"{PAGE}.yaml"
    ours = page.read_text(encoding="utf-8") if page.exists() else ""  # also how somebody calls who is deaf
    digits = {re.sub(r"\D", "", one or "") for one in (card.own_number, *(one.number for one in card.numbers.values()))}
    for id_, held in spoken.sentences.lines.items():
        for line in held if id_.startswith(f"{PAGE}.") else ():
            for told in _NUMBER.findall(line):
                if re.sub(r"\D", "", told) not in digits and told not in ours:
                    yield doubt("found-page-number", line, told)


def examples(card: Card, folder: Path) -> Iterator[Problem]:
    """What stands in our guide as an example, among the facts of a card and of its languages."""
    for file in filter(there, (folder / CARD, *(folder / code / f"{ABOUT}.yaml" for code in card.languages))):
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
            if match := EXAMPLE.search(line.partition("#")[0]):
                place = Place(file, number, match.start() + 1, line, len(match[0]))
                yield Problem("doubt-example", {"part": match[0]}, place)


def copies(folder: Path) -> Iterator[Problem]:
    """Files that a program for sharing files, or somebody, put beside those of the card."""
    known = set(parts(folder))
    stems = "|".join({file.stem for file in known})
    for file in sorted({*folder.glob("*"), *folder.glob("??/*")}):
        if file not in known and re.search(rf"(?<![a-z])({stems})(?![a-z]).*\.(ya?ml|css|svg)", file.name):
            yield Problem("doubt-copy", {"file": file.name}, Place(file))


def copied(card: Card, sentences: Sentences, places: Places) -> Iterator[Problem]:
    """A source that was copied from another number: it names that one."""
    for one, other in permutations(card.numbers.values(), 2):
        if one.source == other.source and named(sentences, other.id, one.source) > named(sentences, one.id, one.source):
            yield Problem("doubt-copied", {"other": other.id}, places.get((one.id, "source")))


def exchanged(before: Read, after: Read) -> Iterator[Problem]:
    """What two numbers exchanged: each has now what the other had. That is seldom meant."""
    old, new = _told(before), _told(after)
    for one, other in combinations([id_ for id_ in new if id_ in old], 2):
        changed = [part for part, told in new[one].items() if told and told != old[one].get(part)]
        swapped = [p for p in changed if (new[one][p], new[other].get(p)) == (old[other].get(p), old[one].get(p))]
        if swapped:
            values = {"id": one, "other": other, "part": ", ".join(swapped)}
            yield Problem("found-exchanged", values, after.places.get((one, swapped[0])))


def _told(read: Read) -> Mapping[str, Mapping[str, str]]:
    """What a card says of each number: facts, and in each language the sentences with its name in their id."""
    facts = ("number", "connect", "form", "search", "source")
    by_number = {id_: {name: getattr(one, name) or "" for name in facts} for id_, one in read.card.numbers.items()}
    for id_, number in read.card.numbers.items():
        by_number[id_]["hours"] = number.hours.text if number.hours else ""
        for code, spoken in read.spoken.items():
            for name, lines in spoken.sentences.lines.items():
                if number_of(read.card, name) is number:
                    by_number[id_][f"{code}/{name.replace(f'.{id_}', '', 1)}"] = " ".join(lines)
    return by_number
