"""The Price worksheet: a plan for a workload, credits or packs, or one metered item, live if core's formula has a native form.

Credits bought as pre-commit, pay-as-you-go or pre-purchase, and ranges, are values of the day.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.language import MOST
from core.pricing import FIRST_TIER, METERS, PLANS, NoPriceError
from core.questions import answer_to, from_question
from core.records import NamedTuple
from sheets_addin.calculators import calculator
from sheets_addin.calculators.calculator import Calculation, GridHead, LiveTable
from sheets_addin.calculators.credit_terms import MONTHS, SAID, CreditTerms, price_input
from sheets_addin.calculators.workload_steps import (
    PERIODS,
    growth_input,
    mix_inputs,
    mix_steps,
    months_step,
    workload_inputs,
    workload_steps,
)
from sheets_addin.compare.inputs import SHARE, TOKENS_TAKEN, Input, above_0
from sheets_addin.compare.workings_steps import Step
from sheets_addin.workbook import LABEL, Formula, relative, styles
from sheets_addin.worksheets.registry import answer_worksheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.context import Context
    from core.language import MeteredSaid, Question
    from core.pricing import Meter, Plan
    from core.scope import Scope
    from sheets_addin.workbook import Content, Worksheet

TITLE, PREFIX = "Price", "price"
TIMES = tuple(Decimal(quarters) / 4 for quarters in range(1, 9))
"""The rows of the table as multiples of the amount asked about, for its curve."""
CREDIT_PLACES = Step(
    "credit_places", "Places to which credits are counted", Decimal(4), styles.COUNT, "so that no last digit buys a pack"
)
CONVERSATION, SEAT = "usd_per_conversation", "usd_per_seat"
DISCOUNTS_SEATS = "per_user_add_on"


class Amount(NamedTuple):
    """The quantity that the table varies. name: of the cell with the amount asked about; usd: returns the cost formula."""

    head: GridHead
    name: str
    usd: Callable[[str], str]


class PlanCost(NamedTuple):
    """What a plan costs in a year. usd: returns the formula for a multiple of the volume."""

    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]
    usd: Callable[[str], str]
    amount: Amount


def worksheet(question: Question, context: Context, scope: Scope) -> Worksheet:
    """Return the price; as values if native formulas cannot compute it. Raises: InputError, MachineError."""
    answer = answer_to(question, replace(context, only=scope))
    found = _calculation(question, context)
    if found is None or {one.key for one in answer.figures} - found.results.keys():
        return answer_worksheet(TITLE, question, context, scope)
    return calculator.worksheet(TITLE, PREFIX, answer, found)


def _calculation(question: Question, context: Context) -> Calculation | None:
    is_range = any((question.users_to, question.interactions_to, question.actions_to))
    if is_range or question.buying is not None:
        return None
    try:
        if question.metered is not None:
            return _price_metered(question, question.metered, context)
        if question.credits is not None or question.packs is not None:
            return _price_credits(question, context)
        return _price_plan(question, PLANS[question.plan or "flex_credits"], context)
    except NoPriceError:
        return None


def _price_credits(question: Question, context: Context) -> Calculation:
    """Return the cost of credits or packs, and how many actions they pay for."""
    terms = CreditTerms(question, context)
    is_mixed = any(one is not None for one in (question.tokens, question.sandbox_share, question.voice_share))
    if question.credits is not None:
        said = Input("credits_said", "Credits", question.credits, styles.COUNT, above_0(MOST["credits"]), SAID, "To be bought.")
        bought = "credits_said"
    else:
        said = Input("packs_said", "Packs", question.packs, styles.COUNT, above_0(MOST["packs"]), SAID, "Packs of Flex Credits.")
        bought = "packs_said*credits_per_pack"
    each = "credits_per_billed_action*billed_actions" if is_mixed else "credits_of_an_action"
    return Calculation(
        inputs=(said, *(mix_inputs(question, context) if is_mixed else ()), *terms.inputs()),
        steps=(
            *terms.steps(),
            CREDIT_PLACES,
            *(mix_steps() if is_mixed else ()),
            Step("credits_bought", "Credits bought", Formula(bought), styles.COUNT, "in one order"),
        ),
        results={
            "usd": terms.cost_of("credits_bought"),
            "credits": "credits_bought",
            "actions": "credits/credits_per_action",
            "packs": "ROUNDUP(ROUND(credits,credit_places)/credits_per_pack,0)",
            "usd_per_action": "credits_per_action*usd/credits",
            "credits_per_action": each,
        },
        grid=_grid("More or fewer credits", Amount(GridHead("Credits", styles.COUNT), "credits_bought", terms.cost_of)),
    )


def _price_plan(question: Question, plan: Plan, context: Context) -> Calculation | None:
    """Return the cost of a plan for a workload."""
    terms = CreditTerms(question, context) if "flex.usd_per_pack" in plan.items or question.knows_volume else None
    cost = _cost_of(question, plan, context, terms)
    if cost is None:
        return None
    uses = _uses(question, context, terms)
    names = {one.name for one in uses.inputs}
    inputs = (*uses.inputs, *(one for one in cost.inputs if one.name not in names))
    results = {
        "usd_per_year": cost.usd("1"),
        "usd_per_month": "usd_per_year/months_per_year",
        "usd_per_year_low": "usd_per_year",
        "usd_per_year_high": "usd_per_year",
        "usd_per_year_if_doubled": cost.usd("2"),
        "usd_per_year_if_halved": cost.usd("(1/2)"),
        **_volume_results(question),
    }
    if question.interactions is not None:
        results["usd_per_interaction"] = "usd_per_year/interactions_per_year"
        if context.prices.has("conversation.usd"):
            said = question.conversation_price.usd if question.conversation_price else None
            inputs = (*inputs, price_input(CONVERSATION, "conversation.usd", context, said))
            results["percent_below_conversation"] = f"1-usd_per_year/(interactions_per_year*{CONVERSATION})"
    if plan.family == "flex":
        results["credits_per_action"] = "credits_per_billed_action*billed_actions"
        results["usd_per_action"] = "credits_per_action*IF(credits_per_year=0,usd_per_credit,usd_per_year/credits_per_year)"
    inputs = (*inputs, *(terms.inputs() if terms else ()))
    return Calculation(
        inputs=inputs,
        steps=(*(terms.steps() if terms else (MONTHS,)), *uses.steps, *cost.steps),
        results=results,
        grid=_grid(
            "More or fewer users" if cost.amount.name == "users" else "More or less volume", cost.amount, "US dollars a year"
        ),
    )


class Uses(NamedTuple):
    """The inputs of the usage, and the steps to its yearly total."""

    inputs: tuple[Input, ...]
    steps: tuple[Step, ...]


def _uses(question: Question, context: Context, terms: CreditTerms | None) -> Uses:
    """Return the workload: its credits if its actions are known, and its interactions and people if stated."""
    is_metered = question.knows_volume and terms is not None
    inputs = workload_inputs(question, context) if is_metered else (growth_input(question),) if question.interactions else ()
    steps = workload_steps(question) if is_metered else (months_step(),) if question.interactions else ()
    names = {one.name for one in inputs}
    if question.interactions is not None:
        period = question.interactions.period
        if "interactions" not in names:
            about = "Exchanges with a customer or employee, start to end."
            most = above_0(MOST["interactions"])
            said = Input(
                "interactions", f"Interactions per {period}", question.interactions.amount, styles.COUNT, most, SAID, about
            )
            inputs = (said, *inputs)
        year = f"interactions{PERIODS[period]}*months_worth/months_per_year"
        steps = (*steps, Step("interactions_per_year", "Interactions a year", Formula(year), styles.COUNT, "months added up"))
    if question.users is not None and "users" not in names:
        most = above_0(MOST["users"], whole=True)
        inputs = (Input("users", "Users", question.users, styles.COUNT, most, SAID, "People with a licence."), *inputs)
    return Uses(inputs, steps)


def _volume_results(question: Question) -> dict[str, str]:
    """Return the formulas of the first month's volume."""
    found = {}
    if question.interactions is not None:
        found["interactions_per_month"] = f"interactions{PERIODS[question.interactions.period]}/months_per_year"
    if question.knows_volume:
        found["actions_per_month"] = "actions_per_year/months_per_year"
        found["credits_per_month"] = "actions_per_month*billed_actions*credits_per_billed_action"
        if question.interactions is not None:
            found["workload_actions_per_interaction"] = "actions_per_month/interactions_per_month"
    return found


def _cost_of(question: Question, plan: Plan, context: Context, terms: CreditTerms | None) -> PlanCost | None:
    """Return the cost of the plan; None if it is only available as values."""
    credits_head = GridHead("Credits a year", styles.COUNT)
    if plan.key == "flex_credits" and terms is not None and question.knows_volume:
        amount = Amount(credits_head, "credits_per_year", terms.cost_of)
        return PlanCost((), (), lambda times: terms.cost_of(f"(credits_per_year*{times})"), amount)
    if plan.key == "per_conversation":
        amount = Amount(
            GridHead("Interactions a year", styles.COUNT), "interactions_per_year", lambda one: f"{one}*{CONVERSATION}"
        )
        return PlanCost((), (), lambda times: f"interactions_per_year*{times}*{CONVERSATION}", amount)
    if plan.key == "per_resolution" and terms is not None:
        return _resolutions(question, context, terms)
    if plan.family == "seat" and question.users is not None:
        return _seats(question, plan, context, terms)
    return None


def _resolutions(question: Question, context: Context, terms: CreditTerms) -> PlanCost:
    share = from_question.fraction(question.resolved_share, Decimal(100))
    inputs = (
        Input(
            "resolved_share", "Resolved share", share, styles.EXACT_PERCENT, SHARE, "of all interactions", "Paid by resolution."
        ),
        price_input("credits_of_a_resolution", "resolution.credits", context),
    )
    burnt = "interactions_per_year*resolved_share*credits_of_a_resolution"
    step = Step(
        "credits_of_resolutions", "Credits of the year's resolutions", Formula(burnt), styles.COUNT, "as they are resolved"
    )
    amount = Amount(GridHead("Credits a year", styles.COUNT), step.name, terms.cost_of)
    return PlanCost(inputs, (step,), lambda times: terms.cost_of(f"({step.name}*{times})"), amount)


def _seats(question: Question, plan: Plan, context: Context, terms: CreditTerms | None) -> PlanCost:
    """Return the cost of seats, with the credits that come on top of them, if any."""
    said = question.seat_price.usd if question.seat_price and plan.key == DISCOUNTS_SEATS else None
    inputs: tuple[Input, ...] = (price_input(SEAT, plan.items[0], context, said),)
    is_metered = question.knows_volume and plan.meters(question.audience) and terms is not None
    credits_used, on_top = "credits_per_year*{times}" if is_metered else "", ""
    if plan.includes_credits:
        inputs = (*inputs, price_input("included_credits", "edition.credits", context))
        credits_used = f"MAX(0,{credits_used}-included_credits)" if credits_used else ""
    if credits_used and terms is not None and "flex.usd_per_pack" in plan.items:
        on_top = f"+{terms.cost_of(f'({credits_used})')}"

    def usd(times: str, users: str = "users") -> str:
        return f"{users}*{SEAT}*months_per_year{on_top.replace('{times}', times)}"

    return PlanCost(inputs, (), usd, Amount(GridHead("Users", styles.PLACE_1), "users", lambda one: usd("1", one)))


def _price_metered(question: Question, said: MeteredSaid, context: Context) -> Calculation | None:
    """Return the burn and cost of an amount of one metered item."""
    meter, terms = METERS[said.meter], CreditTerms(question, context)
    in_sandbox, tier = question.environment == "sandbox", FIRST_TIER if question.tier is None else int(question.tier)
    if in_sandbox and meter.free_in_sandbox:
        return None
    every = f" per {said.period}" if said.period else ""
    count = Input("count", f"{meter.name.capitalize()}{every}", said.count, styles.AVERAGE, above_0(MOST["credits"]), SAID, SAID)
    units = "ROUNDUP(count,0)" if meter.is_whole else "count"
    per = Step("units_per_price", "… for so many", meter.per, styles.COUNT, "of what is counted")
    if meter.is_in_usd:
        return _price_in_usd(meter, count, units, per, context)
    prices = _credits_each(meter, context, tier=tier, in_sandbox=in_sandbox)
    each = "*".join(one.name for one in prices)
    chunks = ""
    tokens: tuple[Input, ...] = ()
    if meter.tokens_item:
        of_chunk = price_input("tokens_of_a_chunk", meter.tokens_item, context)
        taken = Input(
            "tokens",
            "Tokens per prompt",
            question.prompt_tokens,
            styles.COUNT,
            TOKENS_TAKEN,
            "empty: one chunk each",
            of_chunk.about,
        )
        tokens = (taken, of_chunk)
        chunks = 'IF(tokens="",1,MAX(1,ROUNDUP(tokens/tokens_of_a_chunk,0)))'
    year = "*months_per_year" if said.period == "month" else ""
    back = "/months_per_year" if year else ""

    def credits_of(amount: str) -> str:
        return f"{amount}*{'chunks*' if chunks else ''}credits_each/{per.name}"

    def usd_of(amount: str) -> str:
        cost = terms.cost_of(f"({credits_of(amount)}{year})")
        return f"({cost}){back}" if back else cost

    steps = (
        *terms.steps(),
        per,
        *((Step("chunks", "Billed chunks of each", Formula(chunks), styles.COUNT, "every started one"),) if chunks else ()),
        Step("credits_each", "Credits for so many", Formula(each), "#,##0.00####", "price × what it is multiplied by"),
        Step("units", "Billed units", Formula(units), styles.AVERAGE, "started ones count" if meter.is_whole else "as said"),
    )
    results = {
        "metered_units": "units",
        "metered_chunks": "units*chunks" if chunks else "units",
        "metered_credits": credits_of("units"),
        "metered_usd": usd_of("units"),
        "metered_usd_per_unit": "metered_usd/units",
        **_by_period(said),
    }
    amount = Amount(GridHead(meter.name.capitalize(), styles.AVERAGE), "units", usd_of)
    return Calculation(
        inputs=(count, *tokens, *prices, *terms.inputs()),
        steps=steps,
        results=results,
        grid=_grid("More or fewer of them", amount),
    )


def _price_in_usd(meter: Meter, count: Input, units: str, per: Step, context: Context) -> Calculation:
    """Return the cost of an amount of an item that is sold for dollars, not for credits."""
    usd = f"{{}}*usd_per_units/{per.name}"
    results = {"metered_units": units, "metered_usd": usd.format("metered_units"), "metered_usd_per_unit": usd.format("1")}
    amount = Amount(GridHead(meter.name.capitalize(), styles.AVERAGE), "count", usd.format)
    inputs = (count, price_input("usd_per_units", meter.item, context))
    return Calculation(inputs=inputs, steps=(per,), results=results, grid=_grid("More or fewer of them", amount))


def _by_period(said: MeteredSaid) -> dict[str, str]:
    if said.period is None:
        return {}
    months, years = ("", "*months_per_year") if said.period == "month" else ("/months_per_year", "")
    kinds = ("credits", "usd")
    return {f"metered_{kind}_per_month": f"metered_{kind}{months}" for kind in kinds} | {
        f"metered_{kind}_per_year": f"metered_{kind}{years}" for kind in kinds
    }


def _credits_each(meter: Meter, context: Context, *, tier: int, in_sandbox: bool) -> tuple[Input, ...]:
    """Return the price in credits, and the factors of a tier or a sandbox. Raises: NoPriceError."""
    sandbox = context.prices.row(meter.sandbox_item) if in_sandbox and meter.sandbox_item else None
    if sandbox and sandbox.unit != "percent":
        return (price_input("credits_per_units", sandbox.item, context),)
    found = [price_input("credits_per_units", meter.item, context)]
    if meter.has_tiers and tier != FIRST_TIER:
        found.append(price_input("tier_share", f"data_360.tier_{tier}_percent", context))
    if sandbox:
        found.append(price_input("sandbox_price_share", sandbox.item, context))
    return tuple(found)


def _grid(title: str, amount: Amount, cost: str = "US dollars") -> LiveTable:
    """Return a table of smaller and larger amounts than asked about, for its curve."""

    def line_of(times: Decimal) -> Callable[[int], Sequence[Content]]:
        def line(row: int) -> Sequence[Content]:
            factor, some = relative(row, LABEL), relative(row, LABEL + 1)
            return (times, Formula(f"{amount.name}*{factor}"), Formula(amount.usd(some)))

        return line

    return LiveTable(
        title=title,
        heads=(GridHead("Of what was asked", "0%"), amount.head, GridHead(cost, styles.USD_CENTS)),
        lines=tuple(map(line_of, TIMES)),
        names={},
        kind="curves",
        plotted=(1, 2),
    )
