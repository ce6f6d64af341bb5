# SPDX-License-Identifier: EUPL-1.2
"""From the files of an editor to a card and its sentences, and every mistake in words that an editor understands.

The heart of the line imports nothing from here: it is given a card and sentences that are right.
"""
