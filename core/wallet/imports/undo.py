"""Undoes imports: rows, rollups, rejects and ledger are as if they had never happened."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import Answer, Figure, Note, number
from core.wallet.deliveries import prune_exports
from core.wallet.ingest import DayChange, UndoneImport, days_table, rebuild_if_settings_changed, require_checks, take_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from core.config import WalletSettings
    from core.warehouse import Session, Value, Warehouse

MAX_IN_HEADLINE = 5


@dataclass(frozen=True, slots=True)
class Undone:
    """Imports that were undone, and the effect on each day."""

    imports: tuple[UndoneImport, ...]
    days: tuple[DayChange, ...]

    def to_answer(self, today: date) -> Answer:
        """Return the undone imports as an answer."""
        numbers = " ".join(str(one.import_id) for one in self.imports)
        return Answer(
            question=f"import --undo {numbers}",
            title="Taken back",
            headline=self._headline(),
            as_of=today,
            figures=(
                Figure("imports", "Imports taken back", Decimal(len(self.imports)), "count"),
                Figure("days_touched", "Days touched", Decimal(len({change.day for change in self.days})), "days"),
            ),
            tables=(days_table(self.days),) if self.days else (),
            notes=(
                Note("assumption", "Messages already sent stay sent; alerts that no longer hold recover at the next evaluation."),
            ),
        )

    def _headline(self) -> str:
        named = " and ".join(f"import {one.import_id} ({one.file_name})" for one in self.imports[:MAX_IN_HEADLINE])
        more = f" and {len(self.imports) - MAX_IN_HEADLINE} more" if len(self.imports) > MAX_IN_HEADLINE else ""
        difference = sum((change.difference for change in self.days), Decimal(0))
        changed = (
            f"{number(abs(difference))} credits {'fewer' if difference < 0 else 'more'} count"
            if difference
            else "no credits change"
        )
        verb = "is" if len(self.imports) == 1 else "are"
        return f"{named[0].upper()}{named[1:]}{more} {verb} taken back: {changed}."


def undo_imports(  # noqa: PLR0913 -- what to take back, and who does when
    warehouse: Warehouse,
    import_ids: Sequence[int],
    settings: WalletSettings,
    *,
    who: str,
    now: datetime,
    before_commit: Callable[[Session, Undone], None] | None = None,
) -> Undone:
    """Undo imports in one transaction, and return the changes.

    The wallet then equals that of the other imports alone, in any order. before_commit: called inside the
    transaction, after its checks. Raises: ExportError, if there is no such import, or what it displaced is unknown;
    MachineError, if a check fails.
    """
    rebuild_if_settings_changed(warehouse, settings)
    with warehouse.writing() as session:
        undone = Undone(*take_out(session, import_ids, settings))
        for one in undone.imports:
            session.run("enter_undone_import", **_entry(one), undone_at=now, undone_by=who)
        require_checks(session)
        if before_commit:
            before_commit(session, undone)
    prune_exports(warehouse.path, [row["container_sha256"] for row in warehouse.query("imported_containers")])
    return undone


def _entry(one: UndoneImport) -> dict[str, Value]:
    return {
        "import_id": one.import_id,
        "file_name": one.file_name,
        "profile": one.profile,
        "imported_at": one.imported_at,
        "rows_read": one.rows_read,
    }
