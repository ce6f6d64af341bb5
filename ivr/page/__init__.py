# SPDX-License-Identifier: EUPL-1.2
"""The card for the eye: the page at `/`, and the same as files, for who cannot call or would rather read."""
