"""Prices, plans and their arithmetic; no input or output except the price book's files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.pricing import break_even, credit_rates, plans, price_book, vendor_costs, vendor_prices
    from core.pricing.break_even import CALENDAR_DAYS, WORKING_DAYS, ActionPrice, SeatBreakEven, action_price
    from core.pricing.credit_rates import Order, PurchaseMode, Terms, flex_rate, overage_rate
    from core.pricing.metering import FIRST_TIER, METERS, Meter, Metered, UseOfMeter, burn
    from core.pricing.negotiation import SPEND, Position, SandboxUse, Worth, threshold, value_asks
    from core.pricing.plans import (
        NEEDED,
        NO_CREDITS,
        NOT_SAID,
        PLANS,
        NotOffered,
        Offer,
        Plan,
        cheapest_block,
        cheapest_commitment,
        cheapest_seat,
        missing_price,
        offers,
        offers_of_year,
        percent_below,
        usd_per_conversation,
        usd_per_seat,
        year_usd,
    )
    from core.pricing.portfolio import Choice, OrgUse, blend_usd, cheapest_choice, one_plan_for_all, packs_together
    from core.pricing.price_book import (
        NO_CONTRACT,
        ContractPrices,
        NoPriceError,
        PriceRow,
        Prices,
        PriceTerm,
        claims,
        items,
        other_terms,
        rows_by_item,
        setting_said,
        use_cases,
    )
    from core.pricing.purchase import (
        BlockTerms,
        Demand,
        GrantSlice,
        cheapest_packs,
        cost,
        critical_ratio,
        expected_cost,
        intervals,
        rule_of_thumb_packs,
        shortfall,
        worst_cost,
    )
    from core.pricing.quantities import Actions, Credits, Interactions, Seats, Usd, UsdPerCredit
    from core.pricing.rules_of_thumb import MANY_ACTIONS, rule_of_thumb
    from core.pricing.seat_mix import SeatMix, cheapest_mix, ways_to_buy
    from core.pricing.switching import CostRange, ModelSwitch
    from core.pricing.volume_tiers import VolumeTier, list_volume_tiers, tier_problems
    from core.pricing.workload import (
        Audience,
        Workload,
        YearOfUse,
        credits_per_action,
        months_worth,
        times_billed,
        year_of_use,
    )
    from core.pricing.year_projection import YearProjection, YearUnderPlan, cheapest, years_under_plans
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "break_even": "ActionPrice CALENDAR_DAYS SeatBreakEven WORKING_DAYS action_price",
            "credit_rates": "Order PurchaseMode Terms flex_rate overage_rate",
            "metering": "FIRST_TIER METERS Meter Metered UseOfMeter burn",
            "negotiation": "Position SPEND SandboxUse Worth threshold value_asks",
            "plans": (
                "NEEDED NOT_SAID NO_CREDITS NotOffered Offer PLANS Plan cheapest_block cheapest_commitment "
                "cheapest_seat missing_price offers offers_of_year percent_below usd_per_conversation "
                "usd_per_seat year_usd"
            ),
            "portfolio": "Choice OrgUse blend_usd cheapest_choice one_plan_for_all packs_together",
            "price_book": (
                "ContractPrices NO_CONTRACT NoPriceError PriceRow PriceTerm Prices claims items other_terms "
                "rows_by_item setting_said use_cases"
            ),
            "purchase": (
                "BlockTerms Demand GrantSlice cheapest_packs cost critical_ratio expected_cost intervals "
                "rule_of_thumb_packs shortfall worst_cost"
            ),
            "quantities": "Actions Credits Interactions Seats Usd UsdPerCredit",
            "rules_of_thumb": "MANY_ACTIONS rule_of_thumb",
            "seat_mix": "SeatMix cheapest_mix ways_to_buy",
            "switching": "CostRange ModelSwitch",
            "volume_tiers": "VolumeTier list_volume_tiers tier_problems",
            "workload": "Audience Workload YearOfUse credits_per_action months_worth times_billed year_of_use",
            "year_projection": "YearProjection YearUnderPlan cheapest years_under_plans",
        },
    )

__all__ = [
    "CALENDAR_DAYS",
    "FIRST_TIER",
    "MANY_ACTIONS",
    "METERS",
    "NEEDED",
    "NOT_SAID",
    "NO_CONTRACT",
    "NO_CREDITS",
    "PLANS",
    "SPEND",
    "WORKING_DAYS",
    "ActionPrice",
    "Actions",
    "Audience",
    "BlockTerms",
    "Choice",
    "ContractPrices",
    "CostRange",
    "Credits",
    "Demand",
    "GrantSlice",
    "Interactions",
    "Meter",
    "Metered",
    "ModelSwitch",
    "NoPriceError",
    "NotOffered",
    "Offer",
    "Order",
    "OrgUse",
    "Plan",
    "Position",
    "PriceRow",
    "PriceTerm",
    "Prices",
    "PurchaseMode",
    "SandboxUse",
    "SeatBreakEven",
    "SeatMix",
    "Seats",
    "Terms",
    "Usd",
    "UsdPerCredit",
    "UseOfMeter",
    "VolumeTier",
    "Workload",
    "Worth",
    "YearOfUse",
    "YearProjection",
    "YearUnderPlan",
    "action_price",
    "blend_usd",
    "break_even",
    "burn",
    "cheapest",
    "cheapest_block",
    "cheapest_choice",
    "cheapest_commitment",
    "cheapest_mix",
    "cheapest_packs",
    "cheapest_seat",
    "claims",
    "cost",
    "credit_rates",
    "credits_per_action",
    "critical_ratio",
    "expected_cost",
    "flex_rate",
    "intervals",
    "items",
    "list_volume_tiers",
    "missing_price",
    "months_worth",
    "offers",
    "offers_of_year",
    "one_plan_for_all",
    "other_terms",
    "overage_rate",
    "packs_together",
    "percent_below",
    "plans",
    "price_book",
    "rows_by_item",
    "rule_of_thumb",
    "rule_of_thumb_packs",
    "setting_said",
    "shortfall",
    "threshold",
    "tier_problems",
    "times_billed",
    "usd_per_conversation",
    "usd_per_seat",
    "use_cases",
    "value_asks",
    "vendor_costs",
    "vendor_prices",
    "ways_to_buy",
    "worst_cost",
    "year_of_use",
    "year_usd",
    "years_under_plans",
]
