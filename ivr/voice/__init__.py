# SPDX-License-Identifier: EUPL-1.2
"""Makes recordings: by a person at a page or in a studio, or by a command. Which answer is played, the heart says.

It needs the extra `record`, which a server does without.
"""
