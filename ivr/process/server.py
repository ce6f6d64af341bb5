# SPDX-License-Identifier: EUPL-1.2
"""The production server: gunicorn with gevent's worker, chosen by measurement (see deploy/performance.md).

It hands over the raw request target, which the signature needs, and answers the requests in flight before it stops.
What a worker does with a request stands in worker.py.
"""

import dataclasses
import gc
import mmap
import os
import platform
import resource
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from typing import Any
from wsgiref.types import WSGIApplication

from flask import Flask, got_request_exception
from gunicorn import glogging
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config

from ivr.process import log
from ivr.process.worker import STOP, Worker, on_refusal
from ivr.process.wrongly_signed import WronglySigned
from ivr.settings import Settings
from ivr.web.public import READY
from ivr.web.webhooks import WRONGLY_SIGNED

DRAIN = 5
"""Seconds between SIGTERM, from when the service says that it is not ready, and the end of accepting connections. The
proxy must ask more often than that."""

GRACE = 20
"""Seconds after that in which requests in flight are answered; Twilio gives up after 15."""

IDLE = 10
"""Seconds that a connection may take to send the head of a (next) request. A proxy that keeps connections open closes
them sooner, so that it never sends into one that is being closed here."""

STUCK = 20
"""Seconds after which a worker that does nothing but compute is replaced."""

CONNECTIONS = 2000
"""Open connections a worker. One that waits costs about 15 kB."""

LIMITS = {"limit_request_line": 2048, "limit_request_fields": 40, "limit_request_field_size": 2046}
"""Bytes of the request line, number of headers and bytes of each: several times what Twilio and a proxy send."""


class Logger(glogging.Logger):
    """gunicorn's log, handed to Python's root logger, where log.configure() listens."""

    def setup(self, cfg: Config) -> None:
        """Take gunicorn's own handlers away."""
        super().setup(cfg)
        self.error_log.propagate = True


class _Arbiter(Arbiter):
    """gunicorn's first process, which lets readiness go before it stops."""

    def __init__(self, app: BaseApplication, drain: Callable[[], None]) -> None:
        self._drain = drain
        super().__init__(app)

    def spawn_worker(self) -> int:
        """Fork a worker, and hold back what tells it to stop until it listens.

        Until then it would take a signal for one to the arbiter and lose it, and the whole server would stop no
        sooner than GRACE later (https://github.com/benoitc/gunicorn/issues/1910).
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)

    def handle_hup(self) -> None:
        """Change nothing: gunicorn would start new workers, and these would answer with the card of before too."""
        log.log.warning("reload ignored", do="restart this server: the card and the settings are read when it starts")

    def handle_term(self) -> None:
        """Say first that no more calls should come, and go on answering while they still do."""
        self._drain()
        until = time.monotonic() + DRAIN
        while (left := until - time.monotonic()) > 0:
            if {signal.SIGINT, signal.SIGQUIT} & set(self.wait_for_signals(timeout=left)):
                self.handle_quit()
        super().handle_term()


class Application(BaseApplication):
    """An app and gunicorn's options, as gunicorn wants them."""

    def __init__(self, app: WSGIApplication, options: dict[str, object]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take these options and leave the rest as it is."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn describes an app in other words than Python does
        """The app."""
        return self._app


def serve(app: Flask, settings: Settings, *, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM, which lets readiness go first, or SIGINT, which ends it at once. SIGHUP is ignored.

    The log is configured already.
    """
    draining = mmap.mmap(-1, 1)  # shared with the workers, which are forked
    app.config[READY] = lambda: not draining[0]
    app.config[WRONGLY_SIGNED] = WronglySigned().note
    got_request_exception.connect(_note_error, app)
    bind = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"]
    options: dict[str, object] = LIMITS | {
        "bind": bind,
        "workers": workers,
        "worker_class": Worker,
        "worker_connections": CONNECTIONS,
        "keepalive": IDLE,
        "timeout": STUCK,
        "graceful_timeout": GRACE,
        "preload_app": True,
        "proc_name": "ivr",
        "loglevel": settings.log_level,
        "logger_class": Logger,
        "errorlog": None,
        "control_socket_disable": True,
        "post_worker_init": lambda worker: log.log.info("answering", worker=worker.pid),
        "sendfile": False,  # it would go past what the worker keeps
        # No header changes a request's path, scheme, protocol or sender; so nobody's address is looked up to trust any.
        "forwarder_headers": "",
        "secure_scheme_headers": {},
        "forwarded_allow_ips": "*",
    }
    application: WSGIApplication = app
    if settings.metrics_port:
        application = _counted(app, settings.metrics_port, options)
        bind.append(f"127.0.0.1:{settings.metrics_port}")

    def drain() -> None:
        draining[0] = 1
        log.log.info("stopping", seconds=DRAIN)

    _limit_itself()
    log.log.info("starting", python=platform.python_version(), workers=workers, listening=bind, **_told(settings))
    # The workers share all that was made by now, and their garbage collectors need not walk through it.
    gc.collect()
    gc.freeze()
    _Arbiter(Application(application, options), drain).run()


def _limit_itself() -> None:
    """Never leave an image of the memory behind, which holds requests; and allow as many files as connections."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)  # systemd and others start a service with few, and allow more
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _note_error(_: Flask, exception: BaseException) -> None:
    log.failed("request", exception)


def _told(settings: Settings) -> dict[str, object]:
    """The settings as they may be written down: of the tokens only how many there are."""
    told = {f.name: getattr(settings, f.name) for f in dataclasses.fields(settings) if f.repr}
    return {name: value if value is None else str(value) for name, value in told.items()} | {
        "tokens": len(settings.tokens)
    }


def _counted(app: Flask, port: int, options: dict[str, object]) -> WSGIApplication:
    """The app with its counters. They live in files that the workers share, which must be named before the import."""
    folder = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="ivr-metrics-")
    options["on_exit"] = lambda _: shutil.rmtree(folder)
    from ivr.process import metrics  # noqa: PLC0415 - see above

    on_refusal.append(metrics.count_refusal)
    return metrics.count(app, port)
