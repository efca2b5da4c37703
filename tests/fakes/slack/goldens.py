"""Every kind of message and page as Slack gets it, by name; a dozen of them are held whole in tests/golden/slack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.slack.blocks.answer import answer_message
from bot.slack.blocks.error import input_message
from bot.slack.blocks.home import home_view
from core.errors import InputError
from tests.fakes.asking_big import AGENTS, asking_of
from tests.fakes.slack.homes import home_goldens
from tests.fakes.slack.messages import HOSTILE, LONG, messages
from tests.fakes.slack.reports import reports

if TYPE_CHECKING:
    from bot.slack.blocks.message import SlackMessage
    from tests.fakes.asking import Ask

GOLDENS = (
    "alert",
    "alert_recovered",
    "breakeven",
    "breakeven_how",
    "compare",
    "digest",
    "help",
    "home",
    "home_empty",
    "import_report",
    "unknown_word",
    "wallet",
)
HUGE = [f"Agent {number:05}" for number in range(AGENTS)]
OF_THE_WALLET = {
    "wallet": "wallet",
    "usage": "usage by agent",
    "departments": "usage by department",
    "actions": "actions",
    "overhead": "overhead",
    "sandbox": "sandbox",
    "users": "users",
    "reconcile": "reconcile",
    "variance": "variance last 7 days",
    "sql": "sql usage_by_name",
}


def payloads(ask: Ask) -> dict[str, dict[str, Any]]:
    """Return messages and views: of the invented wallet, of a huge one, of one with hostile names, and made up."""
    told = messages(ask) | reports()
    found = {name: message.payload() for name, message in told.items()} | _of_the_wallet(ask, "")
    with asking_of(HUGE, 2 * AGENTS) as huge, asking_of((HOSTILE, LONG, "x" * 200), 600) as hostile:
        found |= _of_the_wallet(huge, "_of_10000") | _of_the_wallet(hostile, "_of_hostile")
    return found | {name: home_view(home) for name, home in home_goldens(ask).items()}


def _of_the_wallet(ask: Ask, ending: str) -> dict[str, dict[str, Any]]:
    return {f"{name}{ending}": _answered(ask, question).payload() for name, question in OF_THE_WALLET.items()}


def _answered(ask: Ask, question: str) -> SlackMessage:
    try:
        return answer_message(ask(question, with_wallet=True))
    except InputError as error:
        return input_message(error)
