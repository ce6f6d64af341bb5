# SPDX-License-Identifier: EUPL-1.2
"""create_app(): puts a finished line behind Flask, and decides nothing."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from ivr.answers import Answers
from ivr.editor.load import fingerprint, make_line
from ivr.line import Line
from ivr.page import served
from ivr.settings import Settings, from_environ
from ivr.twiml import OVERRIDES
from ivr.web import public, refusals, sound, webhooks
from ivr.web.signature import Signature


def create_app(
    settings: Settings | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    line: Line | None = None,
) -> Flask:
    """Make the Flask app; without settings the environment is read, without a line the folder that they name.

    `clock` gives the present; a moment without a time zone is in the card's own. Raises SettingsError for a
    missing or malformed setting and CardError for a card or a sentence that cannot be used.
    """
    settings = settings or from_environ(os.environ)
    line = line or make_line(settings)
    app = Flask(__name__, static_folder=None)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # Twilio follows a redirect and loses the Digits, so an address with two slashes must not be mended by one.
    app.url_map.merge_slashes = False
    refusals.register(app)
    signature = Signature(settings.tokens + settings.probe_tokens, settings.public_url, OVERRIDES)
    app.register_blueprint(webhooks.blueprint(Answers(line, settings.public_url), signature, clock))
    app.register_blueprint(sound.blueprint(line, settings.prompts))
    app.register_blueprint(public.blueprint(settings, fingerprint(settings.prompts)))
    app.register_blueprint(served.blueprint(line.apart(), settings, clock))
    return app
