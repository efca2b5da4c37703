"""What each plan costs in a year, as a formula over named cells; the same sums as core.plans, which has the last word.

{volume} stands for the cell that says how many times the planned volume comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PlanFormula:
    """year: the cost. needs_prices: the named cells that must hold a number for the plan to be priced."""

    year: str
    needs_prices: tuple[str, ...]


CREDIT = ("action_production", "flex_usd_per_credit")
FLEX = (*CREDIT, "credits_per_action", "billed_actions_per_action")


def _seats(price: str) -> PlanFormula:
    return PlanFormula(f"users*{price}*months_per_year", (price,))


def _edition(price: str) -> PlanFormula:
    beyond = "MAX(0,credits_used*{volume}-edition_credits)*flex_usd_per_credit"
    return PlanFormula(f"users*{price}*months_per_year+{beyond}", (price, "edition_credits", *FLEX))


PLAN_FORMULAS: Mapping[str, PlanFormula] = {
    "per_conversation": PlanFormula("interactions_per_year*{volume}*usd_per_conversation", ("usd_per_conversation",)),
    "flex_credits": PlanFormula("credits_used*{volume}*flex_usd_per_credit", FLEX),
    "flex_pre_purchase": PlanFormula(
        "packs*usd_per_pack+MAX(0,credits_used*{volume}-packs*flex_credits_per_pack)*overage_usd_per_credit",
        ("usd_per_pack", "overage_usd_per_credit", *FLEX),
    ),
    "flex_pre_commit": PlanFormula(
        "MAX(credits_used*{volume},credits_used)*precommit_usd_per_credit", ("precommit_usd_per_credit", *FLEX)
    ),
    "flex_pay_as_you_go": PlanFormula("credits_used*{volume}*payg_usd_per_credit", ("payg_usd_per_credit", *FLEX)),
    "per_user_add_on": _seats("usd_per_seat"),
    "per_user_industries": _seats("industries_usd"),
    "edition_sales": _edition("edition_sales_usd"),
    "edition_service": _edition("edition_service_usd"),
    "edition_core": _seats("edition_core_usd"),
    "edition_advanced": _seats("edition_advanced_usd"),
    "user_license": PlanFormula(
        "users*user_license_usd*months_per_year+credits_used*{volume}*flex_usd_per_credit", ("user_license_usd", *FLEX)
    ),
    "per_resolution": PlanFormula(
        "resolutions_per_year*{volume}*resolution_credits*flex_usd_per_credit", ("resolution_credits", *CREDIT)
    ),
}
