"""Digests and open alerts as Slack shows them, for people whose Slack is not connected yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.page.views import BRIEF, ChartView, chart_data
from bot.slack.blocks import notification_message
from core.alerts import OutboxMessage, answer_in, open_alerts, teams_within
from core.config import Address, watching
from core.digests import digest
from core.questions.forecasting.threshold_forecast import outlook
from core.records import NamedTuple
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.answer import Answer
    from core.config import Team
    from core.context import Context
    from core.warehouse import Session

NOWHERE = Address("channel", "")
MAX_ALERTS = 5


class MessageView(NamedTuple):
    """A message: its recipient, its blocks, and its charts by the place of their block."""

    title: str
    blocks: tuple[dict[str, Any], ...]
    charts: dict[int, ChartView]


class TeamView(NamedTuple):
    """A team, and its most severe open alerts as Slack shows them."""

    name: str
    alerts: tuple[MessageView, ...]


def teams_told(context: Context) -> list[TeamView]:
    """Return each team that the visitor may see, with its most severe open alerts.

    Raises: InputError, if nothing was imported yet.
    """
    with context.reading() as session:
        return [TeamView(name, tuple(_alerts(session, name))) for name in _teams(context)]


def digest_told(context: Context, team: str) -> MessageView | None:
    """Return a team's digest of the week as Slack shows it; None for a team that the visitor may not see.

    Raises: InputError, if nothing was imported yet.
    """
    found = _teams(context).get(team)
    if found is None:
        return None
    with context.reading() as session:
        here = context.within(session)
        return _view(f"{team}: weekly digest", digest(session, here, found, "weekly", outlook(session, here)), team)


def _teams(context: Context) -> dict[str, Team]:
    return {team.name: team for team in teams_within(watching(context.config.teams), context.only)}


def _alerts(session: Session, team: str) -> Iterator[MessageView]:
    told = {row.key: row.answer for row in session.rows(queries.AlertsByTeamRow, team=team, card=None)}
    for alert in open_alerts(session, team)[:MAX_ALERTS]:
        yield _view(f"{team}: alert", answer_in(told[alert.key]), team, alert.key)


def _view(title: str, answer: Answer, team: str, alert_key: str | None = None) -> MessageView:
    blocks = notification_message(OutboxMessage("", NOWHERE, team, answer, alert_key)).blocks
    charts = {place: _chart(block) for place, block in enumerate(blocks) if block["type"] == "data_visualization"}
    return MessageView(title, tuple(blocks), charts)


def _chart(block: dict[str, Any]) -> ChartView:
    told = block["chart"]
    x = told["axis_config"]["categories"] if "axis_config" in told else [one["label"] for one in told["segments"]]
    series = told["series"] if "series" in told else [{"name": block["title"], "data": told["segments"]}]
    lines = [(one["name"], [str(point["value"]) for point in one["data"]]) for one in series]
    words = BRIEF.format(title=block["title"], count=len(x), first=x[0], last=x[-1])
    return ChartView(block["title"], chart_data(told["type"], x, lines, "count"), words, tuple(name for name, _ in lines))
