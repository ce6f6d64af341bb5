# SPDX-License-Identifier: EUPL-1.2
"""Warns in the log of refused signatures: at most once an hour, how many, and nothing of who asked or what.

They may be Twilio's, when it signs with another token or another address than ours. A test call cannot see that, since
it signs with our own. A request without a signature is a stranger's, and is not counted here.
"""

import math
import mmap
import struct
import time
from collections.abc import Callable

from ivr.process import log

MANY = 2
"""Warn from the second refusal within 15 minutes (APART): Twilio asks three times for a call that is refused (our
overrides say rc=2 and rp=all), so one of two servers always sees two. `ivr twilio verify` sends a single one."""

APART = 15 * 60
"""Seconds after which a refusal has nothing to do with the one before it."""

HOUR = 60 * 60

_STATE = struct.Struct("qdd")


class WronglySigned:
    """Counts them for all workers of a server: it is made before they are forked, and they share its memory.

    There is no lock, which a worker that is killed would keep: of two refusals in the same microsecond one may be lost.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._shared = mmap.mmap(-1, _STATE.size)
        _STATE.pack_into(self._shared, 0, 0, -math.inf, -math.inf)

    def note(self) -> None:
        """Count one, and warn if it is time."""
        now = self._clock()
        count, last, told = _STATE.unpack_from(self._shared)
        count = 1 if now - last > APART else count + 1
        tell = count >= MANY and now - told >= HOUR
        _STATE.pack_into(self._shared, 0, 0 if tell else count, now, now if tell else told)
        if tell:
            log.log.warning("signatures refused", count=count)
