"""Each plan's cost in a year, as a formula over named cells; the same sums as core.pricing.plans, which is authoritative.

{volume} stands for the cell with the multiple of the planned volume.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.pricing import PLANS
from sheets_addin.compare.tier_workings import credits_usd

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PlanFormula:
    """year: the cost. needs_prices: the named cells that need a number for the plan to have a price."""

    year: str
    needs_prices: tuple[str, ...]


CREDIT = ("action_production", "flex_usd_per_credit")
FLEX = (*CREDIT, "credits_per_action", "billed_actions_per_action")
USED = "credits_used*{volume}"


def _metered(key: str) -> str:
    """Return the formula for the credits that a plan meters: none for people whom its seats cover."""
    covered = PLANS[key].covers
    return f'IF(audience="{covered}",0,{USED})' if covered else USED


def _seats(price: str) -> PlanFormula:
    return PlanFormula(f"users*{price}*months_per_year", (price,))


def _edition(key: str, tiers: int) -> PlanFormula:
    price = f"{key}_usd"
    beyond = credits_usd(f"MAX(0,{_metered(key)}-edition_credits)", tiers)
    return PlanFormula(f"users*{price}*months_per_year+{beyond}", (price, "edition_credits", *FLEX))


def plan_formulas(tiers: int) -> Mapping[str, PlanFormula]:
    """Return each plan's formula, under a contract with that many tiers."""
    used = credits_usd(USED, tiers)
    return {
        "per_conversation": PlanFormula("interactions_per_year*{volume}*usd_per_conversation", ("usd_per_conversation",)),
        "flex_credits": PlanFormula(used, FLEX),
        "flex_pre_purchase": PlanFormula(
            "block_packs*block_usd_per_pack+MAX(0,credits_used*{volume}-block_packs*flex_credits_per_pack)*overage_usd_per_credit",
            ("block_usd_per_pack", "overage_usd_per_credit", *FLEX),
        ),
        "flex_pre_commit": PlanFormula(
            "MAX(credits_used*{volume},committed_credits)*precommit_usd_per_credit", ("precommit_usd_per_credit", *FLEX)
        ),
        "flex_pay_as_you_go": PlanFormula("credits_used*{volume}*payg_usd_per_credit", ("payg_usd_per_credit", *FLEX)),
        "per_user_add_on": _seats("usd_per_seat"),
        "per_user_industries": _seats("industries_usd"),
        "edition_sales": _edition("edition_sales", tiers),
        "edition_service": _edition("edition_service", tiers),
        "edition_core": _seats("edition_core_usd"),
        "edition_advanced": _seats("edition_advanced_usd"),
        "user_license": PlanFormula(f"users*user_license_usd*months_per_year+{used}", ("user_license_usd", *FLEX)),
        "per_resolution": PlanFormula(
            credits_usd("(resolutions_per_year*{volume}*resolution_credits)", tiers), ("resolution_credits", *CREDIT)
        ),
    }


PLAN_FORMULAS = plan_formulas(0)
