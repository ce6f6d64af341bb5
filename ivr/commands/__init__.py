# SPDX-License-Identifier: EUPL-1.2
"""The `ivr` command; each part of it is a module."""
