# ruff: noqa: S608 -- names of tables and columns are ours; values are bound
"""Which rows of the ledger count: those of a known type, and only one of two deliveries of a grant.

This follows from all rows and the settings alone, so it is recomputed whenever either changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.answer import group_digits, number
from core.wallet.ingest.staging import derive_columns
from core.wallet.ingest.values import file_reasons as reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.config import WalletSettings
    from core.warehouse import Session

# Keyless rows that repeat a fuller delivery: per card, first day and amount, as many count as that delivery has.
REPEATED = """
WITH counted AS (
    SELECT
        id, card, first_day, credits, starts_with(id, '#') AS is_keyless,
        CASE WHEN starts_with(id, '#') THEN import_id ELSE 0 END AS delivery
    FROM entitlements
    WHERE is_counted AND credits <> 0
),
sized AS (
    SELECT card, first_day, credits, delivery, count(*) AS row_count
    FROM counted
    GROUP BY card, first_day, credits, delivery
),
ranked AS (
    SELECT
        card, first_day, credits, delivery,
        row_number() OVER (PARTITION BY card, first_day, credits ORDER BY row_count DESC, delivery) AS place
    FROM sized
)
SELECT c.id
FROM counted AS c
JOIN ranked AS r
    ON r.card = c.card AND r.first_day IS NOT DISTINCT FROM c.first_day AND r.credits = c.credits AND r.delivery = c.delivery
WHERE c.is_keyless AND r.place > 1
"""


def recount_grants(session: Session, settings: WalletSettings) -> None:
    """Recompute what each row of the ledger adds to its pool; an unknown type or a repetition adds nothing."""
    added = derive_columns("entitlements", settings)["credits"]
    session.execute(f"UPDATE entitlements SET credits = {added}")
    session.execute(f"UPDATE entitlements SET credits = 0 WHERE id IN ({REPEATED})")


def doubtful_grants(session: Session, settings: WalletSettings, import_id: int) -> Iterator[str]:
    """Yield the doubts about an import's grants: unknown types, and rows that repeat another delivery's."""
    added = derive_columns("entitlements", settings)["credits"]
    said = {name.lower() for name, _ in settings.transaction_types}
    nothing = "import_id = $import_id AND is_counted AND credits = 0 AND quantity <> 0"
    for kind, rows, held, is_repeated in session.execute(
        f"SELECT type, count(*), sum(quantity), {added} <> 0 AS is_repeated FROM entitlements WHERE {nothing}"
        " GROUP BY type, is_repeated ORDER BY type, is_repeated",
        {"import_id": import_id},
    ):
        of_rows = "1 row" if rows == 1 else f"{group_digits(rows)} rows"
        if is_repeated:
            yield reasons.SAME_GRANT.tell(rows=of_rows, credits=number(held))
        elif kind.strip().lower() not in said:
            yield reasons.UNKNOWN_TRANSACTION_TYPE.tell(kind=kind, rows=of_rows, credits=number(held))
