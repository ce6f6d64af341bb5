# SPDX-License-Identifier: EUPL-1.2
"""Which settings each command needs, and no others."""

import pytest

from tests.conftest import TOKEN
from tests.twilio import service as twilio
from tests.twilio.conftest import Run

pytestmark = pytest.mark.usefixtures("service")

NO_LINE = {"TWILIO_AUTH_TOKEN": None, "IVR_PUBLIC_URL": None, "IVR_FALLBACK_URL": None}
"""A machine that has a key of the account, and nothing of the line."""

NO_KEY = {"TWILIO_API_KEY": None, "TWILIO_API_KEY_SECRET": None}


def test_who_forgets_needs_no_line(run: Run) -> None:
    """`forget` needs a key and the number: it asks for no token and no address."""
    assert run("forget", "--yes", **NO_LINE).exit_code == 0


def test_a_token_for_test_calls_is_enough_for_a_look(run: Run) -> None:
    """`plan` needs no token of Twilio's where there is a key and a token for test calls."""
    told = run("plan", TWILIO_AUTH_TOKEN=None, IVR_PROBE_TOKEN="probe0123456789abcdef")
    assert told.exit_code == 2
    assert "apply" in told.output


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"TWILIO_AUTH_TOKEN": twilio.KEY}, "holds something that begins with SK"),
        ({"TWILIO_AUTH_TOKEN": None, "TWILIO_AUTH_TOKEN_FILE": "/nowhere"}, "(/nowhere) cannot be read"),
        ({"TWILIO_AUTH_TOKEN": None}, "There is neither a key nor a token."),
    ],
)
def test_without_a_key_the_token_is_judged(run: Run, settings: dict[str, str | None], said: str) -> None:
    """Where there is no key the line's token is the login, and what is wrong with it is told."""
    told = run("forget", "--yes", **NO_KEY, **settings)
    assert told.exit_code == 1
    assert said in told.output
    assert TOKEN not in told.output
