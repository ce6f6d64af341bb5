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


def test_the_name_of_an_account_or_a_key_is_no_token(tmp_path: Path) -> None:
    """An AC… or SK…, copied from the same page of the console, is refused with what it is; it is not quoted."""
    for kind in ("AC", "SK"):
        sid = kind + "0123456789abcdef" * 2
        file = tmp_path / kind
        file.write_text(sid, encoding="ascii")
        for told in (message({"TWILIO_AUTH_TOKEN": f"{TOKEN},{sid}"}), message({"TWILIO_AUTH_TOKEN_FILE": str(file)})):
            assert f"begins with {kind}. That is a name" in told
            assert sid not in told


def test_a_token_that_systemd_did_not_find_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Systemd hands over an empty copy of a file that is missing; what is told names the file itself, and the cure."""
    (tmp_path / "twilio_auth_token").touch()
    monkeypatch.setattr("ivr.settings.CREDENTIALS", f"{tmp_path}/")
    told = message({"TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "twilio_auth_token")})
    assert "systemd found no token in /etc/ivr/twilio_auth_token" in told
    assert "cat > /etc/ivr/twilio_auth_token" in told


def test_a_name_that_no_file_can_have_is_told() -> None:
    """Whatever stands in the variable, it is told in words."""
    assert "is no text" in message({"TWILIO_AUTH_TOKEN_FILE": "a\0b"})


PROBED, OLD = "probe0123456789abcdef", "old00123456789abcdef"
PROBE = {"IVR_PROBE_TOKEN": PROBED, "IVR_PUBLIC_URL": PUBLIC_URL}


def test_a_test_call_needs_no_token_of_twilio() -> None:
    """Who only calls a line signs with the token for test calls, and then needs no other; a server needs Twilio's."""
    calling = from_environ(PROBE, serves=False, calls=True)
    assert (calling.tokens, calling.signing) == ((), PROBED)
    assert from_environ(PROBE | {"TWILIO_AUTH_TOKEN_FILE": "/nowhere"}, serves=False, calls=True).signing == PROBED
    assert from_environ(GOOD, serves=False, calls=True).signing == TOKEN
    both = from_environ(GOOD | {"IVR_PROBE_TOKEN": f"{PROBED},{OLD}"})
    assert (both.tokens, both.probe_tokens, both.signing) == ((TOKEN,), (PROBED, OLD), PROBED)
    assert "TWILIO_AUTH_TOKEN is not set" in message(PROBE)
    with pytest.raises(SettingsError, match="There is no token to sign with"):
        from_environ({"IVR_PUBLIC_URL": PUBLIC_URL}, serves=False, calls=True)


def test_the_token_for_test_calls_is_not_the_one_of_twilio(tmp_path: Path) -> None:
    """Where both are the same Twilio's would stand everywhere after all; a file of it is read as that of the other."""
    assert "can be guessed" in message(GOOD | {"IVR_PROBE_TOKEN": "x"})
    assert "is the same as Twilio's auth token" in message({"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PROBE_TOKEN": TOKEN})
    assert "IVR_PROBE_TOKEN_FILE" in message(GOOD | {"IVR_PROBE_TOKEN_FILE": str(tmp_path / "missing")})
