"""Every kind of message, by name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.slack.blocks.answer import answer_message, copyable_message, public_message, share_message
from bot.slack.blocks.error import input_message, internal_error_message
from bot.slack.blocks.explanation import how_message
from bot.slack.blocks.notification import notification_message
from core.alerts import outbox
from core.alerts.rendering import message_of
from core.alerts.rules import pool
from core.alerts.rules.model import PoolMetrics, Recent, StoredAlert
from core.answer.figure_catalog import figure
from core.answer.model import Answer, Chart, Column, Emphasis, Fact, Figure, Note, Series, Source, Table
from core.config.teams import Address
from core.errors import QuestionError
from core.wallet.ledger.balance import Term
from tests.fakes.asking import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.slack.blocks.message import SlackMessage

HOSTILE = "<!channel> *Bold* <https://evil.example|click> & `code` \u202egnp.exe"
CAUSE = "Most of the rise in 7 days: Service_Concierge +$36.00 (+7,200 credits): volume +6,900, credits per action +300."
LONG = "Agent " + "x" * 2_994
AGENTS = (Column("agent", "Agent", "text"), Column("credits", "Credits", "credits"), Column("usd", "Cost", "usd"))
ASKED = {
    "breakeven": "breakeven 200 users",
    "breakeven_payg": "breakeven payg",
    "compare": "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users",
    "recommend": "recommend 10000 interactions 5.3 actions 50 users",
    "price": "price flex 10000 interactions 3 actions",
    "convert": "convert 20 seats",
    "tco": "tco $200000 per year premier",
    "use_cases": "use cases",
    "prices": "prices",
    "explain": "explain payg",
    "wallet": "wallet",
    "usage": "usage by agent",
    "plan_purchase": "plan purchase 10000 interactions 5.3 actions",
    "forecast": "forecast 8 weeks",
    "pilot": "pilot",
    "portfolio": "portfolio org A: 10000 interactions 3 actions; org B: 200 users 1500 actions per user employees",
    "negotiate": "negotiate 50000 interactions 5.3 actions sandbox 10%",
    "help": "help",
    "help_compare": "help compare",
}


def messages(ask: Callable[[str], Answer]) -> dict[str, SlackMessage]:
    """Return the messages: real answers, and made-up ones that are empty, huge and hostile."""
    told = {name: answer_message(ask(question)) for name, question in ASKED.items()}
    told |= {f"{name}_how": how_message(ask(ASKED[name])) for name in ("breakeven", "compare", "wallet")}
    told |= {"shared": share_message(ask(ASKED["breakeven"]), "U0ASKER"), "in_thread": public_message(ask(ASKED["breakeven"]))}
    for answer in (empty_answer(), huge_answer(), hostile_answer()):
        told |= {answer.title: answer_message(answer), f"{answer.title}_how": how_message(answer)}
    told |= {"scenario": copyable_message(ask("compare 10000 interactions 5 actions only flex, conversations"), "/agentcost")}
    told |= {"with_sheet": answer_message(ask(ASKED["compare"]), "https://docs.google.com/spreadsheets/d/1a2b3c/edit")}
    told |= {name: notification_message(outbox_message(answer)) for name, answer in news().items()}
    return told | {"unknown_word": input_message(asking_amiss(ask)), "broken": internal_error_message("7F3A")}


def news() -> dict[str, Answer]:
    """Return alerts and a digest as they are queued, a hostile alert among them."""
    term = Term(date(2026, 7, 1), date(2027, 7, 1))
    figures = PoolMetrics(
        today=DAY,
        card="FlexCredits",
        term=term,
        granted=Decimal(1_000_000),
        pool=Decimal(1_000_000),
        used=Decimal(764_200),
        used_of_pool=Decimal(764_200),
        remaining=Decimal(235_800),
        used_percent=Decimal("76.42"),
        elapsed_percent=Decimal("39.2"),
        pace_percent=Decimal(195),
        usd_per_credit=Decimal("0.005"),
        recent=Recent(Term(date(2026, 10, 24), DAY), Decimal(112_000), Decimal(0), Decimal(0)),
    )
    kept = StoredAlert("level-90", "level", "90", pool.pool_key(figures), "up", "open", term.day_after_last)
    (risen,), (fallen,) = pool.levels(figures, (), [75]), pool.levels_fallen_below(figures, [kept])
    weeks = ("19 Oct", "26 Oct", "2 Nov", "9 Nov")
    drawn = Series("Spend", (Decimal(240), Decimal("252.5"), Decimal("260.5"), Decimal(307)))
    digest = Answer(
        "variance from 2026-11-09 to 2026-11-15",
        "Service: weekly digest",
        "Service: $307 (61,400 credits) from 9 to 15 Nov 2026, $46.50 (17.9%) more than the week before.",
        DAY,
        figures=(figure("usd_used", Decimal(307)), figure("alert_key", "level-75-3f9a2c41")),
        charts=(Chart("usd_by_week", "Dollars by week", "bar", weeks, (drawn,), "usd"),),
        notes=(Note("assumption", "From 13 Nov 2026 on use may still come in: exports are up to 72 hours late."),),
        emphasis=Emphasis(
            (
                Fact("Plan", "320% of the $95.90 (19,180 credits) planned for these days"),
                Fact("Why", "Service_Concierge +$36.00 (+7,200 credits): volume +6,900, credits per action +300"),
                Fact("Runs out", "14 Jan 2027, between 8 Jan 2027 and 21 Jan 2027"),
                Fact("Open", "75% used since 12 Nov 2026; nobody has acknowledged it"),
                Fact("To do", "Forecast again: are more credits needed before the term ends?"),
            ),
            "",
        ),
    )
    return {
        "alert": message_of(risen, "level-75-3f9a2c41", "Service", "U0KIM", "FlexCredits", DAY, CAUSE),
        "alert_recovered": message_of(fallen, "recovered-level-90-3f9a2c41", "Service", "Kim", "FlexCredits", DAY),
        "alert_hostile": message_of(
            risen._replace(headline=HOSTILE, advice=LONG, why=f'usage agent "{HOSTILE}"'),
            "k",
            HOSTILE,
            LONG,
            HOSTILE,
            DAY,
            HOSTILE,
        ),
        "digest": digest,
    }


def outbox_message(answer: Answer) -> outbox.OutboxMessage:
    """Return what the sender would hand to a channel."""
    said = {one.key: str(one.value) for one in answer.figures}
    key = said["alert_key"] if "alert_rule" in said else None
    return outbox.OutboxMessage(key or "digest-weekly-2026-W47-1a2b3c4d", Address("channel", "C0TEAM"), "Service", answer, key)


def empty_answer() -> Answer:
    """Return an answer that holds nothing but its sentence."""
    return Answer(
        "usage by agent", "empty", "No usage has been imported yet.", DAY, tables=(Table("agents", "Agents", AGENTS, ()),)
    )


def huge_answer() -> Answer:
    """Return an answer with 10,000 rows, and more of everything than Slack takes."""
    rows = tuple((f"Agent {number:05}", Decimal(10_000 - number), Decimal(10_000 - number) / 200) for number in range(10_000))
    days = tuple(f"day {number:03}" for number in range(400))
    return Answer(
        question="usage by agent",
        title="huge",
        headline="10,000 agents used 50,005,000 credits.",
        as_of=DAY,
        figures=tuple(Figure(f"figure_{number}", f"Figure {number}", Decimal(number), "credits") for number in range(200)),
        tables=(Table("agents", "Agents, biggest first", AGENTS, rows),),
        charts=(
            Chart(
                "days",
                "Credits by day",
                "line",
                days,
                tuple(Series(f"Agent {n}", (Decimal(n),) * 400) for n in range(9)),
                "credits",
            ),
        ),
        arithmetic=tuple(f"{number:,} credits × $0.005 = ${number * 5 / 1000:,.2f}" for number in range(1_000)),
        notes=tuple(Note("assumption", f"Assumption {number} " + "that goes on and on " * 40) for number in range(50)),
        sources=tuple(Source(f"Source {number} " + "with a long title " * 20, DAY) for number in range(50)),
    )


def hostile_answer() -> Answer:
    """Return an answer whose names try to ping, to link, to format, to turn the writing round, and to be endless."""
    rows = ((HOSTILE, Decimal(3), Decimal("0.015")), (LONG, Decimal(2), Decimal("0.01")), ("", Decimal(1), None))
    return Answer(
        question=f'usage agent "{HOSTILE}"',
        title="hostile",
        headline=f"{HOSTILE} used the most.",
        as_of=DAY,
        figures=(
            Figure("top_agent", "Top agent", HOSTILE, "text"),
            Figure("at", "Data through", datetime(2026, 11, 20, 8, 5, tzinfo=UTC), "instant"),
        ),
        tables=(Table("agents", HOSTILE, AGENTS, rows),),
        charts=(
            Chart(
                "agents", LONG, "bar", (HOSTILE, LONG, LONG), (Series(HOSTILE, (Decimal(3), Decimal(2), Decimal(1))),), "credits"
            ),
        ),
        arithmetic=(f"{HOSTILE}: 3 credits",),
        notes=(Note("warning", HOSTILE), Note("warning", LONG)),
        sources=(Source(HOSTILE, None),),
    )


def asking_amiss(ask: Callable[[str], Answer]) -> QuestionError:
    """Return the error of a question with a slip of the finger."""
    try:
        ask("breakeven 2oo users discount 5%")
    except QuestionError as error:
        return error
    raise AssertionError("2oo was read as a number")
