# SPDX-License-Identifier: EUPL-1.2
"""What the tools that read the files of deploy/ say about them."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from ivr.commands.main import main
from ivr.settings import from_environ
from tests.conftest import TOKEN
from tests.deploy.conftest import DEPLOY, ROOT, Tool, speaks_every_language
from tests.serving import serving

pytestmark = pytest.mark.starts


def test_nothing_leaves_an_image_of_its_memory() -> None:
    """No core file, which would hold requests, is left; nginx may open as many files as its connections need."""
    for unit in ("ivr-.service.d/sandbox.conf", "caddy.service.d/ivr.conf", "nginx.service.d/ivr.conf"):
        assert "\nLimitCORE=0\n" in (DEPLOY / "systemd" / unit).read_text(), unit
    # Each connection is an open file, those to the servers too; some more are needed for the logs.
    (connections,) = re.findall(r"/worker_connections (\d+)/'", (DEPLOY / "README.md").read_text())
    (files,) = re.findall(r"^LimitNOFILE=(\d+)$", (DEPLOY / "systemd" / unit).read_text(), re.MULTILINE)
    assert int(files) > int(connections) + 100


def settings_file() -> dict[str, str]:
    """What ivr.env sets, as systemd and Compose read it."""
    lines = re.findall(r"^(\w+)=(.*)$", (DEPLOY / "ivr.env").read_text(), re.MULTILINE)
    return {name: value.strip('"') for name, value in lines}


def test_the_settings_are_those_of_the_line() -> None:
    """The line starts with ivr.env as shipped, also with what it leaves out; Caddy's part names the same address."""
    settings = settings_file()
    left_out = dict(re.findall(r"^#(IVR_\w+)=(.*)$", (DEPLOY / "ivr.env").read_text(), re.MULTILINE))
    chosen = from_environ(settings | left_out | {"TWILIO_AUTH_TOKEN": TOKEN})
    assert chosen.public_url == f"https://{settings['CADDY_HOST']}{settings['CADDY_PREFIX']}"
    assert chosen.fallback_url
    assert chosen.security_contact


def test_the_proxy_files_are_as_their_tools_want_them(tool: Tool) -> None:
    """Caddy accepts its file with the settings of ivr.env, and would not write it in another way."""
    caddyfile = DEPLOY / "proxy/Caddyfile"
    tool("caddy", "adapt", "--adapter", "caddyfile", "--config", caddyfile, env=os.environ | settings_file())
    assert tool("caddy", "fmt", caddyfile) == caddyfile.read_text()


def test_the_containerfile_is_clean(tool: Tool) -> None:
    """The linter of Containerfiles, hadolint, has no remark."""
    tool("hadolint", DEPLOY / "container/Containerfile")


def composed(tool: Tool, folder: Path) -> Any:  # noqa: ANN401 - Compose's own format
    """The compose file in a folder of its own, as Docker Compose understands it."""
    shutil.copytree(ROOT / "prompts", folder / "prompts")
    for file in ("container/compose.yaml", "proxy/Caddyfile", "ivr.env"):
        shutil.copy(DEPLOY / file, folder)
    (folder / "twilio_auth_token").write_text(TOKEN)
    return yaml.safe_load(tool("docker-compose", "--env-file", "ivr.env", "config", cwd=folder))


def test_the_services_of_compose(tool: Tool, tmp_path: Path) -> None:
    """Compose starts two servers that can change nothing and reach nobody, and only Caddy can be reached."""
    compose = composed(tool, tmp_path)
    services = compose["services"]
    assert set(services) == {"ivr-a", "ivr-b", "caddy"}
    for name, service in services.items():
        assert service["read_only"], name
        assert service["ulimits"]["core"] in (0, {"soft": 0, "hard": 0}), name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert ("ports" in service) == (name == "caddy"), name
    assert set(services["ivr-a"]["networks"]) == set(services["ivr-b"]["networks"]) == {"line"}
    assert compose["networks"]["line"]["internal"] is True
    assert services["caddy"]["environment"]["CADDY_UPSTREAMS"] == "ivr-a:8000 ivr-b:8000"


@pytest.fixture(scope="module")
def manifests(tool: Tool) -> list[Any]:
    """Those of our checkout."""
    return built(tool)


def built(tool: Tool, root: Path = ROOT) -> list[Any]:
    """The manifests for Kubernetes, as kustomize makes them of a checkout."""
    made = tool("kustomize", "build", "--load-restrictor", "LoadRestrictionsNone", root / "deploy/kubernetes")
    return list(yaml.safe_load_all(made))


def named(manifests: list[Any], kind: str, name: str = "ivr") -> Any:  # noqa: ANN401 - Kubernetes' own format
    """The manifest of a kind, by the start of its name."""
    (found,) = (m for m in manifests if m["kind"] == kind and m["metadata"]["name"].startswith(name))
    return found


def test_kubernetes_knows_every_field(tool: Tool, manifests: list[Any], tmp_path: Path) -> None:
    """Every manifest is valid, strictly, for the newest Kubernetes whose schemas we have and for an older one."""
    made = tmp_path / "made.yaml"
    made.write_text(yaml.safe_dump_all(manifests))
    for version in ("1.32", "1.37"):
        told = tool("kubernetes-validate", "--strict", "--kubernetes-version", version, made)
        assert told.count("passed") == len(manifests), told


def test_a_sentence_rolls_the_pods(tool: Tool, tmp_path: Path) -> None:
    """A change of one sentence gives the Deployment another volume, which makes Kubernetes replace the pods."""
    for folder in ("deploy", "prompts"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    before = named(built(tool, tmp_path), "Deployment")
    assert named(built(tool, tmp_path), "Deployment") == before
    sentences = tmp_path / "prompts/nl/line.yaml"
    sentences.write_text(sentences.read_text() + "\n# A change.\n")
    assert named(built(tool, tmp_path), "Deployment") != before


def in_a_pod(tool: Tool, folder: Path) -> dict[str, str]:
    """Lay out what kustomize makes and a pod mounts, and nothing else; its environment."""
    manifests = built(tool)
    pod = named(manifests, "Deployment")["spec"]["template"]["spec"]
    files = {
        one["name"]: named(manifests, "ConfigMap", one["configMap"]["name"])["data"]
        for one in pod["volumes"]
        if "configMap" in one
    }
    files["twilio"] = {"auth_token": TOKEN}  # of the guide's command
    (container,) = pod["containers"]
    for mount in container["volumeMounts"]:
        path = folder / mount["mountPath"].lstrip("/")
        for name, text in files.get(mount["name"], {}).items():
            file = path if "subPath" in mount else path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    settings = named(manifests, "ConfigMap", "settings")["data"]
    assert {name: value.strip('"') for name, value in settings.items()} == settings_file()
    return settings_file() | {one["name"]: one["value"] for one in container["env"]}


def in_compose(tool: Tool, folder: Path) -> dict[str, str]:
    """Lay out what Compose mounts into a server, and nothing else; its environment."""
    made = composed(tool, folder / "host")
    service = made["services"]["ivr-a"]
    for mount in service["volumes"]:
        shutil.copytree(mount["source"], folder / mount["target"].lstrip("/"))
    for secret in service["secrets"]:
        file = folder / secret.get("target", f"/run/secrets/{secret['source']}").lstrip("/")
        file.parent.mkdir(parents=True)
        shutil.copy(made["secrets"][secret["source"]]["file"], file)
    return dict(service["environment"])


@pytest.mark.parametrize("laid_out", [in_a_pod, in_compose])
def test_a_container_speaks_every_language_of_the_card(
    laid_out: Callable[..., dict[str, str]], tool: Tool, tmp_path: Path
) -> None:
    """A service on just what is mounted leaves no language out; the test call of the cluster hears the number."""
    environ = laid_out(tool, tmp_path)
    environ |= {name: f"{tmp_path}{value}" for name, value in environ.items() if value.startswith("/")}
    environ |= {"TWILIO_AUTH_TOKEN": "", "IVR_PUBLIC_URL": "https://lijn.example", "IVR_CALLER_ID": "+12025550123"}
    environ["IVR_FALLBACK_URL"] = "https://elders.example/fallback.xml"  # what is marked CHANGE
    (pod,) = named(built(tool), "CronJob", "call")["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    with serving(tmp_path, environ) as server:
        called = environ | {"IVR_PUBLIC_URL": server.url}
        words = [re.sub(r"\$\((\w+)\)", lambda name: called[name[1]], word) for word in pod["args"]]
        assert words[1] == server.url
        speaks_every_language(server.url, environ["IVR_PUBLIC_URL"])
        heard = CliRunner().invoke(main, words, env=environ)
        assert heard.exit_code == 0, heard.output
        assert "language left out" not in server.written


def test_the_pods_find_each_other(manifests: list[Any]) -> None:
    """What selects the pods of the line selects just those, and there are always two, on different nodes."""
    pod = named(manifests, "Deployment")["spec"]["template"]
    labels = pod["metadata"]["labels"]
    selectors = [
        named(manifests, "Service")["spec"]["selector"],
        named(manifests, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        named(manifests, "NetworkPolicy", "line")["spec"]["podSelector"]["matchLabels"],
        pod["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"],
    ]
    call = named(manifests, "CronJob", "call")["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
    for selector in selectors:
        assert selector.items() <= labels.items()
        assert not selector.items() <= call.items()
    assert named(manifests, "HorizontalPodAutoscaler")["spec"]["minReplicas"] >= 2
    assert not [m for m in manifests if m["kind"] == "Secret"]


def test_who_is_to_be_told_is_told(manifests: list[Any]) -> None:
    """Security.txt is at the root of the host, also of a line with a path; an alert lasts until the next test call."""
    (rule,) = named(manifests, "Ingress")["spec"]["rules"]
    line, security = rule["http"]["paths"]
    assert (security["path"], security["pathType"]) == ("/.well-known/security.txt", "Exact")
    assert security["backend"] == line["backend"]
    cron_job = named(manifests, "CronJob", "call")["spec"]
    job = cron_job["jobTemplate"]["spec"]
    assert cron_job["schedule"] == "*/5 * * * *"
    assert 300 + job["activeDeadlineSeconds"] < job["ttlSecondsAfterFinished"] <= 2 * 300


def test_prometheus_understands_the_alerts(tool: Tool) -> None:
    """Each alert says what to do, fires in a case of its own, and is silent when all is well."""
    tool("promtool", "check", "config", DEPLOY / "prometheus/prometheus.yaml")
    tool("promtool", "test", "rules", ROOT / "tests/deploy/alerts.yaml")
    groups = yaml.safe_load((DEPLOY / "prometheus/alerts.yaml").read_text())["groups"]
    tests = (ROOT / "tests/deploy/alerts.yaml").read_text()
    for rule in [rule for group in groups for rule in group["rules"]]:
        assert f'{{alertname="{rule["alert"]}"}}' in tests
        assert rule["annotations"]["do"]


def test_docker_is_told_which_file() -> None:
    """Docker looks for a Dockerfile, and finds ours only where the command names it."""
    for page in ("compose.md", "container/Containerfile"):
        commands = re.findall(r"docker build .*", (DEPLOY / page).read_text())
        assert commands
        assert all("--file dist/image/Containerfile" in command for command in commands)


def test_the_guide_names_what_exists() -> None:
    """Every file that the guide sends the operator to is there, every page of it is found, and each alert exists."""
    pages = {page: page.read_text() for page in DEPLOY.glob("*.md")}
    guide = "\n".join(pages.values())
    named = {ROOT / path for path in re.findall(r"(?<![\w/])deploy/[\w./-]*\w", guide)}
    assert len(named) > 5
    assert not [path for path in named if not path.exists()]
    readme = pages.pop(DEPLOY / "README.md")
    assert not [page for page in pages if f"({page.name}" not in readme]
    alerts = re.findall(r"`([A-Z]\w+)` is the alert", guide)
    assert alerts
    for alert in alerts:
        assert f"alert: {alert}\n" in (DEPLOY / "prometheus/alerts.yaml").read_text()
