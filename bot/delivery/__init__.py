"""Deliver the messages of the outbox to Slack, to spreadsheets and by e-mail, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.delivery.alert_actions import Decided, StoredAlerts, acknowledge, snooze
    from bot.delivery.dispatcher import Channel, Dispatcher
    from bot.delivery.email_channel import EmailMailbox, MailSettings, mail_settings, trouble_in_words
    from bot.delivery.slack_channel import SlackMailbox
    from bot.delivery.spreadsheet_channel import SheetMailbox, Spreadsheets
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "alert_actions": "Decided StoredAlerts acknowledge snooze",
            "dispatcher": "Channel Dispatcher",
            "email_channel": "EmailMailbox MailSettings mail_settings trouble_in_words",
            "slack_channel": "SlackMailbox",
            "spreadsheet_channel": "SheetMailbox Spreadsheets",
        },
    )

__all__ = [
    "Channel",
    "Decided",
    "Dispatcher",
    "EmailMailbox",
    "MailSettings",
    "SheetMailbox",
    "SlackMailbox",
    "Spreadsheets",
    "StoredAlerts",
    "acknowledge",
    "mail_settings",
    "snooze",
    "trouble_in_words",
]
