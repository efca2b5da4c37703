"""Grants, and how usage draws them down."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.wallet.ledger import balance
    from core.wallet.ledger.balance import (
        OPEN_END,
        OPEN_START,
        Balance,
        Grant,
        GrantLine,
        Pool,
        PoolUsage,
        Term,
        draw_down,
        drawing_key,
    )
    from core.wallet.ledger.grants import configured_grants, counted_grants, ledger_grants
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "balance": "Balance Grant GrantLine OPEN_END OPEN_START Pool PoolUsage Term draw_down drawing_key",
            "grants": "configured_grants counted_grants ledger_grants",
        },
    )

__all__ = [
    "OPEN_END",
    "OPEN_START",
    "Balance",
    "Grant",
    "GrantLine",
    "Pool",
    "PoolUsage",
    "Term",
    "balance",
    "configured_grants",
    "counted_grants",
    "draw_down",
    "drawing_key",
    "ledger_grants",
]
