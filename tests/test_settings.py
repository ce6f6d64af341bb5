# SPDX-License-Identifier: EUPL-1.2
from pathlib import Path

import pytest

from ivr.app import create_app
from ivr.language import KNOWN
from ivr.settings import SettingsError, default_prompts, from_environ

GOOD = {"TWILIO_AUTH_TOKEN": "abc123", "IVR_PUBLIC_URL": "https://lijn.example"}


def test_the_defaults() -> None:
    """A token and a public URL are enough; the voice and the language are those of the card."""
    settings = from_environ(GOOD)
    assert settings.tokens == ("abc123",)
    assert (settings.voice, settings.language, settings.code, settings.caller_id) == (None, None, None, None)
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
        }
    )
    assert settings.tokens == ("old", "new")
    assert settings.public_url == "https://gemeente.example:8443/lijn"
    assert settings.prompts == Path("/srv/prompts")
    assert (settings.voice, settings.language) == ("Google.nl-NL-Wavenet-F", "nl-BE")
    assert (settings.caller_id, settings.editor_language) == ("+12025550100", "en")


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("TWILIO_AUTH_TOKEN", "", "TWILIO_AUTH_TOKEN is not set."),
        ("TWILIO_AUTH_TOKEN", " , ", "TWILIO_AUTH_TOKEN is not set."),
        ("TWILIO_AUTH_TOKEN", "abc def", "holds something that is not a token"),
        ("IVR_PUBLIC_URL", "", "IVR_PUBLIC_URL is not set."),
        ("IVR_PUBLIC_URL", "lijn.example", "does not start with https://"),
        ("IVR_PUBLIC_URL", "ftp://lijn.example", "does not start with https://"),
        ("IVR_PUBLIC_URL", "https://", "does not start with https://"),
        ("IVR_PUBLIC_URL", "https://lijn.example/", "ends with a slash"),
        ("IVR_PUBLIC_URL", "https://lijn.example/voice", "ends with /voice, which the line adds itself"),
        ("IVR_FALLBACK_URL", "https://lijn.example/f.xml", "on the host of IVR_PUBLIC_URL, and fails when that fails"),
        ("IVR_LANGUAGE", "tl-NL", f"'tl-NL', which the line does not speak. It speaks: {', '.join(KNOWN)}."),
        ("IVR_PUBLIC_URL", "https://lijn.example?x=1", "has a query or a fragment"),
        ("IVR_PUBLIC_URL", "https://lijn.example/voice#x", "has a query or a fragment"),
        ("IVR_PUBLIC_URL", "https://Lijn.example", "use small letters"),
        ("IVR_PUBLIC_URL", "https://u@lijn.example", "no user name"),
        ("IVR_PUBLIC_URL", "https://lijn.example/a b", "signs that an address of the line cannot have"),
        ("IVR_PUBLIC_URL", "https://lijn.example:443", "leave it out"),
        ("IVR_PUBLIC_URL", "https://lijn.example:x", "is not a web address"),
        ("IVR_CALLER_ID", "0201234567", "IVR_CALLER_ID is '0201234567'"),
        ("IVR_VOICE", "alice", "IVR_VOICE is 'alice'"),
        ("IVR_LANGUAGE", "nederlands", "IVR_LANGUAGE is 'nederlands'"),
        ("IVR_FALLBACK_URL", "http://elders.example/fallback.xml", "Write https://, another host and the file"),
        ("IVR_FALLBACK_URL", "https://[x", "Write https://, another host and the file"),
        ("IVR_CALLER_ID", "+3120\N{FULLWIDTH DIGIT ONE}" * 2, "IVR_CALLER_ID is"),
        ("IVR_EDITOR_LANGUAGE", "fr", "Write nl or en"),
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
    assert "abc123" not in repr(from_environ(GOOD))


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
    with pytest.raises(SettingsError, match="IVR_PUBLIC_URL ends with a slash"):
        from_environ({"IVR_PUBLIC_URL": "https://lijn.example/"}, serves=False)
