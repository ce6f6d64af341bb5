# SPDX-License-Identifier: EUPL-1.2
"""What a machine can know to be untrue, or out of place, on a card that is sound in form."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from ivr.card import Card
from ivr.editor.cards import Places
from ivr.editor.load import parts
from ivr.editor.numbers import is_free
from ivr.hours import Hours
from ivr.line import Spoken
from ivr.messages.problems import Place, Problem
from ivr.page.words import FILE as PAGE
from ivr.proof.doubted_words import doubt
from ivr.settings import default_prompts

EXAMPLE = re.compile(
    r"\b555[ -]?01\d\d\b|\bvoorbeeld\b|\bexample\.(?:com|org|net|nl)\b|\b0?20[ -]?000 ?00 ?00\b|200000000\b",
    re.IGNORECASE,
)
"""What our guide and the descriptions of the fields write where a card has its own."""

PROMISE = re.compile(
    r"anoni[em]\w*|anonym\w*|anónim\w*|аноним\w*|gratis|\bfree of charge|\b(?:is|are|for) free\b|gratuit\w*|darmow\w*|"
    r"bezpłatn\w*|безплатн\w*|geheim\w*|vertrouwelijk\w*|\bsecret\w*|confiden[tțc]i\w*|poufn\w*|tajemnic\w*|"
    r"поверителн\w*|тайн\w*",
    re.IGNORECASE,
)
"""What nobody can promise for the line itself: a call costs what a provider asks, and leaves traces in many places."""

FREE = re.compile(r"\bgratis\b|\bfree of charge|gratuit\w*|darmow\w*|bezpłatn\w*|безплатн\w*", re.IGNORECASE)

ALWAYS = re.compile(
    r"dag en nacht|elke (?:werk)?dag|op werkdagen|door de week|day and night|every (?:working )?day|on weekdays|"
    r"around the clock|día y noche|todos los días|días laborables|dzień i noc|całą dobę|codziennie|w dni robocze|"
    r"zi și noapte|în fiecare zi|zilele lucrătoare|денонощно|ден и нощ|всеки ден|работни дни",
    re.IGNORECASE,
)
"""Days and hours in words."""

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
    page = default_prompts() / code / f"{PAGE}.yaml"
    ours = page.read_text(encoding="utf-8") if page.exists() else ""  # also how somebody calls who is deaf
    digits = {number.digits for number in card.numbers.values()} | {re.sub(r"\D", "", card.own_number or "")}
    for id_, held in spoken.sentences.lines.items():
        file, _, rest = id_.partition(".")
        number = card.numbers.get(rest.partition(".")[0]) if file == "numbers" else None
        for line in held:
            if file == "line":
                yield from _told("doubt-promise", PROMISE, line)
            if number and not is_free(number.number, card.country):
                yield from _told("doubt-free", FREE, line, number=number.number)
            if number and number.hours and not number.hours.always:
                yield from _told("doubt-always", ALWAYS, line)
            for told in _NUMBER.findall(line) if file == PAGE else ():
                if re.sub(r"\D", "", told) not in digits and told not in ours:
                    yield doubt("found-page-number", line, told)


def _told(message: str, words: re.Pattern[str], line: str, **values: str) -> Iterator[Problem]:
    """A doubt where a line has one of some words."""
    if match := words.search(line):
        yield doubt(message, line, match[0], **values)


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


def exchanged(before: Card, after: Card, places: Places) -> Iterator[Problem]:
    """Facts that two numbers exchanged: each has now what the other had. That is seldom meant."""
    old, new = before.numbers, after.numbers
    for one, other in combinations([id_ for id_ in new if id_ in old], 2):
        for name in ("number", "connect", "form", "search", "hours"):
            was, is_ = ([_plain(getattr(card[id_], name)) for id_ in (one, other)] for card in (old, new))
            if was[0] and was != is_ and was == is_[::-1]:
                yield Problem("found-exchanged", {"id": one, "other": other, "part": name}, places.get((one, name)))


def _plain(fact: object) -> str:
    return fact.text if isinstance(fact, Hours) else str(fact or "")
