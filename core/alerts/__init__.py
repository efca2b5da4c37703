"""Alerts: rules, their evaluation, the alerts that are stored and the outbox of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.alerts import outbox, repository
    from core.alerts.budget_measurements import (
        BudgetPast,
        BudgetUse,
        SpendingForecast,
        SpendingOutlook,
        budget_period,
        budgets_within,
        measure_budgets,
        spending_in,
    )
    from core.alerts.digest_keys import Kind, key_of, name_of, period_in, period_of
    from core.alerts.digest_outlook import NO_OUTLOOK, DigestOutlook
    from core.alerts.evaluation_due import doubt_of_clock, mark_due
    from core.alerts.measurements import View, cards_of, figures_in, figures_of, merge_rows, view_of
    from core.alerts.outbox import ClaimedMessage, Delivery, OutboxMessage, answer_in, deliveries, mark_for_recheck
    from core.alerts.rendering import title_of
    from core.alerts.repository import LiveAlert, SnoozeFor, open_alerts
    from core.alerts.undelivered import report_undelivered
    from core.alerts.visibility import is_of, teams_within
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "digest_keys": "Kind key_of name_of period_in period_of",
            "budget_measurements": (
                "BudgetPast BudgetUse SpendingForecast SpendingOutlook budget_period budgets_within measure_budgets spending_in"
            ),
            "digest_outlook": "DigestOutlook NO_OUTLOOK",
            "evaluation_due": "doubt_of_clock mark_due",
            "measurements": "View cards_of figures_in figures_of merge_rows view_of",
            "outbox": "ClaimedMessage Delivery OutboxMessage answer_in deliveries mark_for_recheck",
            "rendering": "title_of",
            "repository": "LiveAlert SnoozeFor open_alerts",
            "undelivered": "report_undelivered",
            "visibility": "is_of teams_within",
        },
    )

__all__ = [
    "NO_OUTLOOK",
    "BudgetPast",
    "BudgetUse",
    "ClaimedMessage",
    "Delivery",
    "DigestOutlook",
    "Kind",
    "LiveAlert",
    "OutboxMessage",
    "SnoozeFor",
    "SpendingForecast",
    "SpendingOutlook",
    "View",
    "answer_in",
    "budget_period",
    "budgets_within",
    "cards_of",
    "deliveries",
    "doubt_of_clock",
    "figures_in",
    "figures_of",
    "is_of",
    "key_of",
    "mark_due",
    "mark_for_recheck",
    "measure_budgets",
    "merge_rows",
    "name_of",
    "open_alerts",
    "outbox",
    "period_in",
    "period_of",
    "report_undelivered",
    "repository",
    "spending_in",
    "teams_within",
    "title_of",
    "view_of",
]
