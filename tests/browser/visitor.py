# SPDX-License-Identifier: EUPL-1.2
"""Who has the page of the telephone open, as its server sees them."""

import os
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask.testing import FlaskClient

from ivr.browser import app as browser
from ivr.commands import main as cli
from tests.conftest import SETTINGS

NOW = datetime(2026, 11, 25, 13, 0, 30, tzinfo=UTC)  # 14:00 in Rotterdam
Told = dict[str, Any]


def client(prompts: Path) -> FlaskClient:
    """Who has the page of a card open."""
    return browser.make(replace(SETTINGS, prompts=prompts), lambda: NOW).test_client()


OURS = client(SETTINGS.prompts)
"""Who has the page of our own card open: to make it costs more than all that a test asks of it."""


def replay(command: str) -> str:
    """What is printed by a command that was copied, when somebody pastes it into a terminal that knows no settings."""
    *given, make, target, arguments = shlex.split(command)
    assert (make, target) == ("make", "call")
    environ = dict.fromkeys((name for name in os.environ if name.startswith(("IVR_", "TWILIO_"))), None)
    environ |= dict(one.split("=", 1) for one in given)
    asked = shlex.split(arguments.removeprefix("ARGS="))
    return CliRunner(env=environ).invoke(cli.main, ["call", *asked], prog_name="ivr").stdout
