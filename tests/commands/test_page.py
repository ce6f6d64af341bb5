# SPDX-License-Identifier: EUPL-1.2

import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.commands.main import main
from ivr.editor import load
from tests.languages import offered
from tests.page.conftest import changed, site


def test_the_page_can_be_written_as_a_file(tmp_path: Path) -> None:
    """`ivr page` writes a file for each language: with hours and its own policy, without what is open now."""
    result = CliRunner().invoke(main, ["page", str(tmp_path / "uit" / "pagina")])
    folder = tmp_path / "uit" / "pagina"
    assert (result.exit_code, result.output) == (0, f"{folder}/index.html\n{folder}/en.html\n")
    assert '<html lang="en">' in (folder / "en.html").read_text(encoding="utf-8")
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert "Nu open" not in text
    assert "Nu dicht" not in text
    assert "ma–zo 8:30–22:00" in text
    policy = site().get("/").headers["Content-Security-Policy"].removesuffix("; frame-ancestors 'none'")
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy.replace(chr(39), "&#39;")}">' in text


def test_a_page_in_a_language_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was written before in a language that the card is not offered in any more is named, and stays."""
    folder = tmp_path / "pagina"
    assert CliRunner().invoke(main, ["page", str(folder)]).stderr == ""
    monkeypatch.setenv("IVR_PROMPTS", str(offered(tmp_path / "card", "nl").prompts))
    result = CliRunner().invoke(main, ["page", str(folder)])
    assert (result.exit_code, result.stdout) == (0, f"{folder}/index.html\n")
    assert f"{folder}/en.html is eerder geschreven en nu niet" in result.stderr
    assert (folder / "en.html").exists()


def test_a_mistake_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in a word of the page is told with file and line; so are a language without any, and a wrong folder."""
    changed(tmp_path, page="fout: Dit wordt nergens gebruikt.\n")
    (tmp_path / "bestand").touch()
    monkeypatch.setenv("IVR_PROMPTS", str(tmp_path))
    result = CliRunner().invoke(main, ["page", str(tmp_path / "uit")])
    assert result.exit_code == 1
    assert "page.yaml:" in result.output
    assert "fout zegt deze kaart nergens" in result.output
    (tmp_path / "nl" / "page.yaml").unlink()
    (tmp_path / "nl" / "language.yaml").unlink()  # which says that it is Dutch
    shutil.rmtree(tmp_path / "en")
    (tmp_path / "nl").rename(tmp_path / "en")
    monkeypatch.setenv("IVR_LANGUAGE", "en-GB")
    monkeypatch.setattr(load, "default_prompts", lambda: tmp_path)  # a language in which we have none either
    result = CliRunner().invoke(main, ["page", str(tmp_path / "uit")])
    assert (result.exit_code, "en/page.yaml" in result.output) == (1, True)
    monkeypatch.delenv("IVR_LANGUAGE")
    monkeypatch.delenv("IVR_PROMPTS")
    result = CliRunner().invoke(main, ["page", str(tmp_path / "bestand" / "uit")])
    assert result.exit_code == 1
    assert "dat is geen map" in result.output


def test_what_is_shown_to_others_leads_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a page nor a map is made of a link, and a pipe in the place of a file is told at once, not waited for."""
    folder = offered(tmp_path / "card", "nl").prompts
    monkeypatch.setenv("IVR_PROMPTS", str(folder))
    (tmp_path / "token").write_text("secret", encoding="utf-8")
    (folder / "page.css").symlink_to(tmp_path / "token")
    for command in (["page", str(tmp_path / "pagina")], ["map"]):
        result = CliRunner().invoke(main, command)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "page.css is een koppeling (link)" in result.stderr
    assert not (tmp_path / "pagina").exists()
    (folder / "page.css").unlink()
    os.mkfifo(folder / "page.css")
    assert "page.css is geen gewoon bestand" in CliRunner().invoke(main, ["page", str(tmp_path / "pagina")]).stderr
    (folder / "nl" / "line.yaml").unlink()
    os.mkfifo(folder / "nl" / "line.yaml")
    assert "line.yaml is geen gewoon bestand" in CliRunner().invoke(main, ["map"]).stderr
