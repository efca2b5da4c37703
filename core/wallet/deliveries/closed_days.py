# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""Days whose rows were folded into sums: their single rows are no longer known, so no more are imported."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import day as shown_day
from core.answer import group_digits, number
from core.errors import ExportError
from core.records import NamedTuple
from core.wallet.deliveries.versions import STAGE, STAGED_ROWS
from core.wallet.export_tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from core.warehouse import Session


class LeftOut(NamedTuple):
    """Rows of a file that lie in closed days.

    last_day: of these days. more: what the file holds for them beyond what is known.
    """

    rows: int
    last_day: date | None = None
    more: Decimal = Decimal(0)

    def note(self) -> Iterator[str]:
        """Yield what was left out."""
        if self.last_day:
            lie = "1 row lies" if self.rows == 1 else f"{group_digits(self.rows)} rows lie"
            yield (
                f"{lie} in days up to {shown_day(self.last_day)} that are folded into sums (retention.events), and"
                f" {'is' if self.rows == 1 else 'are'} not imported again."
            )

    def doubt(self) -> Iterator[str]:
        """Yield what the file holds for closed days that was not known when they were folded."""
        if self.more:
            yield (
                f"For days folded into sums (retention.events) the file holds {number(self.more)} more than was imported "
                f"before: that does not count."
            )


def leave_out_closed(session: Session, table: str) -> LeftOut:
    """Remove the staged rows of closed days, and return what they were."""
    if not TABLES[table].is_folded or not session.value("SELECT count(*) FROM closed_days WHERE table_name = $t", {"t": table}):
        return LeftOut(0)
    closed = "SELECT day, sum(amount) AS amount FROM closed_days WHERE table_name = $t GROUP BY day"
    amount = TABLES[table].amount
    rows, last_day, more = session.execute(
        f"SELECT coalesce(sum(row_count), 0), max(s.day), coalesce(sum(greatest(s.amount - c.amount, 0)), 0) FROM ("
        f"SELECT day, count(*) AS row_count, sum({amount}) AS amount FROM {STAGE} WHERE fault IS NULL GROUP BY day"
        f") AS s JOIN ({closed}) AS c ON c.day = s.day",
        {"t": table},
    )[0]
    inside = "SELECT day FROM closed_days WHERE table_name = $t"
    session.execute(f"DELETE FROM {STAGED_ROWS} WHERE fault IS NULL AND day IN ({inside})", {"t": table})
    return LeftOut(int(rows), last_day, Decimal(more))


def require_unfolded(session: Session, import_ids: Sequence[int]) -> None:
    """Raise ExportError if rows of an import were folded: they can no longer be told from others."""
    wanted = ", ".join(str(int(one)) for one in import_ids) or "NULL"
    found = session.execute(
        f"SELECT i.import_id, i.file_name FROM imports AS i WHERE i.import_id IN ({wanted})"
        " AND i.import_id IN (SELECT import_id FROM folded_imports) ORDER BY i.import_id"
    )
    if found:
        import_id, file_name = found[0]
        raise ExportError(
            f"Import {import_id} ({file_name}) delivered rows of days up to {shown_day(_last_closed_day(session))}, which are"
            " folded into sums (retention.events): it can no longer be taken back or read again. Nothing was changed."
        )


def require_open_days(session: Session, name: str, first_day: date) -> None:
    """Raise ExportError if a file is to be authoritative for closed days."""
    last = _last_closed_day(session)
    if last is not None and first_day <= last:
        raise ExportError(
            f"{name} cannot be authoritative for days up to {shown_day(last)}: they are folded into sums (retention.events). "
            f"Begin"
            " with the day after. Nothing was changed."
        )


def _last_closed_day(session: Session) -> date:
    found: date = session.value("SELECT max(day) FROM closed_days")
    return found
