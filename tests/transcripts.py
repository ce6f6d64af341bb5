# SPDX-License-Identifier: EUPL-1.2
"""Whole calls as text, to be read aloud and approved. `make transcripts` rewrites them; nothing else does.

The first lines of a transcript say what it shows and how anybody can make the same call.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.phone.handsets import press_keys
from ivr.phone.transcript import Transcript
from tests.cards import CARDS
from tests.conftest import SETTINGS, line_at, with_hours

CALLS = Path(__file__).parent / "calls"

DAY = "2026-11-25T14:00"
NIGHT = "2026-11-25T23:00"

WHOLE_CALLS = {
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
"""By file name: what the call shows, when it is made, and the keys."""

SECOND = {
    "second/stilte": ("De tweede kaart: iemand die nooit op een toets drukt", "2026-11-25T10:00", ""),
    "second/menu-onder-menu": ("De tweede kaart: door het menu onder het menu, en terug", "2026-11-25T10:00", "21##7_"),
    "second/middagpauze": ("De tweede kaart: dicht in de middagpauze", "2026-11-24T14:00", "21"),
    "second/dag-dicht": ("De tweede kaart: op een dag dat het dicht is", "2026-11-25T10:00", "21"),
    "second/feestdag": ("De tweede kaart: op een feestdag", "2026-12-25T10:00", "21"),
}
"""Calls to the second card, which is in another time zone and connects nothing."""

WHOLE_CALLS |= SECOND

OTHER_HOURS = {"adviespunt-kerstavond": 'Mo-Su 08:30-22:00; 2026 Dec 24 09:00-12:00 "kerstavond"'}
"""Calls to a card with other hours for the ESSM than ours."""


def made(name: str) -> str:
    """The transcript of a call as the line is now."""
    shows, at, keys = WHOLE_CALLS[name]
    told = [f"# {shows}\n$ ivr call --at {at} --keys '{keys}'\n"]
    with TemporaryDirectory() as folder:
        settings = replace(SETTINGS, prompts=CARDS["second"]) if name in SECOND else SETTINGS
        if name in SECOND:
            told.append("# met IVR_PROMPTS=tests/cards/second\n")
        if hours := OTHER_HOURS.get(name):
            told.append(f"# met in card.yaml: hours: {hours}\n")
            settings = with_hours(Path(folder), hours)
        told.append("\n")
        press_keys(line_at(datetime.fromisoformat(at), settings), keys, Transcript("nl"), told.append)
    return "".join(told)


def main() -> None:
    """Write every transcript anew."""
    for old in CALLS.rglob("*.txt"):
        old.unlink()
    (CALLS / "second").mkdir(exist_ok=True)
    for name in WHOLE_CALLS:
        (CALLS / f"{name}.txt").write_text(made(name), encoding="utf-8")


if __name__ == "__main__":
    main()
