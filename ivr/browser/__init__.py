# SPDX-License-Identifier: EUPL-1.2
"""The telephone in the browser: `ivr phone`."""
