"""How requests of Slack arrive: the app that Bolt runs, over HTTP or Socket Mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.slack.connection.app import SlackRequests, create_app
    from bot.slack.connection.round_trip import make_round_trip
    from bot.slack.connection.socket_mode import CONNECTED, SocketMode
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "app": "create_app SlackRequests",
            "round_trip": "make_round_trip",
            "socket_mode": "CONNECTED SocketMode",
        },
    )

__all__ = ["CONNECTED", "SlackRequests", "SocketMode", "create_app", "make_round_trip"]
