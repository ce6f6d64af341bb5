# SPDX-License-Identifier: EUPL-1.2
"""`make upgrade`: every pair of cards, each way round, in a table."""

import sys
from collections import Counter

from tests.upgrade.pairs import PAIRS
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
    print(f"\n{total} halves, {faults.total()} faults")
    if faults := +faults:
        sys.exit("\n".join(f"{many:8} {fault}" for fault, many in faults.items()))


if __name__ == "__main__":
    main()
