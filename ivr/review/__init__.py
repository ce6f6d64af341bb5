# SPDX-License-Identifier: EUPL-1.2
"""What people read and sign: the map, the difference between two cards, and the sheet."""
