# SPDX-License-Identifier: EUPL-1.2
"""Serves one app on one server: python -m tests.bench.serve APP SERVER PORT [PROMPTS]."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import waitress

from ivr.process import server
from tests.bench import apps

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

GUNICORN: dict[str, dict[str, object]] = {
    "gunicorn sync": {},  # gunicorn's default
    "gunicorn gthread": {"worker_class": "gthread", "threads": 8, "keepalive": server.IDLE},
}
OURS, WAITRESS = "ivr serve", "waitress"
SERVERS = (OURS, *GUNICORN, WAITRESS)


def _with_raw_target(app: WSGIApplication) -> WSGIApplication:
    """Waitress hands over the raw target under another name."""

    def renamed(environ: WSGIEnvironment, start_response: StartResponse) -> Any:  # noqa: ANN401 - whatever the app gives
        environ["RAW_URI"] = environ["REQUEST_URI"]
        return app(environ, start_response)

    return renamed


def main(name: str, which: str, port: str, prompts: str = "") -> None:
    """Serve with one worker until a signal."""
    folder = Path(prompts) if prompts else None
    app = apps.APPS[name](folder)
    if which == OURS:
        server.serve(app, apps.settings(folder), host="127.0.0.1", port=int(port), workers=1)
    elif which == WAITRESS:
        waitress.serve(_with_raw_target(app), host="127.0.0.1", port=int(port), threads=8, connection_limit=2000)
    else:
        options = {"bind": f"127.0.0.1:{port}", "preload_app": True, "control_socket_disable": True}
        server.Application(app, options | GUNICORN[which]).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
