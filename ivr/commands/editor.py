# SPDX-License-Identifier: EUPL-1.2
"""The commands of the editor's wing: `ivr new` and `ivr translate`."""

import os
import re
import shlex
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from ivr import language as languages
from ivr import settings
from ivr.answers import Answers
from ivr.editor import numbers, translations
from ivr.editor.fields import CODE
from ivr.editor.load import load, make_line
from ivr.messages.catalogue import say
from ivr.messages.problems import CardError, Problem, Problems
from ivr.proof import proved
from ivr.proof.proofs import durations
from ivr.proof.walked import Walked
from ivr.review.compared import card_before
from ivr.sentences import Sentences

GUIDE = settings.default_prompts() / "README.md"
"""How to change a card, in the editor's language; also where the line was installed from a wheel."""


@click.command(epilog=f"\b\nThe guide for editors shows such a file, under 'Een nieuwe kaart':\n{GUIDE}")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option(
    "--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The file with the answers."
)
def new(directory: Path, answers: Path | None) -> None:
    """Make a card for another region in DIRECTORY, from a file with a few answers."""
    from ivr.editor import new_card  # noqa: PLC0415 - a call needs no templates

    language = settings.editor_language(os.environ)
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise click.ClickException(say(language, "new-not-empty", directory=directory))
    if answers is None:
        raise click.ClickException(say(language, "new-no-answers", guide=GUIDE))
    problems = Problems()
    given = new_card.from_file(answers, problems)
    if problems:
        raise CardError(problems)
    name = Path(sys.argv[0])
    program = shlex.quote(str(name.absolute())) if name.name == "ivr" else "ivr"
    new_card.write(directory, given, program)
    _tell_of_new(directory, program, language)


def _tell_of_new(directory: Path, program: str, language: str) -> None:
    """Say how to call a new card, or what keeps a line from starting with it."""
    command = f"IVR_PROMPTS={shlex.quote(str(directory.resolve()))} {program}"
    try:
        chosen = settings.Settings(prompts=directory).connecting()
        line = make_line(chosen)
        found = proved.wrong(Answers(line, chosen.public_url)).values()
        wrong = "\n".join(problem.text(language) for problems in found for problem in problems)
    except CardError as error:  # answers that are good by themselves can be too long together
        wrong = error.text(language)
    values = {"directory": directory, "command": command, "wrong": wrong}
    if wrong:
        raise click.ClickException(say(language, "new-unfinished", **values))
    click.echo(say(language, "new-done", **values))
    for _, message, doubted in numbers.odd_numbers(line.card):
        click.echo(f"! {say(language, message, **doubted)}")


@click.group(invoke_without_command=True)
@click.option("--since", help="Only what is new or changed in the first language since a revision, to send to others.")
@click.pass_context
def translate(ctx: click.Context, since: str | None) -> None:
    """Tell how far each translation is.

    What does not fit, is missing or stale, and what takes too long. Exit code 0, or 1: a file cannot be read.
    """
    if ctx.invoked_subcommand:
        return
    chosen = settings.from_environ(os.environ, serves=False)
    read = load(chosen.prompts, chosen.code)
    source, original = next(iter(read.spoken.items()))
    if since:
        before = card_before(since, chosen.prompts, source)[0].spoken[source].sentences
        for id_, was, now in translations.since(before, original.sentences):
            click.echo(_changed(id_, was, now, chosen))
        return
    codes = translations.languages_beside(chosen.prompts, source)
    if not codes:
        click.echo(chosen.say("translate-none", source=source, folder=chosen.prompts))
    unreadable = False
    for code in codes:
        standing = translations.standing(chosen.prompts, code, read.card, original.sentences)
        texts = list(_told(standing, original.sentences, source, chosen))
        unreadable |= bool(standing.broken)
        mark = "✗" if standing.broken else "!" if texts else "✓"
        done, wanted = len(standing.wanted) - len(standing.missing), len(standing.wanted)
        click.echo(f"{mark} {code}  " + chosen.say("translate-standing", done=done, all=wanted))
        for text in texts:
            click.echo(textwrap.indent(text, "    "))
    ctx.exit(1 if unreadable else 0)


@translate.command("new")
@click.argument("code")
def begin(code: str) -> None:
    """Begin the language CODE, such as tr: its files, with each sentence empty below the one to translate."""
    chosen = settings.from_environ(os.environ, serves=False)
    source = next(iter(load(chosen.prompts, chosen.code).spoken))
    folder = chosen.prompts / code
    if not re.fullmatch(CODE, code) or folder.exists():
        raise click.ClickException(chosen.say("translate-new-not", code=code))
    translations.begin(chosen.prompts, code, source)
    click.echo(chosen.say("translate-new", folder=folder))
    if code not in languages.KNOWN:
        ours = languages.load(source)
        words = [f"{name} = {said}" for name, said in translations.asked(ours)]
        click.echo("\n".join([chosen.say("translate-no-module", code=code), *words]))


@translate.command()
@click.argument("code")
@click.argument("ids", nargs=-1)
def accept(code: str, ids: tuple[str, ...]) -> None:
    """Note that CODE, such as pl, is translated from what the source says now.

    All of its sentences, or only those with these IDS, such as line.danger.
    """
    chosen = settings.from_environ(os.environ, serves=False)
    read = load(chosen.prompts, chosen.code)
    source, original = next(iter(read.spoken.items()))
    known = translations.languages_beside(chosen.prompts, source)
    if code not in known:
        folder = chosen.prompts / code
        raise click.ClickException(chosen.say("translate-no-folder", folder=folder, known=", ".join(known)))
    stale = translations.accept(chosen.prompts, code, read.card, original.sentences, ids)
    click.echo(chosen.say("translate-accepted", count=len(stale), code=code, source=source))
    if stale:
        click.echo(textwrap.fill(" ".join(stale), 100, break_long_words=False, break_on_hyphens=False))


def _told(
    standing: translations.TranslationStanding, original: Sentences, source: str, chosen: settings.Settings
) -> Iterator[str]:
    """What is to be done about a translation, each in a text: what is new first, and what is not sure any more last."""
    yield from (problem.text(chosen.editor_language) for problem in standing.broken)
    if standing.missing and standing.missing != standing.wanted:  # of a new language all is
        yield chosen.say("translate-missing")
        yield from (_changed(id_, "", translations.source_text(original, id_), chosen) for id_ in standing.missing)
    problems: Iterable[Problem] = standing.wrong
    if not (standing.broken or problems or standing.missing):
        problems = _too_long(standing.code, source, chosen.connecting())
    yield from (problem.text(chosen.editor_language) for problem in problems)
    if standing.stale:
        yield chosen.say("translate-stale", source=source, code=standing.code)
        yield from (_changed(id_, was, now, chosen) for id_, (was, now) in standing.stale.items())


def _changed(id_: str, was: str, now: str, chosen: settings.Settings) -> str:
    """A sentence of the source that is new or changed, as it was and is."""
    return chosen.say("translate-changed" if was else "translate-added", id=id_, was=was, now=now)


def _too_long(code: str, source: str, chosen: settings.Settings) -> Iterator[Problem]:
    """What takes a caller too long in a language in which nothing is missing, offered beside the source."""
    line = make_line(chosen, load(chosen.prompts, source, also=code))
    walked = Walked(Answers(line, chosen.public_url), measure=True)
    return (problem for problem in durations(walked) if problem.values["position"].startswith(f"{code}/"))
