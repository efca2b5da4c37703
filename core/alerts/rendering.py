"""The content of an alert: the answer that every channel shows in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.alerts.rules.registry import RULES
from core.answer import Answer, figure

if TYPE_CHECKING:
    from datetime import date

    from core.alerts.rules.model import Candidate


def title_of(rule: str) -> str:
    """Return the title of a rule's messages; its name, if only a newer agentcost knows the rule."""
    return RULES[rule].title if rule in RULES else rule


def message_of(  # noqa: PLR0913, PLR0917 - what a message names
    finding: Candidate, key: str, team: str, owner: str, card: str, today: date, cause: str = ""
) -> Answer:
    """Return a finding as an answer. Its question is the one that explains it; its figures name the alert itself.

    cause: the cause in a sentence, if known.
    """
    return Answer(
        question=finding.why,
        title=title_of(finding.rule) if finding.direction == "up" else f"{title_of(finding.rule)}: recovered",
        headline=finding.headline,
        as_of=today,
        figures=(
            *finding.figures,
            figure("alert_advice", finding.advice or None),
            figure("alert_cause", cause or None),
            figure("alert_key", key),
            figure("alert_rule", finding.rule),
            figure("alert_level", finding.level),
            figure("alert_team", team),
            figure("alert_card", card or None),
            figure("alert_owner", owner or None),
        ),
        arithmetic=finding.sums,
    )
