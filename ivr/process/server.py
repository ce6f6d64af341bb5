# SPDX-License-Identifier: EUPL-1.2
"""The production server: gunicorn with gevent's worker, chosen by measurement (see deploy/performance.md).

It hands over the raw request target, which the signature needs; a slow client costs a worker one small stack and no
thread, so that many of them hold nobody up; and it answers the requests in flight before it stops.
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
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeAlias
from wsgiref.types import WSGIApplication

import gevent
from flask import Flask, got_request_exception
from gevent import socket
from gunicorn import glogging, util
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.http import errors
from gunicorn.http.body import ChunkedReader
from gunicorn.http.message import Request
from gunicorn.workers.ggevent import GeventWorker

from ivr.process import log
from ivr.process.wrongly_signed import WronglySigned
from ivr.settings import Settings
from ivr.web.public import READY, security_txt_problem
from ivr.web.webhooks import WRONGLY_SIGNED

DRAIN = 5
"""Seconds between SIGTERM, from when the service says that it is not ready, and the end of accepting connections. The
proxy must ask more often than that."""

GRACE = 20
"""Seconds after that in which requests in flight are answered; Twilio gives up after 15."""

IDLE = 10
"""Seconds that a connection may take to send the head of a (next) request. A proxy that keeps connections open closes
them sooner, so that it never sends into one that is being closed here."""

REQUEST = 10
"""Seconds for the rest: to send the body, and to be answered."""

STUCK = 20
"""Seconds after which a worker that does nothing but compute is replaced."""

AT_ONCE = 64 * 1024
"""Bytes of an answer that are kept; every answer to a webhook is shorter."""

CONNECTIONS = 2000
"""Open connections a worker. One that waits costs about 15 kB."""

LIMITS = {"limit_request_line": 2048, "limit_request_fields": 40, "limit_request_field_size": 2046}
"""Bytes of the request line, number of headers and bytes of each: several times what Twilio and a proxy send."""

STATUS = {errors.LimitRequestLine: 414, errors.LimitRequestHeaders: 431, errors.ExpectationFailed: 417}
"""Of a request that is not even HTTP; of all others 400."""

STOP = (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)
"""What tells a worker to stop."""

Address: TypeAlias = str | int | tuple[str, int]

refused: list[Callable[[int], None]] = []
"""Who wants to know of requests that are refused before they reach the app."""


class _Whole:
    """A connection that keeps an answer until it is whole: gunicorn would send the head, and then the body.

    What is longer goes out in parts: whoever reads slowly would hold all of it in memory.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._parts: list[bytes] = []
        self.begun = False

    def sendall(self, part: bytes) -> None:
        """Keep a part of an answer, or send what there is by now."""
        self._parts.append(part)
        if sum(map(len, self._parts)) > AT_ONCE:
            self.send_whole()

    def send_whole(self) -> None:
        """Send what was kept."""
        if self._parts:
            parts, self._parts, self.begun = b"".join(self._parts), [], True
            self._sock.sendall(parts)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a socket has
        return getattr(self._sock, name)


class Worker(GeventWorker):
    """gevent's worker with a limit on time, and refusals that neither quote a request nor write it down."""

    sockets: list[Any]

    def patch(self) -> None:
        """Make only the listening sockets gevent's own: nothing of ours waits for anything else."""
        self.sockets = [socket.socket(s.FAMILY, socket.SOCK_STREAM, fileno=s.sock.detach()) for s in self.sockets]

    def init_process(self) -> None:
        """Serve. gevent would write the text of an error that nobody caught."""
        hub: Any = gevent.get_hub()
        hub.print_exception = lambda _, __, error, ___: log.failed("uncaught", error)
        super().init_process()

    def init_signals(self) -> None:
        """Listen to signals, and take those that the arbiter held back while it forked this worker."""
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP)

    def handle_request(self, listener_name: Address, req: Request, sock: socket.socket, addr: Address) -> bool:
        """Answer one request within its time, then let others go first: the next of this connection may be here too.

        The connection is closed when the worker was told to abort, and when there is more of a body than was read:
        gunicorn would throw away what is left, for as long as it comes.
        """
        whole: Any = _Whole(sock)
        with gevent.Timeout(REQUEST):
            try:
                try:
                    answered = super().handle_request(listener_name, req, whole, addr)
                except StopIteration:  # it was the last of this connection
                    whole.send_whole()
                    raise
                whole.send_whole()
            except gevent.Timeout:
                if whole.begun:  # nothing else can be said any more
                    raise StopIteration from None
                raise
        reader: Any = req.body.reader  # type: ignore[union-attr]  # every request has one
        unread = reader.parser if isinstance(reader, ChunkedReader) else reader.length
        if unread:
            util.close_graceful(sock)  # so that the answer arrives
        if unread or not self.alive:
            raise StopIteration
        gevent.sleep(0)
        return answered

    def handle_error(self, req: Request | None, client: socket.socket, addr: Address, exc: BaseException) -> None:
        """Refuse what cannot be answered: a short status and no body, whoever asked and whatever they sent."""
        del req, addr
        if isinstance(exc, gevent.Timeout):
            status = 408
        elif isinstance(exc, errors.ParseException):
            status = STATUS.get(type(exc), 400)
        else:
            status = 500
            log.failed("server", exc)
        log.log.debug("refused", status=status, kind=type(exc).__name__)
        for note in refused:
            note(status)
        with suppress(OSError):  # nobody is left to be told
            client.sendall(b"HTTP/1.1 %d \r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % status)


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
        "sendfile": False,  # it would go past _Whole
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
    if problem := security_txt_problem(settings, datetime.now(UTC).date()):
        log.log.warning("setting", problem=problem.said(settings.editor_language))
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

    refused.append(metrics.count_refusal)
    return metrics.count(app, port)
