# SPDX-License-Identifier: EUPL-1.2
"""What the outside may rely on: where the app is found."""

import pytest

import ivr
from ivr.app import create_app


def test_the_app_is_found_where_it_always_was() -> None:
    """`ivr:create_app()` is the app's maker, imported when it is asked for; nothing else is found there."""
    assert ivr.create_app is create_app
    with pytest.raises(AttributeError, match="nothing"):
        _ = ivr.nothing
