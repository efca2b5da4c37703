"""The grants of a card: the ledger's rows and those of app.yaml, each kept separately, none counted twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from itertools import chain, count
from typing import TYPE_CHECKING

from core.wallet.ledger.balance import OPEN_END, Grant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime, tzinfo

    from core.config import GrantInput
    from core.warehouse import queries

# Exports write the end of a day as 23:59, 23:59:59 or 23:59:59.999; a minute later all of them are on the next day.
A_MINUTE = timedelta(minutes=1)
A_MINUTE_PAST_MIDNIGHT = time(0, 1)
# Words in the ledger's types for credits that were not paid for; matched within longer labels.
FREE_KINDS = ("foundations", "reimbursement")


def ledger_grants(rows: Iterable[queries.WalletGrantsRow], zone: tzinfo) -> list[Grant]:
    """Return the ledger's grants, their terms in the team's days: a term begins on the day that contains its first instant.

    Midnight UTC is how exports write a day without a time, so it means that day in every zone; any other instant is converted to
    the team's day. A term that ends in the last minute of a day ends with that day. Source: none is published; a
    contract's term consists of whole days.
    """
    return [
        Grant(
            name=row.id,
            credits=row.credits,
            first_day=_team_day(row.start_time, zone),
            day_after_last=_day_after(row.end_time, zone) if row.end_time else OPEN_END,
            kind=(kind := ", ".join(word for word in (row.type, row.subtype) if word)),
            usd=Decimal(0) if any(free in kind.lower() for free in FREE_KINDS) else None,
        )
        for row in rows
    ]


def _team_day(instant: datetime, zone: tzinfo) -> date:
    is_day = instant.time() == time()
    return instant.date() if is_day else instant.astimezone(zone).date()


def _day_after(end: datetime, zone: tzinfo) -> date:
    """Return the first day after a term; 23:59:59 is how exports write the end of a day, in UTC or in the team's zone."""
    later = end + A_MINUTE
    return later.date() if later.time() <= A_MINUTE_PAST_MIDNIGHT else later.astimezone(zone).date()


def configured_grants(grants: Iterable[GrantInput], card: str) -> list[Grant]:
    """Return the grants of a card from app.yaml, with unique names: repeated labels are numbered.

    A grant of kind free, or called Foundations and not of kind bought, costs nothing unless it states what was paid.
    """
    found: dict[str, Grant] = {}
    for place, said in enumerate((grant for grant in grants if grant.card.replace(" ", "") == card), 1):
        label = said.label or f"app.yaml {place}"
        name = next(name for name in chain([label], (f"{label} ({nth})" for nth in count(2))) if name not in found)
        found[name] = Grant(name, said.credits, said.start, said.end, _kind(said), _usd(said))
    return list(found.values())


def _is_free(said: GrantInput) -> bool:
    return said.kind == "free" or (not said.kind and FREE_KINDS[0] in said.label.lower())


def _kind(said: GrantInput) -> str:
    return "app.yaml, free" if _is_free(said) and not said.usd else "app.yaml"


def _usd(said: GrantInput) -> Decimal | None:
    return Decimal(0) if said.usd is None and _is_free(said) else said.usd


def counted_grants(ledger: Iterable[Grant], said: Iterable[Grant]) -> tuple[list[Grant], list[Grant]]:
    """Return all grants of ledger and app.yaml, each once, and those of app.yaml that only repeat a row of the ledger.

    If app.yaml states what was paid for a grant that it repeats, that price applies to the ledger's row.
    """
    rows, said_ones = list(ledger), list(said)
    paid = {id(row): grant.usd for grant, row in match_ledger_rows(rows, said_ones) if grant.usd is not None}
    new, repeated = deduplicate_grants(rows, said_ones)
    return [*(replace(row, usd=paid.get(id(row), row.usd)) for row in rows), *new], repeated


def deduplicate_grants(ledger: Iterable[Grant], said: Iterable[Grant]) -> tuple[list[Grant], list[Grant]]:
    """Return the grants of app.yaml that the ledger lacks, and those that repeat one of its rows; see `match_ledger_rows`."""
    grants = list(said)
    repeated = [grant for grant, _ in match_ledger_rows(ledger, grants)]
    return [grant for grant in grants if not any(grant is one for one in repeated)], repeated


def match_ledger_rows(ledger: Iterable[Grant], said: Iterable[Grant]) -> list[tuple[Grant, Grant]]:
    """Return the grants of app.yaml that repeat a row of the ledger, each with that row.

    A match has equal credits and the same term, with a tolerance of a day at either end for time zones. A row of the
    ledger matches at most one grant of app.yaml.
    """
    unmatched, found = list(ledger), []
    for grant in said:
        twin = next((one for one in unmatched if _is_alike(one, grant)), None)
        if twin is not None:
            # Two equal purchases are two grants: each row of the ledger matches one of them.
            unmatched.remove(twin)
            found.append((grant, twin))
    return found


def _is_alike(one: Grant, other: Grant) -> bool:
    # app.yaml has the contract's dates, the ledger instants of an unstated zone: they may differ by a day at either end.
    starts, ends = one.first_day - other.first_day, one.day_after_last - other.day_after_last
    return one.credits == other.credits and abs(starts) <= timedelta(days=1) and abs(ends) <= timedelta(days=1)
