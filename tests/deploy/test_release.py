# SPDX-License-Identifier: EUPL-1.2
"""A release, built for real: the wheel in an empty environment, and the image as it is run."""

import hashlib
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import TOKEN
from tests.deploy.conftest import DEPLOY, HOST, ROOT, Tool, needed, running, speaks_every_language
from tests.serving import PATIENCE, free_port

pytestmark = pytest.mark.starts

ESSM = "nul, één, nul … twee, drie, zes … vijf, twee … vijf, zes"


@pytest.fixture(scope="session")
def release(tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make release` puts into dist/."""
    folder = tmp_path_factory.mktemp("release") / "dist"
    tool(str(ROOT / "scripts/release"), sys.executable, folder, cwd=ROOT)
    return folder


def test_a_release_is_complete(release: Path) -> None:
    """A release holds the wheel, the image's folder, the fallback, the page and the SBOM, each with its checksum."""
    (wheel,) = release.glob("*.whl")
    listed = {"image/Containerfile", "image/make-base", "image/requirements.txt", f"image/wheels/{wheel.name}"}
    listed |= {wheel.name, "fallback.xml", "kaart.html", "om-23-uur.html", "sbom.json"}
    sums = {tuple(line.split("  ./")) for line in (release / "SHA256SUMS").read_text().splitlines()}
    assert listed <= {name for _, name in sums}
    assert sums == {(hashlib.sha256((release / name).read_bytes()).hexdigest(), name) for _, name in sums}
    assert "acht, acht" in (release / "fallback.xml").read_text()
    assert "010-236 52 56" in (release / "kaart.html").read_text()
    components = {component["name"] for component in json.loads((release / "sbom.json").read_text())["components"]}
    assert {"flask", "twilio", "gunicorn"} <= components


def test_the_wheel_takes_a_call(release: Path, tool: Tool, tmp_path: Path) -> None:
    """On a server without a network the wheel installs with what it needs, as the guide says, and answers a call."""
    guide = re.sub(" +# .*", "", (DEPLOY / "README.md").read_text())
    here, other_machine = re.findall(r"^    new=(?:.*\n)*?.*ln -sfn.*", guide, re.MULTILINE)
    assert here == other_machine
    steps = here.replace("/opt", str(tmp_path)).replace("python3", "/usr/bin/python3.13")
    tool("sh", "-ec", steps, cwd=release.parent)
    ivr = str(tmp_path / "ivr/bin/ivr")
    assert ESSM.split(" … ", maxsplit=1)[0] in tool(ivr, "call", "--keys", "3", cwd=tmp_path)
    assert (ROOT / "pyproject.toml").read_text().count(f'version = "{tool(ivr, "--version").split()[-1]}"') == 1


class Image:
    """An image, in a store of its own that leaves with the test, and the way to run it without a daemon.

    It runs as its own configuration says, on a root that cannot be written: what a container engine does, but for
    the network and the control group.
    """

    def __init__(self, tool: Tool, store: Path) -> None:
        self._tool = tool
        # A process may not always raise its own limits, which buildah tries to.
        limits = {"nproc": resource.RLIMIT_NPROC, "nofile": resource.RLIMIT_NOFILE}
        self._limits = [f"--ulimit={name}={resource.getrlimit(limit)[1]}" for name, limit in limits.items()]
        self._buildah = ("buildah", "--root", store / "root", "--runroot", store / "run")
        self.root = Path()

    def build(self, context: Path) -> None:
        """Build the image, as README.md says."""
        needed("mmdebstrap")
        self._tool(str(context / "make-base"))
        how = ("--isolation", "chroot", "--format", "docker", "--tag", "ivr", *self._limits)
        self._tool(*self._buildah, "build", *how, context)
        self._container = self._tool(*self._buildah, "from", "--pull-never", "ivr").strip()
        self.root = Path(self._tool(*self._buildah, "mount", self._container).strip())

    def remove(self) -> None:
        """Remove all of it."""
        self._tool(*self._buildah, "rm", "--all")
        self._tool(*self._buildah, "rmi", "--all", "--force")

    @property
    def config(self) -> Any:  # noqa: ANN401 - the format of images
        """What the image says about how it is run."""
        return json.loads(self._tool(*self._buildah, "inspect", "--type", "image", "ivr"))["Docker"]["config"]

    def command(self, settings: dict[str, str], *arguments: str) -> list[str]:
        """The command that runs something in it, with nothing of this machine's environment."""
        environ = [*self.config["Env"], *(f"{name}={value}" for name, value in settings.items())]
        inside = [
            "env",
            "-i",
            *environ,
            needed("chroot"),
            f"--userspec={self.config['User']}",
            str(self.root),
            *arguments,
        ]
        prepare = [
            f"mount --bind -o ro {self.root} {self.root}",
            f"mount -t tmpfs -o noexec,nosuid,nodev tmpfs {self.root / 'tmp'}",
            f"mount -t proc proc {self.root}/proc",
            f"mount --rbind /dev {self.root}/dev",
            f"exec setpriv --no-new-privs {shlex.join(inside)}",
        ]
        return [needed("unshare"), "--mount", "sh", "-c", " && ".join(prepare)]


@pytest.fixture(scope="session")
def image(release: Path, tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """The image of the release."""
    if os.geteuid() != 0:
        pytest.skip("an image is built and run by root here")
    found = Image(tool, tmp_path_factory.mktemp("store"))
    found.build(release / "image")
    yield found
    found.remove()


@contextmanager
def started(image: Image, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The image, running; the port is another than its own, which may be in use on this machine."""
    port = free_port()
    said = [str(port) if word == "8000" else word for word in image.config["Entrypoint"] + image.config["Cmd"]]
    settings = {"TWILIO_AUTH_TOKEN": TOKEN, "IVR_PUBLIC_URL": f"https://{HOST}"}
    with running(image.command(settings, *said), port, folder / "image.log") as process:
        yield process, port
        process.send_signal(signal.SIGINT)  # at once; SIGTERM lets readiness go first
        assert process.wait(PATIENCE) == 0


def test_the_image_answers_a_call(image: Image, tmp_path: Path) -> None:
    """The image runs without rights on a root that it cannot write, answers in every language, and writes no error."""
    with started(image, tmp_path) as (_, port):
        speaks_every_language(f"http://127.0.0.1:{port}", f"https://{HOST}")
    log = (tmp_path / "image.log").read_text()
    assert '"event": "starting"' in log
    assert '"level": "error"' not in log


def test_the_health_check_of_the_image(image: Image, tmp_path: Path) -> None:
    """The image's own health check passes while it answers, and fails when it does not."""
    kind, *check = image.config["Healthcheck"]["Test"]
    assert kind == "CMD"
    with started(image, tmp_path) as (_, port):
        alive = image.command({}, *(word.replace("8000", str(port)) for word in check))
        assert subprocess.run(alive, check=False).returncode == 0
    assert subprocess.run(alive, check=False, stderr=subprocess.DEVNULL).returncode != 0


def test_the_image_is_small_and_nobodys(image: Image) -> None:
    """The image has no shell and no installer, is under 200 MB, and its user owns nothing and can raise nothing."""
    assert image.config["User"] == "65534:65534"
    files = [path for path in image.root.rglob("*") if not path.is_symlink()]
    assert sum(path.stat().st_size for path in files if path.is_file()) < 200_000_000
    assert not [path for path in files if path.stat().st_uid == 65534 or path.stat().st_mode & 0o6000]
    for program in ("sh", "bash", "dash", "apt", "pip"):
        assert not [folder for folder in ("usr/bin", "bin", "opt/ivr/bin") if (image.root / folder / program).exists()]
