# SPDX-License-Identifier: EUPL-1.2
"""The page on the web: `/` in the first language, `/<code>` in the others. Nothing of who asks is read or kept."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound
from werkzeug.http import generate_etag

from ivr.hours import Opening
from ivr.line import Line
from ivr.page.render import PageRenderer
from ivr.page.words import readable
from ivr.settings import Settings
from ivr.web.refusals import STRICT, refuse

MAX_AGE = 60
"""Seconds that a browser or a proxy may go on showing what is open."""


def blueprint(lines: Mapping[str, Line], chosen: Settings, clock: Callable[[], datetime]) -> Blueprint:
    """The addresses of the page in the languages of these lines, by code.

    `clock` gives the present. Raises OSError for an owner's style or logo that cannot be read.
    """
    bp = Blueprint("page", __name__)
    lines = readable(lines)
    first = next(iter(lines), None)
    renderer = PageRenderer(lines, chosen, {code: "./" if code == first else f"./{code}" for code in lines})
    headers = STRICT | {
        "Cache-Control": f"public, max-age={MAX_AGE}",
        "Content-Security-Policy": f"{renderer.policy}; frame-ancestors 'none'",
    }
    kept: dict[str, tuple[tuple[date, Mapping[str, Opening]], bytes, str]] = {}

    def page(code: str) -> Response:
        now = clock()
        states = lines[code].world(now).states
        today = now.astimezone(lines[code].card.timezone).date() if now.tzinfo else now.date()
        if code not in kept or kept[code][0] != (today, states):
            made = renderer.page(code, now, states).encode()
            kept[code] = (today, states), made, generate_etag(made)
        _, body, etag = kept[code]
        response = Response(body, headers=headers, content_type="text/html; charset=utf-8")
        response.set_etag(etag)
        response.make_conditional(request)
        return response

    def lost(error: NotFound) -> Response:
        """Whoever types an address from paper, with a slash too many or a letter wrong, finds the way to the page."""
        if request.method != "GET" or first is None or request.path.startswith(("/voice", "/health/", "/.well-known/")):
            return refuse(error)
        up = "../" * (request.path.count("/") - 1) or "./"
        name = request.path.strip("/")
        if name in lines:
            return Response(status=302, headers=headers | {"Location": up if name == first else up + name})
        return Response(renderer.lost(up), 404, headers, content_type="text/html; charset=utf-8")

    bp.app_errorhandler(404)(lost)
    for code in lines:
        rule = "/" if code == first else f"/{code}"
        bp.add_url_rule(rule, f"page-{code}", page, defaults={"code": code}, methods=["GET"])
    return bp
