# SPDX-License-Identifier: EUPL-1.2
"""What depends on the day or on how the line is run: a line must not die of old age, so these only warn."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit

from ivr.editor.hours import unnamed_holidays
from ivr.editor.numbers import doubts, known
from ivr.editor.translate import standing
from ivr.line import Line
from ivr.messages.problems import Problem
from ivr.proof.doubts import doubts as second_looks
from ivr.proof.voices import DATE, SOURCE, unknown
from ivr.settings import LANGUAGE, Settings
from ivr.web.public import security_txt_problem

OLD = timedelta(days=90)
"""After this long somebody should look again whether a number is still right."""

SOON = timedelta(days=60)
"""Holidays this near should be on the card."""

Findings = Iterator[Problem]


def caller_id(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """What may be connected can be connected: there is a number to show, and it can exist."""
    if settings.caller_id and not known(settings.caller_id):
        yield Problem("found-caller-id-unknown", {"number": settings.caller_id})
    if not settings.caller_id:
        for number in line.card.numbers.values():
            if number.connect:
                yield Problem("found-no-caller-id", {"number": number.number})


def public_url(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Twilio reaches the line over TLS: what is pressed crosses the internet."""
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        yield Problem("found-not-https", {"url": settings.public_url})


def security_txt(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Whom to tell about a weakness holds for a while yet."""
    if problem := security_txt_problem(settings, today):
        yield problem


def checked(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Somebody has looked lately whether each number is right."""
    for number in line.card.numbers.values():
        days = (today - number.checked).days
        values = {"number": number.number, "date": number.checked.isoformat(), "days": str(days)}
        place = line.card.places.get((number.id, "checked"))
        if days > OLD.days:
            yield Problem("found-old-emergency" if number.emergency else "found-old", values, place)
        if days < -1:  # where the editor is, it may be tomorrow already
            yield Problem("found-future", values, place)


def holidays(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """The card says what happens on the coming public holidays."""
    for number in line.card.numbers.values():
        days = unnamed_holidays(number.hours, today, today + SOON) if number.hours else []
        if days:
            values = {"number": number.number, "dates": ", ".join(f"{day:%Y %b %d}" for day in days)}
            yield Problem("found-holiday", values, line.card.places.get((number.id, "hours")))


def inside(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """No number has that for danger inside it: whoever types it along would hear 112, which goes before all else."""
    for number in line.card.numbers.values():
        if not number.emergency and line.card.emergency.digits in number.digits:
            values = {"number": number.number, "emergency": line.card.emergency.number}
            yield Problem("found-inside", values, line.card.places.get((number.id, "number")))


def hours(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Opening hours open and close: always or never in the coming year is more likely a mistake."""
    start = datetime.combine(today, time(), line.card.timezone)
    end = start + timedelta(days=365)
    for number in line.card.numbers.values():
        if not number.hours or number.hours.text == "24/7":  # which says that it is meant
            continue
        spans = number.hours.spans(start, end)
        if spans in ([], [(start, end)]):
            message = "found-always-open" if spans else "found-never-open"
            yield Problem(message, {"number": number.number}, line.card.places.get((number.id, "hours")))


def numbers(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Each number can be one in this country, and is on the card once."""
    for number, message, values in doubts(line.card):
        yield Problem(message, values, line.card.places.get((number.id, "number")))


def reviewed(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Somebody who grew up with each language that is offered has read its sentences."""
    for code in line.card.languages:
        if code != LANGUAGE[:2] and not line.spoken(code).reviewed:  # ours were not translated
            yield Problem("found-not-reviewed", {"language": code})


def translated(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """No sentence of a language that is offered was made from words that the first language no longer says."""
    first, *others = line.card.languages
    for code in others:
        if stale := standing(settings.prompts, code, line.card, line.sentences).stale:
            yield Problem("found-stale", {"language": code, "source": first, "ids": ", ".join(stale)})
        if line.card.notice and "line.notice" not in line.spoken(code).sentences.lines:
            yield Problem("found-notice-language", {"language": code, "source": first})


def voices(line: Line, settings: Settings, today: date) -> Findings:  # noqa: ARG001 - a check takes all
    """Each language that is offered has a voice that Twilio has for it."""
    for code in line.card.languages:
        voice, locale = line.spoken(code).voice
        if unknown(voice, locale):
            yield Problem("found-voice", {"voice": voice, "locale": locale, "date": DATE, "source": SOURCE})


WARNINGS: Mapping[str, Callable[[Line, Settings, date], Findings]] = {
    "caller-id": caller_id,
    "public-url": public_url,
    "security-txt": security_txt,
    "numbers": numbers,
    "inside": inside,
    "checked": checked,
    "holidays": holidays,
    "hours": hours,
    "voices": voices,
    "reviewed": reviewed,
    "translated": translated,
    "doubts": lambda line, *_: iter(second_looks(line)),
}
