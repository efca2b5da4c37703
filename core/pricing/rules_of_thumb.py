"""The published rules of thumb, shown beside a recommendation that comes from cost.

Source: Agentforce pricing analysis, early 2026.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.records import NamedTuple

if TYPE_CHECKING:
    from core.pricing.plans import Family
    from core.pricing.workload import Workload

# The bounds are the analysis' own; between 12 and 15 actions it says nothing, and so do we.
MANY_ACTIONS = Decimal(15)
MIXED_FROM, MIXED_TO = Decimal(3), Decimal(12)
MANY_USERS = Decimal(40)
DAILY_ACTIONS_PER_USER = Decimal(1_250)


class RuleOfThumb(NamedTuple):
    """What the table says for a profile."""

    profile: str
    family: Family
    plan: str


SEATS = RuleOfThumb("over 40 employees with 1,250 or more actions a month each", "seat", "a licence per user")
CONVERSATIONS = RuleOfThumb("high-volume customer bots with 15 or more actions", "conversation", "conversations")
FLEX = RuleOfThumb("mixed use with 3 to 12 actions", "flex", "Flex Credits")


def rule_of_thumb(workload: Workload) -> RuleOfThumb | None:
    """Return the rule that the workload falls under, if any does."""
    each = workload.actions_per_interaction()
    if _is_daily_use(workload):
        return SEATS
    if each is None:
        return None
    if each >= MANY_ACTIONS:
        # Conversations are sold for customers only, so the rule cannot apply to employees.
        return CONVERSATIONS if workload.audience != "employees" else None
    return FLEX if MIXED_FROM <= each <= MIXED_TO else None


def _is_daily_use(workload: Workload) -> bool:
    if workload.audience == "customers" or workload.seats is None or workload.actions is None:
        return False
    return workload.seats.count > MANY_USERS and workload.actions.count / workload.seats.count >= DAILY_ACTIONS_PER_USER
