# SPDX-License-Identifier: EUPL-1.2
"""The process: gunicorn, what it writes down, and what it counts."""
