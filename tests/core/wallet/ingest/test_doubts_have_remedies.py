"""The remedy that an import names for a doubt, applied: the figures are right, and no doubt is left."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pytest

from core.config.wallet import WalletSettings
from core.wallet.deliveries import ReplacedDays
from core.wallet.imports import undo_imports
from core.wallet.ingest.pipeline import import_files

if TYPE_CHECKING:
    from pathlib import Path

    from core.wallet.ingest.report import ImportReport
    from core.warehouse.database import Warehouse

EVENTS = "Id,Event Time,Units Consumed,Agent\n"
LEDGER = "Id,Entitlement Card Definition Developer Name,Quantity,Start Date,End Date,Entitlement Transaction Type\n"
TWO_CARDS = (
    "Id,Event Time,Units Consumed,Agent,Card Name\n"
    "e1,2026-07-13T10:00:00Z,40,Alpha,Agent Credits\ne2,2026-07-13T10:00:00Z,7,Alpha,Other Credits\n"
)
JULY_13 = ReplacedDays(date(2026, 7, 13), date(2026, 7, 13))


class Doubt(NamedTuple):
    """Files that leave a doubt, words of the remedy, the imports to undo, and what is imported then, and how."""

    files: tuple[str, ...]
    said: str
    mended: str
    total: int
    settings: WalletSettings = WalletSettings()
    replaces: ReplacedDays | None = None
    counted: str = "SELECT sum(credits) FROM usage"
    undone: tuple[int, ...] = ()


DOUBTS = {
    "a type of the ledger": Doubt(
        (LEDGER + "g1,FlexCredits,1000,2026-07-01,2027-07-01,Promotion\n",),
        "wallet: {transaction_types: {Promotion: adds}}",
        LEDGER + "g1,FlexCredits,1000,2026-07-01,2027-07-01,Promotion\n",
        1_000,
        WalletSettings(transaction_types=(("Promotion", "adds"),)),
        counted="SELECT sum(credits) FROM grants",
    ),
    "a correction without an age": Doubt(
        (EVENTS + "e1,2026-07-13T10:00:00Z,40,Alpha\n", EVENTS + "e1,2026-07-13T10:00:00Z,30,Alpha\n"),
        "--replaces FROM..TO FILE",
        EVENTS + "e1,2026-07-13T10:00:00Z,30,Alpha\n",
        30,
        replaces=JULY_13,
    ),
    "several cards with agents": Doubt(
        (TWO_CARDS,),
        "Set wallet.default_card to the one that is meant, such as AgentCredits",
        TWO_CARDS,
        40,
        WalletSettings(default_card="AgentCredits"),
        counted="SELECT sum(credits) FROM usage WHERE card = 'AgentCredits'",
    ),
    "rows without an id beside equal ones": Doubt(
        (EVENTS + "e1,2026-07-13T10:00:00Z,20,Alpha\n,2026-07-13T10:00:00Z,20,Alpha\n",),
        "export them with Id in every row and import that",
        EVENTS + "e1,2026-07-13T10:00:00Z,20,Alpha\ne2,2026-07-13T10:00:00Z,20,Alpha\n",
        20 + 20,
    ),
    "an id on two amounts": Doubt(
        (EVENTS + "e1,2026-07-13T10:00:00Z,40,Alpha\ne1,2026-07-13T10:00:00Z,30,Alpha\n",),
        "Export with Processed Time",
        "Id,Event Time,Units Consumed,Agent,Processed Time\n"
        "e1,2026-07-13T10:00:00Z,40,Alpha,2026-07-13T11:00:00Z\ne1,2026-07-13T10:00:00Z,30,Alpha,2026-07-13T12:00:00Z\n",
        30,
    ),
    "numbers of rows as ids": Doubt(
        (EVENTS + "1,2026-07-13T10:00:00Z,20,Alpha\n", EVENTS + "1,2026-07-14T10:00:00Z,40,Alpha\n"),
        "take both back (agentcost import --undo N), and import both without Id",
        "Event Time,Units Consumed,Agent\n2026-07-13T10:00:00Z,20,Alpha\n2026-07-14T10:00:00Z,40,Alpha\n",
        20 + 40,
        undone=(1, 2),
    ),
    "other ids for the same use": Doubt(
        (
            EVENTS + "a1,2026-07-13T10:00:00Z,20,Alpha\na2,2026-07-14T10:00:00Z,40,Alpha\n",
            EVENTS + "b1,2026-07-13T10:00:00Z,20,Alpha\nb2,2026-07-14T10:00:00Z,40,Alpha\n",
        ),
        "take one or the other back (agentcost import --undo N)",
        EVENTS + "b3,2026-07-15T10:00:00Z,7,Alpha\n",
        20 + 40 + 7,
        undone=(1,),
    ),
    "sums of days that are less than the events": Doubt(
        (
            EVENTS + "e1,2026-07-13T10:00:00Z,20,Alpha\ne2,2026-07-13T11:00:00Z,40,Alpha\n",
            "Usage Date,Agent,Units Consumed\n2026-07-13,Alpha,50\n",
        ),
        "take one or the other back (agentcost import --undo N)",
        "Usage Date,Agent,Units Consumed\n2026-07-13,Alpha,50\n2026-07-14,Alpha,7\n",
        50 + 7,
        undone=(1, 2),
    ),
    "a total that is more": Doubt(
        (EVENTS + "e1,2026-07-13T10:00:00Z,20,Alpha\nTotal,,60,\n",),
        "Export it again, with all details shown",
        EVENTS + "e1,2026-07-13T10:00:00Z,20,Alpha\ne2,2026-07-13T11:00:00Z,40,Alpha\nTotal,,60,\n",
        60,
    ),
}


@pytest.mark.parametrize("name", DOUBTS)
def test_what_is_said_to_do_settles_a_doubt(warehouse: Warehouse, tmp_path: Path, name: str) -> None:
    """The last file leaves a doubt that names its remedy; after the remedy the total is right and no doubt is left."""
    doubt = DOUBTS[name]
    reports = [bring(warehouse, tmp_path / f"{nth}.csv", text, WalletSettings()) for nth, text in enumerate(doubt.files)]
    assert doubt.said in " ".join(reports[-1].files[0].doubts)
    undo_imports(warehouse, doubt.undone, WalletSettings(), who="kim", now=datetime(2026, 8, 1, tzinfo=UTC))
    path = tmp_path / (f"{len(doubt.files) - 1}.csv" if doubt.mended in doubt.files else "mended.csv")
    assert bring(warehouse, path, doubt.mended, doubt.settings, doubt.replaces).files[0].is_whole
    assert warehouse.execute(doubt.counted) == [(Decimal(doubt.total),)]


def bring(
    warehouse: Warehouse, path: Path, text: str, settings: WalletSettings, replaces: ReplacedDays | None = None
) -> ImportReport:
    """Write a text as a file and import it."""
    path.write_text(text, encoding="utf-8")
    return import_files(warehouse, [path], settings, replaces=replaces)
