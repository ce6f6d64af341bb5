# SPDX-License-Identifier: EUPL-1.2
"""What holds for every caller: the graph of the line, proofs and warnings over it, and how long a caller waits."""
