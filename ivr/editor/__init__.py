# SPDX-License-Identifier: EUPL-1.2
"""From files to a card and its sentences, and every mistake in them in words."""
