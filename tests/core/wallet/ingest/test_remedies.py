"""The remedy in a refusal, applied: the same file gives its credits."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from core.config.wallet import GenericProfile
from core.errors import ExportError
from core.wallet.ingest.report import ImportReport

if TYPE_CHECKING:
    from pathlib import Path

Importer = Callable[..., ImportReport]
HEADER = "Id;Event Time;Units Consumed"


@pytest.mark.parametrize(
    ("text", "first", "said", "remedy", "expected"),
    [
        (f"{HEADER}\ne1;2026-07-13T10:00:00Z;1,200\n", {}, "Set wallet.decimal to ',' or '.'", {"decimal": ","}, Decimal("1.2")),
        (f"{HEADER}\ne1;2026-07-13T10:00:00Z;1,200\n", {}, "Set wallet.decimal to ',' or '.'", {"decimal": "."}, Decimal(1200)),
        (
            f"{HEADER}\ne1;07/08/2026 10:00;20\n",
            {},
            "Set wallet.date_order to day_first or month_first",
            {"date_order": "day_first"},
            Decimal(20),
        ),
        (
            f"{HEADER}\ne1;2026-07-13 10:00;20\n",
            {"time_zone": "Europe/Berlin"},
            "Set wallet.export_time_zone",
            {"time_zone": "Europe/Berlin", "export_time_zone": "Europe/Berlin"},
            Decimal(20),
        ),
        (
            "When;Who;Points\n2026-07-13T10:00:00Z;Alpha;20\n",
            {},
            "agentcost import --learn export.csv --map date=… --map credits=…",
            {"profiles": (GenericProfile("points", "events", {"credits": "Points", "event_time": "When", "agent": "Who"}),)},
            Decimal(20),
        ),
        (
            "Id;Event Time;Points\ne1;2026-07-13T10:00:00Z;20\n",
            {},
            "agentcost import --learn export.csv --map credits=…",
            {"profiles": (GenericProfile("points", "events", {"credits": "Points"}),)},
            Decimal(20),
        ),
    ],
    ids=["a decimal comma", "a decimal point", "the order of dates", "a zone", "columns of another maker", "one column"],
)
def test_what_a_refusal_says_to_do_works(
    bring_in: Importer,
    total_credits: Callable[[], Decimal],
    tmp_path: Path,
    text: str,
    first: dict[str, object],
    said: str,
    remedy: dict[str, object],
    expected: Decimal,
) -> None:
    """Before it nothing is imported; with the setting that the sentence names, everything is."""
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ExportError) as refusal:
        bring_in(path, **first)
    assert said in str(refusal.value)
    assert bring_in(path, **remedy).files[0].is_whole
    assert total_credits() == expected


def test_a_total_that_the_rows_do_not_come_to_is_said(
    bring_in: Importer, total_credits: Callable[[], Decimal], tmp_path: Path
) -> None:
    """A report with hidden or missing details states a larger total; with all rows no doubt is left."""
    rows = ["e1,2026-07-13T10:00:00Z,20", "e2,2026-07-14T10:00:00Z,40"]
    header, total = "Id,Event Time,Units Consumed", "Total,,60"
    cut, whole = tmp_path / "cut.csv", tmp_path / "whole.csv"
    cut.write_text("\n".join([header, rows[0], total, ""]), encoding="utf-8")
    whole.write_text("\n".join([header, *rows, total, ""]), encoding="utf-8")
    assert "Its own total says 60 credits, its rows come to 20" in bring_in(cut).files[0].doubts[0]
    assert bring_in(whole).files[0].is_whole
    assert total_credits() == Decimal(20 + 40)


def test_an_agent_called_total_is_an_agent(bring_in: Importer, total_credits: Callable[[], Decimal], tmp_path: Path) -> None:
    """A row with a key of its own is usage, whatever its agent's name."""
    path = tmp_path / "export.csv"
    header = "Id,Event Time,Units Consumed,Agent"
    rows = ["e1,2026-07-13T10:00:00Z,20,Alpha", "e2,2026-07-14T10:00:00Z,20,Total", "e3,2026-07-15T10:00:00Z,7,Count Dracula"]
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    assert bring_in(path).files[0].is_whole
    assert total_credits() == Decimal(20 + 20 + 7)


@pytest.mark.parametrize(
    ("encoding", "agent"),
    [("shift_jis", "受付エージェント案内"), ("euc_jp", "受付エージェント案内"), ("cp1252", "Müller-Bot"), ("utf-16-le", "受付")],
)
def test_names_in_other_encodings(
    bring_in: Importer, ask: Callable[[str], object], tmp_path: Path, encoding: str, agent: str
) -> None:
    """Names arrive as written; if the file does not say its encoding, the report says which was used."""
    path = tmp_path / "export.csv"
    path.write_bytes(f"Id,Event Time,Units Consumed,Agent\ne1,2026-07-13T10:00:00Z,20,{agent}\n".encode(encoding))
    report = bring_in(path)
    assert ask("SELECT agent, credits FROM usage") == [(agent, 20)]
    assert any("is read as" in sentence for sentence in report.files[0].readings) == (not encoding.startswith("utf"))


def test_tables_one_below_another_all_count(bring_in: Importer, ask: Callable[[str], object], tmp_path: Path) -> None:
    """Each has a header of its own; importing the file again changes nothing."""
    path = tmp_path / "export.csv"
    events = "Id,Event Time,Units Consumed,Agent\ne1,2026-07-13T10:00:00Z,20,Alpha\n"
    ledger = (
        "Entitlement Card Definition Developer Name,Quantity,Start Date,End Date,Entitlement Transaction Type\n"
        "FlexCredits,1000,2026-07-01,2027-07-01,Add\n"
    )
    path.write_text(f"{events}\n{ledger}", encoding="utf-8")
    bring_in(path)
    bring_in(path)
    assert ask("SELECT sum(credits) AS held FROM usage UNION ALL SELECT sum(credits) FROM grants ORDER BY held") == [
        (20,),
        (1000,),
    ]


@pytest.mark.parametrize("rest", [{"done": False, "nextRecordsUrl": "/query/2"}, {"allData": False}, {"nextBatchId": "b2"}])
def test_a_page_of_an_answer_says_that_more_follows(bring_in: Importer, tmp_path: Path, rest: dict[str, object]) -> None:
    """One page alone would look like all usage."""
    path = tmp_path / "page.json"
    row = {"id__c": "e1", "eventtime__c": "2026-07-13T10:00:00Z", "unitsconsumed__c": 20}
    path.write_text(json.dumps({"records": [row, row | {"id__c": "e2"}], **rest}), encoding="utf-8")
    assert "part of an answer" in bring_in(path).files[0].doubts[0]


def test_a_key_on_two_amounts_is_said(bring_in: Importer, tmp_path: Path) -> None:
    """Which of the two is newer is unknown."""
    path = tmp_path / "export.csv"
    path.write_text("Id,Event Time,Units Consumed\n7,2026-07-13T10:00:00Z,20\n7,2026-07-13T10:00:00Z,40\n", encoding="utf-8")
    assert "1 id occurs on rows of different amounts" in bring_in(path).files[0].doubts[0]


def test_days_as_columns_are_refused_with_the_form_that_is_read(
    bring_in: Importer, ask: Callable[[str], object], tmp_path: Path
) -> None:
    """A matrix of agents and days has no rows; written as the refusal says, all of it counts."""
    path = tmp_path / "export.csv"
    path.write_text("Agent,2026-07-13,2026-07-14\nAlpha,20,7\nBeta,40,0\n", encoding="utf-8")
    with pytest.raises(ExportError, match=r"has a column for each day .*with the columns Date, Agent and Credits"):
        bring_in(path)
    path.write_text("Date,Agent,Credits\n2026-07-13,Alpha,20\n2026-07-14,Alpha,7\n2026-07-13,Beta,40\n", encoding="utf-8")
    assert bring_in(path).files[0].is_whole
    assert ask("SELECT agent, sum(credits) FROM usage GROUP BY agent ORDER BY agent") == [("Alpha", 20 + 7), ("Beta", 40)]
