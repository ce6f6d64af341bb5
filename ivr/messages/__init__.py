# SPDX-License-Identifier: EUPL-1.2
"""Everything that people are told: problems with their places, in the language of whoever reads them."""
