# SPDX-License-Identifier: EUPL-1.2
"""Makes recordings: by a person at a page or in a studio, or by a command. What is played is decided in `ivr.line`.

It needs the extra `record`, which a server does without.
"""
