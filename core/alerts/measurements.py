"""The figures that alert rules use, read from the warehouse for a team's part of a card."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from core.alerts.rules.model import PoolMetrics, Recent
from core.cards import FLEX_CREDITS
from core.scope import EVERYTHING, NAME_KINDS, Scope
from core.wallet.ledger import Term
from core.wallet.usage import facts as usage_facts
from core.wallet.usage import grants_of, periods, slices, usd_of
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from core.context import Context
    from core.wallet.usage import Costs, DayRange, Extent, Facts
    from core.warehouse import Session

RowT = TypeVar("RowT", bound=tuple[Any, ...])


def cards_of(session: Session, context: Context, watches: Scope) -> list[str]:
    """Return the card that a team watches, else every card that has grants, and the default one."""
    if watches.card:
        return [watches.card]
    known = {row.card for row in session.rows(queries.WalletCardsRow)}
    said = {grant.card.replace(" ", "") for grant in context.config.contract.grants}
    default = context.config.wallet.default_card.replace(" ", "")
    # The default card is watched without grants too: overdrawn use is what grants are missing for.
    return [default, *sorted(card for card in (known | said) - {default} if grants_of(session, card, context)[0])]


def parts_of(session: Session, card: str, watches: Scope) -> list[Scope]:
    """Return disjoint parts of a card that together make up what a filter selects.

    Names are spelled as in the exports, whatever their case, spaces and underscores in app.yaml; a name that no export contains
    selects nothing.
    """
    of_card = Scope(card=card)
    known = session.rows(queries.WalletNamesRow, **of_card.parameters(*NAME_KINDS)) if watches.is_named else []
    return watches._replace(card=card).spell(slices.names_by_kind(known)).parts()


def merge_rows(found: Iterable[Iterable[RowT]], key: Callable[[RowT], object]) -> list[RowT]:
    """Merge the rows of several parts: rows with the same key are added."""
    together: dict[object, RowT] = {}
    for row in chain.from_iterable(found):
        known = together.get(key(row))
        together[key(row)] = row if known is None else _add_up(known, row)
    return list(together.values())


def _add_up(known: RowT, row: RowT) -> RowT:
    """Return a row with the sums of both, except for values of the whole card."""
    one: Any = known
    values = (
        # The card's own total is in every part's row; adding it would double it.
        before + now if isinstance(now, Decimal | int) and name != "card_credits" else now
        for name, before, now in zip(one._fields, known, row, strict=True)
    )
    added: RowT = one._make(values)
    return added


@dataclass(frozen=True, slots=True)
class View:
    """What a filter selects of a card: its parts, the facts of its days, and the card's balance."""

    parts: list[Scope]
    facts: Facts


def view_of(session: Session, context: Context, card: str, watches: Scope, known: Facts | None = None) -> View | None:
    """Return a filter's part of a card on the context's day; None while nothing was ever imported.

    If everything was taken back, usage is zero, so earlier alerts recover. known: the view of another part of the card, computed
    at the same moment.
    """
    # An undone import counts as once imported: what was reported of it has to recover.
    if not (session.row(queries.WalletExtentRow, card=card).imports or session.query("undone_imports_listed", most_rows=1)):
        return None
    extent = slices.extent_of_any(session, card, context)
    parts = parts_of(session, card, watches)
    until = periods.end_of_known(extent, context.as_of, context)
    rows = merge_rows((usage_facts.rows_of(session, part, until) for part in parts), lambda row: row.day)
    in_order = sorted(rows, key=lambda row: row.day)
    beside = usage_facts.facts_beside(known, in_order, context) if known else None
    return View(parts, beside or usage_facts.facts_of(Scope(card=card), extent, in_order, context, session))


def figures_of(session: Session, context: Context, card: str, watches: Scope) -> PoolMetrics | None:
    """Return the figures of a filter's part of a card on the context's day; None while nothing was imported."""
    view = view_of(session, context, card, watches)
    return None if view is None else figures_in(session, view, watches)


def figures_in(session: Session, view: View, watches: Scope) -> PoolMetrics:
    """Return the figures that the rules use."""
    facts, parts = view.facts, view.parts
    complete = _complete(facts.extent, facts.until)
    return PoolMetrics(
        today=facts.day,
        until=facts.until,
        card=facts.part.card,
        org=watches.org,
        part=words_of(parts),
        filters=filters_of(parts),
        term=facts.term,
        granted=facts.balance.granted,
        used=facts.used,
        pool=facts.balance.pool,
        used_of_pool=facts.used_of_pool,
        remaining=facts.balance.left,
        overdrawn=facts.balance.overdrawn,
        overdrawn_usd=facts.overdrawn_usd,
        used_percent=facts.used_percent,
        elapsed_percent=facts.elapsed_percent,
        pace_percent=facts.pace_percent,
        usd_per_credit=facts.price.usd if facts.price else None,
        expiring=facts.expiring,
        expiring_usd=facts.expiring_usd,
        # Only complete days are compared: half a day looks like a fall, the next half like a spike.
        days={row.day: row.credits for row in facts.rows if complete and row.day < complete.day_after_last},
        rates={row.day: usd_of(facts.rates.rate(row.day)) for row in facts.rows} if facts.rates else {},
        complete=complete,
        recent=_recent(session, view, periods.burn_range(facts.extent, facts.until)),
    )


def _complete(extent: Extent, until: date) -> Term | None:
    after_last = min(extent.provisional_from, until)
    return Term(extent.first_day, after_last) if extent.first_day and extent.first_day < after_last else None


def words_of(parts: list[Scope]) -> str:
    """Return what a filter selects, for a sentence; empty for the whole card."""
    return EVERYTHING.with_names({kind: [name for part in parts for name in part.names(kind)] for kind in NAME_KINDS}).words()


def filters_of(parts: list[Scope]) -> str:
    """Return the filter as words of a question, with a leading space; empty if a question cannot express it."""
    said = "" if parts[0].card == FLEX_CREDITS else f' card "{parts[0].card}"'
    one = parts[0] if len(parts) == 1 else None
    named = [f' {kind} "{name}"' for kind in NAME_KINDS if one for name in one.names(kind)]
    return said + "".join(named)


def _recent(session: Session, view: View, days: DayRange | None) -> Recent | None:
    if days is None:
        return None
    by_environment = merge_rows((_by_environment(session, part, days) for part in view.parts), lambda row: row.name)
    overhead = merge_rows((_overhead(session, part, days) for part in view.parts), lambda row: (row.action, row.agent))
    return Recent(
        Term(days.first_day, days.day_after_last),
        credits=sum((row.credits for row in by_environment), Decimal(0)),
        sandbox_credits=sum((row.credits for row in by_environment if row.name == "sandbox"), Decimal(0)),
        excess_credits=sum((row.excess_credits for row in overhead), Decimal(0)),
        most_expensive=max(overhead, key=lambda row: (row.excess_credits, row.action)).action if overhead else "",
        sandbox_usd=_cost(session, view, days, _by_environment, lambda row: row.name, "credits").of("sandbox"),
        excess_usd=_cost(session, view, days, _overhead, lambda row: row.action, "excess_credits").total,
    )


def _by_environment(session: Session, part: Scope, days: DayRange) -> list[queries.UsageByNameRow]:
    span = {"before_first_day": days.first_day, "first_day": days.first_day, "day_after_last": days.day_after_last}
    return session.rows(queries.UsageByNameRow, by="environment", grain=None, **span, **part.parameters())


def _overhead(session: Session, part: Scope, days: DayRange) -> list[queries.ExpensiveActionsRow]:
    return session.rows(
        queries.ExpensiveActionsRow, first_day=days.first_day, day_after_last=days.day_after_last, **part.parameters()
    )


def _cost(  # noqa: PLR0913, PLR0917 - whose rows of which days, and what of them
    session: Session,
    view: View,
    days: DayRange,
    read: Callable[[Session, Scope, DayRange], list[RowT]],
    name: Callable[[RowT], object],
    column: str,
) -> Costs:
    def rows(of_days: DayRange) -> list[RowT]:
        return [row for part in view.parts for row in read(session, part, of_days)]

    return slices.costs_of(view.facts.rates, days, rows, name, column)
