# SPDX-License-Identifier: EUPL-1.2
"""The values that deploy/ivr.env prints as examples: a line that is served or checked must have its own."""

from urllib.parse import urlsplit

from ivr.editor.problems import Problem
from ivr.settings import Settings, SettingsError

PRINTED = {
    "IVR_PUBLIC_URL": "https://lijn.example.nl",
    "IVR_CALLER_ID": "+12025550100",
    "IVR_FALLBACK_URL": "https://elders.example.nl/fallback.xml",
    "IVR_SECURITY_CONTACT": "mailto:beheer@example.nl",
}


def refuse(settings: Settings) -> None:
    """Raise SettingsError where a value is still the printed one; of an address the host is enough."""
    given = {
        "IVR_PUBLIC_URL": settings.public_url,
        "IVR_CALLER_ID": settings.caller_id,
        "IVR_FALLBACK_URL": settings.fallback_url,
        "IVR_SECURITY_CONTACT": settings.security_contact,
    }
    left = {name: value for name, value in given.items() if value and _core(value) == _core(PRINTED[name])}
    if left:
        raise SettingsError(Problem("setting-printed", {"name": name, "value": value}) for name, value in left.items())


def _core(value: str) -> str:
    return urlsplit(value).hostname or value
