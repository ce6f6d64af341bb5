# SPDX-License-Identifier: EUPL-1.2
"""What a machine can know to be untrue, or out of place, on a card that is sound in form."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, permutations, product
from pathlib import Path

from ivr.card import Card, Number
from ivr.editor.cards import Places
from ivr.editor.load import Read, parts
from ivr.editor.numbers import is_free
from ivr.line import Spoken
from ivr.messages.problems import Place, Problem
from ivr.page.words import FILE as PAGE
from ivr.proof.doubted_words import LONG_WORD, doubt, named
from ivr.sentences import Sentences
from ivr.settings import default_prompts

EXAMPLE = re.compile(
    r"\b555[ -]?01\d\d\b|\bvoorbeeld\b|\bexample\.(?:com|org|net|nl)\b|\b0?20[ -]?000 ?00 ?00\b|200000000\b",
    re.IGNORECASE,
)
"""What our guide and the descriptions of the fields write where a card has its own."""

FREE = r"\bgratis\b|\bfree of charge|\b(?:is|are|for) free\b(?! to)|gratuit\w*|darmow\w*|bezpłatn\w*|безплатн\w*"

PROMISES = (
    FREE,
    r"an[oó]n[iy]\w*|анонимн\w*",
    r"geheim\w*|vertrouwelijk\w*|\bsecret\w*|confiden[ctț]i\w*|poufn\w*|tajemnic\w*|поверителн\w*",
    r"(?:bewaart|bewaren|onthoudt) (?:\w+ )?(?:niets|niks|geen)\b|\b(?:keep|store|record)s? nothing",
)
"""What nobody can promise for the line itself, since a call leaves traces in many places and costs what a provider
asks, and for a number only who says so. In the six languages."""

WORKING = "werkdag|door de week|weekday|working day|laborable|robocz|lucrăto|работни дни|работен ден"
"""Days of work, which a language has no word for among those of its module."""

COMMON = {
    "nl": "de het een je is niet en van dat bij voor met ze wie wil bel hier geen druk",
    "en": "the you is not and of to for with that if they who do call here no press can a",
    "es": "el la los que no en para con un una si se te puedes quién llama aquí pulsa del lo",
    "pl": "nie się w na i jest do że z kto tu czy po możesz naciśnij zadzwoń masz lub o dla",
    "ro": "și nu la în un o cu pentru este dacă cine aici apasă poți sună să te pe sau mai",
    "bg": "и не на да за ако кой тук натиснете може или от ви си това ли",
}
"""Words that each language uses all the time, by its code."""

_NUMBER = re.compile(r"\+?\d[\d -]+\d")

MANY = 15
"""Words in a file, from which on it can be told in what language they are."""


def other_language(code: str, spoken: Spoken) -> Iterator[Problem]:
    """Files that are in another language than that of their folder."""
    lines = spoken.sentences.lines
    for file in dict.fromkeys(id_.partition(".")[0] for id_ in lines):
        said = [line for id_, held in lines.items() if id_.startswith(f"{file}.") for line in held]
        words = Counter(re.findall(r"\w+", re.sub("<[^>]*>|{[^}]*}", "", " ".join(said)).lower()))
        found = {one: sum(words[word] for word in known.split()) for one, known in COMMON.items()}
        other = max(found, key=lambda one: found[one])
        if words.total() > MANY and code in found and found[other] > 2 * found[code] and file != "language":
            yield doubt("doubt-language", said[0], file=file, code=code, other=other)


def untrue(card: Card, code: str, spoken: Spoken) -> Iterator[Problem]:
    """What is known to be untrue in the sentences of a language."""
    words = spoken.sentences.language
    days = [words.every_day, words.always, words.whole_day, *(day for day in words.weekdays if len(day) > LONG_WORD)]
    always = "|".join([WORKING, *filter(None, days)])
    doubted = {f"numbers.{id_}": (number, dict(_doubted(number, card, always))) for id_, number in card.numbers.items()}
    for id_, held in spoken.sentences.lines.items():
        number, patterns = doubted.get(id_.rpartition(".")[0], (None, {}))
        if id_.startswith("line."):
            patterns = dict.fromkeys(PROMISES, "doubt-promise")
        for line, (pattern, message) in product(held, patterns.items()):
            if match := re.search(pattern, line, re.IGNORECASE):
                yield doubt(message, line, match[0], number=number.number if number else "")
    yield from _on_the_page(card, code, spoken)


def _doubted(number: Number, card: Card, always: str) -> Iterator[tuple[str, str]]:
    """What may not be said of a number, as a pattern and a message."""
    for promise in PROMISES:
        free = promise == FREE and is_free(number.number, card.country)
        if not free and not re.search(promise, number.source, re.IGNORECASE):
            yield promise, "doubt-unsourced"
    if number.hours and not number.hours.always:
        yield always, "doubt-always"


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


def examples(card: Card, places: Places) -> Iterator[Problem]:
    """Facts that stand in our guide as an example."""
    facts = {("", "own_number"): card.own_number, ("", "exit"): card.exit}
    facts[("", "signals")] = " ".join(card.signals.values())
    for id_, number in card.numbers.items():
        facts |= {(id_, name): getattr(number, name) for name in ("number", "connect", "form", "search", "source")}
        facts[id_, "speaks"] = " ".join(number.speaks.values())
    for where, fact in facts.items():
        if match := EXAMPLE.search(str(fact or "")):
            yield Problem("doubt-example", {"part": match[0]}, places.get(where))


def copies(folder: Path) -> Iterator[Problem]:
    """Files that a program for sharing files, or somebody, put beside those of the card: nobody reads them."""
    known = set(parts(folder))
    stems = {file.stem for file in known}
    for file in sorted({*folder.glob("*.y*ml"), *folder.glob("??/*.y*ml")} - known):
        if any(re.match(rf"{stem}\W", file.stem) for stem in stems):
            yield Problem("doubt-copy", {"file": file.name}, Place(file))


def copied(card: Card, sentences: Sentences, places: Places) -> Iterator[Problem]:
    """A source that was copied from another number: it names that one."""
    for one, other in permutations(card.numbers.values(), 2):
        if one.source == other.source and named(sentences, other.id, one.source) > named(sentences, one.id, one.source):
            values = {"id": other.id, "part": one.source}
            yield Problem("doubt-same-fact", values, places.get((one.id, "source")))


def exchanged(before: Read, after: Read) -> Iterator[Problem]:
    """What two numbers exchanged: each has now what the other had. That is seldom meant."""
    old, new = _told(before), _told(after)
    for one, other in combinations([id_ for id_ in new if id_ in old], 2):
        for part in new[one]:
            was, is_ = ([told[id_].get(part, "") for id_ in (one, other)] for told in (old, new))
            if was[0] and was != is_ and was == is_[::-1]:
                values = {"id": one, "other": other, "part": part}
                yield Problem("found-exchanged", values, after.places.get((one, part)))


def _told(read: Read) -> dict[str, dict[str, str]]:
    """What a card says of each number, in its first language: facts and sentences."""
    lines = next(iter(read.spoken.values())).sentences.lines
    found = {}
    for id_, number in read.card.numbers.items():
        facts = {name: getattr(number, name) for name in ("number", "connect", "form", "search")}
        facts["hours"] = number.hours and number.hours.text
        facts |= {name: " ".join(lines.get(f"numbers.{id_}.{name}", ())) for name in ("name", "about", "full_name")}
        found[id_] = {name: str(fact or "") for name, fact in facts.items()}
    return found
