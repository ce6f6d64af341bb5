# SPDX-License-Identifier: EUPL-1.2
"""What is known about phone numbers in a country: by libphonenumber, which Google keeps current.

It is imported only where a card is read. A number that it does not know may be right all the same, so that only warns.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberType, shortnumberinfo
from phonenumbers.phonenumberutil import PhoneNumberFormat

from ivr.card import Card, Number
from ivr.editor.fields import NUMBER
from ivr.editor.source import Text
from ivr.messages.problems import Problems

SHORT = 7
"""A national number with fewer digits works only on one's own phone. The library calls some a company's number."""

REFUSED = {
    PhoneNumberType.TOLL_FREE: "connect-free",
    PhoneNumberType.PREMIUM_RATE: "connect-paid",
    PhoneNumberType.SHARED_COST: "connect-paid",
}
"""Kinds that are not dialled, with the message that says why."""


def refused(number: Number, connect: str, country: str | None) -> str | None:
    """Why a number is read out and never dialled (the id of a message); None when it may be.

    Only a call to 112 from the caller's own phone carries its location. How far free and short numbers can be reached
    from Twilio is unproven, and a pay number must not be relayed.
    """
    if number.emergency or (country and shortnumberinfo.is_emergency_number(number.digits, country)):
        return "connect-emergency"
    region = country or _country_of(connect)
    for parsed in filter(None, (_parsed(connect, region), _parsed(number.number, region))):
        if len(phonenumbers.national_significant_number(parsed)) < SHORT:
            return "connect-short"
        phonenumbers.truncate_too_long_number(parsed)  # with a digit too many it is of the same kind
        if reason := REFUSED.get(phonenumbers.number_type(parsed)):
            return reason
    return None


def free_key(emergency: str, connected: str) -> str:
    """The best key to connect with: no digit of the number for danger or, where it can be, of one that is connected."""
    return min("987654321", key=lambda key: (key in emergency, key in connected))


def judge_connect(number: Number, connect: Text, country: str | None, key: str, problems: Problems) -> None:
    """Judge whether a number may be connected, and by a key."""
    in_e164 = re.compile(NUMBER["connect"].pattern).fullmatch
    printed, home = _dialled(number.number, country or _country_of(connect)), at_home(connect, country)
    wrong = {
        "connect-form": not in_e164(connect),
        "connect-other": printed != connect and home,
        "connect-country": printed != connect,
        "connect-key": key in number.digits,
    }
    reason = refused(number, connect, country) if any(map(str.isdecimal, connect)) else None
    if reason := reason or next((message for message, found in wrong.items() if found), None):
        examples = _dialled(number.number, country), re.sub("[^+0-9]", "", connect), "+31200000000"
        values = {"number": number.number, "key": key, "country": str(country)}
        problems.add(connect.place, reason, text=connect, example=next(filter(in_e164, examples)), **values)


def emergency_number(country: str | None) -> str:
    """The number for danger in a country, or one of them; empty where none is known."""
    known = PhoneMetadata.short_metadata_for_region(country) if country else None
    return str(known.emergency.example_number or "") if known and known.emergency else ""


def is_emergency(number: Number, country: str | None) -> bool:
    """Whether a number is one for danger in a country, as far as is known."""
    if country is None or (number.digits == "911" and phonenumbers.country_code_for_region(country) != 1):
        return False  # in many countries a mobile phone is helped with 911 too, and no other phone is
    return shortnumberinfo.is_emergency_number(number.digits, country)


def cost(printed: str, country: str | None) -> str | None:
    """Why the cost of a call to a number keeps it from being dialled (a message of REFUSED), as far as is known."""
    parsed = _parsed(printed, country)
    return REFUSED.get(phonenumbers.number_type(parsed)) if parsed else None


def at_home(connect: str, country: str | None) -> bool:
    """Whether an E.164 number is one of a country; without a country each is."""
    return country is None or connect.startswith(f"+{phonenumbers.country_code_for_region(country)}")


def known(number: str) -> bool:
    """Whether a number in E.164 can exist, as far as is known."""
    parsed = _parsed(number, None)
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def odd_numbers(card: Card, own: Iterable[str] = ()) -> Iterator[tuple[Number, str, Mapping[str, str]]]:
    """What to look at once more: a number, of the card or of the line itself, a message's id, and what fills it in."""
    seen: dict[str, Number] = {}
    dialled = filter(None, (card.own_number, *own))
    line = [replace(card.emergency, id="", number=number, emergency=False) for number in dialled]
    for number in (*card.numbers.values(), *line):
        doubt = _doubt(number, card.country) if card.country else None
        if doubt and (number.id or doubt[0] == "found-unknown-number"):  # nobody hears how that of the line is written
            yield number, doubt[0], {"number": number.number, "country": str(card.country), "written": doubt[1]}
        known = seen.setdefault(_dialled(number.number, card.country), number)
        if known is not number and known.id:
            yield number, "found-same-number", {"number": number.number, "other": known.id}
        elif number.id and not number.emergency and card.emergency.digits in number.digits:
            yield number, "found-inside", {"number": number.number, "emergency": card.emergency.number}


def _doubt(number: Number, country: str) -> tuple[str, str] | None:
    """What is odd about a number in a country: a message, and how the number is usually written."""
    if number.emergency:
        return None if is_emergency(number, country) else ("found-no-emergency-number", "")
    parsed = _parsed(number.number, country)
    # A short number is known by its length alone: the library lacks many that work, such as 144 in the Netherlands.
    short = parsed and shortnumberinfo.is_possible_short_number_for_region(parsed, country)
    if short and not number.number.startswith("0"):
        return None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        return "found-unknown-number", ""
    written = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    if number.number.startswith("+"):
        return ("found-national-number", written) if at_home(number.number, country) else None
    alike = phonenumbers.normalize_digits_only(written) == number.digits
    return None if alike else ("found-written-number", written)


def _dialled(printed: str, country: str | None) -> str:
    """A number in E.164, as far as it has one."""
    parsed = None if printed.startswith("+") else _parsed(printed, country)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164) if parsed else re.sub("[ -]", "", printed)


def _parsed(text: str, country: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None


def _country_of(connect: str) -> str | None:
    """The country of a number in E.164."""
    parsed = _parsed(connect, None)
    return phonenumbers.region_code_for_country_code(parsed.country_code or 0) if parsed else None
