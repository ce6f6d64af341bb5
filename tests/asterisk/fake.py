# SPDX-License-Identifier: EUPL-1.2
"""An Asterisk that plays no sound: it speaks FastAGI as Asterisk 16 does, and reads in each file what is said in it."""

import asyncio
import shlex
import socket
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

from ivr.asterisk.server import CONNECT, Server
from ivr.phone.events import Action, Dialling, Ended, HangUp, LineEvent, Outcome, Press, Waiting
from ivr.phone.interpreter import Call
from ivr.phone.speech import played
from ivr.recording import unpack
from tests.caller import Caller
from tests.serving import PATIENCE, free_port, listens, wait_for

CANARY = "kanarie"

TOLD = {
    "request": "agi://127.0.0.1:4573",
    "channel": "PJSIP/trunk-00000002",
    "language": "en",
    "callerid": f"+31612345678-{CANARY}",
    "calleridname": f"{CANARY}: agi_network_script: en",
    "dnid": "0101234567",
    "rdnis": CANARY,
}
"""What Asterisk tells about a call; ours wipes who calls, another may not."""

STATUSES = {
    "completed": "ANSWER",
    "busy": "BUSY",
    "no-answer": "NOANSWER",
    "canceled": "CANCEL",
    "failed": "CHANUNAVAIL",
}

DEAD = "511 Command Not Permitted on a dead channel or intercept routine"


def head(path: str = "") -> str:
    """What Asterisk sends first."""
    told = TOLD | ({"network_script": path} if path else {})
    return "".join(f"agi_{name}: {value}\n" for name, value in told.items()) + "\n"


_Steps: TypeAlias = Generator[LineEvent, Action, None]


class _HungUpError(Exception):
    """The caller has put the phone down."""


class _Channel:
    """One call as Asterisk carries it."""

    def __init__(self, connection: socket.socket, numbers: frozenset[str]) -> None:
        self._stream = connection.makefile("rw", encoding="utf-8", newline="\n")
        self._numbers = numbers
        self._status = ""

    def answer(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()

    def carry(self, path: str) -> Call:
        self._stream.write(head(path))
        self._stream.flush()
        try:
            while command := self._stream.readline():
                yield from self._carry_out(shlex.split(command))
                if command == "HANGUP\n":
                    yield Ended("line")
                    return
            yield Ended("error")  # the dial plan goes on: it asks again, or reads all numbers
        except _HungUpError:
            with suppress(ConnectionError):
                self.answer("200 result=-1 endpos=0\nHANGUP")
                while self._stream.readline():
                    self.answer(DEAD)
            yield Ended("caller")

    def _carry_out(self, command: list[str]) -> _Steps:
        match command:
            case ["STREAM", "FILE", name, keys]:
                yield from self._play(Path(f"{name}.wav"), keys)
            case ["WAIT", "FOR", "DIGIT", milliseconds]:
                key = _key((yield Waiting(int(milliseconds) // 1000)))
                self.answer(f"200 result={ord(key) if key else 0}")
            case ["GOSUB", context, number, "1", arguments]:
                yield from self._connect(context, number, arguments)
            case ["GET", "VARIABLE", "DIALSTATUS"]:
                self.answer(f"200 result=1 ({self._status})" if self._status else "200 result=0")
            case ["SET", "AUTOHANGUP", _]:
                self.answer("200 result=0")
            case ["CHANNEL", "STATUS"]:
                self.answer("200 result=6")
            case ["HANGUP"]:
                self.answer("200 result=1")
            case _:
                self.answer("510 Invalid or unknown command")

    def _play(self, file: Path, keys: str) -> _Steps:
        if not file.exists():
            self.answer("200 result=-1 endpos=0")
            return
        key = ""
        for said in played(unpack(file.read_bytes())[1], interruptible=bool(keys)):
            if (pressed := _key((yield said))) and pressed in keys:
                key = pressed
                break
        self.answer(f"200 result={ord(key) if key else 0} endpos=8000")

    def _connect(self, context: str, number: str, arguments: str) -> _Steps:
        if context != CONNECT or number not in self._numbers:
            self.answer("200 result=-1 Gosub label not found")
            return
        self.answer("100 result=0 Trying...")
        rings, lasts, shown = arguments.split(",")
        action = yield Dialling(number, shown, int(rings), int(lasts), hangup_on_star=True)
        _key(action)
        self._status = STATUSES[action.status if isinstance(action, Outcome) else "completed"]
        self.answer("200 result=0 Gosub complete")


def _key(action: Action) -> str:
    """The first key that is pressed; any after it comes when nobody listens."""
    if isinstance(action, HangUp):
        raise _HungUpError
    return action.keys[0] if isinstance(action, Press) else ""


def call(port: int, path: str = "", numbers: frozenset[str] = frozenset({"+31102365256"})) -> Call:
    """A call through such an Asterisk, whose dial plan connects with these numbers."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        yield from _Channel(connection, numbers).carry(path)


class AgiCaller(Caller):
    """Somebody who calls an Asterisk."""

    def __init__(self, port: int, path: str = "") -> None:
        self._call = call(port, path)
        self._moments = [next(self._call)]
        self._since = 0


@contextmanager
def answering(server: Server, prompts: Path) -> Iterator[int]:
    """The port on which a server takes calls, for as long as the block lasts."""
    port = free_port()
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[None] | None]] = []

    async def serve() -> None:
        running.append((asyncio.get_running_loop(), asyncio.current_task()))
        with suppress(asyncio.CancelledError):
            await server.serve(port, prompts)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        wait_for(lambda: listens(port))
        yield port
    finally:
        loop, task = running[0]
        if task:
            loop.call_soon_threadsafe(task.cancel)
        thread.join()
