"""Alerts: rules, their evaluation, the alerts that are stored and the outbox of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.alerts import outbox, repository
    from core.alerts.advice import ALL_USED
    from core.alerts.digest_keys import key_of, name_of, period_in, period_of
    from core.alerts.evaluation_due import doubt_of_clock
    from core.alerts.measurements import View, cards_of, figures_in, figures_of, merge_rows, view_of
    from core.alerts.model import Expected, Forecast, PoolMetrics
    from core.alerts.outbox import ClaimedMessage, Delivery, OutboxMessage, answer_in, deliveries, mark_for_recheck
    from core.alerts.rendering import TITLES
    from core.alerts.repository import LiveAlert, SnoozeFor, open_alerts
    from core.alerts.settings import AlertSettings, alert_settings
    from core.alerts.state_machine import LIVE
    from core.alerts.teams import WEEKDAYS, Address, AddressKind, Team, teams_of, watching
    from core.alerts.visibility import is_of, teams_within
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "advice": "ALL_USED",
            "digest_keys": "key_of name_of period_in period_of",
            "evaluation_due": "doubt_of_clock",
            "measurements": "View cards_of figures_in figures_of merge_rows view_of",
            "model": "Expected Forecast PoolMetrics",
            "outbox": "ClaimedMessage Delivery OutboxMessage answer_in deliveries mark_for_recheck",
            "rendering": "TITLES",
            "repository": "LiveAlert SnoozeFor open_alerts",
            "settings": "AlertSettings alert_settings",
            "state_machine": "LIVE",
            "teams": "Address AddressKind Team WEEKDAYS teams_of watching",
            "visibility": "is_of teams_within",
        },
    )

__all__ = [
    "ALL_USED",
    "LIVE",
    "TITLES",
    "WEEKDAYS",
    "Address",
    "AddressKind",
    "AlertSettings",
    "ClaimedMessage",
    "Delivery",
    "Expected",
    "Forecast",
    "LiveAlert",
    "OutboxMessage",
    "PoolMetrics",
    "SnoozeFor",
    "Team",
    "View",
    "alert_settings",
    "answer_in",
    "cards_of",
    "deliveries",
    "doubt_of_clock",
    "figures_in",
    "figures_of",
    "is_of",
    "key_of",
    "mark_for_recheck",
    "merge_rows",
    "name_of",
    "open_alerts",
    "outbox",
    "period_in",
    "period_of",
    "repository",
    "teams_of",
    "teams_within",
    "view_of",
    "watching",
]
