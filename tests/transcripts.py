# SPDX-License-Identifier: EUPL-1.2
"""Whole calls as text, to be read aloud and approved. `make transcripts` rewrites them; nothing else does.

The first lines of a transcript say what it shows and how anybody can make the same call. The menu that answers the
phone stands only in the call of somebody who stays silent. Other calls to that card have a mark in its place, so that
a changed sentence of the menu does not change every file; apart from the mark they are what the command prints.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr import dialogue
from ivr.card import Card
from ivr.editor.load import make_line
from ivr.hours import Closed
from ivr.line import Line
from ivr.phone.handsets import OUTCOME_KEYS, SILENCE, press_keys
from ivr.phone.transcript import Transcript
from ivr.position import Dialled, Event, Keys, Kind, Silence
from ivr.world import Clockwork
from tests.any_card import DAY, WholeCall, calls_of
from tests.cards import CARDS
from tests.conftest import SETTINGS, line_at, with_hours
from tests.languages import EVERY, offered

CALLS = Path(__file__).parent / "calls"

NIGHT = "2026-11-25T23:00"

WHOLE_CALLS: dict[str, WholeCall] = {
    "112": ("Gevaar: toets één", DAY, "1"),
    "politie": ("De politie, zonder spoed", DAY, "2"),
    "adviespunt": ("Het adviespunt, overdag", DAY, "3"),
    "arbeidsinspectie": ("De Arbeidsinspectie", DAY, "4"),
    "anoniem": ("Meld Misdaad Anoniem", DAY, "5"),
    "adviespunt-nacht": ("Het adviespunt, om elf uur 's avonds", NIGHT, "3"),
    "adviespunt-nacht-dubbele-toets": ("Het adviespunt, 's avonds, met een bevende hand", NIGHT, "33_"),
    "adviespunt-na-middernacht": ("Het adviespunt, om één uur 's nachts", "2026-11-26T01:00", "3"),
    "adviespunt-0829": ("Het adviespunt, een minuut voor het opengaat", "2026-11-25T08:29", "3"),
    "adviespunt-0830": ("Het adviespunt, zodra het open is", "2026-11-25T08:30", "3"),
    "adviespunt-2159": ("Het adviespunt, in de laatste minuut", "2026-11-25T21:59", "3"),
    "adviespunt-2200": ("Het adviespunt, zodra het dicht is", "2026-11-25T22:00", "3"),
    "adviespunt-kerstavond": ("Het adviespunt op een dag met eigen tijden", "2026-12-24T13:00", "3"),
    "stilte-dag": ("Iemand die nooit op een toets drukt, overdag", DAY, ""),
    "stilte-nacht": ("Iemand die nooit op een toets drukt, 's nachts", NIGHT, ""),
    "verkeerde-toetsen": ("Drie keer een verkeerde toets", DAY, "777"),
    "112-vanuit-menu": ("Eén, één, twee, ingetoetst in het menu", DAY, "112"),
    "112-vanuit-nummer": ("Eén, één, twee, ingetoetst bij het adviespunt", DAY, "3112"),
    "112-vanuit-lijst": ("Eén, één, twee, ingetoetst bij alle nummers", DAY, "0_112"),
    "112-met-stilte": ("Eén, één, stilte, twee", DAY, "411_2"),
    "meetypen-nummer": ("Het nummer van het adviespunt meetypen terwijl het klinkt", DAY, "30102365256"),
    "meetypen-lijst": ("Het nummer van het adviespunt meetypen in de rij", DAY, "0__0102365256"),
    "nummer-vanuit-menu": ("Het nummer van de Arbeidsinspectie intoetsen in het menu", DAY, "08005151"),
    "late-toets": ("Iemand die de toets van het menu pas indrukt als alle nummers klinken", DAY, "____4"),
    "sterretje": ("Sterretje: nog een keer", DAY, "*3*"),
    "hekje": ("Hekje: de andere keuzes", DAY, "3#5"),
    "nul": ("Nul: alle nummers", DAY, "0"),
    "nul-dubbele-toets": ("Nul, met een bevende hand: alle nummers", DAY, "00"),
    "stilte-bij-nummer": ("Stilte bij een nummer", DAY, "4__"),
    "doorverbonden": ("Doorverbonden met het adviespunt, en er was een gesprek", DAY, "39c"),
    "doorverbonden-en-terug": ("Doorverbonden met het adviespunt, en met sterretje terug naar de lijn", DAY, "39*"),
    "in-gesprek": ("Het adviespunt is in gesprek", DAY, "39b"),
    "niet-opgenomen": ("Het adviespunt neemt niet op", DAY, "39n"),
    "niet-gelukt": ("Doorverbinden lukt niet, en nog eens proberen wel", DAY, "39f9c"),
    "mensenhandel": ("Wat is mensenhandel: alle hoofdstukken", DAY, "66666_3"),
}
"""By file name."""

SECOND = {
    "second/stilte": ("De tweede kaart: iemand die nooit op een toets drukt", "2026-11-25T10:00", ""),
    "second/menu-onder-menu": ("De tweede kaart: door het menu onder het menu, en terug", "2026-11-25T10:00", "22##7_"),
    "second/middagpauze": ("De tweede kaart: dicht in de middagpauze", "2026-11-24T14:00", "22"),
    "second/dag-dicht": ("De tweede kaart: op een dag dat het dicht is", "2026-11-25T10:00", "22"),
    "second/feestdag": ("De tweede kaart: op een feestdag", "2026-12-25T10:00", "22"),
}
"""Calls to the second card, which is in another time zone and connects nothing."""

WHOLE_CALLS |= SECOND

TRANSLATED = {
    f"{code}/{name}": (f"In de taal {code}: {shows}", at, keys)
    for code in EVERY[1:]
    for name, (shows, at, keys) in {
        "stilte": ("iemand die nooit op een toets drukt", DAY, ""),
        "112": ("gevaar: toets één", DAY, "1"),
        "politie": ("de politie, zonder spoed", DAY, "2"),
        "adviespunt": ("het adviespunt, overdag", DAY, "3"),
        "adviespunt-nacht": ("het adviespunt, om elf uur 's avonds", NIGHT, "3"),
        "arbeidsinspectie": ("de Arbeidsinspectie", DAY, "4"),
        "anoniem": ("Meld Misdaad Anoniem", DAY, "5"),
        "in-gesprek": ("het adviespunt is in gesprek", DAY, "39b"),
        "mensenhandel": ("wat is mensenhandel: alle hoofdstukken", DAY, "66666"),
    }.items()
}
"""The main ways in each other language that our card has sentences in, offered or not."""

WHOLE_CALLS |= TRANSLATED | {
    "toets-acht": ("Toets acht, met een bevende hand: naar het Engels, en met zeven terug", DAY, "88#7"),
    "alle-vijf/stilte": ("Een kaart in vijf talen: de namen, en dan naar het Pools", DAY, "84"),
}
IN_LANGUAGES = {name: ("nl", name.partition("/")[0]) for name in TRANSLATED} | {
    "alle-vijf/stilte": ("nl", "en", "pl", "es", "ro")
}
"""The languages that the card of a call is offered in, where they are others than those of ours."""

OTHER_HOURS = {"adviespunt-kerstavond": "Mo-Su 08:30-22:00; 2026 Dec 24 09:00-12:00"}
"""Calls to a card with other hours for the ESSM than ours."""

SHOWS_MENU = {CARDS["ours"]: "stilte-dag", CARDS["second"]: "second/stilte"}
"""The call that shows the first menu, by the folder of the card; for any other card it is `stilte`."""

PROMISES = {
    "112": "number danger",
    "politie": "number police",
    "adviespunt": "number essm",
    "arbeidsinspectie": "number nla",
    "anoniem": "number m",
    "nacht": "closed",
    "0829": "closed",
    "0830": "open",
    "2159": "open",
    "2200": "closed",
    "kerstavond": "closed",
    "verkeerde-toetsen": "nomatch-again",
    "meetypen": "typed",
    "lijst": "list",
    "nummer-vanuit-menu": "number nla typed",
    "late-toets": "number nla",
    "nul": "list danger",
    "stilte-bij-nummer": "noinput",
    "doorverbonden": "completed",
    "in-gesprek": "busy",
    "niet-opgenomen": "no-answer",
    "niet-gelukt": "failed",
    "mensenhandel": "chapter trafficking",
    "menu-onder-menu": "menu dieren",
    "middagpauze": "number opvang closed",
    "dag-dicht": "number opvang closed",
    "feestdag": "number opvang closed",
    "toets-acht": "en menu",
    "alle-vijf": "languages",
} | {f"{code}/": code for code in EVERY[1:]}
"""What words in the name of a call promise: a place, opening state or turn that the call passes through."""


@cache
def _line(prompts: Path, hours: str = "", codes: tuple[str, ...] = ()) -> Line:
    """The line of a card, with other hours for the ESSM or offered in other languages; read once for all calls."""
    with TemporaryDirectory() as folder:
        if hours:
            settings = with_hours(Path(folder), hours)
        elif codes:
            settings = offered(Path(folder), *codes)
        else:
            settings = replace(SETTINGS, prompts=prompts)
        return make_line(settings)


def _line_of(name: str) -> Line:
    """The line that a call of ours is made to."""
    return _line(_folder(name), OTHER_HOURS.get(name, ""), IN_LANGUAGES.get(name, ()))


def _folder(name: str) -> Path:
    return CARDS["second" if name in SECOND else "ours"]


def call_to(line: Line, at: str, keys: str, language: str = "") -> str:
    """What `ivr call` prints."""
    told: list[str] = []
    call = line_at(datetime.fromisoformat(at), language=language, line=line)
    press_keys(call, keys, Transcript("nl"), told.append)
    return "".join(told)


@cache
def first_menu(line: Line, language: str) -> str:
    """How every call to a card begins, until the caller does something."""
    menu, caller, _ = call_to(line, DAY, "", language).partition("\nBeller ")
    return menu + caller


def mark(shows_menu: str) -> str:
    """What stands for the first menu in all transcripts of a card but the one that shows it."""
    return f"Lijn    [het menu: zie {Path(shows_menu).name}.txt]\nBeller "


def made(name: str) -> str:
    """The transcript of a call of ours as the line is now."""
    notes = ["# met IVR_PROMPTS=tests/cards/second"] if name in SECOND else []
    if hours := OTHER_HOURS.get(name):
        notes.append(f"# met in card.yaml: hours: {hours}")
    if codes := IN_LANGUAGES.get(name):
        notes.append(f"# met in card.yaml: languages: [{', '.join(codes)}]")
    return _transcript(name, WHOLE_CALLS[name], _line_of(name), _folder(name), notes)


def _transcript(name: str, call: WholeCall, line: Line, prompts: Path, notes: Iterable[str]) -> str:
    shows, at, keys = call
    language = name.partition("/")[0] if name in TRANSLATED else ""
    told = call_to(line, at, keys, language)
    shows_menu = f"{name.partition('/')[0]}/stilte" if name in IN_LANGUAGES else SHOWS_MENU.get(prompts, "stilte")
    if name != shows_menu and told.startswith(menu := first_menu(line, language)):
        told = mark(shows_menu) + told.removeprefix(menu)
    option = f" --language {language}" if language else ""
    return "\n".join([f"# {shows}", f"$ ivr call --at {at} --keys '{keys}'{option}", *notes, "", told])


def broken_promises(name: str) -> list[str]:
    """What the name of a call of ours promises, and its keys do not pass through."""
    _, at, keys = WHOLE_CALLS[name]
    passed = list(_passed(_line_of(name).card, at, keys, name.partition("/")[0] if name in TRANSLATED else ""))
    promised = [place for words, place in PROMISES.items() if words in name]
    return [place for place in promised if not any(f" {place} " in f" {here} " for here in passed)]


def _passed(card: Card, at: str, keys: str, language: str) -> Iterator[str]:
    """Each position of a call, until silence goes round in circles: language, kind, id, state of a number, turn."""
    now = datetime.fromisoformat(at).replace(tzinfo=card.timezone)
    world = Clockwork(card).world(now)
    here, before = dialogue.start(card, language), None
    for key in chain(keys, repeat(SILENCE)):
        state = world.states.get(here.id)
        state_said = [] if state is None else ["closed" if isinstance(state, Closed) else "open"]
        yield " ".join([here.language, here.kind, here.id, *state_said, here.turn])
        if here.kind is Kind.CONNECT:
            event: Event = Dialled(OUTCOME_KEYS.get(key, "completed"))
        else:
            event = Silence() if key == SILENCE else Keys(key)
        here, before = dialogue.step(card, here, event, world), here
        if here == before and key == SILENCE:
            break


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write transcripts in a folder, and remove those that are left from before; no other file."""
    for old in folder.rglob("*.txt"):
        if "\n$ ivr call --at " in old.read_text(encoding="utf-8", errors="replace"):
            old.unlink()
    for name, text in texts.items():
        file = folder / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def main(prompts: str) -> str:
    """Write anew every transcript of the card in a folder, or of our two cards. Returns which names no longer fit."""
    folder = Path(prompts or CARDS["ours"]).resolve()
    if folder in CARDS.values():
        write(CALLS, {name: made(name) for name in WHOLE_CALLS})
        wrong = {name: ", ".join(broken_promises(name)) for name in WHOLE_CALLS}
        cure = "Change its keys or its name in tests/transcripts.py."
        return "".join(f"{name}: this call no longer passes {it}. {cure}\n" for name, it in wrong.items() if it)
    line, note = make_line(replace(SETTINGS, prompts=folder)), f"# met IVR_PROMPTS={prompts}"
    calls = calls_of(line.card)
    write(folder / "calls", {name: _transcript(name, calls[name], line, folder, [note]) for name in calls})
    return ""


if __name__ == "__main__":
    sys.exit(main(os.environ.get("IVR_PROMPTS", "")) or None)
