# SPDX-License-Identifier: EUPL-1.2
"""What is deployed is licensed as a line under the EUPL-1.2 may use it, and every file of ours says its licence."""

import re
import subprocess
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

ALLOWED = {
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "EUPL-1.2",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PSF-2.0",
    "Python-2.0",
    "ZPL-2.1",
}
"""Licences (SPDX) of packages that the line may be deployed with."""

NAMES = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
}
"""What packages write that know no SPDX."""


def stated(package: str) -> list[str]:
    """What an installed package says of its licence: an SPDX expression, the classifiers, or what else it wrote."""
    said = metadata(package)
    classifiers = [line for line in said.get_all("Classifier", ()) if line.startswith("License ::")]
    return list(said.get_all("License-Expression", ())) or classifiers or list(said.get_all("License", ["unknown"]))


def allowed(licence: str) -> bool:
    """Whether every part of an expression is allowed; of parts with OR between them one is enough."""
    choices = NAMES.get(licence, licence).split(" OR ")
    return any(all(part.strip(" ()") in ALLOWED for part in choice.split(" AND ")) for choice in choices)


def test_what_is_deployed_may_be_deployed() -> None:
    """Each package that a server gets is under a licence of our list, and so is each licence that it states."""
    wrong, seen = [], 0
    for name in re.findall(r"^(\S+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE):
        try:
            licences = stated(name)
        except PackageNotFoundError:  # for another system
            continue
        seen += 1
        wrong += [f"{name}: {licence}" for licence in licences if not allowed(licence)]
    assert not wrong
    assert seen > 30


@pytest.mark.starts("reuse")
def test_every_file_says_its_licence() -> None:
    """REUSE's own tool (https://reuse.software) finds nothing wrong."""
    lint = subprocess.run(["reuse", "lint", "--lines"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("MIT", True),
        ("License :: OSI Approved :: BSD License", True),
        ("MIT OR GPL-3.0-only", True),
        ("(MIT AND BSD-3-Clause)", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("unknown", False),
    ],
)
def test_a_licence_that_is_not_on_the_list_is_seen(licence: str, *, may: bool) -> None:
    """A licence that is not on our list, or none at all, is not allowed."""
    assert allowed(licence) is may
