# SPDX-License-Identifier: EUPL-1.2
"""Two cards at the ends of what a card can be: with one number besides that for danger, and with thirty.

Both are made, since thirty numbers by hand are many lines of which each says the same.
"""

from pathlib import Path

from tests.cards import CARDS
from tests.cards.made import Made, write_table

ANIMALS = {
    "huisdieren": ("kat", "hond", "cavia", "hamster", "kanarie", "goudvis"),
    "wilde-dieren": ("egel", "vos", "das", "ree", "eekhoorn", "vleermuis"),
    "vogels": ("zwaan", "eend", "reiger", "uil", "mus", "meeuw"),
    "boerderij": ("koe", "geit", "kip", "ezel", "varken", "pony"),
    "zeedieren": ("zeehond", "bruinvis", "krab", "kwal", "dolfijn", "otter"),
}

DANGER: Made = {"number": "112", "emergency": "yes", "source": "Verzonnen", "checked": "2026-11-01"}

SENTENCES_OF_DANGER: Made = {
    "name": "hulp bij gevaar",
    "first": "Hang op en bel zelf … {number}.",
    "list": "Bij gevaar … {number}.",
    "not_connected": "We verbinden je niet door.",
    "where": "Zeg meteen waar je bent.",
    "no_danger": "Geen gevaar? … Druk op hekje.",
    "hang_up": "We hangen zo op.",
    "end": "Bel nu {number}.",
}


def one(folder: Path) -> Path:
    """Make a card with one number, which has hours and nobody else to name."""
    numbers = {"gevaar": DANGER, "kat": _number(1) | {"hours": "Mo-Fr 09:00-17:00; PH off"}}
    _card(folder, {"name": "Kattenlijn", "numbers": numbers, "menus": {"begin": {"1": "gevaar", "2": "kat"}}})
    spoken = _said("kat") | {
        "closed": "De opvang voor een kat is dicht tot {opens}. … {number}.",
        "closed_typed": "De opvang voor een kat is dicht tot {opens}. Bel dan pas. … {number}.",
        "closed_unknown": "De opvang voor een kat is dicht tot nader bericht. … {number}.",
        "list_closed": "De opvang voor een kat, dicht tot {opens}. … {number}.",
        "list_closed_unknown": "De opvang voor een kat, dicht tot nader bericht. … {number}.",
        "about_closed": "Houd het dier binnen, en geef het water.",
        "hours": "De opvang is open … {hours}.",
        "hours_now": "De komende zeven dagen is de opvang open … {hours}.",
    }
    _sentences(folder, {"begin": ["gevaar", "kat"]}, {"gevaar": SENTENCES_OF_DANGER, "kat": spoken})
    _line(folder, "back", "back_short", "instead", "instead_short")
    return folder


def thirty(folder: Path, *, wait: bool = True) -> Path:
    """Make a card with thirty numbers in menus below the first, on which whoever waits may be connected."""
    animals = [animal for below in ANIMALS.values() for animal in below]
    numbers = {animal: _number(count) for count, animal in enumerate(animals, 1)}
    numbers["kat"] |= {"connect": "+31005550001", "instead": ["hond"]}
    menus = {"begin": ["gevaar", *ANIMALS]} | {menu: list(below) for menu, below in ANIMALS.items()}
    keys = {
        menu: {str(key): target for key, target in enumerate(below, 1 if menu == "begin" else 2)}
        for menu, below in menus.items()
    }
    waits = {"wait": "kat"} if wait else {}
    _card(folder, {"name": "Dierenlijn", "numbers": {"gevaar": DANGER} | numbers, "menus": keys} | waits)
    spoken = {animal: _said(animal) for animal in animals}
    spoken["kat"] |= {"wait": "Blijf aan de lijn. Dan verbinden we je door met de opvang."} if wait else {}
    spoken["kat"] |= {
        "offer": "Meteen doorverbinden? … Druk op {key}.",
        "connect": "We verbinden je door.",
        "caller_id": "De opvang ziet ons nummer, niet dat van jou.",
        "busy": "De opvang voor een kat is in gesprek. … {number}.",
        "no_answer": "De opvang voor een kat neemt niet op. … {number}.",
        "failed": "Doorverbinden lukt niet. … {number}.",
        "retry": "Nog eens proberen? … Druk op {key}.",
        "completed": "De verbinding is gestopt. … {number}.",
        "reconnect": "Nog eens verbinden? … Druk op {key}.",
    }
    _sentences(folder, menus, {"gevaar": SENTENCES_OF_DANGER} | spoken)
    _line(folder, "instead", *(["all_short"] if wait else []))
    with (folder / "nl" / "line.yaml").open("a", encoding="utf-8") as file:
        file.write("instead_short: Andere keuzes, zoals {others} … hekje.\n")
    return folder


def _number(count: int) -> Made:
    return {"number": f"000-555 00 {count:02}", "source": "Verzonnen", "checked": "2026-11-01"}


def _said(animal: str) -> Made:
    """What is said at the number about an animal."""
    named = f"De opvang voor een {animal}. … {{number}}."
    return {"name": f"de opvang voor een {animal}", "first": named, "list": named, "about": f"Ze helpen een {animal}."}


def _card(folder: Path, card: Made) -> None:
    (folder / "nl").mkdir(parents=True, exist_ok=True)
    write_table(folder / "card.yaml", {"timezone": "Europe/Amsterdam", "country": "NL"} | card)


def _sentences(folder: Path, menus: dict[str, list[str]], numbers: Made) -> None:
    def choice(target: str) -> Made:
        word = target.replace("-", " ")
        return {"long": f"Gaat het over {word}? … Druk op {{key}}.", "short": f"Over {word} … {{key}}."}

    said = {
        menu: {"about": f"Kies over {menu.replace('-', ' ')}.", "choices": {target: choice(target) for target in below}}
        for menu, below in menus.items()
    }
    write_table(folder / "nl" / "menus.yaml", said)
    write_table(folder / "nl" / "numbers.yaml", numbers)


def _line(folder: Path, *without: str) -> None:
    """The sentences of the second card, without some."""
    lines = (CARDS["second"] / "nl" / "line.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = "".join(line for line in lines if line.partition(":")[0] not in without)
    (folder / "nl" / "line.yaml").write_text(kept, encoding="utf-8")
