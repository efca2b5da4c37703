"""Random questions about a workload, and random days and contracts to ask them on."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.config.loader import Config, Contract
from core.context import Context
from core.errors import InputError
from core.language.grammar import print_question
from core.language.parser import parse
from core.language.question import ActionsInput, MeteredSaid, MixPart, PerPeriod, PriceInput, Question
from core.pricing.metering import METERS
from core.pricing.plans import PLANS
from core.pricing.price_book import ContractPrices
from core.pricing.volume_tiers import VolumeTier
from core.questions.asking import answer_to

if TYPE_CHECKING:
    from core.warehouse.database import Warehouse

BEFORE_CREDITS = date(2025, 2, 1)
DAYS = (
    date(2025, 5, 20),
    date(2025, 7, 1),
    date(2026, 1, 31),
    date(2026, 6, 26),
    date(2026, 9, 1),
    date(2026, 11, 21),
)
NEGOTIABLE = {
    "conversation.usd": ("0.5", "3"),
    "flex.usd_per_pack": ("100", "900"),
    "action.production": ("10", "30"),
    "add_on.usd": ("50", "200"),
    "edition.credits": ("1000", "5000000"),
    "payg.usd_per_action": ("0.05", "0.3"),
    "precommit.usd_per_action": ("0.05", "0.3"),
    "overage.usd_per_action": ("0.05", "0.3"),
    "payg.saving_percent": ("5", "60"),
}

LIVE_PLANS = tuple(plan.key for plan in PLANS.values() if plan.buying is None)
SEAT_PLANS = {plan.key for plan in PLANS.values() if plan.family == "seat"}


@dataclass(frozen=True)
class Scenario:
    """A question and what it is asked on."""

    question: Question
    context: Context


def no_warehouse() -> AbstractContextManager[Warehouse]:
    """Stand in for a warehouse that pricing never opens."""
    return nullcontext()  # type: ignore[return-value]  # nothing of it is asked


def asked_on(day: date, contract: ContractPrices | None = None, tiers: tuple[VolumeTier, ...] = ()) -> Context:
    """Return what an answer rests on, on that day."""
    agreed = Contract(prices=contract or ContractPrices(), volume_tiers=tiers)
    return Context(day, Config(contract=agreed), no_warehouse)


def decimals(low: str, high: str, places: int = 2) -> st.SearchStrategy[Decimal]:
    """Return decimals of so many places, both ends included."""
    return st.decimals(Decimal(low), Decimal(high), places=places, allow_nan=False, allow_infinity=False)


def mixes() -> st.SearchStrategy[tuple[MixPart, ...]]:
    """Return mixes of one to six kinds whose shares add up to 100 %."""
    cuts = st.lists(st.integers(1, 99), min_size=0, max_size=5, unique=True).map(lambda marks: [0, *sorted(marks), 100])
    shares = cuts.map(lambda marks: [Decimal(after - before) for before, after in pairwise(marks)])
    return shares.flatmap(lambda parts: st.tuples(*(decimals("0.5", "40", 1).map(partial(MixPart, part)) for part in parts)))


@st.composite
def volumes(draw: st.DrawFn) -> dict[str, Any]:
    """Return what a question may say of volume."""
    interactions = PerPeriod(draw(decimals("1", "500000")), draw(st.sampled_from(("month", "year"))))
    users = draw(st.integers(1, 3000).map(Decimal))
    each, total = draw(decimals("0.5", "40", 1)), draw(decimals("1", "2000000"))
    ways: tuple[dict[str, Any], ...] = (
        {"interactions": interactions, "actions": ActionsInput(each)},
        {"interactions": interactions, "mix": draw(mixes())},
        {"interactions": interactions, "actions": ActionsInput(total, "month")},
        {"actions": ActionsInput(total, "year")},
        {"users": users, "actions": ActionsInput(each * 100, "user")},
        {"users": users},
        {"interactions": interactions},
        {"actions": ActionsInput(each)},
    )
    some: tuple[dict[str, Any], ...] = ({}, {"users": users})
    return {**draw(st.sampled_from(some)), **draw(st.sampled_from(ways))}


def grown() -> st.SearchStrategy[PerPeriod]:
    """Return a growth per month or per year."""
    return st.builds(PerPeriod, decimals("0", "40", 1)) | st.builds(PerPeriod, decimals("0", "300", 1), st.just("year"))


def questions() -> st.SearchStrategy[Question]:
    """Return questions that compare plans."""
    maybe = {
        "audience": st.sampled_from(("customers", "employees")),
        "tokens": st.integers(1, 100_000).map(Decimal) | st.sampled_from((10_000, 10_001, 20_000, 20_001)).map(Decimal),
        "sandbox_share": decimals("0", "100", 1),
        "voice_share": decimals("0", "100", 1),
        "resolved_share": decimals("0", "100", 1),
        "growth": grown(),
        "discount": decimals("0", "95", 1),
        "buying": st.sampled_from(("prepurchase", "precommit", "payg")),
        "action_price": decimals("0.01", "0.5", 3).map(lambda usd: PriceInput(usd, "action")),
        "pack_price": decimals("100", "900").map(lambda usd: PriceInput(usd, "pack")),
        "conversation_price": decimals("0.1", "5").map(lambda usd: PriceInput(usd, "conversation")),
        "seat_price": decimals("10", "300").map(lambda usd: PriceInput(usd, "seat")),
    }
    said = st.fixed_dictionaries({}, optional=maybe)
    return st.tuples(volumes(), said).map(lambda parts: Question(command="compare", **parts[0], **parts[1]))


def contracts() -> st.SearchStrategy[ContractPrices]:
    """Return contracts with some prices of their own, most often none."""
    prices = st.fixed_dictionaries({}, optional={item: decimals(*ends) for item, ends in NEGOTIABLE.items()})
    return st.just(ContractPrices()) | prices.map(ContractPrices)


def volume_tiers() -> st.SearchStrategy[tuple[VolumeTier, ...]]:
    """Return a contract's prices by the size of the order, most often none; larger orders need not be cheaper."""
    sizes = st.lists(st.integers(1, 600), min_size=1, max_size=3, unique=True).map(sorted)
    priced = sizes.flatmap(
        lambda packs: st.tuples(*(st.builds(VolumeTier, st.just(size), decimals("50", "600", 0)) for size in packs))
    )
    return st.just(()) | priced


def scenarios() -> st.SearchStrategy[Scenario]:
    """Return questions with the days and contracts they are asked on."""
    agreed = st.builds(asked_on, st.sampled_from(DAYS), contracts(), volume_tiers())
    return st.builds(Scenario, questions(), agreed | st.builds(asked_on, st.just(BEFORE_CREDITS)))


def some_scenarios(count: int, drawn: st.SearchStrategy[Scenario] | None = None) -> list[Scenario]:
    """Return so many scenarios, the same ones every time; comparisons, unless others are drawn."""
    found: list[Scenario] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(scenarios() if drawn is None else drawn)
    def collect(scenario: Scenario) -> None:
        found.append(scenario)

    collect()
    return found


def spends() -> st.SearchStrategy[dict[str, Any]]:
    """Return what `tco` may rest on: a spend, or a workload from which actions follow."""
    spend = st.builds(PerPeriod, decimals("1", "5000000"), st.sampled_from(("month", "year"))).map(lambda said: {"spend": said})
    known = volumes().filter(lambda said: Question(command="tco", **said).knows_volume)
    others = {
        "tokens": st.integers(1, 60_000).map(Decimal),
        "sandbox_share": decimals("0", "100", 1),
        "voice_share": decimals("0", "100", 1),
        "growth": grown(),
    }
    said = st.tuples(known, st.fixed_dictionaries({}, optional=others), pack_terms())
    return spend | said.map(lambda parts: {**parts[0], **parts[1], **parts[2]})


def pack_terms() -> st.SearchStrategy[dict[str, Any]]:
    """Return what a question may say of the price of credits: a discount, or a price of its own, of an action or a pack."""
    nothing: dict[str, Any] = {}
    discount = st.just(nothing) | decimals("0", "95", 1).map(lambda said: {"discount": said})
    action = decimals("0.01", "0.5", 3).map(lambda usd: {"action_price": PriceInput(usd, "action")})
    pack = decimals("100", "900").map(lambda usd: {"pack_price": PriceInput(usd, "pack")})
    return discount | action | pack


def total_costs() -> st.SearchStrategy[Question]:
    """Return questions about what comes on top of a spend."""
    on_top = {
        "premier": st.just(True),  # noqa: FBT003 - a value of a field
        "data_cloud": st.just("typical") | decimals("0", "100", 1),
        "major_agents": st.integers(1, 500).map(Decimal),
    }
    said = st.fixed_dictionaries({}, optional=on_top)
    return st.tuples(spends(), said).map(lambda parts: Question(command="tco", **parts[0], **parts[1]))


def conversions() -> st.SearchStrategy[Question]:
    """Return questions about a Flex Agreement."""
    converted = (
        st.integers(1, 50_000).map(lambda seats: {"users": Decimal(seats)})
        | decimals("1", "500000000", 0).map(lambda count: {"credits": count})
        | st.builds(PerPeriod, decimals("1", "5000000"), st.sampled_from(("month", "year"))).map(lambda said: {"spend": said})
    )
    nothing: dict[str, Any] = {}
    seat = st.just(nothing) | decimals("10", "300").map(lambda usd: {"seat_price": PriceInput(usd, "seat")})
    said = st.tuples(pack_terms(), seat).map(lambda parts: {**parts[0], **parts[1]})
    return st.tuples(converted, said).map(
        lambda parts: Question(command="convert", **parts[0], **({} if "spend" in parts[0] else parts[1]))
    )


def plan_questions() -> st.SearchStrategy[Question]:
    """Return questions about one plan: by interactions, by actions, by seats or by both."""
    on_top = {
        "tokens": st.integers(1, 60_000).map(Decimal),
        "sandbox_share": decimals("0", "100", 1),
        "voice_share": decimals("0", "100", 1),
        "growth": grown(),
    }
    said = st.tuples(volumes(), st.fixed_dictionaries({}, optional=on_top), pack_terms(), st.integers(1, 3000).map(Decimal))
    by_conversation = st.just(_nothing()) | decimals("0.1", "5").map(
        lambda usd: {"conversation_price": PriceInput(usd, "conversation")}
    )
    by_seat = st.just(_nothing()) | decimals("10", "300").map(lambda usd: {"seat_price": PriceInput(usd, "seat")})
    resolved = st.just(_nothing()) | decimals("0", "100", 1).map(lambda share: {"resolved_share": share})

    def asked(plan: str, parts: tuple[dict[str, Any], ...]) -> Question:
        volume, added, terms, users, own = parts
        seats = {"users": users} if plan in SEAT_PLANS else {}
        return Question(command="price", plan=plan, **{**added, **terms, **own, **volume, **seats})

    def of(plan: str) -> st.SearchStrategy[Question]:
        own = {"per_conversation": by_conversation, "per_user_add_on": by_seat, "per_resolution": resolved}.get(plan)
        return st.tuples(said, st.just(_nothing()) if own is None else own).map(lambda both: asked(plan, (*both[0], both[1])))

    return st.sampled_from(LIVE_PLANS).flatmap(of).filter(is_taken)


def credit_questions() -> st.SearchStrategy[Question]:
    """Return questions about an amount of credits or packs."""
    amount = decimals("1", "500000000", 0).map(lambda count: {"credits": count})
    packs = st.integers(1, 5000).map(lambda count: {"packs": Decimal(count)})
    on_top = {"sandbox_share": decimals("0", "100", 1), "tokens": st.integers(1, 60_000).map(Decimal)}
    said = st.tuples(amount | packs, st.fixed_dictionaries({}, optional=on_top), pack_terms())
    return said.map(lambda parts: Question(command="price", plan="flex_credits", **parts[0], **parts[1], **parts[2])).filter(
        is_taken
    )


def meter_questions() -> st.SearchStrategy[Question]:
    """Return questions about every metered thing, in tokens, tiers and sandboxes where it has these."""
    metered = st.builds(
        MeteredSaid, decimals("0.5", "5000000", 1), st.sampled_from(sorted(METERS)), st.sampled_from((None, "month", "year"))
    )
    on_top = {
        "prompt_tokens": st.integers(1, 60_000).map(Decimal),
        "environment": st.sampled_from(("production", "sandbox")),
        "tier": st.integers(1, 4).map(Decimal),
    }
    said = st.tuples(metered, st.fixed_dictionaries({}, optional=on_top), pack_terms())
    return said.map(lambda parts: Question(command="price", metered=parts[0], **parts[1], **parts[2])).filter(is_taken)


def is_answered(scenario: Scenario) -> bool:
    """Whether there is an answer on the day, such as a price for all that it rests on."""
    try:
        answer_to(scenario.question, scenario.context)
    except InputError:
        return False
    return True


def is_taken(question: Question) -> bool:
    """Whether the grammar takes a question, as it is printed."""
    try:
        return parse(print_question(question)) == question
    except InputError:
        return False


def _nothing() -> dict[str, Any]:
    return {}


def prices() -> st.SearchStrategy[Scenario]:
    """Return questions about a price whose worksheets compute, with the contracts that they are asked under."""
    agreed = st.builds(asked_on, st.sampled_from(DAYS[2:]), contracts(), volume_tiers())
    return st.builds(Scenario, plan_questions() | credit_questions() | meter_questions(), agreed).filter(is_answered)


def calculations() -> st.SearchStrategy[Scenario]:
    """Return questions whose worksheets compute, with the contracts that they are asked under, on days with every price."""
    agreed = st.builds(asked_on, st.sampled_from(DAYS[2:]), contracts(), volume_tiers())
    return st.builds(Scenario, total_costs() | conversions(), agreed)
