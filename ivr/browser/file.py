# SPDX-License-Identifier: EUPL-1.2
"""The telephone as one file: the table of a line, its map and what changed, with a page that reads them."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from importlib import resources
from importlib.metadata import version
from typing import Any

from markupsafe import Markup

from ivr.address import path
from ivr.browser import places
from ivr.browser.table import DAYS, Table
from ivr.dialogue import positions
from ivr.editor.load import Read, fingerprint, load, make_line
from ivr.hours import Closed
from ivr.line import Line
from ivr.messages.problems import CardError
from ivr.page.render import environment
from ivr.phone import espeak
from ivr.review.compared import compared
from ivr.review.map import NotInstalledError, key_of, picture
from ivr.review.map_page import sections
from ivr.review.places import Say, capital
from ivr.settings import Settings

SCRIPTS = ("sound.js", "call.js", "phone.js")

MOST_MOMENTS = 8
"""So many moments have a name; any other can be filled in."""

WORDS = {
    "gone": "phone-gone",
    "copied": "phone-copied",
    "copyRefused": "phone-copy-refused",
    "ready": "phone-ready",
    "ringing": "phone-ringing",
    "said": "phone-said",
    "waiting": "phone-waiting",
    "silent": "phone-silent",
    "onward": "phone-onward",
    "soundFails": "phone-sound-fails",
    "unreachable": "phone-unreachable",
    "noMoment": "phone-no-moment",
    "hungUp": "call-ended-caller",
    "hangsUp": "call-ended-line",
    "dialling": "call-dialling",
    "completed": "call-completed",
    "busy": "call-busy",
    "noAnswer": "call-no-answer",
    "failedConnection": "call-failed",
    "pressed": "call-pressed",
    "silentFor": "call-silent",
    "remarkAt": "phone-remark-at",
    "remarksFile": "phone-remarks-file",
}
"""What the page says by itself, each under the name by which its script knows it."""


def page(  # noqa: PLR0913 - what is in it
    chosen: Settings,
    now: datetime,
    *,
    before: str | None = None,
    read: Read | None = None,
    wrong: str = "",
    served: str = "",
) -> str:
    """The file, with what changed since a revision `before`, if that is asked.

    `served`: which version of the card it is, where a server stands behind it that makes it anew; such a page always
    tells what changed, and what is `wrong` now. Raises CardError where the card has mistakes.
    """
    read = read or load(chosen.prompts, chosen.code)
    as_drawn = make_line(chosen.connecting(), read)
    line = make_line(chosen, read) if served else as_drawn
    say, print_ = chosen.say, fingerprint(chosen.prompts)
    today = now.astimezone(line.card.timezone).replace(hour=0, minute=0, second=0, microsecond=0)
    on_map = {code: sections(as_drawn, chosen.editor_language, today.date(), code) for code in line.card.languages}
    numbers = {
        code: {text: number for place in each for passage in place.spoken for number, text in passage.lines}
        for code, each in on_map.items()
    }
    made = Table(line, today, numbers)
    moments = dict(_moments(line, made.data, say))
    heading, told = _changes(chosen, before, moments) if before or served else ("", None)
    css, script = _shipped("phone.css"), "\n".join(map(_shipped, (*SCRIPTS, "served.js" if served else "remarks.js")))
    begins: dict[str, dict[str, str]] = {code: {} for code in line.card.languages}
    for position in positions(line.card):
        begins[position.language or line.card.languages[0]].setdefault(key_of(position), path(position))
    words = {name: _plain(say(id_, **_BLANKS)) for name, id_ in WORDS.items()}
    words |= {name: f"{say('call-caller')} {words[name].lower()}" for name in ("pressed", "silentFor")}
    behind = "'self'" if served else "'none'"
    policy = (
        f"default-src 'none'; style-src {_hash(css)}; script-src {_hash(script)}; img-src data:; "
        f"connect-src {behind}; media-src {behind}; base-uri 'none'; form-action 'none'"
    )
    return (
        environment("ivr.browser")
        .get_template("phone.html")
        .render(
            say=say,
            language=chosen.editor_language,
            code=line.card.languages[0],
            name=line.card.name,
            made=say(
                "map-made",
                date=f"{now:%Y-%m-%d}",
                of=f"{version('meldroutekaart-lijn')}, {fingerprint(chosen.prompts)}",
            ),
            connects=bool(line.caller_id),
            served=served,
            espeak=bool(served) and espeak.available(),
            words=_json(words | {"code": line.card.languages[0], "version": served, "card": print_}),
            wrong=wrong,
            languages=line.card.languages,
            moments=[(at, label) for at, (_, label) in moments.items()],
            first=f"{today:%Y-%m-%d}",
            last=f"{today + timedelta(days=DAYS - 1):%Y-%m-%d}",
            groups=list(places.groups(line, say)),
            heading=heading,
            told=told,
            map=on_map,
            begins=begins,
            picture=_picture(line.only(line.card.languages[0]), chosen.editor_language),
            policy=policy,
            css=Markup(css),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own files
            table=_json(made.data),
        )
    )


_BLANKS = {name: f"{{{name}}}" for name in ("number", "keys", "seconds", "caller_id")}


def _moments(line: Line, made: Mapping[str, Any], say: Say) -> Iterator[tuple[str, tuple[datetime, str]]]:
    """A moment of each world that can be heard in the year, and the next Christmas: each with its name."""
    first = datetime.fromisoformat(made["first"])
    found: dict[int, datetime] = {}
    for hour in (14, 23):
        *_, now = (world for begins, world in made["patterns"][made["days"][0]] if begins <= 60 * hour)
        found.setdefault(now, first.replace(hour=hour))
    for day, pattern in enumerate(made["days"]):
        for minutes, world in made["patterns"][pattern]:
            found.setdefault(world, first + timedelta(days=day, minutes=minutes + 30))
    christmas = first.replace(month=12, day=25, hour=14)
    christmas = christmas if christmas >= first else christmas.replace(year=first.year + 1)
    for at in [*list(found.values())[:MOST_MOMENTS], christmas]:
        world = line.world(at)
        shut = [
            line.sentences.word(f"numbers.{number.id}.name")
            for number in line.card.numbers.values()
            if isinstance(world.opening(number), Closed)
        ]
        values = {"at": f"{at:%Y-%m-%d %H:%M}", "name": ", ".join(shut)}
        yield f"{at:%Y-%m-%dT%H:%M}", (at, say("phone-closed" if shut else "phone-in-week", **values))


def _changes(
    chosen: Settings, before: str | None, moments: Mapping[str, tuple[datetime, str]]
) -> tuple[str, list[tuple[str, places.Found | None]]]:
    """What changes for callers, each with where a call hears it, and a heading."""
    try:
        line, heading, told, *_ = compared(chosen, before)
    except CardError as error:  # while somebody edits: the page is of the last card that could be read
        return error.text(chosen.editor_language), []
    at = {name: moment for name, (moment, _) in moments.items()}
    return heading, [(one.text, places.begin(line, one.change, at)) for one in told]


def _plain(text: str) -> str:
    """A remark of a transcript as a sentence."""
    return capital(re.sub(r"^\((.*)\)$", r"\1", text))


def _json(told: object) -> Markup:
    """Data that stands in a script element, which it cannot end."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(text)  # noqa: S704 - no markup is left in it


def _picture(line: Line, language: str) -> str:
    try:
        return picture(line, language)
    except NotInstalledError:
        return ""


def _shipped(name: str) -> str:
    return resources.files("ivr.browser").joinpath("static", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
