"""Next steps for the wallet, most urgent first: decided here, shown on the summary's worksheet and in Slack's App Home."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.alerts import answer_in, figures_in, open_alerts, view_of
from core.alerts.rules import IMPORT, RULES, advice_at, stake_of
from core.errors import InputError
from core.language import Question
from core.questions import answer_to
from core.questions.wallet import days_stale
from core.records import NamedTuple
from core.scope import EVERYTHING
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.alerts import LiveAlert, View
    from core.alerts.rules import PoolMetrics
    from core.answer import Answer
    from core.context import Context
    from core.warehouse import Session

MAX_ALERTS = 5
OF_THE_WHOLE = (
    "A summary is of the whole wallet, and only a part of it may be shown here. Leave summary out, or ask about that part, "
    "such as `wallet department Sales`."
)
ENTER_GRANTS = "Import the ledger, or write the grants in app.yaml under contract.grants: then it is known what is left."


class NextStep(NamedTuple):
    """A next step. words: what to do. question: the one whose answer shows why."""

    words: str
    question: str


def list_next_steps(context: Context) -> tuple[NextStep, ...]:
    """Return the next steps for the wallet's default card at the end of the context's day, most urgent first.

    Raises: InputError, before the first import, and if the asker may see only a part of the wallet.
    """
    if context.only != EVERYTHING:
        raise InputError(OF_THE_WHOLE)
    wallet = answer_to(Question("wallet"), context)
    with context.reading() as session:
        return find_next_steps(session, default_view(session, context), gravest(open_alerts(session)), wallet)


def default_view(session: Session, context: Context) -> View:
    """Return a view of the wallet's whole default card. Raises: InputError, before the first import."""
    view = view_of(session, context, context.config.wallet.default_card.replace(" ", ""), EVERYTHING)
    if view is None:
        raise InputError("The wallet is empty: nothing has been imported yet. Import an export: agentcost import FILE.")
    return view


def gravest(opened: Sequence[LiveAlert]) -> list[LiveAlert]:
    """Return the most severe alert per rule, team and card: a passed level implies all lower ones.

    An alert sent to several teams in the same words appears once.
    """
    found: dict[tuple[str, ...], LiveAlert] = {}
    for one in opened:
        rule = RULES.get(one.rule)
        occasion = rule.ladder_of(one.term) if rule and rule.concurrency == "ladder" else one.level
        found.setdefault((one.rule, one.team, one.org, one.card, occasion), one)
    once = {(one.rule, one.org, one.card, one.words, one.state): one for one in reversed(found.values())}
    return [one for one in found.values() if one in once.values()]


def find_next_steps(session: Session, view: View, opened: Sequence[LiveAlert], wallet: Answer) -> tuple[NextStep, ...]:
    """Return the next steps, each once. opened: the most severe active alerts. wallet: the answer to `wallet`."""
    by_words: dict[str, NextStep] = {}
    for step in _steps(session, view, opened, wallet):
        by_words.setdefault(step.words, step)
    return tuple(by_words.values())


def _steps(session: Session, view: View, opened: Sequence[LiveAlert], wallet: Answer) -> Iterator[NextStep]:
    """Yield what the alerts ask for, most severe first; without alerts, what the pool's usage asks for."""
    if days_stale(view.facts):
        yield NextStep(IMPORT, "wallet")
    if not view.facts.knows_grants:
        yield NextStep(ENTER_GRANTS, "wallet")
        return
    day = wallet.figure("depletion_day").value if view.facts.balance.left > 0 else None
    runs_out = day if isinstance(day, date) else None
    for one in opened[:MAX_ALERTS]:
        told = answer_in(session.row(queries.AlertByKeyRow, key=one.key).answer)
        advice = advice_of(one, told, figures_in(session, view, EVERYTHING), runs_out)
        if advice:
            yield NextStep(advice, told.question)
    if not opened and view.facts.used_percent is not None:
        stake = stake_of(figures_in(session, view, EVERYTHING), runs_out)
        yield NextStep(advice_at(int(view.facts.used_percent), stake), "forecast")


def advice_of(alert: LiveAlert, told: Answer, figures: PoolMetrics, runs_out: date | None) -> str:
    """Return the action that an alert asks for; empty for none.

    figures: for the whole card. runs_out: the forecast depletion day, shown next to the advice. A level alert was written with
    the burn rate of its own day, and two depletion days would contradict each other.
    """
    by_burn = any(figure.key == "depletion_day" and figure.value for figure in told.figures)
    if runs_out and alert.rule == "level" and by_burn:
        return advice_at(int(alert.level), stake_of(figures, runs_out))
    return str(told.figure("alert_advice").value or "")
