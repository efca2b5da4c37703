"""Every home page whose look is held in tests/golden/slack, by the name of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.alerts import OpenAlert
from bot.slack.home import Home
from bot.slack.home_listeners import ONLY_PRICES
from tests.fakes.alert_book import LEVEL, SPIKE
from tests.fakes.slack_messages import HOSTILE, LONG, hostile_answer, huge_answer

if TYPE_CHECKING:
    from bot.slack.listeners import Ask


def homes() -> dict[str, Home]:
    """Return the home pages without a real wallet behind them: empty, closed, huge and hostile."""
    many = tuple(OpenAlert(f"key {number} " * 20, f"Alert {number} " * 60, SPIKE.since, LEVEL.term_end) for number in range(200))
    hostile = (OpenAlert(HOSTILE, HOSTILE, SPIKE.since, None, "U0OTHER"), OpenAlert(LONG, LONG, SPIKE.since))
    return {
        "home_empty": Home(is_empty=True),
        "home_closed": Home(instead=("Wallet figures are not open to guests. Please ask Dana Roe in RevOps.", ONLY_PRICES)),
        "home_huge": Home(huge_answer(), outlook=huge_answer(), alerts=many),
        "home_hostile": Home(hostile_answer(), alerts=hostile),
    }


def home_goldens(ask: Ask) -> dict[str, Home]:
    """Return every home page whose look is held."""
    return homes() | {"home": Home(ask("wallet", with_wallet=True), alerts=(LEVEL, SPIKE))}
