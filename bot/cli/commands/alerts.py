"""`alerts` on the command line: evaluate time-based changes, act on one alert, and list them."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from getpass import getuser
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import ANSWERED
from bot.cli.runner import print_answer
from bot.delivery import Decided, acknowledge, snooze
from core.alerts import outbox
from core.answer import Note
from core.ingestion import evaluate
from core.questions import ask
from core.warehouse import AuditEntry, append, prune

if TYPE_CHECKING:
    from argparse import Namespace

    from core.context import Context
    from core.warehouse import Session


def run(options: Namespace) -> int:
    """Acknowledge, snooze or retry, if asked to, and print the alerts."""
    context, now = wiring.context(options.config, options.as_of), datetime.now(UTC)
    with wiring.open_for_questions() as warehouse:
        doubt = evaluate(warehouse, context, now)
        with warehouse.writing() as session:
            prune(session, now, context.config.alerts.audit_days)
            _act(session, options, context, now)
        shared = replace(context, open_warehouse=lambda: nullcontext(warehouse), has_warehouse=True)
        answer = ask(" ".join(["alerts", *options.question]), shared)
        print_answer(replace(answer, notes=(Note("warning", doubt), *answer.notes)) if doubt else answer, options)
    return ANSWERED


def _act(session: Session, options: Namespace, context: Context, now: datetime) -> None:
    decided = Decided(getuser(), now, wiring.COMMAND_LINE)
    if options.acknowledge:
        acknowledge(session, options.acknowledge, decided)
    if options.snooze:
        snooze(session, options.snooze, options.length, decided, context.config.zone)
    if options.retry:
        outbox.try_again(session, now)
        append(session, AuditEntry(now, decided.who, "changed", "failed messages are tried again", wiring.COMMAND_LINE))
