# SPDX-License-Identifier: EUPL-1.2
"""What an operator forgot to change."""

import re
from pathlib import Path

import pytest

from ivr import settings as placeholders
from tests.commands.test_check import ivr
from tests.conftest import TOKEN

FILE = (Path(__file__).parent.parent / "deploy" / "ivr.env").read_text(encoding="utf-8")
GOOD = {
    "TWILIO_AUTH_TOKEN": TOKEN,
    "IVR_PUBLIC_URL": "https://lijn.example",
    "IVR_CALLER_ID": "+12025550123",
    "IVR_SECURITY_EXPIRES": "2099-01-01",
    "IVR_SECURITY_CONTACT": "mailto:wij@lijn.example",
}


def test_what_is_refused_is_what_is_printed() -> None:
    """The values that are refused are those that ivr.env prints, so none is forgotten when that changes."""
    printed = dict(re.findall(r"^#?(IVR_[A-Z_]+)=(\S+)$", FILE, re.MULTILINE))
    del printed["IVR_SECURITY_EXPIRES"]  # a date is judged by itself
    assert printed == dict(placeholders.PRINTED)


@pytest.mark.parametrize("setting", placeholders.PRINTED)
def test_a_printed_value_is_refused(setting: str) -> None:
    """`ivr serve` and `ivr check` refuse a value of ivr.env that nobody changed, with its name and the cure."""
    settings = GOOD | {setting: placeholders.PRINTED[setting]}
    for command, language, cure in (
        ("serve", "nl", "het voorbeeld uit ivr.env"),
        ("check", "en", "the example of ivr.env"),
    ):
        told = ivr(command, IVR_EDITOR_LANGUAGE=language, **settings)
        assert told.exit_code == (1 if command == "serve" else 2)
        assert setting in told.output
        assert cure in told.output
        assert "Traceback" not in told.output


def test_a_printed_host_with_a_path_is_refused() -> None:
    """Of an address the host is the example, whatever was written behind it."""
    assert "ivr.env" in ivr("serve", **GOOD | {"IVR_PUBLIC_URL": "https://lijn.example.nl/lijn"}).output


def test_a_call_in_the_terminal_keeps_its_number() -> None:
    """`make call` shows a number of fiction, and an editor may check a card with it: neither reaches a caller."""
    number = placeholders.PRINTED["IVR_CALLER_ID"]
    assert ivr("call", "--keys", "3", IVR_CALLER_ID=number).exit_code == 0
    assert ivr("check", IVR_CALLER_ID=number).exit_code == 0


def test_a_caller_id_that_cannot_exist_only_warns() -> None:
    """What a country's numbers look like changes, so a number that is not known starts all the same."""
    told = ivr("check", **GOOD | {"IVR_CALLER_ID": "+3110236525"})
    assert "! caller-id" in told.stdout
    assert "IVR_CALLER_ID is +3110236525, en zo'n nummer kan niet bestaan" in told.stdout
    assert told.exit_code == 0
