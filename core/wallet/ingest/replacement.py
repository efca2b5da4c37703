# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""A file declared authoritative for days: what it displaces, and whether its figures count afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import day as shown_day
from core.answer import group_digits, number
from core.errors import ExportError
from core.wallet.deliveries import (
    STAGE,
    UNSETTLED,
    DayBounds,
    ReplacedDays,
    claim_days,
    covers_sql,
    plain_text,
    require_open_days,
    row_table,
    settle,
)
from core.wallet.export_tables import ROLLED_UP, TABLES
from core.wallet.ingest.profiles import newest_by_of
from core.wallet.ingest.values import zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.config import WalletSettings
    from core.wallet.ingest.recognition import ImportPlan
    from core.wallet.ingest.rejects import RejectedRow
    from core.warehouse import Session

MAX_OTHERS = 5


@dataclass(frozen=True, slots=True)
class Replacement:
    """The days that a file replaces, and what counted before. credits: by the file; lacking: of coarser rows before."""

    name: str
    table: str
    import_id: int
    days: ReplacedDays
    credits: Decimal
    lacking: Decimal

    def settle_others(self, session: Session) -> None:
        """Overrule other imports on the days; the days are added to the temporary table `touched_days`."""
        for name in ROLLED_UP if TABLES[self.table].grain else (self.table,):
            covers = covers_sql(name, "t", "r")
            session.execute(
                f"CREATE OR REPLACE TEMP TABLE {UNSETTLED} AS SELECT DISTINCT t.id FROM {name} AS t"
                f" JOIN replaced_days AS r ON {covers} WHERE r.import_id = $import_id AND t.import_id <> $import_id",
                {"import_id": self.import_id},
            )
            if session.value(f"SELECT count(*) FROM {UNSETTLED}"):
                settle(session, row_table(session, name, newest_by_of(name)))

    def require_truth(self, session: Session) -> None:
        """Raise ExportError if anything other than the file's rows counts on the days: rows that it could not displace."""
        if not TABLES[self.table].grain:
            return
        counted = _counted(session, self.table, self.import_id, self.days.agent)
        lacking = _lacking(session, self.import_id) if self.days.agent else Decimal(0)
        if counted == self.credits and lacking <= (self.lacking if self.days.agent else Decimal(0)):
            return
        others = session.query("imports_of_replaced_days", import_id=self.import_id)
        named = ", ".join(f"{row['import_id']} ({row['file_name']})" for row in others[:MAX_OTHERS])
        wanted, would_count = number(self.credits), number(counted + (lacking if self.days.agent else Decimal(0)))
        raise ExportError(
            f"{self.name} cannot be authoritative for {self.said}: it holds {wanted} credits, and {would_count} would count,"
            f" because rows that are cut otherwise lie in these days as well{f', of import {named}' if named else ''}."
            " Take those back (agentcost import --undo N), or replace whole days of them. Nothing was changed."
        )

    @property
    def said(self) -> str:
        """The days in words, and the agent."""
        first, last = shown_day(self.days.first_day), shown_day(self.days.last_day)
        of_agent = f" of agent {self.days.agent}" if self.days.agent else ""
        return (first if first == last else f"{first} to {last}") + of_agent

    def notes(self, session: Session) -> Iterator[str]:
        """Yield what the file replaces, and what stays of other cards."""
        yield f"The truth for {self.said}: what other imports say of its cards then does not count, whenever they come."
        for row in session.query("other_cards_of_replaced_days", import_id=self.import_id):
            yield f"{number(row['credits'])} credits of {row['card']} in these days stay: the file has no row of that card."


def claim(  # noqa: PLR0913, PLR0917 -- what is declared of a file, and the file
    session: Session,
    days: ReplacedDays,
    plan: ImportPlan,
    rejects: list[RejectedRow],
    import_id: int,
    settings: WalletSettings,
) -> Replacement:
    """Record that the staged file is authoritative for days, before its rows are loaded.

    Raises: ExportError, if it has no rows on these days, was not read completely, or names no agents.
    """
    table, name = plan.match.profile.table, plan.prepared.name
    if not TABLES[table].begins:
        raise ExportError(f"{name} is read as {plan.match.profile.title}, whose rows are not of days of use: it replaces none.")
    if days.agent and not TABLES[table].agent:
        raise ExportError(f"{name} is read as {plan.match.profile.title}, which names no agents: leave --agent out.")
    if rejects:
        first = rejects[0]
        place = f"line {first.line}" + (f", column {first.column_name}" if first.column_name else "")
        rows = "1 row" if len(rejects) == 1 else f"{group_digits(len(rejects))} rows"
        raise ExportError(
            f"{name} has {rows} that cannot be read ({place}: {first.reason}), and a file that is authoritative for days must "
            f"be read"
            " whole. Fix it first. Nothing was changed."
        )
    require_open_days(session, name, days.first_day)
    bounds = DayBounds(zone(settings.time_zone, "wallet.time_zone"), settings.default_card)
    claim_days(session, import_id, table, days, bounds)
    staged = covers_sql(table, "s", "r")
    amount = TABLES[table].amount
    count, held = session.execute(
        f"SELECT count(*), coalesce(sum(s.{amount}) FILTER ({TABLES[table].counts}), 0) FROM {STAGE} AS s WHERE s.fault IS NULL"
        f" AND EXISTS (SELECT 1 FROM replaced_days AS r WHERE r.import_id = $import_id AND {staged})",
        {"import_id": import_id},
    )[0]
    found = Replacement(name, table, import_id, days, held, _lacking(session, import_id) if TABLES[table].grain else Decimal(0))
    if not count:
        raise ExportError(
            f"{name} has no row of {found.said}, so nothing would be left of it. To take an import back: agentcost import"
            " --undo N."
        )
    return found


def _counted(session: Session, table: str, import_id: int, agent: str) -> Decimal:
    """Return what counts on the replaced days: daily rows by UTC days, others by the team's days."""
    name = "counted_of_utc_days" if table == "usage_days" else "counted_of_days"
    parameters = {"import_id": import_id} if table == "usage_days" else {"import_id": import_id, "agent": plain_text(agent)}
    return Decimal(session.query(name, **parameters)[0]["credits"])


def _lacking(session: Session, import_id: int) -> Decimal:
    """Return what counts from coarser rows on the replaced days because finer ones lack it."""
    return Decimal(session.query("lacking_of_replaced_days", import_id=import_id)[0]["credits"])
