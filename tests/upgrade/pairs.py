# SPDX-License-Identifier: EUPL-1.2
"""Pairs of cards that two replicas may have at one moment: they differ in what an editor may change."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from ivr.card import Card, Menu, Number
from ivr.hours import Hours
from tests.conftest import LINES

Keys = Mapping[str, Mapping[str, str]]
"""The keys of each menu, by its id."""

ZONE = ZoneInfo("Europe/Amsterdam")
DAILY = Hours("Mo-Su 08:30-22:00", ZONE, None)
NIGHTLY = Hours("Mo-Su 20:00-08:30", ZONE, None)


def number(id_: str, digits: str, **more: Any) -> Number:  # noqa: ANN401 - as replace()
    """A number of fiction."""
    return replace(Number(id_, digits, "Verzonnen", date(2026, 11, 1)), **more)


def changed(card: Card, *numbers: Number, keys: Keys | None = None, chapters: Keys | None = None) -> Card:
    """A card with other contents: `numbers` replace those with the same id, or come last; `keys` are all its menus."""
    menus = [menu for menu in card.menus.values() if (chapters if menu.chapter else keys) is None]
    menus += [Menu(id_, below) for id_, below in (keys or {}).items()]
    menus += [Menu(id_, below, chapter=True) for id_, below in (chapters or {}).items()]
    menus.sort(key=lambda menu: menu.chapter)
    by_id = {menu.id: menu for menu in menus}
    home = {menus[0].id: menus[0].id}
    ways = [menus[0].id]
    for id_ in ways:  # grows while it is read
        for target in by_id[id_].keys.values():
            home.setdefault(target, home[id_] if by_id[id_].chapter else id_)
            ways += [target] if target in by_id else []
    kept = {one: found for one, found in {**card.numbers, **{one.id: one for one in numbers}}.items() if one in home}
    return replace(card, numbers=kept, menus={one: found for one, found in by_id.items() if one in home}, home=home)


def exchanged(card: Card, one: str, other: str) -> Card:
    """What two names of numbers stand for is exchanged."""
    first, second = card.numbers[one], card.numbers[other]
    return changed(card, replace(second, id=one), replace(first, id=other))


def ordered(card: Card, *ids: str) -> Card:
    """The numbers stand in another order."""
    return replace(card, numbers={id_: card.numbers[id_] for id_ in ids})


IN_TWO, SECOND = (line.card for line in LINES.values())
OURS = replace(IN_TWO, languages=IN_TWO.languages[:1])  # a second language would double what is walked
MAIN = OURS.start.keys
ESSM, POLICE, NLA = (OURS.numbers[id_] for id_ in ("essm", "police", "nla"))
TOLD = {menu.id: menu.keys for menu in OURS.menus.values() if menu.chapter}

_NOTHING = Card("Een kaart die niet bestaat", ZONE, "9", {}, {}, {})
MADE = changed(
    _NOTHING,
    number("alarm", "112", emergency=True),
    number("opvang", "000-111 22 33", connect="+31001112233", hours=DAILY),
    number("advies", "000-444 55 66", connect="+31004445566"),
    number("recht", "0800-0077"),
    number("zorg", "000-888 00 88", hours=DAILY),
    keys={
        "begin": {"1": "alarm", "2": "opvang", "3": "advies", "4": "meer"},
        "meer": {"2": "recht", "3": "zorg", "5": "advies", "6": "verder"},
        "verder": {"2": "zorg", "3": "opvang"},
    },
)
"""Two numbers to connect to, numbers in two menus, and three menus below one another."""

BEGIN = MADE.start.keys

FLAT = changed(MADE, keys={"begin": {"1": "alarm", "2": "opvang", "3": "advies", "4": "recht", "5": "zorg"}})
WAITING = replace(MADE, wait="advies")
NEW = number("nieuw", "000-999 00 99", connect="+31009990099")

SAID = "only what is said"
"""The pair that differs in nothing that a key or a silence relies on."""

PAIRS: dict[str, tuple[Card, Card]] = {
    SAID: (OURS, changed(OURS, replace(ESSM, hours=NIGHTLY, instead=()), replace(NLA, search="NLA", form=None))),
    "a number replaced behind the same name": (OURS, changed(OURS, replace(ESSM, number="010-999 88 77"))),
    "an organisation replaced behind the same name": (MADE, changed(MADE, replace(NEW, id="advies"))),
    "the contents of two names exchanged": (OURS, exchanged(OURS, "essm", "police")),
    "two numbers to connect to exchanged": (MADE, exchanged(MADE, "opvang", "advies")),
    "the number for danger exchanged with another": (OURS, exchanged(OURS, "danger", "police")),
    "the number for danger under another name": (
        OURS,
        changed(OURS, replace(OURS.emergency, id="alarm"), keys={"main": {**MAIN, "1": "alarm"}}),
    ),
    "a connection added": (OURS, changed(OURS, replace(POLICE, connect="+31889990000"))),
    "a connection changed": (OURS, changed(OURS, replace(ESSM, connect="+31889990000"))),
    "a connection removed": (MADE, changed(MADE, replace(MADE.numbers["advies"], connect=None))),
    "one replica without a number to show": (WAITING, WAITING.read_out_only()),
    "hours added": (OURS, changed(OURS, replace(NLA, hours=DAILY))),
    "hours removed": (OURS, changed(OURS, replace(ESSM, hours=None))),
    "numbers reordered": (OURS, ordered(OURS, "m", "nla", "essm", "danger", "police")),
    "numbers of several menus reordered": (MADE, ordered(MADE, "zorg", "recht", "alarm", "advies", "opvang")),
    "a number added": (OURS, changed(OURS, NEW, keys={"main": {**MAIN, "7": "nieuw"}})),
    "a number removed": (MADE, changed(MADE, keys={"begin": BEGIN, "meer": {"2": "recht", "5": "advies"}})),
    "a number replaced by one of another name": (OURS, changed(OURS, NEW, keys={"main": {**MAIN, "5": "nieuw"}})),
    "keys moved": (OURS, changed(OURS, keys={"main": {**MAIN, "2": "essm", "3": "police"}})),
    "a key of a chapter moved": (OURS, changed(OURS, chapters={**TOLD, "doubt": {"4": "essm", "3": "nla"}})),
    "a chapter removed": (OURS, changed(OURS, chapters={**TOLD, "criminal": {"6": "doubt"}})),
    "a menu split": (FLAT, MADE),
    "a submenu dissolved": (
        MADE,
        changed(MADE, keys={"begin": BEGIN, "meer": {"2": "recht", "3": "zorg", "5": "advies", "6": "opvang"}}),
    ),
    "a number moved to the menu above": (
        SECOND,
        changed(SECOND, keys={"begin": {**SECOND.start.keys, "3": "opvang"}, "dieren": {"2": "dierenarts"}}),
    ),
    "a number in one menu more": (
        SECOND,
        changed(SECOND, keys={"begin": {**SECOND.start.keys, "3": "opvang"}, "dieren": SECOND.menus["dieren"].keys}),
    ),
    "a menu that became a chapter": (
        SECOND,
        changed(
            SECOND,
            keys={"begin": {**SECOND.start.keys, "4": "opvang", "5": "dierenarts"}},
            chapters={"dieren": {"2": "dierenarts"}},
        ),
    ),
    "another key connects": (MADE, replace(MADE, connect_key="7")),
    "the start menu renamed": (OURS, changed(OURS, keys={"keuze": MAIN})),
    "every menu renamed": (MADE, changed(MADE, keys={"a": {**BEGIN, "4": "b"}, "b": {"2": "recht", "3": "zorg"}})),
    "waiting connects": (MADE, WAITING),
    "waiting connects to another": (WAITING, replace(WAITING, wait="opvang")),
    "waiting connects to what is behind the same name": (WAITING, changed(WAITING, replace(NEW, id="advies"))),
    "another card": (OURS, SECOND),
    "a language added": (OURS, IN_TWO),
    "a third language": (IN_TWO, replace(IN_TWO, languages=("nl", "pl", "en"))),
    "another language": (IN_TWO, replace(IN_TWO, languages=("nl", "pl"))),
    "a number replaced behind the same name, in two languages": (
        IN_TWO,
        changed(IN_TWO, replace(ESSM, number="010-999 88 77")),
    ),
}
