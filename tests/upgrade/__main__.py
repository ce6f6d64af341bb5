# SPDX-License-Identifier: EUPL-1.2
"""`make upgrade`: every pair of cards, each way round, in a table; and below it what servers with recordings play."""

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.upgrade.pairs import PAIRS
from tests.upgrade.plays import plays, recorded_ways
from tests.upgrade.walker import halves, never_end, unheard


def main() -> None:
    """Print the table, and what is wrong below it."""
    print(f"{'':64}{'halves':>8}{'stale':>8}{'wrong':>8}{'endless':>9}{'unheard':>9}")
    total, faults = 0, Counter[str]()
    for name, pair in PAIRS.items():
        for way, cards in ((name, pair), (f"{name}, back", pair[::-1])):
            walked = list(halves(*cards))
            wrong = Counter(f"{way}: {half.wrong}" for half in walked if half.wrong)
            endless, missed = never_end(*cards), unheard(*cards)
            stale = sum(half.stale for half in walked)
            print(f"{way:64}{len(walked):8}{stale:8}{wrong.total():8}{len(endless):9}{len(missed):9}", flush=True)
            total += len(walked)
            faults += wrong + Counter({f"{way}: no end": len(endless), f"{way}: not heard": len(missed)})
    print(f"\n{'recordings of our own card':64}{'plays':>8}{'whole':>8}{'wrong':>8}")
    with TemporaryDirectory() as folder:
        for way, one, other in recorded_ways(Path(folder)):
            played = list(plays(one, other))
            wrong = Counter(f"{way}: {play.wrong}" for play in played if play.wrong)
            print(f"{way:64}{len(played):8}{sum(play.whole for play in played):8}{wrong.total():8}", flush=True)
            faults += wrong
    print(f"\n{total} halves, {faults.total()} faults")
    if faults := +faults:
        sys.exit("\n".join(f"{many:8} {fault}" for fault, many in faults.items()))


if __name__ == "__main__":
    main()
