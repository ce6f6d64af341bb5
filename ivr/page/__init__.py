# SPDX-License-Identifier: EUPL-1.2
"""The card as a page: at `/`, and the same as files, for people who cannot call or would rather read."""
