# SPDX-License-Identifier: EUPL-1.2
"""The account and the number at Twilio: `ivr twilio plan`, `apply`, `verify` and `forget`."""
