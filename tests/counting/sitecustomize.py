# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: INP001 - a folder on the path, and no package
"""Python loads this by itself where this folder is on its path: it notes which lines and branches of `ivr/` run.

`make test-all` puts it there, so that each process counts: pytest's own, the servers that tests start, their workers.
Each leaves a file, and `slipcover --merge` adds them up.
"""

import atexit
import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).parents[2]

with suppress(ImportError):  # Debian's programs have a Python of their own, without it
    from slipcover import FileMatcher, ImportManager, Slipcover

    counted = Slipcover(branch=True)
    leave = os._exit

    @atexit.register
    def _write() -> None:
        """Leave what ran; a worker that was forked leaves also what ran before."""
        written = ROOT / f".venv/counted/{os.getpid()}-{time.monotonic_ns()}.json"
        written.write_text(json.dumps(counted.get_coverage()))

    def _at_once(status: int) -> NoReturn:
        """End as a process of multiprocessing does, which runs nothing else at its end."""
        try:
            _write()
        finally:
            leave(status)

    os._exit = _at_once
    ImportManager(counted, FileMatcher([str(ROOT / "ivr")])).__enter__()
