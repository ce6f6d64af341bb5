# SPDX-License-Identifier: EUPL-1.2
"""A page for whoever sits at this machine: nobody else may open it, and no page elsewhere may use it."""

from socket import socket

from flask import Flask, Response, abort, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from ivr.web.refusals import STRICT

HEADERS = STRICT | {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "media-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}


def guard(app: Flask) -> None:
    """Let an app answer its own page only, and let that page load nothing from elsewhere."""
    app.before_request(_only_from_this_page)
    app.after_request(_strict)


def _only_from_this_page() -> None:
    """Refuse what a page elsewhere can do: let its name lead to this machine (DNS rebinding), and send forms here."""
    if request.host.partition(":")[0] not in ("127.0.0.1", "localhost"):
        abort(403)
    if request.method == "POST" and request.headers.get("Origin") != f"http://{request.host}":
        abort(403)


def _strict(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Write nothing down."""


def server(app: Flask, listening: socket) -> BaseWSGIServer:
    """A server of an app on a socket that listens to this machine; each request has a thread."""
    host, port = listening.getsockname()
    return make_server(host, port, app, threaded=True, request_handler=_Silent, fd=listening.fileno())
