# SPDX-License-Identifier: EUPL-1.2
"""The worker that answers: gevent's, with a limit on time, whole answers, and short refusals.

A slow client costs it one small stack and no thread, so that many of them hold nobody up.
"""

import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

import gevent
from gevent import socket
from gunicorn import util
from gunicorn.http import errors
from gunicorn.http.body import ChunkedReader
from gunicorn.http.message import Request
from gunicorn.workers.ggevent import GeventWorker

from ivr.process import log

REQUEST = 10
"""Seconds that a request may take after its head: to send the body, and to be answered."""

AT_ONCE = 16 * 1024
"""Bytes of an answer that are kept and sent at once; every answer to a webhook is shorter."""

STOP = (signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)
"""What tells a worker to stop."""

Address: TypeAlias = str | int | tuple[str, int]

on_refusal: list[Callable[[int], None]] = []
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
            gevent.sleep(0)  # calls are answered between two parts

    def send_whole(self) -> None:
        """Send what was kept."""
        if self._parts:
            parts, self._parts, self.begun = b"".join(self._parts), [], True
            self._sock.sendall(parts)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a socket has
        return getattr(self._sock, name)  # pragma: no cover - which of them gunicorn asks for is its own matter


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
            except gevent.Timeout as late:
                raise (StopIteration if whole.begun else late) from None  # once begun, no refusal can be said any more
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
            status = 400  # it is not even HTTP, or more of it than anybody needs
        else:
            status = 500
            log.failed("server", exc)
        log.log.debug("refused", status=status, kind=type(exc).__name__)
        for note in on_refusal:
            note(status)
        with suppress(OSError):  # nobody is left to be told
            client.sendall(b"HTTP/1.1 %d \r\nConnection: close\r\nContent-Length: 0\r\n\r\n" % status)
