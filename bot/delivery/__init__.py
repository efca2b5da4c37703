"""Deliver the messages of the outbox to Slack and to spreadsheets, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.delivery.alert_actions import Decided, StoredAlerts, acknowledge, snooze
    from bot.delivery.dispatcher import Dispatcher
    from bot.delivery.slack_channel import SlackMailbox
    from bot.delivery.spreadsheet_channel import SheetMailbox, Spreadsheets
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "alert_actions": "Decided StoredAlerts acknowledge snooze",
            "dispatcher": "Dispatcher",
            "slack_channel": "SlackMailbox",
            "spreadsheet_channel": "SheetMailbox Spreadsheets",
        },
    )

__all__ = ["Decided", "Dispatcher", "SheetMailbox", "SlackMailbox", "Spreadsheets", "StoredAlerts", "acknowledge", "snooze"]
