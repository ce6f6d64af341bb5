# SPDX-License-Identifier: EUPL-1.2
"""publiccode.yml keeps to the standard that catalogues of public code read.

The standard is published as text and has no schema of its own, so what it says of the keys that we use stands here
(https://yml.publiccode.tools/schema.core.html, version 0.5).
"""

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.conftest import LINE

ROOT = Path(__file__).parent.parent
FILE: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
PUBLISHED = {"url": "https://git.meldroutekaart.test/lijn.git"} | FILE
"""What the owner makes of it. Nobody can know the address before the repository is published, so it may be missing."""

TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "items": TEXT, "minItems": 1}
NAMES = {"type": "array", "items": {"type": "object", "properties": {"name": TEXT}, "required": ["name"]}}


def keys(required: dict[str, Any], **optional: Any) -> dict[str, Any]:  # noqa: ANN401 - a schema
    """An object with these keys, and no other."""
    properties = required | optional
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


DESCRIPTION = keys(
    {"shortDescription": TEXT | {"maxLength": 150}, "longDescription": TEXT | {"minLength": 150, "maxLength": 10000}},
    features=TEXTS,
)

STANDARD = keys(
    {
        "publiccodeYmlVersion": {"const": "0.5"},
        "name": TEXT,
        # No address that is kept for examples: it leads nowhere.
        "url": {"type": "string", "pattern": r"^https://(?!.*\bexample\b)"},
        "platforms": TEXTS,
        "developmentStatus": {"enum": ["concept", "development", "beta", "stable", "obsolete"]},
        "softwareType": {
            "enum": [*(f"standalone/{kind}" for kind in ("mobile", "web", "backend", "other")), "library"]
        },
        "description": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-z]{2}$"},
            "additionalProperties": DESCRIPTION,
        },
        "legal": keys({"license": TEXT}),
        # Who maintains it internally must be named.
        "maintenance": keys({"type": {"const": "internal"}, "contacts": NAMES | {"minItems": 1}}),
        "localisation": keys({"localisationReady": {"type": "boolean"}, "availableLanguages": TEXTS}),
    },
    softwareVersion=TEXT,
    categories={"type": "array", "items": {"enum": ["communications", "voip"]}},
    intendedAudience=keys(
        {},
        countries={"type": "array", "items": {"pattern": "^[A-Z]{2}$"}},
        scope={"type": "array", "items": {"enum": ["emergency-services", "healthcare", "local-authorities"]}},
    ),
    dependsOn=keys({}, open=NAMES, proprietary=NAMES),
)


def test_the_file_keeps_to_the_standard() -> None:
    """Each key is one of the standard, with what the standard allows, and none is missing but the address."""
    jsonschema.validate(PUBLISHED, STANDARD)


@pytest.mark.parametrize(
    "change",
    [
        {"developmentStatus": "alpha"},
        {"description": {"nl": {"shortDescription": "a" * 151, "longDescription": "a" * 150}}},
        {"description": {"nl": {"shortDescription": "a", "longDescription": "a" * 149}}},
        {"maintenance": {"type": "internal"}},
        {"intendedAudience": {"countries": ["nl"]}},
        {"authors": "ours"},
        {"url": "https://example.org/lijn.git"},
    ],
)
def test_what_the_standard_forbids_is_seen(change: dict[str, Any]) -> None:
    """The check can fail."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(PUBLISHED | change, STANDARD)


def test_the_file_says_what_is_so() -> None:
    """Version and licence are those of the project, and so is the language: what nobody has read is a draft."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{FILE["softwareVersion"]}"' in project
    assert f'license = "{FILE["legal"]["license"]}"' in project
    assert re.search("EUROPEAN UNION PUBLIC LICENCE v. 1.2", (ROOT / "LICENSE").read_text(encoding="utf-8"))
    assert FILE["localisation"]["availableLanguages"] == list(LINE.card.languages)
