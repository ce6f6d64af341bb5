# SPDX-License-Identifier: EUPL-1.2
"""The telephone as one file: the table of a line, its map and what changed, with a page that reads them."""

import base64
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from importlib import resources
from importlib.metadata import version
from typing import Any

from markupsafe import Markup

from ivr.address import path
from ivr.browser import play
from ivr.browser.table import DAYS, Table
from ivr.dialogue import positions
from ivr.editor.load import Read, fingerprint, load, make_line, refuse_links
from ivr.hours import Closed
from ivr.line import Line
from ivr.messages.problems import CardError, Problem, ProblemsError
from ivr.page.render import environment, policy_hash
from ivr.phone import espeak, speech
from ivr.review.compared import compared
from ivr.review.in_words import Say, capital
from ivr.review.map import key_of, picture
from ivr.review.map_page import facts, numbered, sections
from ivr.settings import Settings

SCRIPTS = ("sound.js", "call.js", "phone.js")

MOST_MOMENTS = 8
"""So many moments have a name; any other can be filled in."""


def page(  # noqa: PLR0913 - what is in it
    chosen: Settings,
    now: datetime,
    *,
    before: str | None = None,
    number: str = "",
    opened: str | None = None,
    read: Read | None = None,
    wrong: str = "",
    served: str = "",
    recorded: bool = False,
) -> str:
    """The file, with what changed since a revision `before`, if that is asked, or for whoever reads for one `number`.

    `opened`: at the map, in this language, or where empty in the first. `served`: which version of the card it is,
    where a server stands behind it that makes it anew; such a page always tells what changed, and what is `wrong` now.
    `recorded`: with the recordings of what is on its map; without them the browser's voice says all.
    Raises CardError where the card has mistakes, or is a link, and ProblemsError where it has not what is asked.
    """
    if not served:
        refuse_links(chosen.prompts)
    read = read or load(chosen.prompts, chosen.code)
    if number and number not in read.card.numbers:
        raise ProblemsError([Problem("target-unknown-all", {"text": number, "known": ", ".join(read.card.numbers)})])
    as_drawn = make_line(chosen.connecting(), read)
    line = make_line(chosen, read) if served else as_drawn
    today = now.astimezone(line.card.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    on_map = {
        code: sections(as_drawn, chosen.editor_language, today.date(), code, number=number)
        for code in line.card.languages
    }
    made = Table(line, today, {code: numbered(each) for code, each in on_map.items()})
    moments = dict(_moments(line, made.data, chosen.say))
    own = {section.path for each in on_map.values() for section in each} if number else set()
    heading, changes = _changes(chosen, before, moments, own) if before or served else ("", None)
    begins: dict[str, dict[str, str]] = {code: {} for code in line.card.languages}
    for position in positions(line.card):
        begins[position.language or line.card.languages[0]].setdefault(key_of(position), path(position))
    css, script = _shipped("phone.css"), "\n".join(map(_shipped, (*SCRIPTS, "served.js" if served else "remarks.js")))
    behind = "'self'" if served else "'none'"
    recordings = _recordings(as_drawn, made.data) if recorded else {}
    templates = environment("ivr.browser")
    templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return templates.get_template("phone.html").render(
        say=chosen.say,
        capital=capital,
        language=chosen.editor_language,
        line=line,
        made=f"{now:%Y-%m-%d}",
        version=version("meldroutekaart-lijn"),
        fingerprint=fingerprint(chosen.prompts),
        number=line.card.numbers.get(number),
        opened=opened,
        served=served,
        espeak=bool(served) and espeak.available(),
        wrong=wrong,
        moments=moments,
        last=f"{today + timedelta(days=DAYS - 1):%Y-%m-%d}",
        heading=heading,
        told=changes,
        map=on_map,
        begins=begins,
        picture="" if number else picture(line.only(line.card.languages[0]), chosen.editor_language),
        facts=[] if number else facts(as_drawn, chosen.say),
        policy=f"default-src 'none'; style-src {policy_hash(css)}; script-src {policy_hash(script)}; img-src data:; "
        f"connect-src {behind}; media-src {'data:' if recordings else behind}; base-uri 'none'; form-action 'none'",
        css=Markup(css),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own files
        table=made.data,
        recordings=recordings,
    )


def _recordings(line: Line, made: Mapping[str, Any]) -> dict[str, str]:
    """Each recording of a sentence that is on the map, as base64, by the language and the text that a call tells of it.

    Raises ProblemsError where there is none.
    """
    on_map = {f"{item[3]} {made['texts'][item[1]]}" for item in made["items"] if item[0] == "said" and item[2]}
    files = {f"{one.heard.language} {speech.plain(one.heard.text)}": one.file for one in line.recordings.values()}
    if not (found := {text: base64.b64encode(files[text].read_bytes()).decode() for text in files.keys() & on_map}):
        raise ProblemsError([Problem("phone-no-recordings", {})])
    return found


def _moments(line: Line, made: Mapping[str, Any], say: Say) -> Iterator[tuple[str, tuple[datetime, str]]]:
    """A moment of each world that can be heard in the year, and the next Christmas: each with its name."""
    first = datetime.fromisoformat(made["first"])
    begins_of: dict[int, datetime] = {}
    for hour in (14, 23):
        *_, now = (world for begins, world in made["patterns"][made["days"][0]] if begins <= 60 * hour)
        begins_of.setdefault(now, first.replace(hour=hour))
    for day, pattern in enumerate(made["days"]):
        for minutes, world in made["patterns"][pattern]:
            begins_of.setdefault(world, first + timedelta(days=day, minutes=minutes + 30))
    christmas = first.replace(month=12, day=25, hour=14)
    christmas = christmas if christmas >= first else christmas.replace(year=first.year + 1)
    for at in [*list(begins_of.values())[:MOST_MOMENTS], christmas]:
        world = line.world(at)
        shut = [
            line.sentences.word(f"numbers.{number.id}.name")
            for number in line.card.numbers.values()
            if isinstance(world.opening(number), Closed)
        ]
        values = {"at": f"{at:%Y-%m-%d %H:%M}", "name": ", ".join(shut)}
        yield f"{at:%Y-%m-%dT%H:%M}", (at, say("phone-closed" if shut else "phone-in-week", **values))


def _changes(
    chosen: Settings, before: str | None, moments: Mapping[str, tuple[datetime, str]], own: Collection[str]
) -> tuple[str, list[tuple[str, play.Beginning | None]]]:
    """What changes for callers, each with where a call hears it, and a heading; of a number in its `own` areas."""
    try:
        line, heading, changes, *_ = compared(chosen, before)
    except CardError as error:  # while somebody edits: the page is of the last card that could be read
        return error.text(chosen.editor_language), []
    at = {name: moment for name, (moment, _) in moments.items()}
    places = [{"/".join(area) for area in item.change.areas if area.id} for item in changes]
    mine = [item for item, of in zip(changes, places, strict=True) if not (own and of) or of & {*own}]
    heading = chosen.say("diff-same", before=before) if changes and not mine else heading
    return heading, [(item.text, play.begin(line, item.change, at)) for item in mine]


def _shipped(name: str) -> str:
    return resources.files("ivr.browser").joinpath("static", name).read_text(encoding="utf-8")
