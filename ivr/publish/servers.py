# SPDX-License-Identifier: EUPL-1.2
"""The servers of the line, as systemd runs them: `ivr-serve@` and the port."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from ivr.messages.problems import ProblemError
from ivr.phone import testcall
from ivr.phone.interpreter import Call
from ivr.phone.transcript import Transcript
from ivr.publish.folders import PublishError

RESTART = 120
"""Seconds that a restart may take: the server finishes what it was asked, and the next proves its card."""

TAKEN_WITHIN = 900.0
"""Seconds within which `ivr asterisk` must answer with a card: of a new one it makes every sentence."""

READY_WITHIN = 30.0
"""Seconds after that within which the server must say that it is ready."""


def must_hear(call: Call, words: str, where: str, language: str) -> None:
    """Press 3, and hear these words then. Raises PublishError, in a `language` for people, when they are not said."""
    try:
        testcall.listen(call, "3", [words], Transcript(language), str)
    except ProblemError as error:
        raise PublishError("publish-call", url=where, reason=error.text(language)) from None


@dataclass(frozen=True)
class Server:
    """One server, by its address on this machine."""

    url: str

    @property
    def unit(self) -> str:
        """What systemd calls it."""
        return f"ivr-serve@{urlsplit(self.url).port}"

    def ready(self) -> bool:
        """Whether it answers callers."""
        try:
            return requests.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def restart(self) -> None:
        """Restart it, and wait until it answers. Raises PublishError."""
        try:
            # In a session of its own: Ctrl-C must stop only us, who then go back.
            subprocess.run(  # noqa: S603 - no shell
                ["systemctl", "restart", self.unit],  # noqa: S607 - systemd's own, wherever it is
                check=True,
                capture_output=True,
                text=True,
                timeout=RESTART,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise PublishError("publish-no-systemd") from None
        except subprocess.TimeoutExpired:
            raise PublishError("publish-restart", unit=self.unit, reason=f"> {RESTART} s") from None
        except subprocess.CalledProcessError as error:
            reason = " ".join(error.stderr.split("\n", 1)[0].split())
            raise PublishError("publish-restart", unit=self.unit, reason=reason) from None
        until = time.monotonic() + READY_WITHIN
        while not self.ready():
            if time.monotonic() > until:
                raise PublishError("publish-not-ready", unit=self.unit)
            time.sleep(0.2)


class Exchange(Server):
    """`ivr asterisk`, which takes over by itself the card that a link, its `url`, leads to, and tells systemd."""

    unit = "ivr-asterisk"

    @classmethod
    def here(cls) -> bool:
        """Whether this machine is one that runs it."""
        return run("systemctl", "is-enabled", cls.unit)[1] == "enabled"

    def serves(self) -> bool:
        """Whether it answers with the card of now."""
        return self._answering == f"answering {os.path.realpath(self.url)}"

    def ready(self) -> bool:
        """Whether it answers callers."""
        return bool(self._answering)

    def restart(self) -> None:
        """Wait until it answers with the card of now; where it does not run, start it. Raises PublishError."""
        if not self.ready():
            super().restart()
        card, until = os.path.realpath(self.url), time.monotonic() + TAKEN_WITHIN
        while (told := self._answering) != f"answering {card}":
            if told.endswith(f"could not take over {card}") or time.monotonic() > until:
                raise PublishError("publish-not-taken", unit=self.unit)
            time.sleep(0.2)

    @property
    def _answering(self) -> str:
        _, shown = run("systemctl", "show", "--property=ActiveState,StatusText", self.unit)
        told = dict(line.partition("=")[::2] for line in shown.splitlines())
        return told.get("StatusText", "") if told.get("ActiveState") == "active" else ""


def run(*command: str) -> tuple[int, str]:
    """The exit code of a program and what it says; where it is not here, 0 and nothing."""
    if not shutil.which(command[0]):
        return 0, ""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - no shell
    return done.returncode, (done.stdout + done.stderr).strip()
