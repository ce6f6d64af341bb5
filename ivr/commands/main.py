# SPDX-License-Identifier: EUPL-1.2
"""The `ivr` command: what it can do, and how it says what is wrong. Each command has its module beside this one."""

import os
from importlib import import_module

import click

from ivr import settings
from ivr.messages.catalogue import Catalogue
from ivr.messages.files import OddFileError
from ivr.messages.problems import CardError, ProblemsError

COMMANDS = {
    "asterisk": ("asterisk:asterisk", "Carry the line for an Asterisk on this machine (FastAGI), without Twilio."),
    "call": ("call:call", "Call the line: here in process, or a running one at URL."),
    "check": ("proof:check", "Check the card, the sentences and the settings."),
    "diff": ("proof:diff", "Tell what changes for callers, compared with BEFORE."),
    "doctor": (
        "doctor:doctor",
        "Look at everything on a machine of the line: what is wrong, and the one command that mends it.",
    ),
    "fallback": ("page:fallback", "Write the TwiML that a file host serves as Twilio's voice_fallback_url."),
    "map": ("phone:map_", "Print the file of `ivr phone FILE`, opened at its map: every spoken sentence, numbered."),
    "new": ("editor:new", "Make a card for another region in DIRECTORY, from a file with a few answers."),
    "page": ("page:page", "Write the card as a page into DIRECTORY, for any web space."),
    "phone": ("phone:phone", "Open a telephone in the browser, for this machine only."),
    "publish": ("publish:publish", "Serve the card in FOLDER, on a machine where systemd runs the line."),
    "record": ("record:record", "Record a voice."),
    "remarks": ("phone:remarks", "Put together what readers wrote in the file of `ivr phone FILE`, by sentence."),
    "serve": ("serve:serve", "Run the line for Twilio, behind a proxy that ends TLS."),
    "translate": ("editor:translate", "Tell how far each translation is."),
    "twilio": ("twilio:account", "Set up the account and the number at Twilio, verify them, and forget calls."),
}
"""Every command: where it stands, and the first sentence of its help. It is loaded when it is called, since all of them
together take half a second."""


class _Commands(click.Group):
    """The commands; what is wrong with the settings or the card is printed in words."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's way
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's way
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(import_module(f"ivr.commands.{module}"), function)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's way
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> object:
        code = 1
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except (click.Abort, KeyboardInterrupt):
            click.echo("\n" + _catalogue().say("stopped"), err=True)
            raise click.exceptions.Exit(code) from None
        except click.ClickException as error:
            reason = _misused(error) if isinstance(error, click.UsageError) else error.format_message()
            code = error.exit_code
        except ProblemsError as error:
            begin = "\n" if isinstance(error, CardError) else ""
            reason = begin + error.text(settings.editor_language(os.environ))
        except OddFileError as error:
            reason = _catalogue().say(error.message, file=error.file)
        except OSError as error:
            reason = ": ".join(map(str, filter(None, (error.filename, _catalogue().reason(error.strerror)))))
        click.echo(_catalogue().say("refused", told=reason), err=True)
        raise click.exceptions.Exit(code)


def _catalogue() -> Catalogue:
    """The messages, in the language of whoever reads them, whatever else is wrong with the settings."""
    return Catalogue(settings.editor_language(os.environ))


def _misused(error: click.UsageError) -> str:
    """How a command was given that cannot be; what click alone knows, it says in English."""
    reason, say = error.format_message(), _catalogue().say
    if name := getattr(error, "option_name", "") or getattr(error, "command_name", ""):
        reason = say("usage-unknown", name=name)
    elif isinstance(error, click.MissingParameter) and error.param:
        reason = say("usage-missing", name=error.param.human_readable_name)
    return say("usage", told=reason, command=error.ctx.command_path if error.ctx else "ivr")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="meldroutekaart-lijn")
def main() -> None:
    """The phone line of the Meldroutekaart: call it, and run it."""
