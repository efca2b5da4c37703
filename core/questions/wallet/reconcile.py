"""`reconcile`: summed usage against the ledger and against the wallet's own balance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.answer import Answer, Column, Note, Table, figure, group_digits, number, percent
from core.answer import day as shown_day
from core.scope import Scope
from core.wallet.usage import grants_of, slices
from core.warehouse import queries

if TYPE_CHECKING:
    from core.answer import Figure
    from core.context import Context
    from core.language import Question
    from core.wallet.ledger import Grant
    from core.wallet.usage import Extent
    from core.warehouse import Session

BALANCE_COLUMNS = (
    Column("environment", "Environment", "text"),
    Column("used_credits", "Used, summed", "credits"),
    Column("balance_used_credits", "Used, per the wallet", "credits"),
    Column("difference_credits", "Difference", "credits"),
    Column("balance_granted_credits", "Granted, per the wallet", "credits", is_detail=True),
)
GRAIN_COLUMNS = (
    Column("grain", "Rows of", "text"),
    Column("days", "Days", "days"),
    Column("credits", "Credits", "credits"),
    Column("difference_credits", "Difference from counted", "credits"),
)
DAY_COLUMNS = (
    Column("day", "Day, cut in UTC", "day"),
    Column("event_credits", "Events", "credits"),
    Column("hour_credits", "Hours", "credits"),
    Column("day_credits", "Days", "credits"),
    Column("counted_credits", "Counted", "credits"),
    Column("holds_most", "Most complete", "text"),
)
GRAINS_DIFFER = (
    "Events, hours and days do not sum to the same: rows reach one export before the other, or an export holds only a part. "
    "Of each card, environment and day the one that holds most is counted; a finer one alone where it lacks at most {tolerance} "
    "of it (wallet.grain_tolerance_percent)."
)
FINEST_FIRST = ("event", "hour", "day")
MAX_DAYS = 31


@dataclass(frozen=True, slots=True)
class Compared:
    """A card's usage, ledger and balance. used: by environment; balances, overlap: rows of the queries."""

    card: str
    extent: Extent
    used: dict[str, Decimal]
    balances: list[queries.LatestBalancesRow]
    overlap: list[queries.GrainOverlapRow]
    ledger: list[queries.WalletGrantsRow]
    grants: list[Grant]
    rejected: int
    tolerance: Decimal

    @property
    def differing(self) -> list[queries.GrainOverlapRow]:
        """The rows of `overlap` in which some grain differs from what is counted."""
        return [row for row in self.overlap if any(held != row.counted_credits for held in _held(row).values())]

    @property
    def used_in_all(self) -> Decimal:
        """Summed usage of every environment."""
        return sum(self.used.values(), Decimal(0))

    @property
    def stated(self) -> set[str]:
        """The environments for which the wallet states a balance; one without a name covers all."""
        named = {row.environment for row in self.balances}
        return set(self.used) if named == {"unknown"} else named

    @property
    def used_where_stated(self) -> Decimal:
        """Summed usage of those environments."""
        return sum((used for name, used in self.used.items() if name in self.stated), Decimal(0))

    @property
    def balance_used(self) -> Decimal | None:
        """Credits used, as the wallet states; None without a snapshot."""
        return sum((row.used_credits for row in self.balances), Decimal(0)) if self.balances else None

    @property
    def balance_granted(self) -> Decimal | None:
        """Credits granted, as the wallet states: every environment of a snapshot repeats the total; None without one."""
        return max((row.granted_credits for row in self.balances), default=None)

    @property
    def ledger_credits(self) -> Decimal | None:
        """The sum of the ledger's rows; None without a ledger."""
        return sum((row.credits for row in self.ledger), Decimal(0)) if self.ledger else None


def reconcile(question: Question, context: Context) -> Answer:
    """Return the differences between usage, ledger and balance, and their likely causes."""
    with context.reading() as session:
        found = _compare(session, question, context)
    return Answer(
        question=context.canonical_question(question),
        title="Reconciliation",
        headline=_headline(found),
        as_of=context.as_of,
        figures=_figures(found),
        tables=tuple(table for table in (_balance_table(found), _grain_table(found), _day_table(found)) if table.rows),
        arithmetic=tuple(_sums(found)),
        notes=tuple(_causes(found)),
        sources=slices.query_source("usage_by_name", "latest_balances", "wallet_grants", "grain_overlap"),
    )


def _compare(session: Session, question: Question, context: Context) -> Compared:
    card = slices.part_of(question, context, session).card
    extent = slices.extent_of(session, card, context)
    usage = _by_environment(session, card, extent) if extent.first_day else []
    grants, _ = grants_of(session, card, context)
    return Compared(
        card=card,
        extent=extent,
        used={row.name: row.credits for row in usage},
        balances=session.rows(queries.LatestBalancesRow, card=card),
        overlap=session.rows(queries.GrainOverlapRow, card=card),
        ledger=session.rows(queries.WalletGrantsRow, card=card),
        grants=grants,
        rejected=session.row(queries.RejectCountRow).rows,
        tolerance=context.config.wallet.grain_tolerance_percent,
    )


def _by_environment(session: Session, card: str, extent: Extent) -> list[queries.UsageByNameRow]:
    days, everything = extent.all_days, dict.fromkeys(("grain", "environment", "org", "agent", "department"))
    span = {"before_first_day": days.first_day, "first_day": days.first_day, "day_after_last": days.day_after_last}
    return session.rows(queries.UsageByNameRow, by="environment", card=card, **span, **everything)


def _difference(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _usage_difference(found: Compared) -> Decimal | None:
    return _difference(found.used_where_stated, found.balance_used)


def _grant_difference(found: Compared) -> Decimal | None:
    return _difference(found.ledger_credits, found.balance_granted)


def _headline(found: Compared) -> str:
    used, granted = _usage_difference(found), _grant_difference(found)
    if used is None:
        return f"{number(found.used_in_all)} credits of usage; the wallet's own balance was not imported: nothing to compare."
    usage = f"In credits, usage is {_apart(used)} the balance" if used else "Usage and balance agree"
    if granted is None:
        return f"{usage}; the ledger was not imported."
    ledger = f"the ledger is {_apart(granted)} it" if granted else "ledger and balance agree"
    return f"{usage}; {ledger}."


def _apart(difference: Decimal) -> str:
    return f"{number(abs(difference))} {'above' if difference > 0 else 'below'}"


def _figures(found: Compared) -> tuple[Figure, ...]:
    return (
        figure("used_credits", found.used_in_all),
        figure("balance_used_credits", found.balance_used),
        figure("used_difference_credits", _usage_difference(found)),
        figure("ledger_credits", found.ledger_credits),
        figure("balance_granted_credits", found.balance_granted),
        figure("granted_difference_credits", _grant_difference(found)),
        figure("data_through", found.extent.data_through),
    )


def _balance_table(found: Compared) -> Table:
    names = sorted({*found.used, *(row.environment for row in found.balances)})
    return Table("balances", "Usage against balance", BALANCE_COLUMNS, tuple(_balance_row(found, name) for name in names))


def _balance_row(found: Compared, name: str) -> tuple[Any, ...]:
    mine = [row for row in found.balances if row.environment == name]
    used = found.used.get(name, Decimal(0))
    stated = sum((row.used_credits for row in mine), Decimal(0)) if mine else None
    return (name, used, stated, _difference(used, stated), max((row.granted_credits for row in mine), default=None))


def _grain_table(found: Compared) -> Table:
    cells = tuple(_grain_row(grain, [row for row in found.overlap if grain in _held(row)]) for grain in FINEST_FIRST)
    title = "Days that several grains describe; of each the most complete is counted"
    return Table("grains", title, GRAIN_COLUMNS, tuple(row for row in cells if row[1]))


def _grain_row(grain: str, rows: list[queries.GrainOverlapRow]) -> tuple[str, Decimal, Decimal, Decimal]:
    """Return the days that one grain covers beside another, its credits for them, and the difference."""
    held = sum((_held(row)[grain] for row in rows), Decimal(0))
    return grain, Decimal(len(rows)), held, held - sum((row.counted_credits for row in rows), Decimal(0))


def _held(row: queries.GrainOverlapRow) -> dict[str, Decimal]:
    """Return the credits of each grain that covers the day, finest first."""
    held = {grain: getattr(row, f"{grain}_credits") for grain in FINEST_FIRST}
    return {grain: credits_held for grain, credits_held in held.items() if credits_held is not None}


def _day_table(found: Compared) -> Table:
    rows = sorted(sorted(found.differing, key=_spread, reverse=True)[:MAX_DAYS], key=lambda row: row.day)
    cells = tuple((*(getattr(row, column.key) for column in DAY_COLUMNS[:-1]), _holds_most(row)) for row in rows)
    return Table("grain_days", "Days whose grains differ", DAY_COLUMNS, cells)


def _spread(row: queries.GrainOverlapRow) -> Decimal:
    held = _held(row).values()
    return max(held) - min(held)


def _holds_most(row: queries.GrainOverlapRow) -> str:
    held = _held(row)
    return f"{max(held, key=lambda grain: held[grain])}s"


def _sums(found: Compared) -> list[str]:
    sums = []
    used, granted = _usage_difference(found), _grant_difference(found)
    if used is not None and found.balance_used is not None:
        sums.append(
            f"{number(found.used_where_stated)} summed − {number(found.balance_used)} stated = {number(used)} credits used"
        )
    if granted is not None and found.ledger_credits is not None and found.balance_granted is not None:
        parts = " + ".join(number(row.credits) for row in found.ledger).replace("+ -", "− ")
        sums.append(f"{parts} = {number(found.ledger_credits)} credits in the ledger")
        ledger, stated = number(found.ledger_credits), number(found.balance_granted)
        sums.append(f"{ledger} in the ledger − {stated} stated = {number(granted)} credits granted")
    return sums


def _causes(found: Compared) -> list[Note]:
    return [*_scope_notes(found), *_timing_notes(found), *_ledger_notes(found), *_row_notes(found)]


def _scope_notes(found: Compared) -> list[Note]:
    if not found.balances:
        return [Note("warning", "Import the answer of computeConsumption as JSON to compare with the wallet's own balance.")]
    outside = {name: used for name, used in found.used.items() if name not in found.stated and used}
    words = ", ".join(f"{number(used)} {name}" for name, used in sorted(outside.items()))
    text = (
        f"The snapshot states {', '.join(sorted(found.stated))} only. Used elsewhere, and not in the difference: {words} credits."
    )
    return [Note("assumption", text)] if outside else []


def _timing_notes(found: Compared) -> list[Note]:
    if not found.balances:
        return []
    text = (
        "The snapshot carries no date. Use between it and the newest export, and rows that arrive late, show up as a difference."
    )
    notes = [Note("assumption", text)]
    if found.extent.data_through and _usage_difference(found):
        notes.append(
            Note("warning", f"Rows since {shown_day(found.extent.provisional_from)} are provisional and may explain part of it.")
        )
    return notes


def _ledger_notes(found: Compared) -> list[Note]:
    notes = []
    given = [row for row in found.ledger if row.credits < 0 or (row.subtype or "").lower() == "reimbursement"]
    if given:
        words = " · ".join(f"{row.id} {number(row.credits)}" for row in given)
        text = f"Corrections come as ledger rows, not as changed usage: {words}. They change the grants, not what was used."
        notes.append(Note("assumption", text))
    odd = sorted({row.type or "no type" for row in found.ledger} - {"Add", "New", "Reduction"})
    if odd:
        notes.append(
            Note(
                "warning",
                f"The ledger has undocumented types ({', '.join(odd)}); they are read by the sign of their quantity.",
            )
        )
    if not found.ledger:
        notes.append(Note("warning", "The entitlement ledger was not imported, so grants cannot be compared."))
    return notes


def _row_notes(found: Compared) -> list[Note]:
    notes = []
    if found.rejected:
        notes.append(
            Note("warning", f"{group_digits(found.rejected)} rows of the imported files were rejected and are not in the sum.")
        )
    if found.used.get("unknown"):
        notes.append(Note("warning", f"{number(found.used['unknown'])} credits name no environment."))
    if found.differing:
        notes.append(Note("warning", GRAINS_DIFFER.format(tolerance=percent(found.tolerance))))
    if len(found.differing) > MAX_DAYS:
        notes.append(
            Note("assumption", f"{MAX_DAYS} of {len(found.differing)} days that differ are shown, those that differ most.")
        )
    notes += slices.empty_card_notes(found.extent)
    if found.extent.first_day:
        notes += slices.lacking_notes(Scope(card=found.card), found.extent, found.extent.all_days)
    return [
        *notes,
        Note("assumption", "The monthly statement is authoritative; this shows where a difference comes from."),
    ]
