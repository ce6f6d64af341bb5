# SPDX-License-Identifier: EUPL-1.2
"""What an editor should look at once more: facts that may not be meant, and what doubted_words.py finds in sentences.

All of it may be right, so it only warns; and it is worth reading only while it is seldom wrong.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

from ivr.answers import Answers
from ivr.card import Card
from ivr.dialogue import start
from ivr.editor.cards import Places
from ivr.editor.fields import UNKNOWN
from ivr.editor.hours import unlikely
from ivr.line import Line
from ivr.messages.problems import Place, Problem, order
from ivr.page.words import PAGE
from ivr.phone import espeak
from ivr.phone.events import Ended, elapsed
from ivr.proof.doubted_truth import copied, copies, examples, other_language, untrue
from ivr.proof.doubted_words import doubt, doubted
from ivr.proof.durations import BOUNDS, heard
from ivr.proof.graph import silent_path
from ivr.proof.walked import Walked
from ivr.sentences import Sentences
from ivr.world import World

LONGEST_GROUP = 5
"""Digits that somebody can write down in one go."""

LONGEST_NOTICE = 10
"""Seconds that a notice may take: every caller waits for it, before the first choice."""


def second_looks(line: Line, places: Places) -> list[Problem]:
    """All that is worth another look on the card of a line, and in its sentences, in the order of the files."""
    card = line.card
    problems = [*_facts(card, places), *_menus(card, places), *_silence(line, places), *_notice(line)]
    problems += copied(card, line.sentences, places)
    if place := places.get(("", "name")):
        problems += [*copies(place.file.parent), *examples(card, place.file.parent)]
    for code in card.languages:
        if other := list(other_language(code, line.spoken(code))):
            problems += other
            continue  # all else that is odd comes from it
        problems += untrue(card, code, line.spoken(code))
        lines, language = line.spoken(code).sentences.lines, line.spoken(code).sentences.language
        # No voice says the page.
        heard_ = {id_: texts for id_, texts in lines.items() if not id_.startswith(f"{PAGE}.")}
        if code == card.languages[0]:
            heard_ |= {f"card.{id_}": (one.search,) for id_, one in card.numbers.items() if one.search}
        problems += doubted(card, Sentences(heard_, language))
    return sorted(problems, key=order)


def _facts(card: Card, places: Places) -> Iterator[Problem]:
    """Facts that a card may have, and that are seldom meant."""
    place = places.get(("", "timezone"))
    if not card.country and any(number.hours for number in card.numbers.values()):
        yield Problem("doubt-no-country", {}, place)
    # The table that comes with the zones (zone.tab of the IANA database).
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    known = [row.split("\t")[2] for row in table.splitlines() if row.startswith(f"{card.country}\t")]
    if known and _offsets(card.timezone) not in [_offsets(ZoneInfo(name)) for name in known]:
        values = {"zone": str(card.timezone), "country": str(card.country), "known": ", ".join(known)}
        yield Problem("doubt-timezone", values, place)
    seen = dict[str, str]()
    for number in card.numbers.values():
        values = {"number": number.number}
        if max(map(len, re.findall(r"\d+", number.number))) > LONGEST_GROUP:
            yield Problem("doubt-group", values, places.get((number.id, "number")))
        if UNKNOWN.match(number.source):
            yield Problem("doubt-source", values, places.get((number.id, "source")))
        for name in ("form", "search"):
            if (fact := getattr(number, name)) and (other := seen.setdefault(fact, number.id)) != number.id:
                yield Problem("doubt-copied", {"other": other}, places.get((number.id, name)))
        for message, part, written in unlikely(number.hours) if number.hours else ():
            yield Problem(message, {"part": part, "written": written}, places.get((number.id, "hours")))


def _offsets(zone: ZoneInfo) -> list[timedelta | None]:
    """What the clock differs from UTC in winter and in summer: a zone that is alike in that is as good."""
    return [datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)]


def _menus(card: Card, places: Places) -> Iterator[Problem]:
    """Keys that lead where nobody expects it."""
    danger = {key for key, target in card.start.keys.items() if target == card.emergency.id}
    for menu in card.menus.values():
        seen = set[str]()
        for key, target in menu.keys.items():
            wrong = {
                "doubt-key-twice": target in seen,
                "doubt-danger-key": target == card.emergency.id and menu is card.start and key != min(menu.keys),
                "doubt-danger-taken": key in danger and target != card.emergency.id,
            }
            seen.add(target)
            for message in (message for message, found in wrong.items() if found):
                yield Problem(message, {"menu": menu.id, "key": key, "target": target}, places.get((menu.id, key)))


def _notice(line: Line) -> Iterator[Problem]:
    """A notice that keeps every caller waiting."""
    for code in line.card.languages:
        lines = line.spoken(code).sentences.lines.get("line.notice", ())
        if lines and (seconds := espeak.estimated(" ".join(lines), code)) > LONGEST_NOTICE:
            yield doubt("doubt-notice-long", lines[0], seconds=f"{seconds:.0f}", most=str(LONGEST_NOTICE))


def _silence(line: Line, places: Places) -> Iterator[Problem]:
    """A call in which somebody presses nothing, and that takes very long."""
    path, walked = silent_path(line.card, start(line.card)), Walked(Answers(line, ""))
    moments = [moment for position in path for moment in heard(walked, position, World())]
    seconds = elapsed([*moments, Ended("line")], espeak.estimated)
    most, _ = BOUNDS["end"]
    if seconds > most and not line.card.wait:  # told however many numbers there are
        values = {"seconds": f"{seconds:.0f}", "most": str(most), "count": str(len(line.card.numbers))}
        place = places.get(("", "name"))
        yield Problem("doubt-silence", values, place and Place(place.file))
