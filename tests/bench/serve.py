# SPDX-License-Identifier: EUPL-1.2
"""Serves one app on one server: python -m tests.bench.serve APP SERVER PORT [PROMPTS]."""

from __future__ import annotations

import sys
from pathlib import Path

from ivr.process import server
from tests.bench import apps

OURS, SYNC = "ivr serve", "gunicorn sync"


def main(name: str, which: str, port: str, prompts: str = "") -> None:
    """Serve with one worker until a signal."""
    folder = Path(prompts) if prompts else None
    app = apps.APPS[name](folder)
    if which == OURS:
        server.serve(app, apps.settings(folder), host="127.0.0.1", port=int(port), workers=1)
    else:
        options = {"bind": f"127.0.0.1:{port}", "preload_app": True, "control_socket_disable": True}
        server.Application(app, options).run()  # gunicorn's default worker


if __name__ == "__main__":
    main(*sys.argv[1:])
