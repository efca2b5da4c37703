"""An answer survives the round trip through JSON."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from core.answer.json_decoder import answer_from_json
from core.answer.model import Answer, Chart, Column, Emphasis, Fact, Figure, Note, Series, Source, Table

COLUMNS = (Column("a", "A", "text", is_detail=True), Column("b", "B", "usd"))
WHOLE = Answer(
    question="wallet",
    title="Wallet",
    headline="Half is used.",
    as_of=date(2026, 9, 1),
    figures=(
        Figure("used_credits", "Used", Decimal("0.1"), "credits"),
        Figure("term_end", "Term ends", date(2027, 7, 1), "day"),
        Figure("data_through", "Data through", datetime(2026, 9, 1, 6, tzinfo=UTC), "instant"),
        Figure("alert_owner", "Owner", None, "text"),
    ),
    tables=(
        Table(
            "t", "T", (Column("a", "A", "text", is_detail=True), Column("b", "B", "usd")), (("x", Decimal("2.5")), ("y", None))
        ),
    ),
    charts=(Chart("c", "C", "bar", ("1 Sep",), (Series("Credits", (Decimal(7),)),), "credits"),),
    arithmetic=("1 + 1 = 2",),
    notes=(Note("warning", "Careful."), Note("warning", "At length.", ""), Note("assumption", "At length.", "In brief.")),
    sources=(Source("Guide", date(2026, 8, 31)), Source("Query x", None)),
    emphasis=Emphasis((Fact("Left", "$1.00"),), "t", ("b",), is_newest_last=True, chart="c", read_as=("Read as: wallet",)),
)


def test_an_answer_read_back_is_the_same() -> None:
    """Figures in every unit, tables, charts, notes and sources are read back unchanged."""
    assert answer_from_json(json.loads(json.dumps(WHOLE.to_json()))) == WHOLE


def test_what_was_written_before_is_read_too() -> None:
    """Messages that waited in the outbox during an upgrade have no emphasis, and are still read."""
    told = WHOLE.to_json()
    del told["emphasis"]
    told["notes"] = [{"kind": "warning", "text": "Careful."}]
    assert answer_from_json(told) == replace(WHOLE, notes=(Note("warning", "Careful."),), emphasis=Emphasis())
