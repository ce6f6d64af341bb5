# SPDX-License-Identifier: EUPL-1.2
"""What anybody may ask without a signature: is the service alive, is it ready, and whom to tell about a weakness."""

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import NotFound

from ivr.settings import Settings
from ivr.web.refusals import strict

READY = "READY"
"""Name in the app's config of a function that says whether new calls may come here; without one they may."""

CARD = "X-Card"
"""The header with the fingerprint."""


def blueprint(settings: Settings, card: str) -> Blueprint:
    """The addresses that need no signature; `card` is the fingerprint of the card, which /health/ready gives."""
    bp = Blueprint("public", __name__)
    bp.after_request(strict)

    @bp.get("/health/live")
    def live() -> Response:
        return Response("alive\n", content_type="text/plain")

    @bp.get("/health/ready")
    def ready_or_not() -> Response:
        if current_app.config.get(READY, lambda: True)():
            return Response("ready\n", content_type="text/plain", headers={CARD: card})
        return Response("stopping\n", status=503, content_type="text/plain")

    @bp.get("/.well-known/security.txt")
    def security_txt() -> Response:
        contact, expires = settings.security_contact, settings.security_expires
        if contact is None or expires is None:
            raise NotFound
        fields = f"Contact: {contact}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: nl, en\n"
        return Response(fields, content_type="text/plain; charset=utf-8")

    return bp
