"""Every figure that an answer may contain: its label, unit and meaning. A key never changes its meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.answer.finance_figures import FINANCE_FIGURES
from core.answer.model import Figure
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.answer.model import Unit, Value


class FigureMeaning(NamedTuple):
    """The meaning of a figure key; `how` says how the figure is calculated, for `explain` and the documentation."""

    label: str
    unit: Unit
    how: str


FIGURES: Mapping[str, FigureMeaning] = {
    "actions_per_interaction": FigureMeaning(
        "Actions per interaction at break-even", "actions", "price of a conversation ÷ price of an action"
    ),
    "actions_per_interaction_low": FigureMeaning(
        "… at the most expensive credits", "actions", "price of a conversation ÷ the highest price of an action"
    ),
    "actions_per_interaction_high": FigureMeaning(
        "… at the cheapest credits", "actions", "price of a conversation ÷ the lowest price of an action"
    ),
    "seats_usd_per_month": FigureMeaning(
        "Seats, per month", "usd", "users × price of a seat: an Agentforce Add-on unless another is named"
    ),
    "seats_usd_per_year": FigureMeaning("Seats, per year", "usd", "seats per month × 12"),
    "actions_per_user_month": FigureMeaning(
        "Actions per user and month at break-even", "actions", "price of a seat ÷ price of an action"
    ),
    "actions_per_user_year": FigureMeaning(
        "Actions per user and year at break-even", "actions", "actions per user and month × 12"
    ),
    "actions_per_month": FigureMeaning(
        "Actions per month", "actions", "of all users or interactions together, in the first month"
    ),
    "actions_per_user_working_day": FigureMeaning(
        "Actions per user and working day at break-even", "actions", "actions per user and year ÷ 260"
    ),
    "actions_per_user_calendar_day": FigureMeaning(
        "Actions per user and calendar day at break-even", "actions", "actions per user and year ÷ 365"
    ),
    "conversations_per_user_month": FigureMeaning(
        "Conversations per user and month for the price of a seat", "interactions", "price of a seat ÷ price of a conversation"
    ),
    "conversations_per_month": FigureMeaning(
        "Conversations per month for the price of all seats", "interactions", "seats per month ÷ price of a conversation"
    ),
    "interactions_per_month_at_seats": FigureMeaning(
        "Interactions per month where credits cost as much as the seats",
        "interactions",
        "actions per month at break-even ÷ actions per interaction",
    ),
    "actions_per_interaction_at_seats": FigureMeaning(
        "Actions per interaction where credits cost as much as the seats",
        "actions",
        "actions per month at break-even ÷ interactions per month",
    ),
    "flex_usd_per_interaction": FigureMeaning(
        "Flex Credits, per interaction", "usd", "actions per interaction × price of an action"
    ),
    "flex_usd_per_month": FigureMeaning("Flex Credits, per month", "usd", "actions per month × price of an action"),
    "flex_percent_below_conversation": FigureMeaning(
        "Flex Credits below a conversation", "percent", "(1 − Flex per interaction ÷ price of a conversation) × 100"
    ),
    "conversation_premium_percent": FigureMeaning(
        "Conversation above Flex Credits", "percent", "(price of a conversation ÷ Flex per interaction − 1) × 100"
    ),
    "own_actions_per_month": FigureMeaning(
        "Your own actions per month", "actions", "the wallet's last 28 complete days, taken as a month"
    ),
    "own_actions_per_user_month": FigureMeaning(
        "Your own actions per user and month", "actions", "your own actions per month ÷ users that the events name"
    ),
    "interactions_per_month": FigureMeaning("Interactions per month", "interactions", "as asked, in the first month"),
    "workload_actions_per_interaction": FigureMeaning("Actions per interaction", "actions", "actions ÷ interactions, as asked"),
    "credits_per_month": FigureMeaning("Credits per month", "credits", "billed actions × credits per action"),
    "credits_per_action": FigureMeaning(
        "Credits per action", "credits", "the price book's row, voice and sandbox shares weighed in"
    ),
    "cheapest_plan": FigureMeaning("Cheapest plan", "text", "the offered plan with the lowest year"),
    "cheapest_offer": FigureMeaning(
        "Cheapest offer", "text", "the offer with the lowest year, a vendor's or a plan of Agentforce"
    ),
    "resolutions_per_year": FigureMeaning(
        "Resolutions per year", "interactions", "interactions of the year × the share resolved"
    ),
    "agentforce_usd_per_year": FigureMeaning("Agentforce, per year", "usd", "its cheapest plan for the workload"),
    "vendor_usd_per_year": FigureMeaning("Other vendors, per year", "usd", "the cheapest of them for the workload"),
    "agentforce_above_vendor_usd_per_year": FigureMeaning(
        "Agentforce above the others, per year", "usd", "Agentforce's cheapest plan − the cheapest of the other vendors"
    ),
    "switch_old_usd_per_month": FigureMeaning("The plan of now, per month", "usd", "year of the plan that is left ÷ 12"),
    "switch_new_usd_per_month": FigureMeaning("The new plan, per month", "usd", "year of the plan that is changed to ÷ 12"),
    "switch_saving_usd_per_month": FigureMeaning(
        "Saved per month after the switch", "usd", "month of the plan of now − month of the new plan"
    ),
    "switch_overlap_usd": FigureMeaning("Months in which both are paid", "usd", "months of overlap × month of the new plan"),
    "switch_unused_usd_low": FigureMeaning("Value lost unused, at least", "usd", "as said, else 0: billed by the month"),
    "switch_unused_usd_high": FigureMeaning(
        "Value lost unused, at most", "usd", "as said, else months left × month of the current plan: all paid ahead"
    ),
    "switch_break_even_months_at_term_end": FigureMeaning(
        "Months until the switch has paid for itself", "count", "cost once, at the term's end ÷ saved per month, whole months"
    ),
    "switch_break_even_months_now_low": FigureMeaning(
        "… amid the term, at least", "count", "least cost once ÷ saved per month, whole months"
    ),
    "switch_break_even_months_now_high": FigureMeaning(
        "… amid the term, at most", "count", "most cost once ÷ saved per month, whole months"
    ),
    "recommended_plan": FigureMeaning("Recommended plan", "text", "the cheapest permitted plan for the workload"),
    "rule_of_thumb_plan": FigureMeaning("Rule of thumb", "text", "the plan of the published table for such a profile"),
    "saving_usd_per_year": FigureMeaning(
        "Saving per year", "usd", "year of the next cheapest kind of plan − year of the recommended plan"
    ),
    "saving_against_conversations_usd_per_year": FigureMeaning(
        "Saving per year against conversations", "usd", "year as conversations − year of the recommended plan"
    ),
    "saving_against_seats_usd_per_year": FigureMeaning(
        "Saving per year against seats", "usd", "year of the Agentforce Add-on − year of the recommended plan"
    ),
    "usd_per_month": FigureMeaning("Per month", "usd", "year ÷ 12"),
    "usd_per_year": FigureMeaning("Per year", "usd", "the plan's cost for twelve months of the workload"),
    "misses": FigureMeaning("Questions not understood", "count", "counted since they were forgotten last, at most 10,000"),
    "missed_texts": FigureMeaning("Different texts among them", "count", "in lower case"),
    "usd_per_month_from": FigureMeaning(
        "Per month, low end", "usd", "the cheapest plan's month at the low end of the range asked"
    ),
    "usd_per_month_to": FigureMeaning(
        "Per month, high end", "usd", "the cheapest plan's month at the high end of the range asked"
    ),
    "usd_per_year_from": FigureMeaning("Per year, low end", "usd", "the cheapest plan's year at the low end of the range asked"),
    "usd_per_year_to": FigureMeaning("Per year, high end", "usd", "the cheapest plan's year at the high end of the range asked"),
    "actions_per_month_from": FigureMeaning("Actions per month, low end", "actions", "of all together, at the low end"),
    "actions_per_month_to": FigureMeaning("Actions per month, high end", "actions", "of all together, at the high end"),
    "cheapest_plan_from": FigureMeaning("Cheapest plan, low end", "text", "the plan with the lowest cost for a year there"),
    "cheapest_plan_to": FigureMeaning("Cheapest plan, high end", "text", "the plan with the lowest cost for a year there"),
    "plan_changes_at_actions": FigureMeaning(
        "Another plan from", "actions", "the first hundredth of an action at which another plan is the cheapest"
    ),
    "plan_changes_at_interactions": FigureMeaning(
        "Another plan from", "interactions", "the first number of interactions at which another plan is the cheapest"
    ),
    "plan_changes_at_users": FigureMeaning(
        "Another plan from", "seats", "the first number of users for whom another plan is the cheapest"
    ),
    "usd_per_year_low": FigureMeaning("Per year, at least", "usd", "at the lowest published price"),
    "usd_per_year_high": FigureMeaning("Per year, at most", "usd", "at the highest published price"),
    "usd_per_year_if_doubled": FigureMeaning(
        "Per year if volume doubles", "usd", "the plan bought for the workload, used twice as much"
    ),
    "usd_per_year_if_halved": FigureMeaning(
        "Per year if volume halves", "usd", "the plan bought for the workload, used half as much"
    ),
    "usd_per_interaction": FigureMeaning("Per interaction", "usd", "year ÷ interactions of the year"),
    "usd_per_action": FigureMeaning("Per action", "usd", "credits per action × price of a credit"),
    "percent_below_conversation": FigureMeaning(
        "Below conversations", "percent", "(1 − year ÷ year of the same interactions as conversations) × 100"
    ),
    "usd": FigureMeaning("Price", "usd", "credits × price of a credit"),
    "credits": FigureMeaning("Credits", "credits", "as asked, or of the packs, or the price book's row"),
    "actions": FigureMeaning("Actions", "actions", "credits ÷ credits per action; of the wallet, as its exports count them"),
    "packs": FigureMeaning("Packs", "packs", "credits ÷ credits in a pack, whole packs"),
    "seat_months": FigureMeaning("Seat-months", "seats", "price of the credits ÷ price of a seat"),
    "seats_for_a_year": FigureMeaning("Seats for a year", "seats", "seat-months ÷ 12"),
    "ai_usd_per_year": FigureMeaning("AI spend per year", "usd", "as asked, or the workload at Flex Credits"),
    "premier_usd_per_year": FigureMeaning("Premier support per year", "usd", "AI spend × Premier's percentage"),
    "data_cloud_usd_per_year": FigureMeaning("Data Cloud per year", "usd", "AI spend × Data Cloud's percentage"),
    "data_cloud_usd_per_year_low": FigureMeaning(
        "Data Cloud per year, at least", "usd", "AI spend × the lowest published percentage"
    ),
    "data_cloud_usd_per_year_high": FigureMeaning(
        "Data Cloud per year, at most", "usd", "AI spend × the highest published percentage"
    ),
    "development_usd": FigureMeaning("Development and maintenance", "usd", "major agents × the middle of the published range"),
    "development_usd_low": FigureMeaning(
        "Development and maintenance, at least", "usd", "major agents × the lowest published cost"
    ),
    "development_usd_high": FigureMeaning(
        "Development and maintenance, at most", "usd", "major agents × the highest published cost"
    ),
    "recurring_usd_per_year": FigureMeaning("Every year", "usd", "AI spend and what comes on top of it every year, as counted"),
    "one_off_usd": FigureMeaning("Once, in the first year", "usd", "development, as counted"),
    "total_usd_per_year": FigureMeaning("Total, first year", "usd", "AI spend and what comes on top"),
    "total_usd_low": FigureMeaning("Total, first year, at least", "usd", "AI spend and the least of each cost on top"),
    "total_usd_high": FigureMeaning("Total, first year, at most", "usd", "AI spend and the most of each cost on top"),
    "credits_per_year": FigureMeaning("Credits per year", "credits", "the price book's row"),
    "tokens_per_action": FigureMeaning("Tokens that an action covers", "tokens", "the price book's row"),
    "usd_per_conversation": FigureMeaning("Per conversation", "usd", "the price book's row"),
    "usd_per_pack": FigureMeaning("Per pack", "usd", "the price book's row"),
    "credits_per_pack": FigureMeaning("Credits in a pack", "credits", "the price book's row"),
    "usd_per_user_month": FigureMeaning("Per user and month", "usd", "the price book's row"),
    "credits_per_resolution": FigureMeaning("Credits per resolution", "credits", "the price book's row"),
    "credits_per_voice_action": FigureMeaning("Credits per voice action", "credits", "the price book's row"),
    "starter_prompt_credits": FigureMeaning("Starter prompt, per started 2,000 tokens", "credits", "the price book's row"),
    "basic_prompt_credits": FigureMeaning("Basic prompt, per started 2,000 tokens", "credits", "the price book's row"),
    "standard_prompt_credits": FigureMeaning("Standard prompt, per started 2,000 tokens", "credits", "the price book's row"),
    "advanced_prompt_credits": FigureMeaning("Advanced prompt, per started 2,000 tokens", "credits", "the price book's row"),
    "credits_per_hour": FigureMeaning("Credits per hour", "credits", "the price book's row"),
    "credits_per_million_characters": FigureMeaning("Credits per 1M characters", "credits", "the price book's row"),
    "tokens_per_prompt_chunk": FigureMeaning("Tokens that a chunk of a prompt covers", "tokens", "the price book's row"),
    "credits_per_round_trip": FigureMeaning("Credits per Coworker round trip", "credits", "the price book's row"),
    "data_360_credits": FigureMeaning(
        "Data 360 multiplier", "credits", "the price book's row, of the first monthly tier in production"
    ),
    "data_360_sandbox_percent": FigureMeaning("Data 360 in a sandbox, of production", "percent", "the price book's row"),
    "data_360_tier_percent": FigureMeaning(
        "Data 360 in a monthly tier, of the first", "percent", "the price book's row, else the contract's"
    ),
    "data_360_free_credits": FigureMeaning("Data 360 credits free with Foundations", "credits", "the price book's row"),
    "credits_per_voice_minute": FigureMeaning("Credits per voice minute", "credits", "the contract's rate"),
    "credits_per_slackbot_action": FigureMeaning("Credits per Slackbot action", "credits", "the contract's rate"),
    "credits_per_lead_worked": FigureMeaning("Credits per lead worked", "credits", "the contract's rate"),
    "credits_per_personalization": FigureMeaning("Credits per personalization", "credits", "the contract's rate"),
    "credits_per_headless_interaction": FigureMeaning("Credits per headless interaction", "credits", "the contract's rate"),
    "licence_agreement_usd_per_year": FigureMeaning("Agentic Enterprise Licence, per year", "usd", "the contract's price"),
    "metered_units": FigureMeaning("Units metered", "count", "as asked; voice minutes are rounded up to whole ones"),
    "metered_chunks": FigureMeaning("Chunks of the prompts", "count", "prompts × started 2,000-token chunks of each"),
    "metered_credits": FigureMeaning("Credits metered", "credits", "units × credits per unit of the price book's row"),
    "metered_usd": FigureMeaning("Cost of what is metered", "usd", "credits metered × price of a credit"),
    "metered_usd_per_unit": FigureMeaning("Per unit metered", "usd", "cost of what is metered ÷ units metered"),
    "metered_credits_per_month": FigureMeaning("Credits metered, per month", "credits", "credits metered in a year ÷ 12"),
    "metered_credits_per_year": FigureMeaning("Credits metered, per year", "credits", "credits metered in a month × 12"),
    "metered_usd_per_month": FigureMeaning(
        "Cost of what is metered, per month", "usd", "credits metered per month × price of a credit"
    ),
    "metered_usd_per_year": FigureMeaning(
        "Cost of what is metered, per year", "usd", "credits metered per year × price of a credit"
    ),
    "free_credits": FigureMeaning("Free credits", "credits", "the price book's row of Foundations"),
    "free_credits_usd": FigureMeaning("Free credits, at the price of a credit", "usd", "free credits × price of a credit"),
    "free_actions": FigureMeaning("Actions that the free credits fund", "actions", "free credits ÷ credits per action"),
    "free_interactions": FigureMeaning(
        "Interactions that the free credits fund", "interactions", "actions that they fund ÷ actions per interaction"
    ),
    "free_units": FigureMeaning("Metered units that the free credits fund", "count", "free credits ÷ credits per unit"),
    "free_months": FigureMeaning(
        "Months that the free credits last", "count", "free credits ÷ credits per month; month by month where the volume grows"
    ),
    "free_days": FigureMeaning("Days that the free credits last", "days", "months that they last × 365 ÷ 12"),
    "actions_per_user_month_at_add_on": FigureMeaning(
        "Actions per user and month where the User Licence costs as much as the Add-on",
        "actions",
        "(price of the Agentforce Add-on − price of the User Licence) ÷ price of an action",
    ),
    "seat_usd_per_month": FigureMeaning("Seat, per month", "usd", "price of a seat of the plan that was asked for"),
    "premier_percent": FigureMeaning("Premier support", "percent", "the price book's row"),
    "data_cloud_percent": FigureMeaning("Data Cloud beside agents", "percent", "the price book's row"),
    "data_cloud_usd_per_pack": FigureMeaning("Data Cloud credits (legacy), per 100,000", "usd", "the price book's row"),
    "payg_saving_percent": FigureMeaning("What pre-purchase saves against pay-as-you-go", "percent", "the price book's row"),
    "payg_usd_per_action": FigureMeaning("Pay-as-you-go, per action", "usd", "the contract's price"),
    "precommit_premium_share_percent": FigureMeaning(
        "Pre-commit, from pre-purchase to pay-as-you-go", "percent", "the price book's row"
    ),
    "precommit_usd_per_action": FigureMeaning("Pre-commit, per action", "usd", "the contract's price"),
    "overage_usd_per_action": FigureMeaning("Overage, per action", "usd", "the contract's price"),
    "volume_discount_percent": FigureMeaning("Volume discount", "percent", "the price book's row"),
    "usd_of_credits_per_usd_of_seats": FigureMeaning("Credits for a dollar of seats", "usd", "the price book's row"),
    "granted_credits": FigureMeaning(
        "Granted", "credits", "the grants of the term with their corrections; of one that began before the term, what was left"
    ),
    "used_credits": FigureMeaning("Used", "credits", "summed usage, every environment unless one is named"),
    "remaining_credits": FigureMeaning("Left", "credits", "what the grants in force still hold; 0 when overdrawn"),
    "remaining_usd": FigureMeaning(
        "Left, as paid for", "usd", "what the grants in force still hold × the price that each grant cost"
    ),
    "expired_credits": FigureMeaning(
        "Expired unused", "credits", "what was left of a grant on the day its term ended; not part of the pool"
    ),
    "overdrawn_credits": FigureMeaning(
        "Overdrawn", "credits", "used while no grant had anything left; a later grant does not cover it"
    ),
    "used_percent": FigureMeaning(
        "Used, of the pool",
        "percent",
        "drawn ÷ pool × 100; once nothing is left, (drawn + overdrawn since then) ÷ pool × 100; of a budget, spent ÷ it × 100",
    ),
    "usd_used": FigureMeaning(
        "Cost of what was used",
        "usd",
        "credits × the price of the grants that they were drawn from; overdrawn ones × the contracted rate",
    ),
    "pool_credits": FigureMeaning("Pool", "credits", "drawn + left; what expired unused is not part of it"),
    "drawn_credits": FigureMeaning("Drawn", "credits", "what usage took out of grants in the term"),
    "overdrawn_since_empty_credits": FigureMeaning(
        "Overdrawn since nothing is left", "credits", "the part of overdrawn that counts as used beyond the pool"
    ),
    "overdrawn_usd": FigureMeaning("Overdrawn, billed in arrears", "usd", "overdrawn credits × the contracted rate"),
    "list_value_usd": FigureMeaning("Used, at list price", "usd", "used credits × list price of a credit, whatever they cost"),
    "burn_credits_per_day": FigureMeaning("Burn per day", "credits", "credits of the last 28 complete days ÷ those days"),
    "burn_credits_per_week": FigureMeaning("Burn per week", "credits", "burn per day × 7"),
    "burn_credits_per_month": FigureMeaning("Burn per month", "credits", "burn per day × 365 ÷ 12"),
    "burn_usd_per_month": FigureMeaning(
        "Spent per month", "usd", "cost of the last complete days, by the grants they drew from, ÷ their number × 365 ÷ 12"
    ),
    "burn_days": FigureMeaning("Days in the burn", "days", "the last 28 complete days; fewer where there is less data"),
    "allowed_credits_per_day": FigureMeaning("Allowed per day until the term ends", "credits", "left ÷ days left in the term"),
    "pace_percent": FigureMeaning(
        "Pace", "percent", "share of the credits used ÷ share of the term elapsed × 100; 100 is on plan"
    ),
    "elapsed_percent": FigureMeaning("Term elapsed", "percent", "days since the term began ÷ days of the term × 100"),
    "term_start": FigureMeaning("Term began", "day", "the contract's start, else that of the oldest grant in force"),
    "term_end": FigureMeaning("Term ends before", "day", "the contract's end, else the last end of the grants in force"),
    "expiring_credits": FigureMeaning(
        "Will expire unused", "credits", "what the grants in force leave at their ends if the burn continues"
    ),
    "expiring_usd": FigureMeaning(
        "Will expire unused, as paid for", "usd", "credits that will expire unused × the price that their grant cost"
    ),
    "data_through": FigureMeaning("Data through", "instant", "the latest processed time of any import"),
    "last_import": FigureMeaning("Last import", "instant", "when the latest import ended"),
    "provisional_from": FigureMeaning(
        "Provisional from", "day", "the day 72 hours before data through; from here on rows may still arrive"
    ),
    "provisional_credits": FigureMeaning("Provisional", "credits", "used on the provisional days; in the totals, in no average"),
    "first_day": FigureMeaning("First day", "day", "the first day counted"),
    "last_day": FigureMeaning("Last day", "day", "the last day counted"),
    "change_credits": FigureMeaning("Change", "credits", "credits − credits of the period before"),
    "change_percent": FigureMeaning("Change, in percent", "percent", "change ÷ credits of the period before × 100"),
    "usd_before": FigureMeaning("Cost before", "usd", "what the credits of the period before cost"),
    "change_usd": FigureMeaning("Change in cost", "usd", "cost − cost of the period before"),
    "credits_before": FigureMeaning("Before", "credits", "credits of the period before"),
    "observed_interactions": FigureMeaning("Interactions", "interactions", "interactions that the AI usage export names"),
    "observed_actions": FigureMeaning("Metered actions", "actions", "metered rows of the AI usage export"),
    "observed_actions_per_interaction": FigureMeaning(
        "Actions per interaction", "actions", "metered actions ÷ interactions, from the AI usage export"
    ),
    "median_actions_per_interaction": FigureMeaning(
        "… of the median interaction", "actions", "half of the interactions take no more"
    ),
    "p90_actions_per_interaction": FigureMeaning("… of the 90th percentile", "actions", "nine in ten interactions take no more"),
    "multi_action_events": FigureMeaning("Events with overhead", "count", "events billed as more than one action"),
    "excess_actions": FigureMeaning("Actions in excess", "actions", "actions beyond the first of each event"),
    "excess_credits": FigureMeaning("Credits in excess", "credits", "credits of the actions in excess"),
    "excess_usd": FigureMeaning("Cost of the excess", "usd", "credits in excess × price of a credit"),
    "excess_percent": FigureMeaning("Excess, of all credits", "percent", "credits in excess ÷ credits × 100"),
    "sandbox_credits": FigureMeaning("Used in sandboxes", "credits", "credits of the environment sandbox"),
    "sandbox_actions": FigureMeaning("Actions in sandboxes", "actions", "actions of the environment sandbox"),
    "sandbox_usd": FigureMeaning("Cost of sandboxes", "usd", "credits used in sandboxes × price of a credit"),
    "sandbox_percent": FigureMeaning("Sandboxes, of all credits", "percent", "credits used in sandboxes ÷ credits × 100"),
    "unknown_credits": FigureMeaning(
        "Used where the environment is unknown", "credits", "credits of rows that name no environment"
    ),
    "users": FigureMeaning("Users", "count", "people whom the events name"),
    "users_past_break_even": FigureMeaning(
        "Users past the break-even", "count", "users whose credits a month cost more than a seat"
    ),
    "users_below_break_even": FigureMeaning("Users below the break-even", "count", "the other users"),
    "mixed_usd_per_year": FigureMeaning(
        "Seats for those past it, credits for the rest, per year", "usd", "not offered within one org; what it would save"
    ),
    "balance_used_credits": FigureMeaning("Used, per the wallet", "credits", "computeConsumption, the latest snapshot"),
    "balance_granted_credits": FigureMeaning("Granted, per the wallet", "credits", "computeConsumption, the latest snapshot"),
    "ledger_credits": FigureMeaning("Granted, per the ledger", "credits", "the sum of the ledger's rows, reparenting left out"),
    "used_difference_credits": FigureMeaning(
        "Usage against balance", "credits", "summed usage of the environments in the snapshot − used, per the wallet"
    ),
    "granted_difference_credits": FigureMeaning(
        "Ledger against balance", "credits", "granted, per the ledger − granted, per the wallet"
    ),
    "volume_credits": FigureMeaning("From volume", "credits", "more or fewer interactions, each as before"),
    "actions_per_interaction_credits": FigureMeaning(
        "From actions per interaction", "credits", "more or fewer actions in each interaction"
    ),
    "environment_credits": FigureMeaning("From the environments", "credits", "other shares of production and sandbox"),
    "credits_per_action_credits": FigureMeaning(
        "From credits per action", "credits", "more or less expensive actions, and use without actions"
    ),
    "expected_usd": FigureMeaning(
        "Expected cost",
        "usd",
        "the block and the use beyond it, mean of all simulated futures; of a budget, spent to date and the simulated days to "
        "the period's end, the middle future",
    ),
    "usd_low": FigureMeaning(
        "Cost, at least", "usd", "the block and the use beyond it; one in ten of the simulated futures costs less"
    ),
    "usd_high": FigureMeaning(
        "Cost, at most", "usd", "the block and the use beyond it; one in ten of the simulated futures costs more"
    ),
    "worst_decile_usd": FigureMeaning("Cost in the worst tenth", "usd", "mean cost of the tenth of the futures that use most"),
    "expected_unused_credits": FigureMeaning("Unused of the block", "credits", "what is left of the block, mean of all futures"),
    "rule_of_thumb_packs": FigureMeaning("Packs by the 80% rule", "packs", "80% of the credits to buy ÷ credits in a pack"),
    "rule_of_thumb_usd": FigureMeaning("Expected cost by the 80% rule", "usd", "as the expected cost, for those packs"),
    "payg_overage_packs": FigureMeaning(
        "Packs, if overage were pay-as-you-go", "packs", "the cheapest block at that end of the range"
    ),
    "payg_overage_usd": FigureMeaning("Expected cost, if overage were pay-as-you-go", "usd", "with that block"),
    "nothing_ahead_usd": FigureMeaning("Expected cost with no block", "usd", "credits to buy × price of overage"),
    "pre_commit_usd": FigureMeaning(
        "Expected cost of a pre-commitment", "usd", "the expected use committed: what is used, at least that, × its rate"
    ),
    "critical_percent": FigureMeaning(
        "Futures that the block covers", "percent", "(1 − price in a pack ÷ price of overage) × 100"
    ),
    "expected_use_credits": FigureMeaning("Expected use", "credits", "credits used, mean of all futures, or as said"),
    "covered_credits": FigureMeaning("From existing grants", "credits", "expected use − credits to buy"),
    "to_buy_credits": FigureMeaning("Credits to buy", "credits", "what existing grants leave uncovered, mean of all futures"),
    "pilot_days": FigureMeaning("Days of the pilot", "days", "complete days counted"),
    "steady_credits_per_day": FigureMeaning("Steady state, per day", "credits", "credits of the median day"),
    "peak_credits_per_day": FigureMeaning("Peak, per day", "credits", "credits of the day that used most"),
    "peak_day": FigureMeaning("Peak day", "day", "the first of the days that used most"),
    "peak_percent": FigureMeaning("Peak against steady state", "percent", "peak ÷ steady state × 100"),
    "replayed_usd_per_year": FigureMeaning(
        "12 months, replayed", "usd", "the pilot's days repeated to a year, under the cheapest plan"
    ),
    "simulated_usd_per_year": FigureMeaning(
        "12 months, simulated", "usd", "the mean of the simulated futures, under the cheapest plan"
    ),
    "simulated_usd_low": FigureMeaning("… at least", "usd", "10th percentile of the simulated futures"),
    "simulated_usd_high": FigureMeaning("… at most", "usd", "90th percentile of the simulated futures"),
    "peak_month": FigureMeaning("Peak month begins", "day", "the month ahead with the highest expected use"),
    "is_decided": FigureMeaning("Long enough to decide", "text", "8 weeks, and one kind of plan cheapest over the whole range"),
    "orgs": FigureMeaning("Orgs", "count", "orgs in the portfolio"),
    "portfolio_usd_per_year": FigureMeaning(
        "Each org its cheapest, per year", "usd", "sum of each org's cheapest permitted plans"
    ),
    "one_plan": FigureMeaning(
        "Cheapest one plan for all", "text", "of the plans that every org can have, the one with the lowest sum"
    ),
    "one_plan_usd_per_year": FigureMeaning("One plan for all, per year", "usd", "sum of all orgs under that plan"),
    "portfolio_saving_usd_per_year": FigureMeaning("Saved by choosing apart", "usd", "one plan for all − each org its cheapest"),
    "blend_saving_usd_per_year": FigureMeaning(
        "Blending inside orgs would save", "usd", "not offered: each org its cheapest − the cheapest plan of each part of its use"
    ),
    "year_credits": FigureMeaning("Credits of a year", "credits", "a year of the use that was asked about, or of the wallet's"),
    "volume_discount_usd_per_year": FigureMeaning("Worth of a volume discount", "usd", "spend now − list × (1 − 27.5%)"),
    "rollover_usd_per_year": FigureMeaning("Worth of rollover", "usd", "unused credits × price of a credit"),
    "grace_usd_per_year": FigureMeaning(
        "Worth of 90 days of grace", "usd", "unused credits that 90 days take × price of a credit"
    ),
    "sandbox_rate_usd_per_year": FigureMeaning(
        "Worth of half the rate in sandboxes", "usd", "actions in sandboxes × credits above half the rate × price of a credit"
    ),
    "flex_agreement_usd_per_year": FigureMeaning("Worth of a Flex Agreement", "usd", "seats − their use in credits, at 1:1"),
    "premier_scope_usd_per_year": FigureMeaning("Worth of Premier without the AI spend", "usd", "spend × Premier's percentage"),
    "bundling_usd_per_year": FigureMeaning("Worth of bundling", "usd", "the volume discount, where only bundling reaches it"),
    "tickets": FigureMeaning("Tickets", "count", "tickets of the export that could be counted"),
    "tickets_per_year": FigureMeaning(
        "Tickets a year", "count", "each month at its own daily mean, months not in the export at the mean"
    ),
    "unmatched_tickets": FigureMeaning("Unmatched", "count", "tickets that no rule took; they stay with people"),
    "unmatched_percent": FigureMeaning("Unmatched, of all", "percent", "unmatched ÷ tickets × 100"),
    "bad_rows": FigureMeaning("Rows left out", "count", "rows without a readable date, or broken"),
    "automated_tickets_per_year": FigureMeaning(
        "To agents, a year", "interactions", "tickets that a rule takes × automation share"
    ),
    "deployment_usd_low": FigureMeaning("A year, at least", "usd", "low ends of automation and of actions per use case"),
    "deployment_usd_high": FigureMeaning("A year, at most", "usd", "high ends of automation and of actions per use case"),
    "peak_calendar_month": FigureMeaning("Peak month", "text", "the calendar month with most tickets"),
    "token_overhead_usd_per_year": FigureMeaning(
        "… of it token overhead", "usd", "actions beyond the first of each event, a year of the wallet's last 28 complete days"
    ),
    "active_users": FigureMeaning("Users with use", "count", "people whom events of the last 28 complete days name"),
    "idle_seats": FigureMeaning("Seats without use", "seats", "seats − users with use"),
    "idle_usd_per_year": FigureMeaning("Seats without use, per year", "usd", "seats without use × price of a seat × 12"),
    "idle_credits_per_year": FigureMeaning(
        "Seats without use, in credits", "credits", "their cost × the agreement's rate ÷ price of a credit"
    ),
    "day_after_last": FigureMeaning("Day after the last", "day", "the first day no longer counted"),
    "next_7_days_credits": FigureMeaning(
        "Next 7 days", "credits", "half of the simulated futures use less in the 7 days after the last complete one"
    ),
    "next_7_days_credits_low": FigureMeaning("Next 7 days, at least", "credits", "one in ten of the simulated futures uses less"),
    "next_7_days_credits_high": FigureMeaning("Next 7 days, at most", "credits", "one in ten of the simulated futures uses more"),
    "next_28_days_credits": FigureMeaning(
        "Next 28 days", "credits", "half of the simulated futures use less in the 28 days after the last complete one"
    ),
    "next_28_days_usd": FigureMeaning(
        "Next 28 days, in dollars",
        "usd",
        "those credits, spread evenly, at the price of the grants that they are drawn from; as overage where none is left",
    ),
    "next_28_days_credits_low": FigureMeaning(
        "Next 28 days, at least", "credits", "one in ten of the simulated futures uses less"
    ),
    "next_28_days_credits_high": FigureMeaning(
        "Next 28 days, at most", "credits", "one in ten of the simulated futures uses more"
    ),
    "weeks_ahead": FigureMeaning("Weeks looked ahead", "count", "as asked, or 12"),
    "weeks_ahead_credits": FigureMeaning(
        "In these weeks", "credits", "half of the simulated futures use less in the weeks looked ahead"
    ),
    "weeks_ahead_credits_low": FigureMeaning(
        "In these weeks, at least", "credits", "one in ten of the simulated futures uses less"
    ),
    "weeks_ahead_credits_high": FigureMeaning(
        "In these weeks, at most", "credits", "one in ten of the simulated futures uses more"
    ),
    "depletion_day": FigureMeaning(
        "Credits run out",
        "day",
        "half of the simulated futures come by this day to use that no grant covers; none if they never do",
    ),
    "estimated_days": FigureMeaning(
        "Days estimated", "days", "from the last complete day to the day asked; what they will use is estimated"
    ),
    "depletion_to_term_end_days": FigureMeaning("Days without credits until the term ends", "days", "term_end − depletion_day"),
    "depletion_day_early": FigureMeaning("… early", "day", "one in ten of the simulated futures runs out before this day"),
    "depletion_day_late": FigureMeaning("… late", "day", "nine in ten of the simulated futures run out by this day"),
    "chance_before_term_end_percent": FigureMeaning(
        "Chance that they run out before the term ends", "percent", "simulated futures that run out before term_end ÷ all × 100"
    ),
    "unused_credits_at_end": FigureMeaning(
        "Unused at the term's end", "credits", "what expires unused until the term ends, and is left then, in half of the futures"
    ),
    "unused_credits_at_end_low": FigureMeaning("… at least", "credits", "one in ten of the simulated futures leaves less"),
    "unused_credits_at_end_high": FigureMeaning("… at most", "credits", "one in ten of the simulated futures leaves more"),
    "unused_usd_at_end": FigureMeaning(
        "Unused at the term's end, as paid for", "usd", "credits unused at the term's end × the price that their grants cost"
    ),
    "unused_usd_at_end_low": FigureMeaning("… in dollars, at least", "usd", "the least that was paid for credits unused"),
    "unused_usd_at_end_high": FigureMeaning("… in dollars, at most", "usd", "the most that was paid for credits unused"),
    "complete_days": FigureMeaning(
        "Complete days", "days", "days that the forecast rests on; the last 72 hours of data are left out"
    ),
    "forecast_first_day": FigureMeaning("First day ahead", "day", "the day after the last complete one"),
    "forecasts_made": FigureMeaning(
        "Forecasts on record", "count", "different forecasts that were asked for this part of the wallet"
    ),
    "ranges_checked": FigureMeaning(
        "Ranges that are over", "count", "7-day and 28-day ranges whose days are all complete by now"
    ),
    "ranges_held": FigureMeaning("… of which held", "count", "what was used lay from low to high, both counted"),
    "coverage_percent": FigureMeaning(
        "Ranges held", "percent", "ranges that held ÷ ranges that are over × 100; 80 is as promised"
    ),
    "forecast_made_on": FigureMeaning("Forecast made on", "day", "of the newest of the longest forecasts whose days are over"),
    "forecast_credits": FigureMeaning("Forecast", "credits", "the middle of the range"),
    "forecast_credits_low": FigureMeaning("… at least", "credits", "the low end of the range"),
    "forecast_credits_high": FigureMeaning("… at most", "credits", "the high end of the range"),
    "actual_credits": FigureMeaning("Actual", "credits", "credits used on the days that were forecast"),
    "mean_error_percent": FigureMeaning(
        "Mean error",
        "percent",
        "mean of |forecast − actual| ÷ actual × 100 over the forecasts of 28 days, or of 7 where none is over",
    ),
    "query": FigureMeaning("Query", "text", "the name of the file in sql/queries"),
    "level_expected_on": FigureMeaning("Expected on", "day", "the likely day on which the forecast reaches the level"),
    "level_expected_early": FigureMeaning("… at the earliest", "day", "the early end of the forecast's range"),
    "level_expected_late": FigureMeaning(
        "… at the latest", "day", "the late end of the forecast's range; empty beyond the horizon"
    ),
    "spike_day": FigureMeaning("Day", "day", "a complete day far above what its weekday predicts"),
    "spike_credits": FigureMeaning("Used that day", "credits", "credits of the day"),
    "usual_credits": FigureMeaning("Usual", "credits", "the median of the same weekday in the eight weeks before"),
    "spike_usd": FigureMeaning("Cost above the usual", "usd", "(used that day − usual) × price of a credit"),
    "days_without_newer_data": FigureMeaning("Days without newer data", "days", "team's days since newer data came last"),
    "newer_data_day": FigureMeaning("Newer data came last", "day", "the team's day on which newer data was imported last"),
    "data_ends_on": FigureMeaning("Data ends on", "day", "the team's day of the latest instant in the data"),
    "alert_advice": FigureMeaning("What to do", "text", "what the level or rule asks for"),
    "alert_key": FigureMeaning("Key", "text", "what names the alert in `agentcost alerts --acknowledge`"),
    "alert_rule": FigureMeaning("Rule", "text", "which rule found it, such as level, pace or spike (docs/alerts.md)"),
    "alert_level": FigureMeaning("Level", "text", "of levels the percentage; else the day, month or days that make the occasion"),
    "alert_team": FigureMeaning("Team", "text", "the team of app.yaml that is notified"),
    "overage_credits": FigureMeaning(
        "Overage until the term ends", "credits", "days from running out to the term's end × the burn of 28 complete days"
    ),
    "overage_usd": FigureMeaning("Cost of that overage", "usd", "overage in credits × the contract's price of a credit"),
    "alert_cause": FigureMeaning("What moved", "text", "the agent whose use rose most in 7 complete days, and the parts of why"),
    "alert_owner": FigureMeaning("Owner", "text", "who looks after it: the team's owner, else alerts.owner"),
    "alert_card": FigureMeaning("Card", "text", "the consumption card that it is about"),
    "spent_month_usd": FigureMeaning(
        "Spent this month", "usd", "cost of the newest month's days so far, by the grants that they drew from"
    ),
    "spent_month_credits": FigureMeaning("Used this month", "credits", "credits of the newest month's days so far"),
    "spent_change_usd": FigureMeaning(
        "Change against the month before", "usd", "spent this month − spent on the same days of the month before"
    ),
    "spent_change_percent": FigureMeaning(
        "Change against the month before, in percent",
        "percent",
        "(used this month − used on the same days of the month before) ÷ the latter × 100",
    ),
    "open_alerts": FigureMeaning("Open alerts", "count", "alerts neither acknowledged, snoozed, recovered nor closed"),
    "failed_deliveries": FigureMeaning("Messages not delivered", "count", "messages given up after a day of tries"),
    "waiting_deliveries": FigureMeaning("Pending deliveries", "count", "messages not delivered yet"),
    **{key: FigureMeaning(*meaning) for key, meaning in FINANCE_FIGURES.items()},
}


def figure(key: str, value: Value) -> Figure:
    """Return the figure for a published key. Raises: KeyError, for a key that is not in the catalog."""
    meaning = FIGURES[key]
    return Figure(key, meaning.label, value, meaning.unit)
