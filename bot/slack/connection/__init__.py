"""How Slack's requests arrive: the app that Bolt runs, over HTTP or Socket Mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.slack.connection.app import SlackRequests, answer_inherited, create_app
    from bot.slack.connection.install import INSTALL_PATH, Installing, create_oauth_flow, install_steps
    from bot.slack.connection.round_trip import make_round_trip
    from bot.slack.connection.socket_mode import CONNECTED, SocketMode
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "app": "answer_inherited create_app SlackRequests",
            "install": "INSTALL_PATH Installing create_oauth_flow install_steps",
            "round_trip": "make_round_trip",
            "socket_mode": "CONNECTED SocketMode",
        },
    )

__all__ = [
    "CONNECTED",
    "INSTALL_PATH",
    "Installing",
    "SlackRequests",
    "SocketMode",
    "answer_inherited",
    "create_app",
    "create_oauth_flow",
    "install_steps",
    "make_round_trip",
]
