# SPDX-License-Identifier: EUPL-1.2
"""`make audit`: is what is deployed free of known vulnerabilities, and licensed as we may use it; and a list of it.
And does each of our own files say its licence, as https://reuse.software asks.

The list (SBOM) is in CycloneDX and made of an environment that holds nothing but what a server gets. What could not be
looked up is never passed over: then it was not audited, and the audit fails.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

SBOM = Path("build/sbom.json")

ALLOWED = {
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "EUPL-1.2",
    "ISC",
    "MIT",
    "MPL-2.0",
    "PSF-2.0",
    "Python-2.0",
    "ZPL-2.1",
}
"""Licences (SPDX) of packages that a line under the EUPL-1.2 may be deployed with."""

NAMES = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""What packages write that know no SPDX."""


def vulnerabilities(report: Mapping[str, Any] | None) -> list[str]:
    """What is wrong according to a report of pip-audit; None is a report that was never made."""
    found = [] if report is None else report["dependencies"]
    skipped = [one for one in found if "skip_reason" in one]
    if not found or len(skipped) == len(found):
        return ["NOT AUDITED: the database of vulnerabilities could not be reached. Try again where it can."]
    return [f"{one['name']} was skipped: {one['skip_reason']}" for one in skipped] + [
        f"{one['name']} {one['version']}: {bug['id']}, mended in {', '.join(bug['fix_versions']) or 'no version yet'}"
        for one in found
        for bug in one.get("vulns", ())
    ]


def licences(components: Iterable[Mapping[str, Any]]) -> list[str]:
    """Which components of an SBOM are under a licence that is not allowed, or under none that is known."""
    wrong = []
    for component in components:
        stated = [_licence(entry) for entry in component.get("licenses", ())]
        if not stated or not all(map(_allowed, stated)):
            wrong.append(f"{component['name']} {component['version']}: licence {', '.join(stated) or 'unknown'}")
    return wrong


def _licence(entry: Mapping[str, Any]) -> str:
    licence = entry.get("license", {})
    return str(entry.get("expression") or licence.get("id") or licence.get("name"))


def _allowed(licence: str) -> bool:
    """Whether every part of an expression is allowed; of parts with OR between them one is enough."""
    choices = NAMES.get(licence, licence).split(" OR ")
    return any(all(part.strip(" ()") in ALLOWED for part in choice.split(" AND ")) for choice in choices)


def main(tools: str, deployed: str) -> int:
    """Audit the locked requirements and the environment `deployed`, with the programs in the folder `tools`."""
    SBOM.parent.mkdir(exist_ok=True)
    sbom = [
        f"{tools}/cyclonedx-py",
        "environment",
        deployed,
        "--pyproject",
        "pyproject.toml",
        "--output-file",
        str(SBOM),
    ]
    subprocess.run([*sbom, "--output-reproducible"], check=True)
    components = json.loads(SBOM.read_text(encoding="utf-8"))["components"]
    audit = [f"{tools}/pip-audit", "--disable-pip", "--require-hashes", "-r", "requirements.txt", "--format", "json"]
    answer = subprocess.run([*audit, "--progress-spinner", "off"], capture_output=True, check=False)
    problems = vulnerabilities(json.loads(answer.stdout) if answer.stdout.strip() else None) + licences(components)
    lint = subprocess.run([f"{tools}/reuse", "lint", "--lines"], capture_output=True, text=True, check=False)
    problems += (lint.stdout or lint.stderr).splitlines() if lint.returncode else []
    print(f"{len(components)} packages are deployed; the list is {SBOM}.")
    print("\n".join(problems) or "No known vulnerability, and no licence that is not allowed.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
