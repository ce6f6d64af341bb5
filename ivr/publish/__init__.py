# SPDX-License-Identifier: EUPL-1.2
"""`ivr publish`: another card for a line that runs under systemd, without a moment in which nobody answers."""
