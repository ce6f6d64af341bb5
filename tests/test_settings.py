# SPDX-License-Identifier: EUPL-1.2
from datetime import date
from pathlib import Path

import pytest

from ivr.app import create_app
from ivr.language import KNOWN
from ivr.settings import SettingsError, default_prompts, from_environ
from tests.conftest import PUBLIC_URL, TOKEN

GOOD = {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": PUBLIC_URL}
SECRET = "5ecret!"


def test_the_defaults() -> None:
    """A token and a public URL are enough; the voice and the language are those of the card."""
    settings = from_environ(GOOD)
    assert settings.tokens == (TOKEN,)
    assert (settings.voice, settings.language, settings.code, settings.caller_id) == (None, None, None, None)
    assert (settings.log_level, settings.metrics_port, settings.security_contact) == ("info", None, None)
    assert (settings.prompts / "card.yaml").exists()


def test_everything_can_be_set() -> None:
    """Each variable is read; tokens are separated by commas and may have blanks around them."""
    settings = from_environ(
        {
            "TWILIO_AUTH_TOKEN": " old , new ,",
            "IVR_PUBLIC_URL": "https://gemeente.example:8443/lijn",
            "IVR_CALLER_ID": "+12025550100",
            "IVR_PROMPTS": "/srv/prompts",
            "IVR_VOICE": "Google.nl-NL-Wavenet-F",
            "IVR_LANGUAGE": "nl-BE",
            "IVR_EDITOR_LANGUAGE": "en",
            "IVR_LOG_LEVEL": "debug",
            "IVR_METRICS_PORT": "9464",
            "IVR_SECURITY_CONTACT": "mailto:veilig@gemeente.example",
            "IVR_SECURITY_EXPIRES": "2027-11-01",
        }
    )
    assert settings.tokens == ("old", "new")
    assert settings.public_url == "https://gemeente.example:8443/lijn"
    assert settings.prompts == Path("/srv/prompts")
    assert (settings.voice, settings.language) == ("Google.nl-NL-Wavenet-F", "nl-BE")
    assert (settings.caller_id, settings.editor_language) == ("+12025550100", "en")
    assert (settings.log_level, settings.metrics_port) == ("debug", 9464)
    contact = "mailto:veilig@gemeente.example"
    assert (settings.security_contact, settings.security_expires) == (contact, date(2027, 11, 1))


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("TWILIO_AUTH_TOKEN", "", "TWILIO_AUTH_TOKEN is not set."),
        ("TWILIO_AUTH_TOKEN", " , ", "TWILIO_AUTH_TOKEN is not set."),
        ("TWILIO_AUTH_TOKEN", "abc def", "holds something that is not a token"),
        ("IVR_PUBLIC_URL", "", "IVR_PUBLIC_URL is not set."),
        *(
            ("IVR_PUBLIC_URL", url, "is no address of a line")
            for url in (
                "lijn.example",
                "ftp://lijn.example",
                "https://",
                "https://lijn.example/",
                "https://lijn.example/voice",
                "https://lijn.example?x=1",
                "https://lijn.example#x",
                "https://Lijn.example",
                "https://u@lijn.example",
                "https://lijn.example/a b",
                "https://lijn.example:443",
                "http://lijn.example:80",
                "https://lijn.example:65536",
                "https://lijn.example:x",
            )
        ),
        ("IVR_FALLBACK_URL", "https://lijn.example/f.xml", "on the host of IVR_PUBLIC_URL, and fails when that fails"),
        ("IVR_LANGUAGE", "tl-NL", f"'tl-NL'. Write a language that the line speaks ({', '.join(KNOWN)})"),
        ("IVR_CALLER_ID", "0201234567", "IVR_CALLER_ID is '0201234567'"),
        ("IVR_VOICE", "alice", "IVR_VOICE is 'alice'"),
        ("IVR_LANGUAGE", "nederlands", "IVR_LANGUAGE is 'nederlands'"),
        ("IVR_FALLBACK_URL", "http://elders.example/fallback.xml", "Write https://, another host and the file"),
        ("IVR_FALLBACK_URL", "https://[x", "Write https://, another host and the file"),
        ("IVR_CALLER_ID", "+3120\N{FULLWIDTH DIGIT ONE}" * 2, "IVR_CALLER_ID is"),
        ("IVR_EDITOR_LANGUAGE", "fr", "Write nl or en"),
        ("IVR_LOG_LEVEL", "loud", "IVR_LOG_LEVEL"),
        ("IVR_METRICS_PORT", "0", "IVR_METRICS_PORT"),
        ("IVR_METRICS_PORT", "65536", "IVR_METRICS_PORT"),
        ("IVR_METRICS_PORT", "web", "IVR_METRICS_PORT"),
        ("IVR_SECURITY_CONTACT", "veilig@gemeente.example", "IVR_SECURITY_CONTACT"),
        ("IVR_SECURITY_EXPIRES", "1 november", "IVR_SECURITY_EXPIRES"),
        ("IVR_SECURITY_EXPIRES", "2027-11-01", "IVR_SECURITY_CONTACT"),
    ],
)
def test_a_bad_value_is_named_with_its_cure(variable: str, value: str, says: str) -> None:
    """A missing or malformed setting is named, with what to do; no token is repeated."""
    with pytest.raises(SettingsError) as error:
        from_environ(GOOD | {variable: value})
    assert says in str(error.value)
    assert variable in str(error.value)
    assert "abc def" not in str(error.value)


def test_all_mistakes_are_told_at_once() -> None:
    """Nobody has to start the service once for every mistake."""
    with pytest.raises(SettingsError) as error:
        from_environ({"IVR_VOICE": "alice"})
    assert len(str(error.value).splitlines()) == 3


def test_a_token_is_not_shown() -> None:
    """The settings can be printed without giving the tokens away."""
    assert TOKEN not in repr(from_environ(GOOD))


def test_installed_prompts_lie_in_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a checkout the prompts of the wheel are used."""
    monkeypatch.setattr("ivr.settings._HERE", tmp_path / "ivr")
    assert default_prompts() == tmp_path / "ivr" / "prompts"


def test_the_environment_is_read_without_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    """create_app() reads the environment; without a token nothing starts."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    assert create_app().test_client().get("/health/live").status_code == 200
    monkeypatch.delenv("TWILIO_AUTH_TOKEN")
    with pytest.raises(SettingsError):
        create_app()


def test_a_line_that_nobody_calls_needs_no_token() -> None:
    """A line in a terminal, or on paper, needs no token and no public address; the rest is read."""
    settings = from_environ({"IVR_LANGUAGE": "nl-BE", "TWILIO_AUTH_TOKEN": "%"}, serves=False)
    assert (settings.tokens, settings.code) == ((), "nl")
    with pytest.raises(SettingsError, match="IVR_PUBLIC_URL is no address"):
        from_environ({"IVR_PUBLIC_URL": "https://lijn.example/"}, serves=False)


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
        ["not set", "not a token", "both set", "cannot be read: No such file", "empty", "not a token", "not a token"],
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
