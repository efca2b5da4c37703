"""`digest` on the command line: print each team's digest, and queue it for the team's channels."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import ANSWERED, say
from bot.cli.runner import print_answer
from core.alerts import doubt_of_clock
from core.config import watching
from core.digests import digest, issue_digest
from core.errors import InputError
from core.ingestion import evaluate
from core.questions.forecasting.threshold_forecast import outlook

if TYPE_CHECKING:
    from argparse import Namespace

    from core.config import Team
    from core.context import Context
    from core.warehouse import Warehouse


def run(options: Namespace) -> int:
    """Print the digests; unless it is a dry run, queue each that was not issued in this week or month yet."""
    context = wiring.context(options.config, options.as_of)
    teams = _teams(options.team, context)
    with wiring.open_for_questions() as warehouse:
        inside = replace(context, open_warehouse=lambda: nullcontext(warehouse), has_warehouse=True)
        for team in teams:
            _one(warehouse, inside, team, options)
    return ANSWERED


def _one(warehouse: Warehouse, context: Context, team: Team, options: Namespace) -> None:
    evaluate(warehouse, context, datetime.now(UTC), only_if_due=True)
    with warehouse.writing() as session:
        ahead = outlook(session, context)
        print_answer(digest(session, context, team, options.kind, ahead), options)
        if options.dry_run:
            return
        doubt = doubt_of_clock(session, datetime.now(UTC))
        if doubt:
            raise InputError(doubt)
        issued = issue_digest(session, context, team, options.kind, datetime.now(UTC), ahead)
    places = len(team.addresses)
    if options.json:
        return
    if issued is None:
        say(f"It was issued in this {'week' if options.kind == 'weekly' else 'month'} already; nothing is sent again.")
    else:
        say(f"Queued for {places} {'place' if places == 1 else 'places'}.")


def _teams(name: str | None, context: Context) -> tuple[Team, ...]:
    known = watching(context.config.teams)
    found = tuple(team for team in known if name in {None, team.name})
    if not found:
        raise InputError(f'app.yaml knows no team "{name}". It has {", ".join(team.name for team in known)}.')
    return found
