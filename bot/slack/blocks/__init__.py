"""Answers, alerts and forms as Slack blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.slack.blocks import elements, scenario_form
    from bot.slack.blocks.alert import (
        ACKNOWLEDGE,
        ALERT_DONE,
        SNOOZE,
        SNOOZES,
        AlertBook,
        AlertPost,
        NoAlerts,
        OpenAlert,
        Undelivered,
        chosen_snooze,
        done_message,
        moment,
        taken_message,
    )
    from bot.slack.blocks.answer import answer_message, copyable_message, plain_message, public_message, share_message
    from bot.slack.blocks.channel_form import CONNECT, connect_form, connected_message, paste_message, plan_in
    from bot.slack.blocks.elements import Block
    from bot.slack.blocks.error import input_message, internal_error_message, internal_error_text
    from bot.slack.blocks.explanation import how_message
    from bot.slack.blocks.home import Home, home_view
    from bot.slack.blocks.message import SlackMessage
    from bot.slack.blocks.notification import alert_message, notification_message
    from bot.slack.blocks.round_trip import ROUND_TRIP, came_back_message, round_trip_message
    from bot.slack.blocks.scenario_form import ADD_ROW, BEGIN, CALLBACK, REMOVE_ROW, SHORTCUT
    from bot.slack.blocks.text import one_line, unescape
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "alert": (
                "ACKNOWLEDGE ALERT_DONE AlertBook AlertPost NoAlerts OpenAlert SNOOZE SNOOZES Undelivered "
                "chosen_snooze done_message moment taken_message"
            ),
            "answer": "answer_message copyable_message plain_message public_message share_message",
            "channel_form": "CONNECT connect_form connected_message paste_message plan_in",
            "elements": "Block",
            "error": "input_message internal_error_message internal_error_text",
            "explanation": "how_message",
            "home": "Home home_view",
            "message": "SlackMessage",
            "notification": "alert_message notification_message",
            "round_trip": "ROUND_TRIP came_back_message round_trip_message",
            "scenario_form": "ADD_ROW BEGIN CALLBACK REMOVE_ROW SHORTCUT",
            "text": "one_line unescape",
        },
    )

__all__ = [
    "ACKNOWLEDGE",
    "ADD_ROW",
    "ALERT_DONE",
    "BEGIN",
    "CALLBACK",
    "CONNECT",
    "REMOVE_ROW",
    "ROUND_TRIP",
    "SHORTCUT",
    "SNOOZE",
    "SNOOZES",
    "AlertBook",
    "AlertPost",
    "Block",
    "Home",
    "NoAlerts",
    "OpenAlert",
    "SlackMessage",
    "Undelivered",
    "alert_message",
    "answer_message",
    "came_back_message",
    "chosen_snooze",
    "connect_form",
    "connected_message",
    "copyable_message",
    "done_message",
    "elements",
    "home_view",
    "how_message",
    "input_message",
    "internal_error_message",
    "internal_error_text",
    "moment",
    "notification_message",
    "one_line",
    "paste_message",
    "plain_message",
    "plan_in",
    "public_message",
    "round_trip_message",
    "scenario_form",
    "share_message",
    "taken_message",
    "unescape",
]
