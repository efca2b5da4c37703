"""The figures of budgets, unit costs, invoices and repriced months: label, unit and calculation, by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.answer.model import Unit

FINANCE_FIGURES: Mapping[str, tuple[str, Unit, str]] = {
    "budgets": ("Budgets", "count", "budgets in force on the day that are asked for"),
    "budgets_over": ("Budgets overspent", "count", "budgets of which more is spent than may be"),
    "budgets_expected_over": ("Budgets expected to be passed", "count", "of the others, those more likely passed than not"),
    "budget_usd": ("Budget", "usd", "what may be spent in the period, with what earlier periods left where it rolls over"),
    "spent_usd": ("Spent", "usd", "what usage in the period to date cost, at the price of the grants it was drawn from"),
    "left_usd": ("Left of the budget", "usd", "budget − spent"),
    "budget_credits": ("Budget, in credits", "credits", "what may be used in the period, with what earlier periods left"),
    "spent_credits": ("Used of the budget", "credits", "credits used in the period to date"),
    "left_credits": ("Left of the budget, in credits", "credits", "budget − used"),
    "carried_usd": ("Carried into the period", "usd", "what the earlier periods of the fiscal year left, or overspent"),
    "carried_credits": ("Carried into the period, in credits", "credits", "what the earlier periods of the fiscal year left"),
    "expected_usd_low": ("Expected, at least", "usd", "one in ten of the simulated futures comes to less"),
    "expected_usd_high": ("Expected, at most", "usd", "one in ten of the simulated futures comes to more"),
    "expected_credits": ("Expected use", "credits", "used to date and the simulated days to the period's end, the middle future"),
    "expected_credits_low": ("Expected use, at least", "credits", "one in ten of the simulated futures comes to less"),
    "expected_credits_high": ("Expected use, at most", "credits", "one in ten of the simulated futures comes to more"),
    "chance_over_percent": (
        "Chance of more than the budget",
        "percent",
        "simulated futures that come to more ÷ all of them × 100",
    ),
    "over_on": ("Passes the budget on", "day", "the day on which it was passed, or half of the simulated futures have passed it"),
    "period_start": ("Period began", "day", "the first day of the month, or of the fiscal year's quarter or whole"),
    "period_end": ("Period ends on", "day", "its last day"),
    "plan_to_date_usd": ("Plan to date", "usd", "budget × days gone ÷ days of the period"),
    "invoice_usd": ("Billed", "usd", "drawn from grants at what they cost + overage + support, each line in whole cents"),
    "invoice_drawn_usd": ("Drawn from grants", "usd", "credits drawn × what their grant cost a credit; paid with the order"),
    "invoice_overage_usd": ("Overage, in arrears", "usd", "usage without a grant × the contracted rate"),
    "invoice_support_usd": ("Premier support", "usd", "Premier's percentage of the lines before it"),
    "invoice_due_usd": ("Billed for these days", "usd", "overage + support"),
    "invoice_orders_usd": ("Orders that start, billed in advance", "usd", "what was paid for grants that start in these days"),
    "cost_centres": ("Cost centres", "count", "cost centres of the directory with use"),
    "usd_per_month_today": ("A month today", "usd", "credits of the last 28 complete days as a month × price of a credit"),
    "usd_per_month_then": ("A month then", "usd", "the same with what is asked changed; the first month where use grows"),
    "usd_per_year_today": ("A year today", "usd", "12 months like today's"),
    "usd_per_year_then": ("A year then", "usd", "12 months with what is asked changed, grown where growth is asked"),
    "change_usd_per_year": ("Change a year", "usd", "a year then − a year today"),
    "credits_per_month_today": ("Credits a month today", "credits", "of the last 28 complete days, as a month"),
    "credits_per_month_then": ("Credits a month then", "credits", "the same with what is asked changed"),
    "conversations": ("Conversations", "interactions", "interactions of the AI usage export on the days counted"),
    "usd_per_conversation": ("Per conversation", "usd", "cost ÷ conversations"),
    "conversation_usd": ("Price of a conversation", "usd", "the contract's or list price of one under the conversation plan"),
    "saved_usd": ("Below the price of conversations", "usd", "conversations × the price of one − cost"),
    "resolved_conversations": (
        "Resolved conversations",
        "interactions",
        "events of resolutions, or the help desk's solved tickets",
    ),
    "usd_per_resolved_conversation": ("Per resolved conversation", "usd", "cost ÷ resolved conversations"),
    "named_people": ("People named", "count", "different people whom the events name"),
    "usd_per_person": ("Per person", "usd", "cost of the use that names people ÷ people named"),
    "human_usd_per_contact": ("A person's handling", "usd", "human_cost_per_contact of app.yaml"),
    "saved_against_people_usd": ("Saved against people", "usd", "conversations × a person's handling − cost"),
    "plan_to_date_credits": ("Plan to date, in credits", "credits", "budget × days gone ÷ days of the period"),
}
