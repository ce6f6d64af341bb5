# SPDX-License-Identifier: EUPL-1.2
"""The checks that depend on today's date or on how the line is run, and never stop a start."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from ivr.answers import Answers
from ivr.editor.cards import Places
from ivr.editor.hours import ASKED, CALLED, hours_of, unnamed_holidays, written
from ivr.editor.load import Read, left_out
from ivr.editor.numbers import known, odd_numbers
from ivr.editor.translations import digest, languages_beside, standing
from ivr.line import Line
from ivr.messages.problems import Problem
from ivr.proof.doubts import second_looks
from ivr.proof.lines import unread
from ivr.proof.proved import Result, judged
from ivr.proof.voices import DATE, SOURCE, VOICES
from ivr.settings import LANGUAGE, Settings

OLD = timedelta(days=90)
"""After this long somebody should look again whether a number is still right."""

SOON = timedelta(days=60)
"""Holidays this near should be on the card."""

LONG = timedelta(days=30)
"""A notice that runs longer than this should become a sentence of the card."""

MONTH, AHEAD = timedelta(days=31), timedelta(days=365)


class Looked(NamedTuple):
    """What is looked at: a line, how it is run, the day, and where the facts of its card stand in a file."""

    line: Line
    settings: Settings
    today: date
    places: Places = {}  # noqa: RUF012 - nobody changes it


def caller_id(on: Looked) -> Iterator[Problem]:
    """What may be connected can be connected: there is a number to show, and it can exist."""
    shown = on.settings.caller_id
    if shown and not known(shown):
        yield Problem("found-caller-id-unknown", {"number": shown})
    for number in on.line.card.numbers.values():
        if number.connect and not shown:
            yield Problem("found-no-caller-id", {"number": number.number})


def public_url(on: Looked) -> Iterator[Problem]:
    """Twilio reaches the line over TLS: what is pressed crosses the internet."""
    parts = urlsplit(on.settings.public_url)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield Problem("found-not-https", {"url": on.settings.public_url})


def security_txt(on: Looked) -> Iterator[Problem]:
    """The contact in security.txt, if there is one, is valid for another month."""
    expires = on.settings.security_expires
    if expires and expires <= on.today + MONTH:
        yield Problem("found-security-txt", {"date": expires.isoformat()})


def checked(on: Looked) -> Iterator[Problem]:
    """Somebody has looked lately whether each number is right."""
    for number in on.line.card.numbers.values():
        days = (on.today - number.checked).days
        values = {"number": number.number, "date": number.checked.isoformat(), "days": str(days)}
        place = on.places.get((number.id, "checked"))
        if days > OLD.days:
            yield Problem("found-old-emergency" if number.emergency else "found-old", values, place)
        if days < -1:  # where the editor is, it may be tomorrow already
            yield Problem("found-future", values, place)


def holidays(on: Looked) -> Iterator[Problem]:
    """The card says what happens on the coming public holidays, and on days that are nearly one."""
    for number in on.line.card.numbers.values():
        if not number.hours:
            continue
        days = unnamed_holidays(number.hours, on.today, on.today + SOON)
        place = on.places.get((number.id, "hours"))
        asked = {day: name for day, name in days.items() if name in ASKED.get(on.line.card.country or "", ())}
        if dates := [f"{day:%Y %b %d}" for day in days if day not in asked]:
            yield Problem("found-holiday", {"number": number.number, "dates": ", ".join(dates)}, place)
        for day, name in asked.items():
            open_ = f"{day:%Y %b %d} {written(hours_of(number.hours, day))}"
            values = {"number": number.number, "closed": f"{CALLED[name]} off", "open": open_}
            yield Problem(f"found-day-{name}", values | {"date": day.isoformat()}, place)


def hours(on: Looked) -> Iterator[Problem]:
    """Opening hours open and close: always or never in the coming year is more likely a mistake."""
    start = datetime.combine(on.today, time(), on.line.card.timezone)
    end = start + timedelta(days=365)
    for number in on.line.card.numbers.values():
        if not number.hours or number.hours.always:  # which says that it is meant
            continue
        place = on.places.get((number.id, "hours"))
        spans = number.hours.spans(start, end)
        later = number.hours.spans(end, end + timedelta(days=365))
        if spans and not later:
            values = {"number": number.number, "date": f"{spans[-1][1]:%Y-%m-%d}"}
            yield Problem("found-closes", values, place)
        if spans in ([], [(start, end)]):
            message = "found-always-open" if spans else "found-never-open"
            yield Problem(message, {"number": number.number}, place)


def notice(on: Looked) -> Iterator[Problem]:
    """A notice runs for a month at most, and is removed once it is over."""
    if found := on.line.card.notice:
        begins, ends = (moment.astimezone(on.line.card.timezone).date() for moment in (found.begins, found.ends))
        values = {"begins": begins.isoformat(), "ends": ends.isoformat()}
        if ends < on.today:
            yield Problem("found-notice-over", values)
        elif ends - max(begins, on.today) > LONG or ends - on.today > AHEAD:
            yield Problem("found-notice-runs", values)


def numbers(on: Looked) -> Iterator[Problem]:
    """Each number, that of the line too, can be one here, is on the card once, and is heard while the line is down."""
    if Answers(on.line, "").cut:
        yield Problem("found-fallback-cut", {"languages": ", ".join(on.line.card.languages)})
    own = (on.line.spoken(code).own_number or "" for code in on.line.card.languages)
    for number, message, values in odd_numbers(on.line.card, own):
        yield Problem(message, values, on.places.get((number.id, "number" if number.id else "own_number")))


def reviewed(on: Looked) -> Iterator[Problem]:
    """Somebody who grew up with each language that is offered has read its sentences, as they are now."""
    first = LANGUAGE[:2]
    if on.line.card.languages[0] != first and (on.settings.prompts / first).is_dir():
        yield Problem("found-only-language", {"language": on.line.card.languages[0], "first": first})
    for code in on.line.card.languages:
        spoken = on.line.spoken(code)
        values = {"language": code, "said": digest(spoken.sentences)}
        if not spoken.reviewed:
            if code != first:  # Dutch is not translated
                yield Problem("found-not-reviewed", values)
            continue
        read, said = spoken.reviewed
        values["date"] = read.isoformat()
        if said != values["said"]:
            yield Problem("found-reviewed-before", values)
        if read > on.today + timedelta(days=1):  # where the editor is, it may be tomorrow already
            yield Problem("found-reviewed-future", values)


def translated(on: Looked) -> Iterator[Problem]:
    """Each sentence of a language that is offered is a translation of what the first language says now."""
    first, *others = on.line.card.languages
    for code in others:
        now = standing(on.settings.prompts, code, on.line.card, on.line.sentences)
        for message, ids in (("found-stale", now.stale), ("found-untranslated", now.missing)):
            if ids:
                yield Problem(message, {"language": code, "source": first, "ids": ", ".join(ids)})


def voices(on: Looked) -> Iterator[Problem]:
    """Each language that is offered has a voice that Twilio has for it. With another one a whole answer can fail."""
    for code in on.line.card.languages:
        voice = on.line.spoken(code).voice
        if voice and voice.name not in VOICES.get(voice.language, ()):
            values = {"voice": voice.name, "locale": voice.language, "date": DATE, "source": SOURCE}
            yield Problem("found-voice" if voice.language in VOICES else "found-voice-unlisted", values)


def recordings(on: Looked) -> Iterator[Problem]:
    """Every line of a language that is being recorded has a good recording, which somebody has listened to."""
    yield from unread(on.line, on.settings.prompts, on.today)


def due(on: Looked) -> Iterator[Problem]:
    """What a person must call about or look up within a month, before any check warns."""
    for number in on.line.card.numbers.values():
        values = {"number": number.number, "id": number.id, "source": number.source, "date": number.checked.isoformat()}
        if on.today + MONTH - number.checked > OLD:
            yield Problem("found-due-number", values)
        days = unnamed_holidays(number.hours, on.today, on.today + AHEAD) if number.hours else {}
        if days:
            yield Problem("found-due-holidays", values | {"dates": ", ".join(f"{day:%Y-%m-%d}" for day in days)})
    yield from security_txt(on._replace(today=on.today + MONTH))
    yield from reviewed(on)


WARNINGS: Mapping[str, Callable[[Looked], Iterator[Problem]]] = {
    "caller-id": caller_id,
    "public-url": public_url,
    "security-txt": security_txt,
    "numbers": numbers,
    "checked": checked,
    "holidays": holidays,
    "hours": hours,
    "notice": notice,
    "voices": voices,
    "reviewed": reviewed,
    "translated": translated,
    "recordings": recordings,
    "doubts": lambda on: iter(second_looks(on.line, on.places)),
}


def warn(on: Looked) -> Iterator[Result]:
    """Run the checks that only warn. A voice that Twilio does not have fails here all the same, and no start."""
    for name, check in WARNINGS.items():
        findings = tuple(check(on))
        yield judged(name, findings, "fail" if "found-voice" in {one.message for one in findings} else "warn")


def languages(read: Read, folder: Path) -> Result:
    """The languages without which the line starts, and drafts, which nobody hears, with a file that cannot be read."""
    problems = left_out(read)
    first, *offered = read.card.languages
    for code in languages_beside(folder, first):
        if code not in offered and code not in read.left_out:
            problems += standing(folder, code, read.card, read.spoken[first].sentences).broken
    return judged("languages", problems)
