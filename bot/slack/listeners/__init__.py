"""What Slack sends, and what the app does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.slack.listeners.agent import ABOUT_PRICES, AgentListeners
    from bot.slack.listeners.connect import ConnectChannel, ConnectListeners
    from bot.slack.listeners.home import HomeListeners
    from bot.slack.listeners.import_report import LEARN
    from bot.slack.listeners.imports import Imported, ImportFiles, ImportListeners
    from bot.slack.listeners.questions import Ask, Body, Listener, Listeners
    from bot.slack.listeners.round_trip import hear_round_trip
    from bot.slack.listeners.scenario import ScenarioListeners
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "agent": "ABOUT_PRICES AgentListeners",
            "connect": "ConnectChannel ConnectListeners",
            "home": "HomeListeners",
            "import_report": "LEARN",
            "imports": "ImportFiles ImportListeners Imported",
            "questions": "Ask Body Listener Listeners",
            "round_trip": "hear_round_trip",
            "scenario": "ScenarioListeners",
        },
    )

__all__ = [
    "ABOUT_PRICES",
    "LEARN",
    "AgentListeners",
    "Ask",
    "Body",
    "ConnectChannel",
    "ConnectListeners",
    "HomeListeners",
    "ImportFiles",
    "ImportListeners",
    "Imported",
    "Listener",
    "Listeners",
    "ScenarioListeners",
    "hear_round_trip",
]
