# SPDX-License-Identifier: EUPL-1.2
"""What a service does before it starts: prove its card, and see that its port is free."""

import multiprocessing
import socket

import click

from ivr import settings
from ivr.editor.load import load, make_line
from ivr.line import Line
from ivr.messages.problems import Problem
from ivr.process import log


def sound(chosen: settings.Settings) -> Line:
    """The line, proved. A language after the first that has a mistake is left out, with a warning in the log."""
    read = load(chosen.prompts, chosen.code)
    line = make_line(chosen, read)
    wrong = _proved_apart(make_line(chosen.connecting(), read), chosen.public_url)
    if problems := wrong.get(line.card.languages[0]):
        raise click.ClickException("\n" + "\n".join(problem.text(chosen.editor_language) for problem in problems))
    for code, problems in {**read.left_out, **wrong}.items():
        log.log.warning("language left out", language=code, problem=problems[0].text(chosen.editor_language))
    return line.only(*(code for code in line.card.languages if code not in wrong))


def _proved_apart(line: Line, public_url: str) -> dict[str, tuple[Problem, ...]]:
    """What the proofs find, in a process of their own: here their memory would stay with the workers for ever."""
    fork = multiprocessing.get_context("fork")
    receiving, sending = fork.Pipe(duplex=False)

    def prove() -> None:
        from ivr.answers import Answers  # noqa: PLC0415 - what only a proof needs is loaded where it ends with it
        from ivr.proof import proved  # noqa: PLC0415

        sending.send(proved.wrong(Answers(line, public_url)))

    proving = fork.Process(target=prove)
    proving.start()
    sending.close()
    try:
        wrong: dict[str, tuple[Problem, ...]] = receiving.recv()
    except EOFError:
        raise click.ClickException(
            "The process that proves the card was killed before it was done. Is there enough memory? "
            "(journalctl --dmesg tells.) Then start again."
        ) from None
    proving.join()
    return wrong


def must_be_free(host: str, port: int) -> None:
    """Raise ClickException, with the cure, where something else listens."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]  # what follows says the same as we do
        raise click.ClickException(
            f"Cannot listen on {host}, port {port}: {reason}. Stop what listens there (ss -ltnp shows it), or choose "
            "another port."
        ) from None
