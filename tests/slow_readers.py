# SPDX-License-Identifier: EUPL-1.2
"""By hand: 300 readers who ask for the longest recording, again and again, and read none of it, beside callers.

`python -m tests.slow_readers` tells what that costs a worker in memory, and how long a genuine call waits meanwhile.
"""

import re
import socket
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from ivr.answers import Answers
from ivr.dialogue import positions
from ivr.phone.rules import parse
from ivr.proof.graph import worlds
from tests.conftest import PUBLIC_URL
from tests.recorded import ours, record
from tests.serving import post, serving

READERS = 300
EACH = 6
"""Times that each asks, which is more than the kernel takes for somebody who does not read."""

SECONDS = 14
"""Longer than a request may take, after which they are let go."""


def main() -> None:
    """Measure, and print it."""
    with TemporaryDirectory() as folder:
        prompts = ours(Path(folder))
        line = record(prompts, "nl", "en")
        made = Answers(line, PUBLIC_URL)
        answers = (made.answer(at, world) for at in positions(line.card) for world in worlds(line.card, at))
        longest = max((str(play.text) for answer in answers for play in parse(answer).iter("Play")), key=len)
        asks = f"GET {longest.removeprefix(PUBLIC_URL)} HTTP/1.1\r\nHost: lijn.example\r\n\r\n".encode() * EACH
        calls = post("/voice", {"CallSid": "CA1"}, {"Connection": "close"})
        with serving(Path(folder), {"IVR_PROMPTS": str(prompts)}) as server:
            (worker,) = server.workers
            server.raw(calls)
            before = most = _megabytes(worker)
            readers, waits, unanswered = [], [], 0
            for _ in range(READERS):
                readers.append(connection := socket.socket())
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                connection.connect(("127.0.0.1", server.port))
                connection.sendall(asks)
            until = time.monotonic() + SECONDS
            while (began := time.monotonic()) < until:
                unanswered += not server.raw(calls).startswith(b"HTTP/1.1 200")
                waits.append(time.monotonic() - began)
                most = max(most, _megabytes(worker))
                time.sleep(0.1)
            for connection in readers:
                connection.close()
    print(f"{READERS} readers: {before:.0f} MB before, at most {most - before:.0f} more")
    print(f"{len(waits)} calls, {unanswered} not answered; the slowest after {max(waits):.2f} s")


def _megabytes(process: int) -> float:
    """What a process has for itself, and its part of what it shares."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    return int(re.findall(r"^Pss: +([0-9]+)", told, re.MULTILINE)[0]) / 1024


if __name__ == "__main__":
    main()
