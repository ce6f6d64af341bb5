# SPDX-License-Identifier: EUPL-1.2
"""The command that answers Twilio: `ivr serve`."""

import os
from pathlib import Path

import click

from ivr import settings
from ivr.app import create_app
from ivr.commands.starting import must_be_free, sound
from ivr.editor.source import opened
from ivr.process import log, server


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Worker processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Run the line for Twilio, behind a proxy that ends TLS."""
    chosen = settings.from_environ(os.environ)
    settings.refuse_printed(chosen)
    log.configure(chosen.log_level)
    line = sound(chosen)
    must_be_free(host, port)
    if chosen.metrics_port == port:
        raise click.ClickException(f"IVR_METRICS_PORT is {port}, where the line itself listens. Choose another.")
    if chosen.metrics_port:
        must_be_free("127.0.0.1", chosen.metrics_port)
    try:
        app = create_app(chosen, line=line)
    except PermissionError as error:  # a style or a logo beside the card
        values = {"file": error.filename, "cure": opened(Path(error.filename))}
        raise click.ClickException(chosen.say("setting-prompts-denied", **values)) from None
    server.serve(app, chosen, host=host, port=port, workers=workers)
