# SPDX-License-Identifier: EUPL-1.2
from datetime import date
from pathlib import Path

import pytest

from ivr.settings import SettingsError, from_environ
from tests.conftest import PUBLIC_URL, TOKEN

GOOD = {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": PUBLIC_URL}
SECRET = "5ecret!"


def test_what_an_operator_may_leave_out() -> None:
    """Nothing is counted, no contact is told and the log is of the middle level, unless the operator says otherwise."""
    settings = from_environ(GOOD)
    assert (settings.log_level, settings.metrics_port) == ("info", None)
    assert (settings.security_contact, settings.security_expires) == (None, None)


def test_what_an_operator_may_set() -> None:
    """The level of the log, the port of the counters and the contact for security are read."""
    more = {"IVR_LOG_LEVEL": "debug", "IVR_METRICS_PORT": "9464"}
    more |= {"IVR_SECURITY_CONTACT": "mailto:veilig@gemeente.example", "IVR_SECURITY_EXPIRES": "2027-11-01"}
    settings = from_environ(GOOD | more)
    assert (settings.log_level, settings.metrics_port) == ("debug", 9464)
    assert settings.security_contact == "mailto:veilig@gemeente.example"
    assert settings.security_expires == date(2027, 11, 1)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("IVR_LOG_LEVEL", "loud"),
        ("IVR_METRICS_PORT", "0"),
        ("IVR_METRICS_PORT", "65536"),
        ("IVR_METRICS_PORT", "web"),
        ("IVR_SECURITY_CONTACT", "veilig@gemeente.example"),
        ("IVR_SECURITY_EXPIRES", "1 november"),
        ("IVR_SECURITY_EXPIRES", "2027-11-01"),
    ],
)
def test_a_mistake_is_named(setting: str, value: str) -> None:
    """A setting that cannot be used is refused at start, by name; a date without a contact too."""
    with pytest.raises(SettingsError, match=setting):
        from_environ(GOOD | {setting: value})


@pytest.mark.parametrize("written", [f"{TOKEN}\n", f" {TOKEN} , new\n", f"{TOKEN}\nnew\n", f"{TOKEN},new,"])
def test_the_token_may_stand_in_a_file(tmp_path: Path, written: str) -> None:
    """As container secrets are mounted: one token or more, between commas or on lines of their own."""
    file = tmp_path / "token"
    file.write_text(written, encoding="ascii")
    environ = {"TWILIO_AUTH_TOKEN_FILE": str(file), "IVR_PUBLIC_URL": PUBLIC_URL}
    assert from_environ(environ).tokens == ((TOKEN, "new") if "new" in written else (TOKEN,))


def message(environ: dict[str, str]) -> str:
    """What is said of these settings."""
    with pytest.raises(SettingsError) as error:
        from_environ({"IVR_PUBLIC_URL": PUBLIC_URL} | environ)
    return str(error.value)


def test_a_token_that_cannot_be_read_is_told_without_telling_it(tmp_path: Path) -> None:
    """A missing, empty or unfit token or file is named with the cure, and what stands in it is never quoted."""
    missing, empty, unfit, binary = (tmp_path / name for name in ("missing", "empty", "unfit", "binary"))
    empty.write_text("\n", encoding="ascii")
    unfit.write_text(SECRET, encoding="ascii")
    binary.write_bytes(b"5ecret\xff")
    told = [
        message({}),
        message({"TWILIO_AUTH_TOKEN": SECRET}),
        message({"TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_AUTH_TOKEN_FILE": str(unfit)}),
        *(message({"TWILIO_AUTH_TOKEN_FILE": str(file)}) for file in (missing, empty, unfit, binary)),
    ]
    for text, part in zip(
        told,
        ["not set", "not a token", "both set", "cannot be read: No such file", "empty", "not a token", "no text"],
        strict=True,
    ):
        assert part in text
        assert "5ecret" not in text
        assert "\n" not in text
