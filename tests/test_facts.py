# SPDX-License-Identifier: EUPL-1.2
"""Every fact of the Meldroutekaart is on the line: the table says which, and where it is heard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ivr.phone.caller import Caller
from tests.conftest import BY_DAY, BY_NIGHT, LINE

FACTS = {
    # Danger.
    "in urgent danger, call 112": ("", "gevaar? Hang op en bel één, één, twee"),
    "112 has a key": ("", "bij gevaar? Druk op één"),
    # The police.
    "police when it is not urgent": ("", "Geen spoed, wel politie? Druk op twee"),
    "police when you suspect trafficking": (
        "2",
        "algemene nummer van de politie. … mensenhandel vermoedt en er geen spoed is",
    ),
    "police number": ("2", "nul, negen nul, nul acht, acht vier, vier"),
    # The ESSM.
    "ESSM for advice or a report": (
        "",
        "Advies of hulp, voor jezelf of een ander? Of een slachtoffer melden? Druk op drie",
    ),
    "ESSM number": ("3", "nul, één, nul twee, drie, zes vijf, twee vijf, zes"),
    "ESSM hours": ("3", "elke dag van half negen 's ochtends tot tien uur 's avonds"),
    "ESSM full name": ("3", "Expertisecentrum Seksualiteit, Sekswerk en Mensenhandel"),
    "ESSM helps and shelters victims in the region": (
        "3",
        "gespecialiseerde hulp en opvang aan slachtoffers in de regio Rotterdam",
    ),
    "ESSM social worker goes through the signals": ("3", "maatschappelijk werker neemt de signalen met je door"),
    "ESSM advises and discusses next steps": ("3", "advies, en jullie bespreken wat je kunt doen"),
    "ESSM takes a report of a possible victim": ("3", "een mogelijk slachtoffer melden"),
    "ESSM anonymous case discussion": ("3", "een situatie ook anoniem bespreken"),
    # The labour inspectorate.
    "NLA for dishonest, unsafe, unhealthy work": ("4", "oneerlijk, onveilig of ongezond werk"),
    "NLA for signals of labour exploitation": ("4", "als je denkt dat iemand op het werk wordt uitgebuit"),
    "NLA number": ("4", "nul, acht nul, nul vijf, één vijf, één"),
    "NLA supervises for the ministry": ("4", "toezicht … ministerie van Sociale Zaken en Werkgelegenheid"),
    "NLA investigates crime and exploitation": ("4", "georganiseerde misdaad en uitbuiting op, rond werk en inkomen"),
    "NLA web form": ("4", "portaal punt en el arbeidsinspectie punt en el schuine streep klachten"),
    # M.
    "M. for an anonymous report": ("", "Liever anoniem melden? Druk op vijf"),
    "M. number": ("5", "nul, acht nul, nul zeven, nul nul, nul"),
    "M. takes anonymous information about crime": ("5", "anoniem, dus zonder je naam, wat je weet over een misdaad"),
    "M. is independent": ("5", "onafhankelijk meldpunt"),
    "M. is not the police": ("5", "geen deel van de politie"),
    "M. puts the reporter's safety first": ("5", "Dat je anoniem en veilig blijft, gaat daar altijd voor"),
    "M. passes a report on only if you can stay anonymous": (
        "5",
        "alleen naar de politie, de gemeente of een andere opsporingsdienst als je anoniem kunt blijven",
    ),
    "M. web form": ("5", "melden punt meld misdaad anoniem punt en el"),
    # What it is.
    "definition": (
        "6",
        "met dwang geworven, vervoerd, ergens heen gebracht of in huis genomen. Het doel is die persoon uit te buiten",
    ),
    "exploitation is the core": ("6", "Om die uitbuiting gaat het"),
    "three forms": ("6", "seksuele uitbuiting, criminele uitbuiting, en uitbuiting op het werk"),
    "victims meet coercion, violence and deception": ("6", "dwang, misleiding, geweld of dreigen met geweld"),
    "freedom and dignity are violated": ("6", "hun vrijheid en hun waardigheid af"),
    "victims are often too afraid to seek help": ("6", "te bang om zelf hulp te zoeken"),
    "sexual exploitation": ("66", "gedwongen tot seks of seksuele handelingen tegen betaling"),
    "payment in money, goods or drugs": ("66", "geld … dure spullen of drugs"),
    "criminal exploitation": ("666", "gedwongen om misdaden te plegen voor een ander"),
    "criminal examples": ("666", "drugs dealen, een explosief plaatsen, of drugs uit de haven halen"),
    "criminal means": ("666", "dwang of misleiding. … misbruik van iemand die kwetsbaar is"),
    "labour exploitation": (
        "6666",
        "gedwongen te werken, vaak onder heel slechte omstandigheden, voor weinig of geen loon",
    ),
    "labour means": ("6666", "dwang, geweld, chantage, fraude en misleiding"),
    "labour exploitation to the NLA": ("6666", "De Arbeidsinspectie? Druk op vier"),
    "ESSM when closed: advice, report, help": (
        "night 3",
        "advies, en je kunt een mogelijk slachtoffer melden. … hulp en opvang",
    ),
    "out of the situation": ("66666", "uit de situatie komen"),
    "report in time": ("66666", "een vermoeden op tijd te melden"),
    "in doubt": ("66666", "Twijfel je?"),
    "from doubt to advice": ("66666", "Naar het adviespunt? Druk op drie"),
}
"""By fact: the keys that lead to it, and the words in which it is heard; … stands for words between."""


@pytest.mark.parametrize("fact", FACTS)
def test_the_fact_is_heard(caller: Callable[..., Caller], fact: str) -> None:
    """The fact is said where the keys lead."""
    keys, words = FACTS[fact]
    call = caller(BY_NIGHT if keys.startswith("night ") else BY_DAY)
    for key in keys.removeprefix("night "):
        call.press(key)
    said = " ".join(call.said)
    assert re.search(re.escape(words).replace("…", ".*"), said), said


def test_every_word_of_the_choices_is_before_its_key(caller: Callable[..., Caller]) -> None:
    """First the situation, then the key; in numerical order, without gaps."""
    keys = re.findall(r"Druk op (\w+)", " ".join(caller().said))
    assert keys == ["één", "twee", "drie", "vier", "vijf", "zes", "sterretje", "nul"]


def test_no_key_leads_to_the_police_unless_it_was_said(caller: Callable[..., Caller]) -> None:
    """Wherever two leads, "politie" stands before it."""
    said = " ".join(caller().said)
    assert "politie" in said[: said.index("Druk op twee")]
    assert "Politie" in " ".join(caller().silence().said).split("twee")[0]


@pytest.mark.parametrize("keys", ["", "1", "2", "3", "4", "6", "0", "__", "39c", "5"])
def test_our_line_promises_no_anonymity(caller: Callable[..., Caller], keys: str) -> None:
    """No sentence says that our own line is anonymous or keeps nothing."""
    call = caller()
    for key in keys:
        call = call.silence() if key == "_" else call.transfer("completed") if key == "c" else call.press(key)
    assert not re.search(r"bewaren|deze lijn is anoniem|bel ons anoniem|we slaan", " ".join(call.said), re.IGNORECASE)


def test_who_wants_a_neutral_line_knows_every_sentence() -> None:
    """The comment in menus.yaml tells of each sentence that says "mensenhandel" to somebody who did not choose it."""
    said = {id_ for id_, lines in LINE.sentences.lines.items() if "mensenhandel" in " ".join(lines).casefold()}
    choice = "menus.main.choices.trafficking"
    told = {"menus.main.about", f"{choice}.long", f"{choice}.short", "numbers.police.about", "numbers.essm.full_name"}
    assert said - told == {"chapters.trafficking.about"}
    assert told <= said
