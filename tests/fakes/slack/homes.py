"""Every kind of home page, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.slack.blocks.alert import OpenAlert, Undelivered
from bot.slack.blocks.home import Home
from bot.slack.listeners.home import ONLY_PRICES
from core.digests.next_steps import NextStep
from tests.fakes.alert_book import LEVEL, SPIKE
from tests.fakes.slack.messages import HOSTILE, LONG, hostile_answer, huge_answer

if TYPE_CHECKING:
    from tests.fakes.asking import Ask

STEPS = (
    NextStep("Import the newest export: what was used since is not known, and alerts and forecasts rest on old days.", "wallet"),
    NextStep(
        "Forecast again and plan: used up on 18 Jan 2027, $3,280 of overage until the term ends. "
        "Are more credits needed, or less use?",
        "forecast",
    ),
    NextStep("Look at what ran that day, and tell the agent's owner.", "usage by agent on 2026-11-20"),
)


def homes() -> dict[str, Home]:
    """Return the home pages without a real wallet behind them: empty, closed, huge and hostile."""
    many = tuple(OpenAlert(f"key {number} " * 20, f"Alert {number} " * 60, SPIKE.since) for number in range(200))
    hostile = (OpenAlert(HOSTILE, HOSTILE, SPIKE.since, "U0OTHER"), OpenAlert(LONG, LONG, SPIKE.since, "Robin <!channel>"))
    lost = Undelivered("Flex Credits passed 75%.", "channel C0GONE", "is_archived: the conversation is archived")
    evil = Undelivered(HOSTILE, LONG, HOSTILE)
    return {
        "home_empty": Home(is_empty=True),
        "home_closed": Home(instead=("Wallet figures are not open to guests. Please ask Dana Roe in RevOps.", ONLY_PRICES)),
        "home_huge": Home(huge_answer(), outlook=huge_answer(), alerts=many, undelivered=[lost] * 50, steps=STEPS * 50),
        "home_hostile": Home(
            hostile_answer(), alerts=hostile, undelivered=[evil], steps=[NextStep(HOSTILE, HOSTILE), NextStep(LONG, LONG)]
        ),
    }


def home_goldens(ask: Ask) -> dict[str, Home]:
    """Return every home page, with that of the invented wallet."""
    return homes() | {"home": Home(ask("wallet", with_wallet=True), alerts=(LEVEL, SPIKE), steps=STEPS)}
