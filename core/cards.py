"""Digital wallet cards that are known by name."""

from __future__ import annotations

FLEX_CREDITS = "FlexCredits"
