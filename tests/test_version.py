# SPDX-License-Identifier: EUPL-1.2
"""One version, everywhere, of which the changelog tells; and the guide finds it with a tag or without."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def wrong(version: str, changelog: str) -> str:
    """What is wrong between a version and a changelog; nothing where they agree."""
    unreleased, *released = re.split(r"^## (?!\[Unreleased)", changelog, flags=re.MULTILINE)
    dated = [re.match(r"\[(.+)\] - 20\d\d-\d\d-\d\d\n", section) for section in released]
    versions = [found[1] if found else "one without a version and a date" for found in dated]
    coming, dev, _ = version.partition(".dev")
    if dev:
        return f"{coming} is released, so {version} came before it" if coming in versions else ""
    if "\n- " in unreleased:
        return f"{version} is released, and CHANGELOG.md has changes since: begin the next version, with .dev0"
    return (
        "" if versions[:1] == [version] else f"{version} is released, and the newest in CHANGELOG.md is {versions[:1]}"
    )


def test_the_changelog_tells_of_this_version() -> None:
    """Whoever upgrades finds in CHANGELOG.md what is in the version that they install."""
    assert not wrong(VERSION, (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("version", "changelog", "right"),
    [
        ("0.2.0.dev0", "## [Unreleased]\n\n- New.\n\n## [0.1.0] - 2026-11-24\n", True),
        ("0.2.0.dev0", "## [0.1.0] - 2026-11-24\n", True),
        ("0.2.0", "## [0.2.0] - 2026-12-01\n\n- New.\n\n## [0.1.0] - 2026-11-24\n", True),
        ("0.1.0", "## [Unreleased]\n\n- New.\n\n## [0.1.0] - 2026-11-24\n", False),
        ("0.1.0.dev0", "## [Unreleased]\n\n- New.\n\n## [0.1.0] - 2026-11-24\n", False),
        ("0.2.0", "## [0.1.0] - 2026-11-24\n", False),
        ("0.2.0", "## [0.2.0]\n\n- New.\n\n## [0.1.0] - 2026-11-24\n", False),
        ("0.2.0", "", False),
    ],
)
def test_changes_under_a_released_version_are_seen(version: str, changelog: str, *, right: bool) -> None:
    """A version that is released has its date and no changes above it; one that is coming is not released yet."""
    assert (wrong(version, f"# Changelog\n\n{changelog}") == "") is right


def test_every_place_names_this_version() -> None:
    """publiccode.yml and the files for images name the version of pyproject.toml; the rest of the guide names none."""
    files = [path for path in (ROOT / "deploy").rglob("*") if path.is_file()] + [ROOT / "publiccode.yml"]
    named = [
        (str(path.relative_to(ROOT)), version)
        for path in files
        for version in re.findall(
            r"(?:softwareVersion: |newTag: |IVR_VERSION:-|\bivr[:-]|--branch v|checkout v)(\d+\.[\w.]*\w)",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert len({path for path, _ in named}) == 6
    assert not [(path, version) for path, version in named if version != VERSION]


@pytest.mark.starts
@pytest.mark.parametrize("page", ["README.md", "running.md"])
def test_the_guide_checks_out_the_newest_release_or_main(page: str, tmp_path: Path) -> None:
    """The guide's `git checkout` leads to the newest tag, and to main where nobody has made one."""
    (checkout,) = re.findall(r"git checkout \$\(.*?\)", (ROOT / "deploy" / page).read_text(encoding="utf-8"))

    def shell(command: str) -> str:
        return subprocess.run(["sh", "-ec", command], cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    commit = "git -c user.name=x -c user.email=x@example.org commit --quiet --allow-empty --message x"
    tag = "git -c user.name=x -c user.email=x@example.org tag --annotate --message x"
    shell(f"git init --quiet --initial-branch main && {commit} && git checkout --quiet --detach && {checkout}")
    assert shell("git branch --show-current") == "main\n"
    shell(f"{tag} v0.2.0 && {commit} && {tag} v0.10.0 && {commit} && {checkout}")
    assert shell("git describe --tags --exact-match") == "v0.10.0\n"
