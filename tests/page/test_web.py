# SPDX-License-Identifier: EUPL-1.2

import html
import re
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from ivr.editor import load
from ivr.editor.load import make_line
from ivr.messages.problems import CardError
from ivr.page import served
from ivr.proof import warnings
from ivr.proof.warnings import Looked
from tests.cards import edit
from tests.conftest import BY_DAY, BY_NIGHT, LINE, PUBLIC_URL, SETTINGS, says, with_hours
from tests.languages import offered
from tests.page.conftest import changed, site
from tests.test_facts import FACTS, ROW

NOTICE = "\nnotice:\n  from: 2026-11-25 12:00\n  until: 2026-11-25 18:00\n"
TOLD = "\nnotice: Door een storing is het adviespunt nu moeilijk te bereiken.\n"

ELSEWHERE = {
    "Het alarmnummer heeft een eigen toets.": "a key is no fact of a page",
    "Advies, melden en hulp: ook te horen als het dicht is.": "the page says the whole of it at any hour",
    "Wie niet alleen is, mag ophangen.": "nobody hears a page",
    "Na doorverbinden staat alleen ons nummer op de telefoon.": "a page connects nobody",
}
"""Facts that are about the line alone, and why."""


def words(page: str) -> str:
    """What a page says, without capitals and punctuation."""
    body = re.sub(r"<(style|script)>.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(re.findall(r"\w+", html.unescape(body).casefold()))


@pytest.mark.parametrize("line", [n for n, row in FACTS.items() if row.split("|")[1].strip() not in ELSEWHERE])
def test_every_fact_of_the_card_is_on_the_page(line: int) -> None:
    """What the printed card says, and the line tells by keys, stands on the page too."""
    match = ROW.fullmatch(FACTS[line].strip())
    assert match
    numbers = LINE.card.numbers

    def fact(blank: re.Match[str]) -> str:
        what, _, id_ = blank[1].partition(" ")
        return {
            "number": numbers[id_].number,
            "hours": "ma–zo 8:30–22:00",
            "search": (numbers[id_].form or "").removeprefix("https://").partition("/")[0],
        }[what]

    wanted = re.sub(r"Hang op en|Druk op \w+", "", re.sub(r"\{(.*?)\}", fact, match[4]))
    parts = (rf"\b{words(part)}\b" for part in wanted.split("…"))
    assert re.search(".*".join(parts), words(site().get("/").text))


def test_the_page_is_small_and_private() -> None:
    """Under 30 kB with all that it needs; no cookie; only its own style and script; kept for a minute."""
    answer = site().get("/")
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert len(answer.data) < 30_000
    assert "Set-Cookie" not in answer.headers
    assert answer.headers.getlist("Cache-Control") == ["public, max-age=60"]
    (policy,) = answer.headers.getlist("Content-Security-Policy")
    assert re.fullmatch(
        "default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        policy,
    )
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not re.search(r'(?:src|srcset)="(?!data:)|<link rel="(?!icon|alternate)|@import|url\(', answer.text)


def test_who_has_the_page_is_not_sent_it_again() -> None:
    """With the ETag of a page that still holds, a browser is told so and sent nothing; at night it is another page."""
    etag = site().get("/").headers["ETag"]
    again = site(BY_DAY + timedelta(minutes=5)).get("/", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert site(BY_NIGHT).get("/", headers={"If-None-Match": etag}).status_code == 200


def test_what_is_open_follows_the_clock() -> None:
    """One server says open by day and closed by night, and by day again."""
    times = [BY_DAY, BY_NIGHT, BY_DAY + timedelta(days=1)]
    app = Flask(__name__)
    app.register_blueprint(served.blueprint({"nl": make_line(SETTINGS)}, SETTINGS, lambda: times[0]))
    for expected in (
        "Woensdag 25 november: open tot 22:00",
        "Woensdag 25 november: dicht tot donderdag 26 november 8:30",
        "Donderdag 26 november: open tot 22:00",
    ):
        page = app.test_client().get("/")
        assert f">{expected}<" in page.text
        assert app.test_client().get("/").headers["ETag"] == page.headers["ETag"]
        times.pop(0)


def test_dutch_on_a_page_in_another_language_is_marked_as_dutch(tmp_path: Path) -> None:
    """Whoever has the English page read out hears Dutch names in Dutch, and a notice that nobody translated too."""
    settings = changed(tmp_path, card=NOTICE)
    with (tmp_path / "nl" / "line.yaml").open("a", encoding="utf-8") as file:
        file.write(TOLD)
    at = datetime(2026, 11, 25, 14)  # noqa: DTZ001 - in the card's own time zone
    dutch, english = (site(at, settings).get(path).text for path in ("/", "/en"))
    assert '<p lang="nl">Door een storing' in english
    assert f'<p class="name"><span lang="nl">{says("numbers.m.name")}</span></p>' in english
    assert "<p>Door een storing" in dutch
    assert f'<p class="name">{says("numbers.m.name")}</p>' in dutch


def test_pages_with_signals_are_linked_once_they_are_known(tmp_path: Path) -> None:
    """Without addresses on the card there is no such link; with them it stands in the chapter that it goes with."""
    assert "signalen op" not in site().get("/").text
    settings = changed(tmp_path, card="\nsignals:\n  labour: https://www.voorbeeld.example/signalen?taal=nl\n")
    page = site(settings=settings).get("/").text
    titles = [says(f"chapters.{id_}.about").partition(".")[0] for id_ in ("labour", "doubt")]
    labour = page[slice(*(page.index(f"{title}</h2>") for title in titles))]
    assert (
        '<a href="https://www.voorbeeld.example/signalen?taal=nl">Bekijk de signalen op voorbeeld.example</a>' in labour
    )


def test_only_in_the_netherlands_there_is_teletolk() -> None:
    """The relay service is that of one country; a card of another does not name it."""
    assert "KPN Teletolk" in site().get("/").text
    second = replace(SETTINGS, prompts=Path(__file__).parent.parent / "cards" / "second")
    assert "KPN Teletolk" not in site(settings=second).get("/").text


def test_who_reads_another_language_knows_what_is_not_known(tmp_path: Path) -> None:
    """At each number stands that nobody knows whether that language is spoken there, but where the card tells."""
    settings = offered(tmp_path, "nl", "en")
    unknown = "We do not know whether they speak English there."
    assert unknown not in site(settings=settings).get("/").text
    numbers = len(make_line(settings).card.numbers) - 1  # at the number for danger nothing raises a doubt
    assert site(settings=settings).get("/en").text.count(unknown) == numbers
    edit(tmp_path, "card.yaml", "\n  essm:\n", "\n  essm:\n    speaks:\n      en: verzonnen\n")
    assert site(settings=settings).get("/en").text.count(unknown) == numbers - 1


def test_a_line_for_each_language_is_a_page_for_each(tmp_path: Path) -> None:
    """The first language is at /, the others at their code; each names itself, and links to all of them."""
    nl, other = make_line(SETTINGS), make_line(SETTINGS)
    other.sentences.lines = {**nl.sentences.lines, "page.language": ("English",)}
    app = Flask(__name__)
    app.register_blueprint(served.blueprint({"nl": nl, "en": other}, SETTINGS, lambda: BY_DAY))
    client = app.test_client()
    for path, code in (("/", "nl"), ("/en", "en")):
        page = client.get(path).text
        assert f'<html lang="{code}">' in page
        assert '<link rel="alternate" hreflang="nl" href="./">' in page
        assert '<link rel="alternate" hreflang="en" href="./en">' in page
        assert re.findall(r'hreflang="(..)" aria-current="page">', page) == [code]
        assert '<a href="./en" lang="en" hreflang="en"' in page
    assert "hreflang" not in site(settings=offered(tmp_path, "nl")).get("/").text


def test_the_owner_has_a_style_and_a_logo(tmp_path: Path) -> None:
    """What stands beside the card follows our style and is allowed by the policy; a style cannot end its element."""
    settings = changed(tmp_path)
    (tmp_path / "page.css").write_text(":root { --action: #00563f; } /* </style><script> */", encoding="utf-8")
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    answer = site(settings=settings).get("/")
    assert answer.text.count("</style>") == 1
    assert "--action: #00563f" in answer.text
    assert '<img class="logo" src="data:image/svg+xml;base64,' in answer.text
    assert answer.headers["Content-Security-Policy"] != site().get("/").headers["Content-Security-Policy"]


def test_only_reading_is_possible() -> None:
    """The page is read and nothing else; what anybody adds to its address changes nothing."""
    assert site().post("/").status_code == 405
    assert site().head("/").status_code == 200
    assert site().get("/?taal=en").data == site().get("/").data


def test_a_mistake_in_its_words_is_told(tmp_path: Path) -> None:
    """An editor hears of a word that is not known, one that is missing and a wrong blank, with file and line."""
    settings = changed(tmp_path)
    file = tmp_path / "nl" / "page.yaml"
    text = file.read_text(encoding="utf-8")
    for old, new, message in (
        ("skip: Naar", "skib: Naar", "sentence-unused"),
        ("skip: Naar de telefoonnummers\n", "", "sentence-missing"),
        ("call: Bel {number}", "call: Bel {nummer}", "blank-unknown"),
        ("call: Bel {number}", "call: Bel", "blank-missing"),
    ):
        file.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(CardError) as caught:
            make_line(settings)
        (problem,) = caught.value.problems
        assert problem.message == message
        assert str(file) in problem.text("nl")


def test_a_card_without_words_for_the_page_has_ours(tmp_path: Path) -> None:
    """The words of our own page fit any card, so another one need not have them."""
    settings = changed(tmp_path)
    (tmp_path / "nl" / "page.yaml").unlink()
    assert site(settings=settings).get("/").data == site().get("/").data


@pytest.mark.parametrize(
    ("path", "leads"),
    [("/nl", "./"), ("/nl/", "../"), ("/en/", "../en"), ("/pl", None), ("/en/x/y", None), ("/favicon.ico", None)],
)
def test_nobody_gets_a_white_page(path: str, leads: str | None) -> None:
    """An address of the page with a slash too many is led on; any other has one link to the card."""
    answer = site().get(path)
    if leads:
        assert (answer.status_code, answer.headers["Location"]) == (302, leads)
        return
    assert answer.status_code == 404
    assert answer.text.count("<a ") == answer.text.count(f'<a href="{"../" * (path.count("/") - 1) or "./"}">') == 1
    assert "mensenhandel" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/health/x", "/.well-known/x", "/.well-known/security.txt"])
def test_programs_get_an_empty_refusal(path: str) -> None:
    """What asks for no page, or does not ask with GET, is not sent one."""
    assert (site().get(path).status_code, site().get(path).data) == (404, b"")
    assert (site().post("/pl").status_code, site().post("/pl").data) == (404, b"")


def test_the_page_of_another_day_is_another(tmp_path: Path) -> None:
    """A page is kept while nothing changes, but its date is that of the day."""
    times = [BY_DAY, BY_DAY + timedelta(days=1)]
    app = Flask(__name__)
    line = make_line(with_hours(tmp_path, "24/7"))
    app.register_blueprint(served.blueprint({"nl": line}, SETTINGS, lambda: times.pop(0)))
    for date in ("woensdag 25 november 2026", "donderdag 26 november 2026"):
        assert f"Zo is het op {date}." in app.test_client().get("/").text


def test_nothing_in_an_address_tells_the_subject(tmp_path: Path) -> None:
    """The names inside the page, which a history keeps, say nothing of what it is about."""
    page = site(settings=offered(tmp_path, "nl", "en")).get("/").text
    assert {re.sub("[0-9]", "", name) for name in re.findall(r'(?:id|href)="#?([a-z0-9]+)"', page)} == {
        "d",
        "danger",
        "deaf",
        "exit",
        "numbers",
        "status",
        "traces",
    }
    assert "mensenhandel" not in page[: page.index("tel:09008844")]  # nor do the first lines, to who looks on


def test_the_owner_chooses_where_the_exit_leads(tmp_path: Path) -> None:
    """The exit and the number of the line are facts of the card; the words beside the exit name its site."""
    settings = changed(tmp_path, card="\nexit: https://www.nrc.nl/index\nown_number: 010-236 52 56\n")
    page = site(settings=settings).get("/").text
    assert '<a id="exit" href="https://www.nrc.nl/index"' in page
    assert "een andere pagina: nrc.nl." in page
    assert (
        '<a href="tel:+31102365256">Hoor je liever een stem die je helpt kiezen? Bel 010-236\xa052\xa056.</a>' in page
    )


def test_a_language_may_have_a_number_of_its_own(tmp_path: Path) -> None:
    """On the poster of a language stands the number that answers in it, and else the card's; it is checked too."""
    settings = offered(tmp_path, "nl", "en", "pl")
    for file, number in (("card.yaml", "010-236 52 56"), ("pl/language.yaml", "010-267 11 0")):
        with (tmp_path / file).open("a", encoding="utf-8") as text:
            text.write(f"\nown_number: {number}\n")
    pages = {path: site(settings=settings).get(path).text for path in ("/", "/en", "/pl")}
    assert ["tel:010267110" in page for page in pages.values()] == [False, False, True]
    assert ['class="own"><a href="tel:+31102365256"' in page for page in pages.values()] == [True, True, False]
    looked = Looked(make_line(settings), settings, BY_DAY.date())
    assert "010-267 11 0" in [found.values["number"] for found in warnings.numbers(looked)]


def test_a_language_without_words_for_the_page_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither the card nor we have the words in its language, there is a line and no page."""
    settings = changed(tmp_path)
    shutil.rmtree(tmp_path / "ro")
    (tmp_path / "nl").rename(tmp_path / "ro")
    (tmp_path / "ro" / "page.yaml").unlink()
    (tmp_path / "ro" / "language.yaml").unlink()  # which says that it is Dutch
    monkeypatch.setattr(load, "default_prompts", lambda: tmp_path)  # a language in which we have none either
    assert site(settings=replace(settings, language="ro-RO")).get("/").status_code == 404


def test_a_prefix_of_the_address_makes_no_difference() -> None:
    """Under a path, which the proxy takes off, the page links to nothing outside that path."""
    settings = replace(SETTINGS, public_url=f"{PUBLIC_URL}/lijn")
    address = re.compile('<div class="code">.*?</div>|<p class="address">.*?</p>', re.DOTALL)
    prefixed, plain = (site(settings=chosen).get("/").text for chosen in (settings, SETTINGS))
    assert f'<p class="address">{PUBLIC_URL}/lijn/</p>' in prefixed
    assert address.sub("", prefixed) == address.sub("", plain)
    assert 'href="/' not in site().get("/").text
