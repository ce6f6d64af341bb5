# SPDX-License-Identifier: EUPL-1.2
"""FastAGI, Asterisk's protocol for a call: it connects, tells about the call, and carries out commands line by line.

https://docs.asterisk.org/Configuration/Interfaces/Asterisk-Gateway-Interface-AGI/. Of what it tells nothing is kept but
the path of the address that it was given: the caller's number and name may be in there too.
"""

import asyncio
import math
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SECONDS = 5
"""So long Asterisk may take to tell about a call, and to answer a command beyond the time that it lasts; and so long we
may take to give the next: then the dial plan goes on by itself."""

LONGEST = 4096
"""Bytes of a line."""


class GoneError(Exception):
    """Raised by all methods when there is no call any more, or there was none: it was hung up, cut, or no Asterisk."""


class Channel:
    """A call in Asterisk; `seconds` is how long a command lasts at most."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def path(self) -> str:
        """The path of the address, such as `en` of agi://127.0.0.1/en, once all is told about the call."""
        path = ""
        async with self._within(0):
            while line := await self._line():
                if not line.startswith("agi_"):
                    raise GoneError
                path = line.partition(": ")[2] if line.startswith("agi_network_script") else path
        return path

    async def play(self, file: str, keys: str, seconds: float) -> str | None:
        """Play a file (a path without its ending) until one of these keys; gives it, or "". None: it cannot be played.

        A hang-up is answered in the same way; then there is no status any more.
        """
        result, _ = await self.command(f'STREAM FILE "{file}" "{keys}"', seconds)
        if result < 0:
            await self.command("CHANNEL STATUS")
        return None if result < 0 else chr(result).strip("\0")

    async def wait(self, seconds: int) -> str:
        """Wait for a key; gives it, or ""."""
        result, _ = await self.command(f"WAIT FOR DIGIT {seconds * 1000}", seconds)
        if result < 0:
            raise GoneError
        return chr(result).strip("\0")

    async def command(self, command: str, seconds: float = 0) -> tuple[int, str]:
        """Give any command; gives its result, and what stands in brackets behind it."""
        if seconds:
            await self.command(f"SET AUTOHANGUP {math.ceil(seconds) + 2 * SECONDS}")
        async with self._within(seconds):
            self._writer.write(f"{command}\n".encode())
            while (answer := await self._line()).startswith("100 "):  # a subroutine has begun
                pass
        # When the caller has gone it is a line HANGUP, or 511.
        if not (match := re.match(r"200 result=(-?\d{1,3})(?: \((.*)\))?", answer)):
            raise GoneError
        return int(match[1]), match[2] or ""

    @asynccontextmanager
    async def _within(self, seconds: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(SECONDS + seconds):
                yield
        except (TimeoutError, ValueError, OSError):  # too late, longer than a line may be, or broken off
            raise GoneError from None

    async def _line(self) -> str:
        if not (line := await self._reader.readline()).endswith(b"\n"):
            raise GoneError
        return line.decode(errors="replace").strip()
