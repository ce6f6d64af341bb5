# SPDX-License-Identifier: EUPL-1.2
"""The phone line of the Meldroutekaart. `ivr:create_app()` is a Flask app that reads the environment."""


def __getattr__(name: str) -> object:
    """Import `create_app` only when it is asked for, so that `import ivr.dialogue` loads neither Flask nor YAML."""
    if name != "create_app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ivr.app import create_app  # noqa: PLC0415 - see above

    return create_app
