"""The wallet's evidence of hidden costs: Data Cloud, agents to maintain, token overhead, and seats without usage."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Note
from core.days import DAYS_IN_YEAR
from core.errors import InputError
from core.pricing import Credits, Usd, flex_rate
from core.questions.wallet.workload import last_days
from core.records import NamedTuple
from core.wallet.usage import slices
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.context import Context
    from core.pricing import Terms
    from core.wallet.usage import DayRange, Scene

DATA = "data"


class Observed(NamedTuple):
    """A year of the wallet's last 28 complete days: agents' credits and their dollars; None if there is no data.

    data_cloud: dollars of Data Cloud, on the Flex card and on a card of its own. overhead: dollars of actions beyond the first
    of each event, which are part of the AI spend. lacking: the part of it that events do not name.
    """

    days: DayRange
    agent_credits: Decimal
    ai: Usd
    data_cloud: Usd | None
    agents: int
    overhead: Usd | None
    lacking: tuple[Note, ...] = ()


def observe(context: Context, terms: Terms) -> Observed:
    """Return the wallet's data, priced by the terms. Raises: InputError, if it has no complete day or no usage."""
    with last_days(context) as scene:
        filters = scene.between("grain", "environment", "org", "agent", "department")
        types = scene.session.rows(queries.UsageByNameRow, by="type", before_first_day=scene.days.first_day, **filters)
        agents = scene.session.rows(queries.UsageByNameRow, by="agent", before_first_day=scene.days.first_day, **filters)
        excess = _sum(scene.session.rows(queries.ExpensiveActionsRow, **scene.between()), "excess_credits")
        legacy = _legacy_data_credits(scene)
    if scene.rates is None or not _sum(types, "credits"):
        raise InputError(f"The wallet shows no spend on Flex Credits, {scene.days}.")
    price = flex_rate(context.prices, terms, Credits(_a_year(_sum(types, "credits"), scene)))
    on_flex = _sum([row for row in types if is_data_cloud(row.name)], "credits")
    of_agents = _a_year(_sum(types, "credits") - on_flex, scene)
    pack_usd = context.prices.value("data_cloud.usd_per_pack") / context.prices.value("flex.credits_per_pack")
    data_cloud = _a_year(on_flex, scene) * price.usd + _a_year(legacy, scene) * pack_usd
    return Observed(
        days=scene.days,
        agent_credits=of_agents,
        ai=Usd(of_agents * price.usd),
        data_cloud=Usd(data_cloud) if data_cloud else None,
        agents=sum(1 for row in agents if row.name and row.credits > 0),
        overhead=Usd(_a_year(excess, scene) * price.usd) if excess else None,
        lacking=tuple(slices.lacking_notes(scene.part, scene.extent, scene.days)),
    )


def is_data_cloud(usage_type: str) -> bool:
    """Whether a usage type is one of Data Cloud's, not an agent's."""
    name = usage_type.lower().replace("_", "")
    return DATA in name and not name.startswith("agentforce")


def _legacy_data_credits(scene: Scene) -> Decimal:
    """Return what the data cards used on these days; excluding cards of levels such as storage."""
    total = Decimal(0)
    for row in scene.session.rows(queries.WalletCardsRow):
        if DATA in row.card.lower() and "storage" not in row.card.lower() and row.card != scene.part.card:
            part = scene.part._replace(card=row.card)
            filters = replace(scene, part=part).between("grain", "environment", "org", "agent", "department")
            total += _sum(scene.session.rows(queries.UsageByDayRow, **filters), "credits")
    return total


def active_users(context: Context) -> tuple[int, DayRange]:
    """Return how many people with usage the events of the last 28 complete days name, and the days. Raises: InputError."""
    with last_days(context) as scene:
        filters = scene.between("environment", "org", "agent", "department")
        rows = scene.session.rows(queries.UsageByUserRow, before_first_day=scene.days.first_day, **filters)
        return sum(1 for row in rows if row.name), scene.days


def observation_note(found: Observed) -> Note:
    """Return where the figures come from."""
    days = f"last {found.days.days} complete days ({found.days})"
    return Note("assumption", f"Nothing was named, so this is a year of the wallet's {days}.")


def _a_year(amount: Decimal, scene: Scene) -> Decimal:
    return amount * DAYS_IN_YEAR / scene.days.days


def _sum(rows: Sequence[object], column: str) -> Decimal:
    return sum((getattr(row, column) for row in rows), Decimal(0))


SOURCES = slices.query_source("usage_by_name", "expensive_actions")
