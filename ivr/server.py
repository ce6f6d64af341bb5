# SPDX-License-Identifier: EUPL-1.2
"""The production server: gunicorn, which hands over the raw request target that the signature needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication

if TYPE_CHECKING:
    from flask import Flask

GRACE = 20
"""Seconds in which requests in flight are answered after SIGTERM; Twilio gives up after 15."""


class _Server(BaseApplication):
    def __init__(self, app: Flask, options: dict[str, object]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn's own type knows its two kinds of application, not Flask
        return self._app


def serve(app: Flask, *, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT. Requests are not logged: their path tells what a caller chose."""
    options: dict[str, object] = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": 8,
        "graceful_timeout": GRACE,
        "preload_app": True,
        "proc_name": "ivr",
    }
    _Server(app, options).run()
