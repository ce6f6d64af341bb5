# SPDX-License-Identifier: EUPL-1.2
"""What Flask knows of: the webhooks, their signature, what is open to anybody, and refusals."""
