# SPDX-License-Identifier: EUPL-1.2
"""What is installed is what is locked, whatever came out since."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytestmark = pytest.mark.starts

ROOT = Path(__file__).parent.parent
OURS = "meldroutekaart-lijn"
NEWER = "9999"
LOCKS = ("requirements.txt", "requirements-dev.txt")
"""What is deployed; and all that the tests need, which begins with that."""

BACKEND = """
import shutil
def build_editable(folder, *_):
    return shutil.copy({wheel!r}, folder).rpartition("/")[2]
"""
"""What stands in for hatchling: it hands over a wheel of ours that is ready."""


def wheel(folder: Path, name: str, version: str, files: dict[str, str] | None = None) -> Path:
    """A wheel without code, which needs what the real package of that name needs."""
    needs = "".join(f"Requires-Dist: {need}\n" for need in distribution(name).requires or ())
    plain = name.replace("-", "_")
    info = f"{plain}-{version}.dist-info"
    path = folder / f"{plain}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        for file, text in (files or {}).items():
            archive.writestr(file, text)
        archive.writestr(f"{info}/RECORD", "".join(f"{file},,\n" for file in [*archive.namelist(), f"{info}/RECORD"]))
    return path


def make(folder: Path, python: str, target: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """What our Makefile does in another folder, without a network; with another lock, where one lies there."""
    for file in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / file, folder / file)
    for file in LOCKS:
        (folder / file).touch()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "MAKE"))}
    environ |= kept | {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    command = ["make", f"PYTHON={python}", f".venv/{target}"]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)


def installed(folder: Path) -> dict[str, str]:
    """Which version of which package `make` installed."""
    (packages,) = (folder / ".venv/lib").glob("python*/site-packages")
    names = [info.stem.rpartition("-") for info in packages.glob("*.dist-info")]
    return {name.replace("_", "-"): version for name, _, version in names if name not in {"pip", "setuptools"}}


def test_make_installs_what_is_locked_beside_newer_versions_of_everything(tmp_path: Path) -> None:
    """A call installs what is deployed and what makes `ivr` a command, the tests the rest: each in the version that our
    lock pins, with a newer one in reach, and `pip check` misses none.
    """
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    files = {"hatchling": {"hatchling/build.py": BACKEND.format(wheel=str(wheel(tmp_path, OURS, "0")))}}
    digests: dict[str, str] = {}
    locked: dict[str, dict[str, str]] = {}
    for file in LOCKS:
        pins, locked[file] = "", {OURS: "0"}
        for pin in re.findall(r"^\S+==[^\\\n]*", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE):
            wanted = Requirement(pin)
            if wanted.marker and not wanted.marker.evaluate():  # for another system, or another Python
                continue
            name, version = wanted.name, next(iter(wanted.specifier)).version
            locked[file][name] = version
            if name not in digests:
                digests[name] = hashlib.sha256(wheel(wheels, name, version, files.get(name)).read_bytes()).hexdigest()
                wheel(wheels, name, NEWER)
            pins += f"{pin} --hash=sha256:{digests[name]}\n    # via\n"
        (tmp_path / file).write_text(pins, encoding="utf-8")
    deployed, all_ = (locked[file] for file in LOCKS)
    assert len(all_) > 80

    made = make(tmp_path, sys.executable, ".deployed", PIP_FIND_LINKS=str(wheels))
    assert made.returncode == 0, made.stdout + made.stderr
    assert f"{len(deployed) - 1} packages" in made.stdout
    called = installed(tmp_path)
    assert deployed.items() < called.items() < all_.items()
    assert len(called) < len(deployed) + 8
    made = make(tmp_path, sys.executable, ".installed", PIP_FIND_LINKS=str(wheels))
    assert made.returncode == 0, made.stdout + made.stderr
    assert installed(tmp_path) == all_


OLD = f"""#!{sys.executable}
import sys
sys.version_info = (3, 10, 14)
exec(sys.argv[2])
"""
BARE = f"""#!/bin/sh
case $2 in *ensurepip*) exit 1 ;; esac
exec {sys.executable} "$@"
"""


@pytest.mark.parametrize(
    ("python", "said"),
    [
        ("", "There is no ./python here. README.md tells what you need first."),
        (OLD, "./python is Python 3.10, and 3.11 or newer is needed. Name one: make PYTHON=python3.13"),
        (BARE, "./python makes no virtualenv yet. On Debian or Ubuntu: sudo apt install python3-venv"),
    ],
    ids=["none", "old", "without venv"],
)
def test_make_says_what_python_it_needs(python: str, said: str, tmp_path: Path) -> None:
    """Without a Python, with an old one, and with one of Debian that lacks its venv, `make` says what to do."""
    if python:
        (tmp_path / "python").write_text(python, encoding="utf-8")
        (tmp_path / "python").chmod(0o755)
    made = make(tmp_path, "./python", ".deployed")
    assert made.returncode != 0
    assert made.stderr.splitlines()[0] == said
    assert not (tmp_path / ".venv").exists()


def test_every_python_that_is_found_is_tested(tmp_path: Path) -> None:
    """`make test-all` tests each Python on the PATH once, also one newer than we know; no old and no broken one."""

    def program(path: str, script: str) -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (tmp_path / path).chmod(0o755)

    real = f'[ "$2" = pytest ] && exit; exec {sys.executable} -c "import sys; sys.version_info = (3, %d); $2"'
    program(".venv/bin/python", real % 11)
    for folder, minor in [("a", 11), ("a", 10), ("a", 12), ("b", 12), ("b", 99)]:
        program(f"{folder}/python3.{minor}", real % minor)
        program(f".venv-3.{minor}/bin/python", real % minor)
    program("a/python3.13", "echo 'not installed' >&2; exit 127")
    program("a/python3.12-config", "exit 1")
    program("a/make", "exit 0")
    for tool in ("find", "tr"):
        (tmp_path / "a" / tool).symlink_to(shutil.which(tool) or tool)
    (tmp_path / "link").symlink_to("b")
    environ = {"PATH": f"{tmp_path}/a:{tmp_path}/missing:{tmp_path}/link"}
    tests = subprocess.run(
        [ROOT / "scripts/other-pythons"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )
    assert tests.stdout.splitlines() == ["Python 3.12", "Python 3.99", "Tested on Python 3.11 3.12 3.99."]


def test_make_test_takes_a_file() -> None:
    """`make test ARGS=tests/test_calls.py` runs that file, and asks of it no coverage of everything."""
    command = ["make", "--no-print-directory", "--just-print", "test", "ARGS=tests/test_calls.py"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}  # a make is around us
    run = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    said = run.stdout.splitlines()
    assert said[-1] == ".venv/bin/python -m pytest tests/test_calls.py"


def test_every_place_that_installs_takes_what_is_locked() -> None:
    """Each `pip install` and `pip download` looks for nothing more; `pip check` follows each lock."""
    names = ["Makefile", "*.md", ".ci/*", ".github/workflows/*", "deploy/*.md", "deploy/container/*", "scripts/*"]
    found = []
    for place in (path for name in names for path in ROOT.glob(name)):
        text = place.read_text(encoding="utf-8").replace("\\\n", "").replace('", "', " ")
        text = text.replace("$(INSTALL)", "".join(re.findall(r"^INSTALL = (.*)", text, re.MULTILINE)))
        commands = re.findall(r"pip (?:install|download) --.*", text)
        locks = [command for command in commands if re.search("install .*--require-hashes", command)]
        assert len(re.findall(r"pip check\b(?!`)", text)) >= len(locks), place
        found += commands
    assert len(found) >= 7
    assert not [command for command in found if "--no-deps" not in command]
