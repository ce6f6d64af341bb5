# SPDX-License-Identifier: EUPL-1.2
"""The facts of a card as one table: what two cards are held against each other by, and how each fact is read off."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ivr.card import Card, Number
from ivr.position import Kind
from ivr.review.places import Area, year

Value = Any
"""A text, an area or several; of opening hours those of a day, or the usual weeks by the first day. Empty: none."""


def number_area(id_: str) -> Area:
    """Where a number is read."""
    return Area(Kind.NUMBER, id_)


def _notice(card: Card) -> str:
    """From when until when the notice runs, in the card's own time."""
    if card.notice is None:
        return ""
    moments = (at.astimezone(card.timezone) for at in (card.notice.begins, card.notice.ends))
    return " – ".join(f"{at:%Y-%m-%d %H:%M}" for at in moments)


CARD: Mapping[str, Callable[[Card], Value]] = {
    "name": lambda card: card.name,
    "timezone": lambda card: str(card.timezone),
    "country": lambda card: card.country or "",
    "own-number": lambda card: card.own_number or "",
    "exit": lambda card: card.exit,
    "emergency": lambda card: number_area(card.emergency.id),
    "start": lambda card: Area(Kind.MENU, card.start.id),
    "wait": lambda card: number_area(card.wait) if card.wait else "",
    "notice": _notice,
}

NUMBER: Mapping[str, Callable[[Number, date], Value]] = {
    "printed": lambda number, _: number.number,
    "hours": lambda number, today: number.hours and tuple(year(number.hours, today).seasons.items()),
    "connect": lambda number, _: number.connect or "",
    "form": lambda number, _: number.form or "",
    "search": lambda number, _: number.search or "",
    "instead": lambda number, _: tuple(map(number_area, dict.fromkeys(number.instead))),
    "speaks": lambda number, _: ", ".join(number.speaks),
    "source": lambda number, _: number.source,
    "checked": lambda number, _: number.checked.isoformat(),
}
