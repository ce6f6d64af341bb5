# SPDX-License-Identifier: EUPL-1.2
"""The page on the web: `/` in the first language, `/<code>` in the others. Nothing of who asks is read or kept."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Response, request

from ivr.hours import Opening
from ivr.line import Line
from ivr.page.render import Renderer
from ivr.page.words import readable
from ivr.web.refusals import STRICT

MAX_AGE = 60
"""Seconds that a browser or a proxy may go on showing what is open."""


def blueprint(lines: Mapping[str, Line], folder: Path, clock: Callable[[], datetime]) -> Blueprint:
    """The addresses of the page in the languages of these lines, by code; `folder` is the card's.

    `clock` gives the present. Raises OSError for an owner's style or logo that cannot be read.
    """
    bp = Blueprint("page", __name__)
    lines = readable(lines)
    first = next(iter(lines), None)
    renderer = Renderer(lines, folder, {code: "./" if code == first else f"./{code}" for code in lines})
    headers = STRICT | {
        "Cache-Control": f"public, max-age={MAX_AGE}",
        "Content-Security-Policy": f"{renderer.policy}; frame-ancestors 'none'",
    }
    kept: dict[str, tuple[Mapping[str, Opening], bytes, str]] = {}

    def page(code: str) -> Response:
        now = clock()
        states = lines[code].world(now).states
        if code not in kept or kept[code][0] != states:
            made = renderer.page(code, now, states).encode()
            kept[code] = (states, made, hashlib.sha256(made).hexdigest())
        _, body, etag = kept[code]
        response = Response(body, headers=headers, content_type="text/html; charset=utf-8")
        response.set_etag(etag)
        response.make_conditional(request)
        return response

    for code in lines:
        rule = "/" if code == first else f"/{code}"
        bp.add_url_rule(rule, f"page-{code}", page, defaults={"code": code}, methods=["GET"])
    return bp
