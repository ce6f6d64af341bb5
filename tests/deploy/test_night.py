# SPDX-License-Identifier: EUPL-1.2
"""The page for the night, followed under each fault of its table: its very commands, with real servers and nginx."""

import html
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import TOKEN
from tests.deploy.conftest import DEPLOY, ROOT, Tool, needed, running
from tests.publish import systemctl
from tests.publish.conftest import Machine
from tests.serving import free_port

PAGE = (DEPLOY / "om-23-uur.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\d\. `(.*?)`.*\n +\*\*Goed:\*\*.*\*\*Anders:\*\*", PAGE, re.MULTILINE)
BACK = "De kaart van hiervoor wordt weer voorgelezen"


class Night(Machine):
    """The server of the guide, with nginx, and somebody who types in what the page says."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()
        self.environ |= {"IVR_PUBLIC_URL": f"http://127.0.0.1:{self.port}", "IVR_EDITOR_LANGUAGE": "nl"}
        site = (DEPLOY / "proxy/nginx.conf").read_text(encoding="utf-8")
        site = re.sub(r"^server \{\n    listen 80.*?^\}\n", "", site, flags=re.DOTALL | re.MULTILINE)
        site = re.sub(r"^ *(listen \[|ssl_|server_name).*\n", "", site, flags=re.MULTILINE)
        site = re.sub(r"listen 443 .*?;", f"listen 127.0.0.1:{self.port};", site)
        for old, new in zip((8000, 8001), self.ports, strict=True):
            site = site.replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}")
        site = site.replace("/var/log/nginx", str(folder))
        folders = "".join(
            f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.systemd / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; events {{ worker_connections 64; }} http {{ {folders} {site} }}"
        )
        ivr = folder / "bin" / "ivr"
        servers = "".join(f" --server http://127.0.0.1:{port}" for port in self.ports)
        ivr.write_text(
            "#!/bin/sh\n"
            f'if [ "$1" = publish ]; then set -- "$@"{servers}; fi\n'
            f"exec {sys.executable} -W ignore -c 'from ivr.commands.main import main; main()' \"$@\"\n"
        )
        ivr.chmod(0o755)

    def give(self, number: int, **settings: str) -> str:
        """What a command of the page says."""
        command = COMMANDS[number - 1]
        for old, new in zip(("8000", "8001"), self.ports, strict=True):
            command = command.replace(old, str(new))
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            env=self.environ | settings,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return done.stdout

    def wrong(self, **settings: str) -> str:
        """What stands behind ✗ in what the second command says; nobody has a fallback here."""
        found = re.findall(r"^✗ (\w+) .*\n((?:  .*\n)*)", self.give(2, **settings), re.MULTILINE)
        return " ".join(f"{name}: {text}" for name, text in found if name not in {"fallback", "settings"})

    def kill(self, *units: str) -> None:
        """End processes at once."""
        for unit in units:
            pid = int((self.systemd / unit).read_text())
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
            for one in (pid, *map(int, children)):
                os.kill(one, signal.SIGKILL)
            systemctl.stop(pid)
            (self.systemd / unit).unlink()


@pytest.fixture(scope="module")
def night() -> Iterator[Night]:
    """The machine, on which all is well."""
    needed("nginx")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        folder.chmod(0o755)
        made = Night(folder)
        made.etc.chmod(0o755)
        made.card("etc/prompts")
        try:
            made.give(3)
            yield made
        finally:
            for unit in (*map(str, made.ports), "nginx"):
                if (made.systemd / unit).exists():
                    systemctl.stop(int((made.systemd / unit).read_text()))


def test_there_are_five_commands() -> None:
    """Each of the five says what is good and what to do otherwise, and the one for a certificate is Debian's."""
    assert len(COMMANDS) == 5
    assert "`certbot renew --force-renewal; systemctl restart nginx`" in PAGE


def test_all_is_well(night: Night) -> None:
    """Where nothing is wrong, the commands say so, and none changes what is served."""
    assert night.give(1) == "active\n" * 3
    assert night.wrong() == ""
    assert night.give(3) == ""
    assert night.give(4) == "goed\n"
    assert "Er is geen kaart van hiervoor" in night.give(5)


@pytest.mark.parametrize("dead", [["1"], ["0", "1"], ["nginx"]], ids=["one down", "both down", "nginx down"])
def test_what_is_down_comes_back(night: Night, dead: list[str]) -> None:
    """The first command shows what is down, the second where callers meet it, and the third brings it back."""
    units = [str(night.ports[int(one)]) if one.isdigit() else one for one in dead]
    night.kill(*units)
    assert night.give(1).count("active") == 3 - len(dead)
    if dead == ["nginx"]:
        assert "online: " in night.wrong()
    assert night.give(3) == ""
    assert night.give(4) == "goed\n"
    assert night.give(1) == "active\n" * 3


def test_a_damaged_card_is_taken_back(night: Night) -> None:
    """Where the card is damaged, that is told; the fifth command serves the one before, and again goes no further."""
    told = night.publish(night.card("new", ("nl/line.yaml", "\nall: ", "\nall: Iets nieuws? ")), "--yes")
    assert told.returncode == 0, told.stdout + told.stderr
    card = night.link / "card.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("3: essm", "3: esm"), encoding="utf-8")
    night.kill(*map(str, night.ports))
    assert re.search(r"card: .*card\.yaml", night.wrong(), re.DOTALL)
    told_back = night.give(5)
    assert BACK in told_back
    assert "geen weg terug" not in told_back
    assert night.give(4) == "goed\n"
    assert "Er is geen kaart van hiervoor" in night.give(5)
    assert night.give(4) == "goed\n"


def test_a_certificate_is_named(night: Night, certificate: Path, tmp_path: Path) -> None:
    """Where nobody trusts the certificate, the second command says so by the word that the page names."""
    port = free_port()
    serve = ["openssl", "s_server", "-www", "-accept", str(port), "-cert", str(certificate), "-key", str(certificate)]
    with running(serve, port, tmp_path / "output"):
        told = night.wrong(IVR_PUBLIC_URL=f"https://127.0.0.1:{port}")
    assert "online: " in told
    assert "certificate" in told


def test_a_wrong_token_is_heard_and_not_seen(night: Night) -> None:
    """With another token than Twilio's all commands are content: the page says what it means when the phone is not."""
    assert night.environ["TWILIO_AUTH_TOKEN"] == TOKEN
    assert night.wrong(TWILIO_AUTH_TOKEN="0" * 32) == ""
    assert night.give(4, TWILIO_AUTH_TOKEN="0" * 32) == "goed\n"
    assert "het token of het adres bij Twilio klopt niet" in PAGE


def test_the_page_can_be_printed(tool: Tool) -> None:
    """What `make release` makes of it holds every command, and every cell of every table."""
    made = tool(sys.executable, ROOT / "scripts/printable", DEPLOY / "om-23-uur.md")
    texts = {html.unescape(text) for text in re.findall(r"<code>(.*?)</code>", made)}
    assert set(COMMANDS) <= texts
    assert made.count("<td>") == sum(line.count("|") - 1 for line in PAGE.splitlines() if re.match(r"\| ", line))
