# SPDX-License-Identifier: EUPL-1.2
"""A stranger who holds connections until he is killed.

`python -m tests.deploy.stranger HOST ADDRESS PORT SOURCE KIND COUNT`

It keeps as many connections as it can from one address, and makes a closed one anew: at most fifty in a second, for a
flood of handshakes is another attack. A process of its own, so that who calls beside it has an interpreter too.
"""

import heapq
import resource
import selectors
import socket
import ssl
import sys
import time
from collections.abc import Callable
from typing import Any, Final

PACE = 3.5
"""Seconds from one byte to the next: less than any proxy allows between two."""

KINDS: Final = {
    "bodies": b"POST /voice HTTP/1.1\r\nHost: %s\r\nX-Twilio-Signature: x\r\nContent-Length: 8000\r\n\r\n",
    "heads": b"POST /voice HTTP/1.1\r\nHost: %s\r\nX-Slow: ",
    "hellos": b"",
}


CARELESS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
CARELESS.check_hostname, CARELESS.verify_mode = False, ssl.CERT_NONE


class Connection:
    """One connection, which sends a byte now and then once it has begun."""

    def __init__(self, host: str, kind: str, to: tuple[str, int], source: str) -> None:
        self.tcp = socket.socket()
        self.tcp.setblocking(False)  # noqa: FBT003 - its only argument
        self.tcp.bind((source, 0))
        self.tcp.connect_ex(to)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = CARELESS.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self._begin = KINDS[kind] % host.encode() if KINDS[kind] else b""
        self.begun = False

    def go_on(self) -> bool:
        """Take what came, and send what is next; whether it has begun just now. Raises OSError when it is over."""
        try:
            received = self.tcp.recv(65536)
            if not received:
                raise ConnectionError
            self._incoming.write(received)
        except BlockingIOError:
            pass
        if self.begun:
            return False
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            hello = self._outgoing.read()
            self.tcp.send(hello if self._begin else hello[:100])
            self.begun = not self._begin
            return False
        self._tls.write(self._begin)
        self.tcp.send(self._outgoing.read())
        self.begun = True
        return True

    def dribble(self) -> bool:
        """One byte more, and others later."""
        self._tls.write(b"x")
        self.tcp.send(self._outgoing.read())
        return True


class Crowd:
    """All connections of a stranger; `make` gives the next one."""

    def __init__(self, make: Callable[[], Connection], wanted: int) -> None:
        self._make, self._wanted = make, wanted
        self._held: dict[socket.socket, Connection] = {}
        self._bytes: list[tuple[float, int, socket.socket]] = []
        self._selector = selectors.DefaultSelector()
        self._made, self._begin = 0, time.monotonic()

    def go_on(self) -> None:
        """Make what is missing, all at first and then fifty in a second, and do what each waits for."""
        now = time.monotonic()
        for _ in range(50):
            if len(self._held) >= self._wanted or self._made >= self._wanted + 50 * (now - self._begin):
                break
            one = self._make()
            self._held[one.tcp] = one
            self._selector.register(one.tcp, selectors.EVENT_WRITE | selectors.EVENT_READ)
            self._made += 1
        for key, _ in self._selector.select(0.05):
            self._try(key.fileobj, Connection.go_on)
        while self._bytes and self._bytes[0][0] < now:
            self._try(heapq.heappop(self._bytes)[2], Connection.dribble)

    def _try(self, tcp: Any, what: Callable[[Connection], bool]) -> None:  # noqa: ANN401 - what selectors give
        if tcp not in self._held:
            return
        try:
            more = what(self._held[tcp])
        except OSError:  # of TLS too
            self._selector.unregister(tcp)
            del self._held[tcp]
            tcp.close()
            return
        self._selector.modify(tcp, selectors.EVENT_READ)
        if more:
            heapq.heappush(self._bytes, (time.monotonic() + PACE, tcp.fileno(), tcp))


if __name__ == "__main__":
    host, address, port, source, kind, wanted = sys.argv[1:]
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    crowd = Crowd(lambda: Connection(host, kind, (address, int(port)), source), int(wanted))
    while True:
        crowd.go_on()
