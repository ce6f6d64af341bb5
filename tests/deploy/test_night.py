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

import pytest

from ivr.commands import doctor
from ivr.proof.proved import Result
from tests.cards import edit
from tests.conftest import TOKEN
from tests.deploy.conftest import DEPLOY, ROOT, Tool, needed, running
from tests.publish import systemctl
from tests.publish.conftest import Machine, machine_of
from tests.serving import free_port

pytestmark = pytest.mark.starts

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
        (self.etc / "twilio_auth_token").write_text(TOKEN, encoding="ascii")
        (self.etc / "nginx.conf").write_text(
            (self.systemd / "nginx.conf").read_text(encoding="utf-8"), encoding="utf-8"
        )
        self.program(
            "ivr",
            f'''case "$1" in publish|doctor) set -- "$@" {" ".join(self.servers)};; esac
exec {sys.executable} -W ignore -c 'from ivr.commands.main import main; main()' "$@"''',
        )
        nginx = needed("nginx")
        self.program(
            "nginx",
            f'''if [ "$1" = -t ]; then set -- -q -e stderr -t -c {self.systemd}/nginx.conf; fi
exec {nginx} "$@"''',
        )
        self.program("timedatectl", "echo yes")
        self.program("journalctl", "echo Failed to add filter for units: No data available >&2")

    def give(self, command: int | str) -> str:
        """What a command says: one of the page by its number, or one that `ivr doctor` names."""
        command = COMMANDS[command - 1] if isinstance(command, int) else command
        command = command.replace("/etc/nginx/sites-enabled/ivr.conf", str(self.systemd / "nginx.conf"))
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            env=self.environ,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return done.stdout

    def wrong(self, told: str = "", **settings: str) -> tuple[str, str]:
        """What stands behind ✗ in what `ivr doctor` says, and the command that it names."""
        told = told or self.gives("doctor", **settings).output
        (cure,) = re.findall(r"^Geef nu:\n    (.*)\nen daarna weer: ivr doctor$", told, re.MULTILINE) or [""]
        return "\n".join(re.findall(r"^✗ (.*\n(?:  .*\n)*)", told, re.MULTILINE)), cure

    def mended(self, *said: str) -> int:
        """How many commands of the doctor's it takes until nothing is wrong; the first look says all of this."""
        told, cure = self.wrong()
        assert all(one in told for one in said), told
        for count in range(1, 5):
            self.give(cure)
            told, cure = self.wrong()
            if not cure:
                return count
        pytest.fail(told)

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
    with machine_of(Night) as made:
        made.serve()
        made.start()
        made.give("systemctl restart nginx")
        yield made


def test_all_is_well(night: Night) -> None:
    """Where nothing is wrong, the commands say so, and none changes what is served."""
    assert len(COMMANDS) == 3
    assert night.wrong(night.give(1)) == ("", "")
    assert night.give(2) == "goed\n"
    assert "Er is geen kaart van hiervoor" in night.give(3)


def test_what_is_down_comes_back(night: Night) -> None:
    """The doctor names all that is down, and the commands that start one after the other."""
    night.kill(*map(str, night.ports), "nginx")
    said = [f"{unit} draait niet." for unit in (*(f"ivr-serve@{port}" for port in night.ports), "nginx")]
    assert night.mended(*said) == len(said)
    assert night.give(2) == "goed\n"


def test_a_broken_file_of_the_proxy_takes_no_line_down(night: Night) -> None:
    """While nginx runs, no command restarts it with a broken file; the one that works comes back when it is down."""
    (night.systemd / "nginx.conf").write_text("gibberish", encoding="ascii")
    assert "start nginx nu niet opnieuw" in night.wrong()[0]
    assert night.give(2) == "goed\n"
    night.kill("nginx")
    assert "nginx -t && systemctl restart nginx" in night.wrong()[1]
    assert night.mended("Het bestand van nginx klopt niet") == 1


def test_a_damaged_card_is_taken_back(night: Night) -> None:
    """Where the card is damaged that comes first: no server is restarted on it; going back twice goes no further."""
    told = night.publish(night.card("new", ("nl/line.yaml", "Is er nu gevaar?", "Is er nu groot gevaar?")), "--yes")
    assert told.exit_code == 0, told.output
    edit(night.link, "card.yaml", "3: essm", "3: esm")
    night.kill(*map(str, night.ports))
    assert night.wrong()[1].partition(" || ")[0] == COMMANDS[2]
    assert night.mended("De kaart klopt niet", "card.yaml") == 1
    assert "Er is geen kaart van hiervoor" in night.give(3)
    assert night.give(2) == "goed\n"


def test_a_file_that_servers_may_not_read_is_opened(night: Night) -> None:
    """A recording would be silent; root, who looks, reads it all the same."""
    closed = night.link / "nl" / "line.yaml"
    closed.chmod(0o600)
    assert night.mended("De servers mogen een bestand niet lezen", "line.yaml") == 1
    assert closed.stat().st_mode & 0o044 == 0o044


def test_a_certificate_is_named(night: Night, certificate: Path, tmp_path: Path) -> None:
    """Where nobody trusts the certificate, the doctor says so and names Debian's command; nginx is tested first."""
    port = free_port()
    serve = ["openssl", "s_server", "-www", "-accept", str(port), "-cert", str(certificate), "-key", str(certificate)]
    with running(serve, port, tmp_path / "output"):
        told, cure = night.wrong(IVR_PUBLIC_URL=f"https://127.0.0.1:{port}")
    assert "Het certificaat geldt niet." in told
    assert cure == "certbot renew --force-renewal && nginx -t && systemctl restart nginx"


def test_what_other_programs_know_is_told(night: Night) -> None:
    """A clock that nobody sets, a wrong token and the other machine are for the morning."""
    night.program("timedatectl", "echo no")
    night.program("journalctl", "echo signatures refused")
    night.program("ping", "exit 1")
    looked = night.gives("doctor", OTHER_MACHINE="elders.example").output
    for told in (
        "De klok van deze machine wordt niet gelijkgezet",
        "Het afgelopen uur kwamen er verzoeken met een verkeerde handtekening",
        "De andere machine, elders.example, antwoordt niet",
    ):
        assert f"! {told}" in looked
    assert "Geef nu" not in looked


def test_a_full_disk_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All else may come of it."""
    monkeypatch.setattr(doctor, "ROOM", 1 << 60)
    assert next(doctor._machine(tmp_path)).name == next(iter(doctor.CURES)) == "disk"  # noqa: SLF001


def test_what_waits_until_the_morning_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last alarm, and a certificate that was not renewed in time; a program that is not here has nothing to say."""
    (tmp_path / "ivr-call.service").touch()
    monkeypatch.setattr(doctor, "ALARMS", tmp_path)
    monkeypatch.setattr(doctor, "checked", lambda **_: [Result("certificates", "warn"), Result("fallback", "fail")])
    assert [one.values["unit"] for one in doctor._watched(())] == ["ivr-call.service"]  # noqa: SLF001
    assert [one.name for one in doctor._line((), "nl")] == ["fallback", "fallback"]  # noqa: SLF001
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(doctor._units(("http://127.0.0.1:8000",))) == []  # noqa: SLF001


def test_the_machine_of_the_exchange_is_known() -> None:
    """Where `ivr asterisk` runs, it must answer with the card, and Asterisk run; a card goes back its way."""
    with machine_of(Machine) as machine:
        machine.serve()

        def told(answering: object, asterisk: str = "true") -> str:
            shown = f'show*) echo ActiveState=active; echo "StatusText=answering {answering}";;'
            cases = f'"is-active asterisk") exec {asterisk};; is-enabled*) echo enabled;; {shown}'
            machine.program("systemctl", f'case "$*" in {cases} esac')
            return machine.gives("doctor", TWILIO_AUTH_TOKEN="", IVR_PUBLIC_URL="").output

        assert "Nothing else is wrong" in told(machine.link.resolve())
        wrong = told("/elsewhere", "false")
        for said in ("asterisk does not run", "does not answer with the card of", "systemctl restart asterisk"):
            assert said in wrong
        (machine.link / "card.yaml").write_text("gibberish", encoding="utf-8")
        assert "ivr publish --back --yes --asterisk" in told("/elsewhere")


def test_a_program_that_is_gone_is_told_before_anything_restarts(tool: Tool, tmp_path: Path) -> None:
    """Where /opt/ivr leads nowhere, `ivr` says so, and how to lead it to the program served last, else the newest."""
    script = (DEPLOY / "ivr").read_text(encoding="utf-8")
    for old, new in (("/opt", str(tmp_path)), ("/etc/ivr", str(tmp_path / "etc"))):
        script = script.replace(old, new)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "ivr.env").touch()
    for made in ("ivr-2026-11-01-1200", "ivr-2026-12-01-0900"):
        (tmp_path / made / "bin").mkdir(parents=True)
        (tmp_path / made / "bin" / "ivr").write_text("#!/bin/sh\necho here\n", encoding="ascii")
        (tmp_path / made / "bin" / "ivr").chmod(0o755)
    (tmp_path / "ivr").symlink_to("ivr-2026-12-02-0000")

    def cure() -> str:
        told = subprocess.run(["/bin/sh", "-c", script, "ivr", "doctor"], capture_output=True, text=True, check=False)
        assert told.returncode == 1
        return "".join(re.findall(r"^    (.*)$", told.stderr, re.MULTILINE))

    assert cure() == f"ln -sfn ivr-2026-12-01-0900 {tmp_path}/ivr"
    (tmp_path / "ivr-2026-11-01-1200/served").touch()  # ivr-switch went back to it
    assert cure() == f"ln -sfn ivr-2026-11-01-1200 {tmp_path}/ivr"
    tool("sh", "-c", cure())
    assert tool("sh", "-c", script, "ivr", "doctor") == "here\n"


def test_the_page_can_be_printed(tool: Tool) -> None:
    """What `make release` makes of it holds every command, and every cell of every table."""
    made = tool(sys.executable, ROOT / "scripts/printable", DEPLOY / "om-23-uur.md")
    texts = {html.unescape(text) for text in re.findall(r"<code>(.*?)</code>", made)}
    assert set(COMMANDS) <= texts
    assert made.count("<td>") == sum(line.count("|") - 1 for line in PAGE.splitlines() if re.match(r"\| ", line))
