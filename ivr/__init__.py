# SPDX-License-Identifier: EUPL-1.2
"""The phone line of the Meldroutekaart: create_app(), the application factory, and nothing else."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Flask

from ivr import public, refusals, webhooks
from ivr import settings as settings_module
from ivr.line import Line
from ivr.signature import Signature
from ivr.twiml import OVERRIDES

if TYPE_CHECKING:
    from collections.abc import Callable

    from ivr.settings import Settings


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings | None = None, clock: Callable[[], datetime] = _now) -> Flask:
    """Make the Flask app; without settings the environment is read.

    `clock` gives the present; a moment without a time zone is in the card's own. Raises SettingsError for a
    missing or malformed setting and CardError for a card or a sentence that cannot be used.
    """
    settings = settings or settings_module.from_environ(os.environ)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = webhooks.MOST_BYTES
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    # Twilio follows a redirect and loses the Digits, so an address with two slashes must not be mended by one.
    app.url_map.merge_slashes = False
    refusals.register(app)
    # A line may be called at another moment than now; what somebody checked today is not in its future.
    line = Line(settings, max(clock().date(), _now().date()))
    signature = Signature(settings.tokens, settings.public_url, OVERRIDES)
    app.register_blueprint(webhooks.blueprint(line, signature, clock))
    app.register_blueprint(public.blueprint(settings))
    app.extensions["line"] = line
    return app
