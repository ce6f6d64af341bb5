# SPDX-License-Identifier: EUPL-1.2
"""A page for whoever sits at this machine: nobody else may open it, and no page elsewhere may use it."""

import secrets
from socket import socket

from flask import Flask, Response, abort, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from ivr.web.refusals import STRICT, refuse

HEADERS = STRICT | {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "media-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}


def app(name: str, largest: int) -> Flask:
    """An app that answers its own page only, which may load nothing from elsewhere; `largest`: bytes of a request."""
    made = Flask(name)
    made.jinja_env.undefined = StrictUndefined
    made.config["MAX_CONTENT_LENGTH"] = largest
    made.register_error_handler(HTTPException, refuse)
    made.before_request(_only_from_this_page)
    made.after_request(_strict)
    return made


def _only_from_this_page() -> None:
    """Refuse what a page elsewhere can do: let its name lead to this machine (DNS rebinding), and send forms here."""
    if request.host.partition(":")[0] not in ("127.0.0.1", "localhost"):
        abort(403)
    if request.method == "POST" and request.headers.get("Origin") != f"http://{request.host}":
        abort(403)


def _strict(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Write nothing down."""


def server(app: Flask, listening: socket) -> tuple[BaseWSGIServer, str]:
    """A server of an app on a socket that listens to this machine, and the address of its page.

    Each request has a thread. The address has a secret in it, since other users of the machine reach the port too; so
    the page must ask for everything below its own address.
    """
    host, port = listening.getsockname()
    secret = f"/{secrets.token_urlsafe(16)}"
    guarded = DispatcherMiddleware(Forbidden(), {secret: app})
    serving = make_server(host, port, guarded, threaded=True, request_handler=_Silent, fd=listening.fileno())
    return serving, f"http://{host}:{port}{secret}/"
