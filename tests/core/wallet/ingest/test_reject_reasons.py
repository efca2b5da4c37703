"""Each reason to reject rows names a remedy, and the remedy works."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pytest

from core.errors import ExportError
from core.wallet.ingest.report import ImportReport
from core.wallet.ingest.values import reject_reasons as reasons

if TYPE_CHECKING:
    from pathlib import Path

Importer = Callable[..., ImportReport]
EVENTS = "Id,Event Time,Units Consumed\ne1,2026-07-13T10:00:00Z,20\n"
LEDGER = (
    "Id,Entitlement Card Definition Developer Name,Quantity,Start Date,End Date,Entitlement Transaction Type\n"
    "g1,FlexCredits,1000,2026-07-01,2027-07-01,Add\n"
)
DAILY = "Id,Utilization Date,Units Consumed\nd1,2026-07-13,20\n"
AI_USAGE = (
    "Id,Timestamp,Ai Agent Session Id,Usage Quantity,Is Metered Indicator,Prompt Total Token Count\n"
    "a1,2026-07-13T10:00:00Z,s,1,true,100\n"
)


class Fault(NamedTuple):
    """A file whose last row is rejected: the row as it is and corrected, and the settings that read it."""

    text: str
    row: str
    mended: str
    before: dict[str, str]
    after: dict[str, str]


def mend(text: str, row: str, mended: str) -> Fault:
    """Return a fault that another value corrects."""
    return Fault(text, row, mended, {}, {})


BERLIN = {"export_time_zone": "Europe/Berlin"}
FAULTS = {
    reasons.MISSING: mend(EVENTS, "e2,,40", "e2,2026-07-14T10:00:00Z,40"),
    reasons.NOT_A_TIME: mend(EVENTS, "e2,soon,40", "e2,2026-07-14T10:00:00Z,40"),
    reasons.NOT_A_DAY: mend(DAILY, "d2,soon,40", "d2,2026-07-14,40"),
    reasons.NOT_OF_THIS_CENTURY: mend(EVENTS, "e2,1926-07-14T10:00:00Z,40", "e2,2026-07-14T10:00:00Z,40"),
    reasons.SKIPPED: Fault(
        "Id,Event Time,Units Consumed\ne1,2026-03-28 10:00,20\n",
        "e2,2026-03-29 02:30,40",
        "e2,2026-03-29 02:30,40",
        BERLIN,
        {"export_time_zone": "UTC"},
    ),
    reasons.NOT_A_NUMBER: mend(EVENTS, "e2,2026-07-14T10:00:00Z,1.2k", "e2,2026-07-14T10:00:00Z,1200"),
    reasons.NOT_A_WHOLE_NUMBER: mend(AI_USAGE, "a2,2026-07-14T10:00:00Z,s,1,true,many", "a2,2026-07-14T10:00:00Z,s,1,true,200"),
    reasons.NEITHER_TRUE_NOR_FALSE: mend(
        AI_USAGE, "a2,2026-07-14T10:00:00Z,s,1,perhaps,100", "a2,2026-07-14T10:00:00Z,s,1,false,100"
    ),
    reasons.NEGATIVE: mend(AI_USAGE, "a2,2026-07-14T10:00:00Z,s,-1,true,100", "a2,2026-07-14T10:00:00Z,s,1,true,100"),
    reasons.ENDS_BEFORE_IT_STARTS: mend(
        LEDGER, "g2,FlexCredits,1000,2026-07-01,2025-07-01,Add", "g2,FlexCredits,1000,2026-07-01,2027-07-01,Add"
    ),
}


@pytest.mark.parametrize("reason", reasons.REASONS, ids=lambda reason: reason.reason)
def test_a_remedy_lets_the_row_be_read(bring_in: Importer, tmp_path: Path, reason: reasons.RejectReason) -> None:
    """The report names line, value, reason and remedy of the rejected row; with the remedy every row of the file counts."""
    fault = FAULTS[reason]
    path = tmp_path / "export.csv"
    path.write_text(f"{fault.text}{fault.row}\n", encoding="utf-8")
    report = bring_in(path, **fault.before).files[0]
    assert [reason.is_of(entry.reason) for entry in report.rejected] == [True]
    assert any(note.startswith("Line 3: ") and note.endswith(reason.remedy) for note in report.notes)
    path.write_text(f"{fault.text}{fault.mended}\n", encoding="utf-8")
    mended = bring_in(path, **fault.after).files[0]
    assert mended.is_whole
    assert mended.rows_read == mended.rows_new + mended.rows_changed + mended.rows_same == 1 + 1


def test_a_zone_of_several_meanings_is_read_by_the_setting(
    bring_in: Importer, total_credits: Callable[[], Decimal], tmp_path: Path
) -> None:
    """A file with such times is refused with the value and the setting; with the setting all of it counts."""
    path = tmp_path / "export.csv"
    path.write_text("Id,Event Time,Units Consumed\ne1,13-Jul-2026 15:30 IST,20\n", encoding="utf-8")
    with pytest.raises(ExportError) as refusal:
        bring_in(path)
    assert "not a time (13-Jul-2026 15:30 IST). IST is the name of several zones: set wallet.export_time_zone" in str(
        refusal.value
    )
    assert bring_in(path, export_time_zone="Asia/Kolkata").files[0].is_whole
    assert total_credits() == Decimal(20)
