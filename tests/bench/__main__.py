# SPDX-License-Identifier: EUPL-1.2
"""`make bench`: how fast the line is, beside what it is built from. Bounded, on loopback only, some 300 seconds.

Everything has one worker. Each row of a comparison is measured in turn, round after round, so that a busy moment of
this machine falls on all of them; shown is the median. The processor time of the worker says the same as the requests
a second, and is disturbed less by what else runs here.
"""

from __future__ import annotations

import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import cards, load, traffic
from tests.bench.contender import Contender, as_deployed, running
from tests.bench.serve import OURS, SYNC
from tests.languages import EVERY, offered

FILE = Path("build/bench.txt")

ROUNDS = 7
REQUESTS = 3000
CONNECTIONS = 4
RATE = 400
PIPES = 32


class Report:
    """Lines for the screen and the file, and the goals that were missed."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.missed: list[str] = []

    def say(self, line: str = "") -> None:
        """Add a line."""
        print(line, flush=True)
        self.lines.append(line)

    def table(self, title: str, head: Sequence[str], rows: Iterator[Sequence[str]]) -> None:
        """Add a table, row by row as they are measured."""
        self.say(f"\n{title}")
        self.say("".join(cell.ljust(34) if not place else cell.rjust(12) for place, cell in enumerate(head)))
        for row in rows:
            self.say("".join(cell.ljust(34) if not place else cell.rjust(12) for place, cell in enumerate(row)))

    def goal(self, what: str, value: float, goal: float, *, at_least: bool = False) -> None:
        """Hold a figure against its goal."""
        met = value >= goal if at_least else value <= goal
        self.say(f"  {what}: {value:.2f}, goal {'at least' if at_least else 'at most'} {goal:g}: {_met(met=met)}")
        if not met:
            self.missed.append(what)


def _met(*, met: bool) -> str:
    return "met" if met else "MISSED"


def _measure(contender: Contender, requests: Sequence[bytes]) -> tuple[float, float]:
    """Requests a second, and microseconds of processor a request; every request must be answered well."""
    before = contender.cpu
    result = asyncio.run(load.closed(contender.port, requests, CONNECTIONS))
    if len(result.answered) != len(requests):
        raise RuntimeError(f"{result.refused} refused and {result.unanswered} unanswered of {len(requests)}")
    return result.rate, 1e6 * (contender.cpu - before) / len(requests)


def compare(report: Report, requests: Sequence[bytes]) -> None:
    """Our service beside Twilio's sample, a Flask view and the bare server."""
    deployed = "sample, as deployed (gunicorn sync)"
    names = {
        "our service": ("ours", OURS),
        "our service, gunicorn sync": ("ours", SYNC),
        "Twilio's sample": ("sample", OURS),
        "Flask, constant, unchecked": ("constant", OURS),
        "bare server, constant": ("bare", OURS),
        deployed: ("sample", SYNC),
    }
    with ExitStack() as stack:
        contenders = {
            name: stack.enter_context(running(app, server, requests[0])) for name, (app, server) in names.items()
        }
        for contender in contenders.values():
            _measure(contender, requests[:500])
        rounds = [{n: _measure(c, requests) for n, c in contenders.items()} for _ in range(ROUNDS)]
    rate = {name: statistics.median(one[name][0] for one in rounds) for name in names}
    cpu = {name: statistics.median(one[name][1] for one in rounds) for name in names}
    ours, ours_sync, sample, constant, _, _ = names
    report.table(
        f"Closed loop, {CONNECTIONS} connections, {REQUESTS} different requests, median of {ROUNDS} rounds",
        ("", "requests/s", "against sample", "cpu us/req"),
        ((n, f"{rate[n]:.0f}", f"{rate[n] / rate[sample]:.2f}", f"{cpu[n]:.0f}") for n in names),
    )
    for what, one, other, goal in (
        ("same server (gevent)", ours, sample, 1.9),
        ("same server (gunicorn sync)", ours_sync, deployed, 1.6),
        ("each as deployed", ours, deployed, 2.4),
    ):
        report.goal(f"processor time of the sample over ours, {what}", cpu[other] / cpu[one], goal, at_least=True)
    work = (cpu[ours] - cpu[constant]) / (cpu[sample] - cpu[constant])
    report.goal("work above a constant answer, against the sample's", work, 0.28)


def open_loop(report: Report, requests: Sequence[bytes]) -> None:
    """400 requests a second on a fixed schedule: how long a caller waits."""

    def rows() -> Iterator[Sequence[str]]:
        for name, app, runs in (("our service", "ours", 3), ("Twilio's sample", "sample", 1)):
            with running(app, OURS, requests[0]) as contender:
                for _ in range(runs):
                    result = asyncio.run(load.opened(contender.port, requests, RATE, 8))
                    worst.setdefault(app, []).append(result.percentile(99))
                    yield name, *_percentiles(result)

    worst: dict[str, list[float]] = {}
    report.table(
        f"Open loop, {RATE} requests/s for 8 s, milliseconds", ("", "p50", "p99", "p99.9", "unanswered"), rows()
    )
    report.goal("p99 in ms (median of the runs)", statistics.median(worst["ours"]), 5)


def _percentiles(result: load.Load) -> list[str]:
    return [*(f"{result.percentile(p):.2f}" for p in (50, 99, 99.9)), str(result.unanswered + result.refused)]


def overload(report: Report, requests: Sequence[bytes]) -> None:
    """Three times what it can do, for two seconds, while somebody calls 50 times a second all along."""
    with running("ours", OURS, requests[0]) as contender:
        capacity, _ = _measure(contender, requests)

        async def both() -> tuple[load.Load, load.Load]:
            probe = asyncio.create_task(load.opened(contender.port, requests, 50, 15, 200))
            await asyncio.sleep(1)
            flood = await load.opened(contender.port, requests, 3 * capacity, 2, 500)
            return await probe, flood

        probe, flood = asyncio.run(both())
    end = max(due for due, _ in flood.answered)
    drained = max(due + took for due, took in flood.answered) - end
    late = max((due - end for due, took in probe.answered if due > end and took > 0.01), default=0)
    report.say(f"\nOverload: {3 * capacity:.0f} requests/s asked for 2 s, {capacity:.0f}/s possible")
    report.say(f"  of the flood {len(flood.answered)} answered, {flood.unanswered + flood.refused} not")
    report.say(f"  other callers meanwhile: slowest {probe.percentile(100):.0f} ms")
    report.say(
        f"  the last of the flood was answered {drained:.2f} s after it ended; others again within 10 ms: {late:.2f} s"
    )
    report.goal("other callers unanswered", probe.unanswered + probe.refused, 0)


def pipelined(report: Report, requests: Sequence[bytes]) -> None:
    """Strangers who send the dearest requests without a pause: how long somebody else waits."""

    def rows() -> Iterator[Sequence[str]]:
        for kind, dear in traffic.dearest().items():
            with running("ours", OURS, requests[0]) as contender:
                rounds = [asyncio.run(load.pipelined(contender.port, dear, PIPES, requests[:10])) for _ in range(5)]
            slowest = sorted(one.percentile(100) / 1000 for one in rounds)
            worst.append(statistics.median(slowest))
            lost = sum(one.unanswered + one.refused for one in rounds)
            yield kind, f"{worst[-1]:.2f}", f"{slowest[0]:.2f}-{slowest[-1]:.2f}", str(lost)

    worst: list[float] = []
    report.table(
        f"{PIPES} connections pipeline the dearest requests; the slowest of 10 genuine ones, median of 5 rounds",
        ("", "seconds", "from-to", "unanswered"),
        rows(),
    )
    report.goal("seconds that a genuine call waits beside them", max(worst), 0.5)


OUR_CARD, FIVE = "our own card, in two languages", "the same in five languages"


def sizes(report: Report) -> None:
    """The same in five languages, and with cards of 10, 100 and 1,000 menus, as deployed."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        made: dict[str, Path | None] = {OUR_CARD: None, FIVE: offered(Path(folder) / "five", *EVERY[:5]).prompts}
        made |= {f"{menus} menus": cards.write(Path(folder), menus) for menus in (10, 100, 1000)}
        asked = {name: traffic.requests(REQUESTS, prompts) for name, prompts in made.items()}
        starts: dict[str, list[float]] = {name: [] for name in made}
        for _ in range(5):  # in turn, so that a busy moment meets all of them
            for name, prompts in made.items():
                with as_deployed(asked[name][0], prompts) as contender:
                    starts[name].append(contender.started)
        contenders: dict[str, Contender] = {}
        for name, prompts in made.items():
            contenders[name] = stack.enter_context(as_deployed(asked[name][0], prompts))
            _measure(contenders[name], asked[name])
        rounds = [{n: _measure(c, asked[n]) for n, c in contenders.items()} for _ in range(ROUNDS)]
        loads = [
            {n: asyncio.run(load.opened(c.port, asked[n], RATE, 3)) for n, c in contenders.items()} for _ in range(3)
        ]
        memory = {n: c.memory for n, c in contenders.items()}
    rate, cpu = ({n: statistics.median(one[n][place] for one in rounds) for n in asked} for place in (0, 1))
    p99, p999 = ({n: statistics.median(one[n].percentile(p) for one in loads) for n in asked} for p in (99, 99.9))
    start = {n: statistics.median(times) for n, times in starts.items()}
    report.table(
        "As deployed (`ivr serve --workers 1`), by the size of the card",
        ("", "requests/s", "cpu us/req", "p99 ms", "p99.9 ms", "MB a worker", "start s"),
        (
            (
                n,
                f"{rate[n]:.0f}",
                f"{cpu[n]:.0f}",
                f"{p99[n]:.2f}",
                f"{p999[n]:.2f}",
                f"{memory[n]:.0f}",
                f"{start[n]:.2f}",
            )
            for n in asked
        ),
    )
    report.goal("cpu of 1,000 menus against 10", cpu["1000 menus"] / cpu["10 menus"], 1.15)
    report.goal("p99 in ms, any card", max(p99.values()), 10)
    report.goal("MB a worker, any card", max(memory.values()), 80)
    more = sorted(five / two for two, five in zip(starts[OUR_CARD], starts[FIVE], strict=True))
    report.goal("start in five languages over two, median of 5 rounds", statistics.median(more), 1.25)
    report.say(f"  from {more[0]:.2f} to {more[-1]:.2f}")
    report.say("  (what grows with the card is the proof of it, which `ivr serve` makes before it answers)")


def main() -> int:
    """Measure everything; the exit code is 1 when a goal was missed."""
    begin = time.monotonic()
    report = Report()
    load_average = f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    report.say(
        f"make bench, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, load before {load_average}"
    )
    requests = traffic.requests(REQUESTS)
    compare(report, requests)
    open_loop(report, requests)
    overload(report, requests)
    pipelined(report, requests)
    sizes(report)
    report.say(f"\n{time.monotonic() - begin:.0f} s. Missed: {', '.join(report.missed) or 'nothing'}.")
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text("\n".join(report.lines) + "\n", encoding="utf-8")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
