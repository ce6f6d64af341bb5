# SPDX-License-Identifier: EUPL-1.2
"""Answers refusals and failures with a status and no body, and lets no browser show an answer in a frame."""

from flask import Flask, Response, current_app, got_request_exception
from werkzeug.exceptions import HTTPException

STRICT = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers for whatever a browser could open (https://owasp.org/www-project-secure-headers/)."""


def note(error: Exception) -> None:
    """Send Flask's signal for an error that is answered all the same; the log and the counters listen to it."""
    got_request_exception.send(current_app._get_current_object(), exception=error)  # type: ignore[attr-defined]  # noqa: SLF001


def strict(response: Response) -> Response:
    """The response with strict headers: for all but the answers that only Twilio reads."""
    response.headers.extend(STRICT)
    return response


def refuse(error: HTTPException) -> Response:
    """The status of an error, and nothing to read."""
    allow = error.get_response().headers.get("Allow")
    return strict(Response(status=error.code, headers={"Allow": allow} if allow else None, mimetype="text/plain"))


def register(app: Flask) -> None:
    """Answer every error of an app, so that no page of a library is ever sent."""
    app.register_error_handler(HTTPException, refuse)

    @app.errorhandler(Exception)
    def fail(error: Exception) -> Response:
        note(error)
        return strict(Response(status=500, mimetype="text/plain"))
