"""Handlers of wallet questions: balance, usage, actions, costs, users."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.questions.wallet import balance
    from core.questions.wallet.balance import (
        burn_usd_per_month,
        days_stale,
        drawdown_notes,
        part_notes,
        remaining_usd,
        stale_notes,
        week_chart,
    )
    from core.questions.wallet.totals import SOURCES, Observed, active_users, observation_note, observe
    from core.questions.wallet.usage_grid import OTHERS, UsageGrid, usage_grids
    from core.questions.wallet.workload import (
        ActiveUsers,
        credits_of,
        from_wallet,
        interaction_rows,
        last_days,
        people,
        sandbox_actions,
    )
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "balance": ("burn_usd_per_month days_stale drawdown_notes part_notes remaining_usd stale_notes week_chart"),
            "totals": "Observed SOURCES active_users observation_note observe",
            "usage_grid": "OTHERS UsageGrid usage_grids",
            "workload": "ActiveUsers credits_of from_wallet interaction_rows last_days people sandbox_actions",
        },
    )

__all__ = [
    "OTHERS",
    "SOURCES",
    "ActiveUsers",
    "Observed",
    "UsageGrid",
    "active_users",
    "balance",
    "burn_usd_per_month",
    "credits_of",
    "days_stale",
    "drawdown_notes",
    "from_wallet",
    "interaction_rows",
    "last_days",
    "observation_note",
    "observe",
    "part_notes",
    "people",
    "remaining_usd",
    "sandbox_actions",
    "stale_notes",
    "usage_grids",
    "week_chart",
]
