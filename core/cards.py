"""Names of known Digital Wallet cards."""

from __future__ import annotations

FLEX_CREDITS = "FlexCredits"
