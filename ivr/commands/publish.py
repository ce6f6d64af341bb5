# SPDX-License-Identifier: EUPL-1.2
"""The command `ivr publish`: check, tell, ask, copy, switch, restart, call; and back where any of that fails."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from ivr import settings
from ivr.answers import Answers
from ivr.commands.asking import agree
from ivr.editor.load import load, make_line
from ivr.messages.problems import CardError
from ivr.phone import testcall
from ivr.proof import proved
from ivr.publish.folders import PublishError, Served
from ivr.publish.servers import Exchange, Server, must_hear
from ivr.review.compared import compared

STOPPING = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)
SERVERS = ("http://127.0.0.1:8000", "http://127.0.0.1:8001")


@click.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--back", is_flag=True, help="Serve the card of before again.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--server", "servers", multiple=True, default=SERVERS, show_default=True, help="All of the line's servers."
)
@click.option("--asterisk", is_flag=True, help="There are no servers: wait until `ivr asterisk` answers with the card.")
def publish(folder: Path | None, back: bool, yes: bool, servers: tuple[str, ...], asterisk: bool) -> None:  # noqa: FBT001 - click's way
    """Serve the card in FOLDER, on a machine where systemd runs the line.

    Checks it, tells what changes for callers, asks, puts a copy beside the served one, restarts one server after the
    other, and makes a test call: key 3 must lead to the words of CALL_EXPECT. Goes back by itself when any of that
    fails, or at Ctrl-C. Exit code 0: it is served, 1: it is not.
    """
    if (folder is None) != back:
        raise click.UsageError("Give a FOLDER with a card, or --back.")
    if not os.environ.get("IVR_PROMPTS"):
        raise click.UsageError("Set IVR_PROMPTS to where the servers read the card, such as /etc/ivr/prompts.")
    served = Served(Path(os.environ["IVR_PROMPTS"]).absolute())
    in_order: list[Server] = [Exchange(str(served.link))]
    if not asterisk:
        in_order = sorted(map(Server, servers), key=Server.ready)  # first those that answer nobody anyway
    first = served.now is None and not in_order[-1].ready()
    called = not first and not asterisk
    chosen = settings.from_environ(os.environ, serves=False, calls=called)
    expected = os.environ.get("CALL_EXPECT", "")
    if called and not expected:
        raise click.UsageError("Say with CALL_EXPECT which words the test call must hear.")
    with _interruptible(), served.alone():
        work = _Work(served, chosen, expected, [] if first else in_order, asterisk=asterisk)
        work.publish(folder, yes=yes)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Treat a terminal that closes, and systemd that stops us, as Ctrl-C."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with ExitStack() as after:
        for number in STOPPING:
            after.callback(signal.signal, number, signal.signal(number, stop))
        yield


@dataclass
class _Work:
    """One publication."""

    served: Served
    settings: settings.Settings
    expected: str
    servers: list[Server]
    asterisk: bool
    touched: list[Server] = field(default_factory=list)

    def publish(self, folder: Path | None, *, yes: bool) -> None:
        """Publish a folder; without one, the card of before. Raises PublishError and CardError."""
        now, before = self.served.now, self.served.before
        if folder and now and now in (folder.resolve(), *folder.resolve().parents):
            raise PublishError("publish-served", folder=str(folder))
        if not folder and not before:
            raise PublishError("publish-no-before", cards=str(self.served.cards))
        with self.served.copied(folder) if folder else nullcontext(before or Path()) as copy:
            name = str(folder or before)
            rehearsal = testcall.here(self._sound(copy, name, whole=bool(folder)))
            must_hear(rehearsal, self.expected, name, self.settings.editor_language)
            way_back = now if now and self._starts(now) else None
            if now:
                self._tell_of(copy, now, way_back=bool(way_back or not folder))
            if not yes:
                agree(self.settings.editor_language, self.settings.say("publish-question"))
            card = self.served.keep(copy) if folder else copy
        try:
            self._serve(card)
        except BaseException as error:
            for number in STOPPING:  # nothing keeps us from going back now
                signal.signal(number, signal.SIG_IGN)
            if isinstance(error, PublishError):
                self._tell_text(error.text(self.settings.editor_language))
            self._go_back(card, way_back, before, made=bool(folder))
            if isinstance(error, PublishError):
                raise click.exceptions.Exit(1) from None
            raise
        self.served.settle(None if folder else card)
        done = "publish-first" if not self.servers else "publish-asterisk" if self.asterisk else "publish-done"
        self._tell(done if folder else "publish-back", card=card)

    def _serve(self, card: Path) -> None:
        """Switch, and restart every server, each of which must say the words before the next one is touched."""
        self.served.switch(card)
        for server in self.servers:
            self._tell("publish-waiting" if self.asterisk else "publish-restarting", unit=server.unit)
            self.touched.append(server)
            server.restart()
            self._call(server.url)
        if self.servers:
            self._call(self.settings.public_url)

    def _call(self, url: str) -> None:
        if not self.asterisk:  # which no test call reaches
            must_hear(testcall.elsewhere(self.settings, url), self.expected, url, self.settings.editor_language)

    def _go_back(self, card: Path, now: Path | None, before: Path | None, *, made: bool) -> None:
        """After a failure: serve the card `now` again, if a server could start on it; otherwise leave the new one."""
        if now is None:
            self._tell("publish-stays", card=card)
            return
        self._tell("publish-going-back")
        # A later `ivr publish --back` would go one card too far: this one is the last that was good.
        self.served.restore(now, None if made else before)
        failed = False
        for server in self.touched:
            try:
                server.restart()
            except PublishError as again:
                failed = True
                self._tell_text(again.text(self.settings.editor_language))
        self._tell("publish-back-failed" if failed else "publish-back", card=now)
        if made:
            shutil.rmtree(card, ignore_errors=True)

    def _sound(self, card: Path, name: str, *, whole: bool = True) -> Answers:
        """The answers of a card that may be served; if `whole`, in each of its languages.

        Raises ClickException, which names the folder as the user did.
        """
        chosen = replace(self.settings.connecting(), prompts=card)
        language = self.settings.editor_language
        try:
            read = load(card, chosen.code)
            answers = Answers(make_line(chosen, read), chosen.public_url)
            wrong = {**proved.wrong(answers), **read.left_out}
            codes = wrong if whole else answers.line.card.languages[:1]
            told = "\n".join(problem.text(language) for code in codes for problem in wrong.get(code, ()))
        except CardError as error:
            told = error.text(language)
        if told:
            raise click.ClickException("\n" + told.replace(str(card), name))
        return answers

    def _tell_of(self, card: Path, now: Path, *, way_back: bool) -> None:
        """What changes for callers, and whether there is a way back."""
        comparison = compared(replace(self.settings, prompts=card), str(now))
        self._tell_text("\n- ".join([comparison.heading, *(change.text for change in comparison.changes)]))
        if not way_back:
            self._tell("publish-no-way-back")

    def _starts(self, card: Path) -> bool:
        """Whether a server could start on a card."""
        with suppress(click.ClickException):
            return bool(self._sound(card, str(card), whole=False))
        return False

    def _tell(self, message: str, **values: object) -> None:
        self._tell_text(self.settings.say(message, **values))

    def _tell_text(self, text: str) -> None:
        with suppress(OSError):  # a terminal that is gone must not keep us from going back
            click.echo(text)
