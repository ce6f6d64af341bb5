# SPDX-License-Identifier: EUPL-1.2
"""Listens on loopback for Asterisk, and carries calls: the rules are the line's, and this knows none of them."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from gunicorn.systemd import sd_notify

from ivr import dialogue
from ivr.asterisk.agi import LONGEST, Channel, GoneError
from ivr.asterisk.sounds import Sounds
from ivr.card import KEYPAD
from ivr.line import Line, Part
from ivr.messages.problems import ProblemsError
from ivr.position import Dialled, Event, Keys, Position, Silence
from ivr.process import log
from ivr.recording import RATE, WIDTH
from ivr.script import RINGING, TALKING, Connect, Finish

EVERY = 2.0
"""Seconds between two looks whether another card was published, and between two signs of life to systemd."""

AGAIN = 60.0
"""Seconds after which a card that could not be taken over is tried again: a disk that was full may have room."""

CONNECT = "ivr-connect"
"""The part of the dial plan that connects: nothing is dialled but what stands there."""

STATUSES = {"ANSWER": "completed", "BUSY": "busy", "NOANSWER": "no-answer", "CANCEL": "canceled"}
"""How a connection ended (DIALSTATUS), as Twilio says it. Any other failed."""


class Server:
    """Takes calls for a line, whose card stands in `folder`; a call goes on with the line that it began with.

    `load` makes the line of another folder. `clock` gives the present.
    """

    def __init__(
        self, line: Line, folder: Path, load: Callable[[Path], Line], sounds: Sounds, clock: Callable[[], datetime]
    ) -> None:
        self._line, self._folder, self._load, self._sounds, self._clock = line, folder, load, sounds, clock
        self._failed: dict[Path, float] = {}

    async def serve(self, port: int, prompts: Path) -> None:
        """Take calls until it is stopped, which cuts those that go on: Asterisk asks again.

        `prompts` is the folder of the card, or a link that `ivr publish` leads to another: then that is served.
        """
        server = await asyncio.start_server(self._take, "127.0.0.1", port, limit=LONGEST, backlog=1024)
        log.log.info("answering", port=port, card=str(self._folder))
        looking = None
        try:
            while True:
                # Of this loop, which also carries the calls: when it hangs, systemd starts another.
                sd_notify(f"READY=1\nWATCHDOG=1\nSTATUS={self._status}", logging.getLogger())  # type: ignore[arg-type]
                await asyncio.sleep(EVERY)
                if looking is None or looking.done():
                    looking = asyncio.create_task(self.look(prompts))
        finally:
            server.close()

    @property
    def _status(self) -> str:
        """What systemd shows as the status of the unit; `ivr publish` waits for it."""
        return f"answering {self._folder}" + "".join(f"; could not take over {card}" for card in self._failed)

    async def look(self, prompts: Path) -> None:
        """Take over another card, beside the calls, and make again what is gone from the disk.

        Where that goes wrong the card of before stays, and it is tried again after a while.
        """
        folder = await asyncio.to_thread(prompts.resolve)
        self._failed = {card: again for card, again in self._failed.items() if card == folder}
        same = folder == self._folder
        if (same and self._sounds.there) or time.monotonic() < self._failed.get(folder, 0):
            return
        try:
            line = self._line if same else await asyncio.to_thread(self._load, folder)
            await asyncio.to_thread(self._sounds.prepare, line, self._clock())
        except Exception as error:  # noqa: BLE001 - a card that cannot be used loses no call
            log.failed("card", error)
            self._failed[folder] = time.monotonic() + AGAIN
        else:
            self._line, self._folder, self._failed = line, folder, {}
            log.log.info("answering", card=str(folder))

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line, channel = self._line, Channel(reader, writer)
        try:
            language = await channel.path()
            known = language in line.card.languages[1:]
            position: Position | None = dialogue.start(line.card, language if known else "")
            while position:
                position = await self.answer(line, channel, position)
        except (GoneError, asyncio.CancelledError):  # it is over, or we are
            pass
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, Asterisk asks again, or reads all numbers
            log.failed("call", error)
        finally:
            writer.close()

    async def answer(self, line: Line, channel: Channel, position: Position) -> Position | None:
        """Say what a position says; gives where the caller is next, or None when the line has hung up."""
        world = line.world(self._clock())
        then = line.script(position, world).then
        # As on Twilio no key interrupts the announcement of a connection.
        key = await self._play(channel, line.parts(position, world), "" if isinstance(then, Connect) else KEYPAD)
        event: Event = Silence()
        if isinstance(then, Connect):
            event = Dialled(await self._connect(channel, then.number, line.caller_id))
        elif key := key or await channel.wait(then.seconds):
            event = Keys(key)
        elif isinstance(then, Finish):
            await channel.command("HANGUP")
            return None
        return dialogue.step(line.card, position, event, line.world(self._clock()))

    async def _play(self, channel: Channel, parts: tuple[Part, ...], keys: str) -> str:
        """Play an answer; where that cannot be done, all numbers, after which the call goes on all the same."""
        file = self._sounds.fallback
        try:
            file = await asyncio.to_thread(self._sounds.answer, parts)
        except (OSError, ValueError, ImportError, ProblemsError) as error:
            log.failed("sound", error)
        for each in (file, self._sounds.fallback):
            seconds = each.stat().st_size / (RATE * WIDTH) if each.exists() else 0
            if (key := await channel.play(str(each.with_suffix("")), keys, seconds)) is not None:
                return key
            log.log.error("sound", cannot_be_played=each.name)
        raise GoneError  # the dial plan asks again, and then says all numbers itself

    async def _connect(self, channel: Channel, number: str, caller_id: str | None) -> str:
        """Let the dial plan connect to a number (E.164); gives a DialCallStatus."""
        command = f'GOSUB {CONNECT} {number} 1 "{RINGING},{TALKING},{caller_id}"'
        if (await channel.command(command, RINGING + TALKING))[0]:
            await channel.command("CHANNEL STATUS")  # which there is none of once the caller has gone
            log.log.error("dial plan", context=CONNECT, lacks=number)
            return "failed"
        return STATUSES.get((await channel.command("GET VARIABLE DIALSTATUS"))[1], "failed")
