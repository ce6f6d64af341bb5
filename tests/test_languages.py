# SPDX-License-Identifier: EUPL-1.2
"""One line in several languages: what is offered, key 8, an address for each, and what happens when one goes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ivr import dialogue
from ivr.card import LANGUAGE_KEY
from ivr.editor.load import make_line
from ivr.line import Line
from ivr.phone.events import Ended, Said
from ivr.position import Keys, Kind, Position, Turn
from ivr.sentences import FIRST as FIRST_WORDS
from ivr.sentences import Key, Sentence
from ivr.settings import Settings
from ivr.world import World
from tests.caller import Caller
from tests.conftest import BY_DAY, BY_NIGHT, LINE, fetch_at, says
from tests.languages import EVERY, FIRST, offered

OTHERS = EVERY[1:]


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Our card, offered in all languages that it has sentences in."""
    return offered(tmp_path_factory.mktemp("every"), *EVERY)


@pytest.fixture(scope="module")
def line(every: Settings) -> Line:
    """The line of that card."""
    return make_line(every)


Dial = Callable[..., Caller]


@pytest.fixture(scope="module")
def dial(every: Settings) -> Dial:
    """Makes calls to that line, by day: `dial()`, or `dial("/voice/en")` where another address answers."""
    fetch = fetch_at(BY_DAY, every)
    return lambda address="/voice": Caller(fetch, f"{every.public_url}{address}")


def languages(caller: Caller) -> list[str]:
    """The languages of what was said since the last action, each once."""
    return list(dict.fromkeys(said.language for said in caller.heard if isinstance(said, Said) and said.text))


def test_of_two_languages_the_other_offers_itself_and_eight_changes_to_it(caller: Callable[..., Caller]) -> None:
    """English offers itself in its own voice after the sentence about danger; 8 answers in it, and 8 there in Dutch."""
    call = caller()
    _, first, *_ = [moment.text for moment in call.heard if isinstance(moment, Said) and moment.language == "en"]
    assert first == says("language.offer", language="en")
    assert languages(call) == ["nl", "en"]
    call.press("8").hears(says("line.danger", language="en")).hears(says("language.to_nl", language="en"))
    call.hears("seven.").hears("three.")
    assert languages(call) == ["en"]
    call.press("3").hears("zero, one, zero")
    call.press("#").hears(says("menus.main.choices.police.short", language="en")).hears("Nederlands zeven.")
    call.press("7").hears(says("line.danger")).hears(says("language.offer", language="en"))


def test_a_language_is_offered_again_after_a_silence_and_a_trembling_hand_keeps_it(
    caller: Callable[..., Caller],
) -> None:
    """Who missed the offer hears it in each short menu; eight twice is the other language, from its menus too."""
    for call in (caller().silence(), caller().press("#"), caller().press("7")):
        assert [said.text for said in call.heard if isinstance(said, Said) and said.language == "en" and said.text] == [
            "English",
            "eight.",
        ]
    call = caller().press("8")
    menu = call.said
    assert call.press("8").said == menu
    assert call.press("6").press("8").said == menu
    call.press("6").press("7").hears(says("line.danger"))


def test_where_every_key_has_a_meaning_eight_leads_back() -> None:
    """On a card without a key to spare, the key that led to the other language leads back too."""
    keys = {**LINE.card.start.keys, "7": "nla", "9": "m"}
    card = replace(LINE.card, menus={**LINE.card.menus, "main": replace(LINE.card.start, keys=keys)})
    english = dialogue.start(card, "en")
    assert dialogue.step(card, english, Keys("8"), World()) == dialogue.start(card)
    assert dialogue.key_to_first(replace(card, menus={"main": replace(card.start, keys={"7": "nla"})})) == "9"


@pytest.mark.parametrize("keys", ["3", "0"], ids=["number", "list"])
def test_where_a_number_is_read_eight_is_a_digit(keys: str, caller: Callable[..., Caller]) -> None:
    """Somebody who types a number, or another than is read, stays there, in their language."""
    call = caller().press(keys).press("8")
    call.hears(says("line.typed_other"))
    assert languages(call) == ["nl"]


@pytest.mark.parametrize(
    "keys", ["6", "66", "__#", "0_"], ids=["chapter", "below it", "short menu", "further in the list"]
)
def test_eight_works_where_it_is_no_digit(keys: str, caller: Callable[..., Caller]) -> None:
    """From anywhere with choices it leads to the start of the other language."""
    call = caller()
    for key in keys:
        call.silence() if key == "_" else call.press(key)
    call.press("8").hears(says("line.danger", language="en"))


def test_several_languages_say_their_names_and_eight_opens_a_menu_of_them(dial: Dial, line: Line) -> None:
    """The menu says each name in its own voice, with the key; in the menu of languages each has a key of its own."""
    call = dial()
    assert languages(call) == [FIRST, *OTHERS]
    said = " ".join(call.said)
    for code in OTHERS:
        assert f" {line.spoken(code).sentences.language.key('8')}. " in said
    call.press("8")
    assert languages(call) == [FIRST, *OTHERS]
    for number, code in enumerate(EVERY, 2):
        there = dial().press("8").press(str(number))
        assert there.heard[1] == next(said for said in there.heard if isinstance(said, Said) and said.text)
        assert next(said.language for said in there.heard if isinstance(said, Said) and said.text) == code


def test_three_languages_are_several(tmp_path: Path) -> None:
    """With one more than two there is a menu of languages, whose keys count, and no key of its own for the first."""
    settings = offered(tmp_path, "nl", "en", "pl")
    call = Caller(fetch_at(BY_DAY, settings), f"{settings.public_url}/voice")
    assert languages(call.press("8")) == ["nl", "en", "pl"]
    call.press("4").hears(says("language.others", make_line(settings), "pl"))
    assert languages(call) == languages(call.press("7")) == languages(call.press("#")) == ["pl"]


def test_the_menu_of_languages_is_a_menu_like_any(dial: Dial) -> None:
    """There 1 is danger, 0 the list, # the short menu, * and 8 again; a third wrong key reads all numbers.

    Silence says it once more, and then the short menu.
    """
    menu = dial().press("8")
    again = menu.said
    assert menu.press("*").said == again
    assert menu.press("8").said == again
    menu.press("9").hears(says("line.nomatch")).press("9").press("9").hears(says("line.list"))
    dial().press("8").press("1").hears(says("numbers.danger.first"))
    dial().press("8").press("0").hears(says("line.list"))
    dial().press("8").press("#").hears(says("menus.main.choices.danger.short"))
    silent = dial().press("8").silence()
    assert silent.said == [word for word in again if word in silent.said]
    assert [said.language for said in silent.heard if isinstance(said, Said) and said.text][::2] == [*EVERY]
    silent.silence().hears(says("line.noinput"))
    in_chapter = dial().press("6").press("8").press("#")
    in_chapter.hears(says("menus.main.choices.danger.short"))


def test_the_way_back_from_the_menu_of_languages_is_the_menu_that_one_came_from() -> None:
    """On a card with a menu under the menu, # leads back there."""
    card = replace(LINE.card, languages=("nl", "en", "pl"))
    below = replace(card.start, id="below")
    card = replace(card, menus={**card.menus, "below": below}, home={**card.home, "below": "main"})
    languages_ = dialogue.step(card, Position(Kind.MENU, "below"), Keys("8"), World())
    assert languages_ == Position(Kind.LANGUAGES, "main", menu="below")
    assert dialogue.step(card, languages_, Keys("#"), World()) == Position(Kind.MENU, "below", Turn.BACK)


@pytest.mark.parametrize("code", EVERY)
@pytest.mark.parametrize("keys", ["", "1", "2", "3", "4", "5", "6", "66", "0", "0_", "3*", "77", "9", "8", "8*", "89"])
def test_the_number_for_danger_is_reached_from_everywhere_in_every_language(
    code: str, keys: str, dial: Dial, line: Line
) -> None:
    """Whoever presses 1-1-2 hears 112 in the language that is being spoken."""
    call = dial(f"/voice/{code}")
    for key in keys:
        call.silence() if key == "_" else call.press(key)
    call.press("1").press("1").press("2")
    assert line.spoken(code).sentences.language.digits("112") in ", ".join(call.said).replace(",,", ",")
    assert languages(call) == [code]


@pytest.mark.parametrize("code", OTHERS)
def test_each_language_has_an_address(code: str, dial: Dial) -> None:
    """A poster in a language can carry a number that answers in it at once, whether or not a slash stands behind it."""
    for address in (f"/voice/{code}", f"/voice/{code}/"):
        assert languages(dial(address))[0] == code


@pytest.mark.parametrize("code", ["nl", "de", "xx", "e", "english"])
def test_a_language_that_is_not_offered_answers_in_the_first(code: str, dial: Dial) -> None:
    """Whoever dials a number that is set up for a language which is gone hears the first."""
    dial(f"/voice/{code}").hears(says("line.danger"))


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("at", [BY_DAY, BY_NIGHT], ids=["day", "night"])
def test_a_whole_call_in_a_language_is_in_that_language(code: str, at: object, every: Settings, line: Line) -> None:
    """Silent from the first word to the last, a caller hears all numbers; other voices say only what is theirs.

    That is how each language calls itself, and the Dutch words of a name.
    """
    assert at in (BY_DAY, BY_NIGHT)
    call = Caller(fetch_at(BY_DAY if at == BY_DAY else BY_NIGHT, every), f"{every.public_url}/voice/{code}")
    assert languages(call)[0] == code
    sentences = line.spoken(code).sentences
    theirs = {words for lines in sentences.lines.values() for text in lines for words in FIRST_WORDS.findall(text)}
    theirs |= {number.search for number in line.card.numbers.values() if number.search}
    for other in {*EVERY} - {code}:
        offer = line.spoken(other).sentences.say(Sentence("language.short", {"key": Key(LANGUAGE_KEY)}))
        theirs |= {part.strip() for part in offer[0].split("…")}
    while not call.over:
        call.silence()
        others = [said for said in call.heard if isinstance(said, Said) and said.text and said.language != code]
        assert {said.text for said in others} <= theirs
    assert call.transcript[-1] == Ended("line")
    heard = " ".join(moment.text for moment in call.transcript if isinstance(moment, Said))
    for number in line.card.numbers.values():
        assert line.spoken(code).sentences.language.digits(number.number).replace(" … ", " ") in heard


def test_the_first_language_of_the_card_answers(tmp_path: Path) -> None:
    """A card that begins in English answers in English, in the voice of its folder, and offers Dutch."""
    settings = offered(tmp_path, "en", "nl")
    about = tmp_path / "nl/language.yaml"
    more = ("to_en: Weer Engels? … Druk op {key}.", "speaks_unknown: Spreken ze daar Nederlands? Dat is niet bekend.")
    about.write_text("\n".join([about.read_text("utf-8"), *more, ""]), "utf-8")
    call = Caller(fetch_at(BY_DAY, settings), f"{settings.public_url}/voice")
    call.hears(says("line.danger", language="en")).hears("Nederlands?")
    call.press("8").hears("Weer Engels?").press("3").hears("Dat is niet bekend.")
    assert make_line(settings).voice == ("Polly.Amy-Neural", "en-GB")


def test_a_line_in_another_language_than_its_card_speaks_only_that(every: Settings) -> None:
    """IVR_LANGUAGE that is not the first of the card makes a line in that language alone, in its own voice."""
    line = make_line(replace(every, language="pl-PL"))
    assert line.card.languages == ("pl",)
    assert line.voice == ("Polly.Ola-Neural", "pl-PL")
    assert make_line(replace(every, voice="Google.nl-NL-Wavenet-F")).voice == ("Google.nl-NL-Wavenet-F", "nl-NL")
