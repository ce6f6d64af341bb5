# SPDX-License-Identifier: EUPL-1.2
"""What Twilio calls: read the position and the event, step, answer. Nothing of a caller leaves the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from werkzeug.routing import BaseConverter

from ivr.dialogue import Keys, Outcome, Silence
from ivr.line import KEYS, OUTCOME, SILENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ivr.dialogue import Event, Position
    from ivr.line import Line
    from ivr.signature import Signature


class _Rest(BaseConverter):
    """All that is left of an address, whatever it is: the caller hears the menu even where nobody wrote it."""

    regex = ".*"
    part_isolating = False


def blueprint(line: Line, signature: Signature, clock: Callable[[], datetime]) -> Blueprint:
    """The addresses of a line. Every request to them must be signed; `clock` gives the present."""
    bp = Blueprint("voice", __name__)
    bp.record_once(lambda state: state.app.url_map.converters.update(rest=_Rest))

    @bp.before_request
    def refuse_what_twilio_did_not_send() -> Response | None:
        return None if signature.genuine(request) else Response(status=403)

    @bp.post("/voice")
    def answer() -> Response:
        return say(line.start(), clock())

    @bp.post("/voice/<rest:address>")
    def go_on(address: str) -> Response:
        path, _, reported = address.rpartition("/")
        now = clock()
        position = line.find(path, request.args.get("pressed", ""))
        return say(line.step(position, event(position, reported), now), now)

    def event(position: Position, reported: str) -> Event:
        digits = request.form.get("Digits", "")
        if reported == OUTCOME:
            return Outcome(request.form.get("DialCallStatus", ""))
        if reported == SILENCE or (reported == KEYS and not digits):
            return Silence()
        fits = reported == KEYS and line.offered(position, request.args.get("offer", ""))
        return Keys(digits, stale=not fits)

    def say(position: Position, now: datetime) -> Response:
        return Response(line.answer(position, now), content_type="text/xml; charset=utf-8")

    return bp
