"""`digests`: the text of the weekly and monthly digests, each with the key under which it was sent."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from core.alerts import answer_in, is_of, period_in, teams_within
from core.answer import Answer, Column, Note, Table
from core.scope import EVERYTHING
from core.wallet.usage import slices
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.answer import Value
    from core.context import Context
    from core.language import Question

MAX_ROWS = 60
MOVER = "mover"
ALONE = {MOVER: "Movers", "cheapest": "Cheapest plan", "next": "Next"}
COLUMNS = (
    Column("period", "Week or month", "text"),
    Column("issued", "Issued", "day", is_detail=True),
    Column("team", "Team", "text"),
    Column("words", "What", "text"),
    Column("more", "Status", "text", is_detail=True),
    *(Column(key, label, "text", is_detail=True) for key, label in ALONE.items()),
    Column("key", "Key", "text", is_detail=True),
)


def answer_digests(question: Question, context: Context) -> Answer:
    """Return the newest digests that were sent, of all teams or of one; for a limited scope, only those about it.

    Raises: InputError, for an unknown team.
    """
    watched = {team.name: team.watches for team in teams_within(context.config.teams, context.only)}
    team = slices.match(question.team, "team", list(watched)) if question.team else None
    with context.reading() as session:
        told = session.rows(queries.DigestsDeliveredRow, team=team)
        if context.only != EVERYTHING:
            own = [row for row in told if row.team in watched]
            told = [row for row in own if is_of(answer_in(row.payload), watched[row.team], session)]
        elsewhere = slices.empty_card_notes(slices.extent_of_any(session, slices.default_card(context), context))
    shown = [_row(row, context) for row in told[:MAX_ROWS]]
    return Answer(
        question=context.canonical_question(question),
        title="Digests",
        headline=f"{shown[0][0]}: {shown[0][3]}" if shown else "No digest has been sent yet.",
        as_of=context.as_of,
        tables=(Table("digests", "Newest first", COLUMNS, tuple(shown)),) if shown else (),
        notes=(*elsewhere, *_notes(context, len(told) - len(shown))),
        sources=slices.query_source("digests_delivered"),
    )


def _row(row: queries.DigestsDeliveredRow, context: Context) -> tuple[Value, ...]:
    """Return a digest as a row: lines with a column of their own there, and all other lines as one text."""
    said = answer_in(row.payload)
    alone: defaultdict[str, list[str]] = defaultdict(list)
    more = []
    for line, about, says in (map(str, values) for table in said.tables for values in table.rows):
        kind = MOVER if line.startswith(MOVER) else line
        if kind in ALONE:
            alone[kind].append(says)
        else:
            more.append(f"{about}: {says}")
    issued = row.issued_at.astimezone(context.config.zone).date()
    texts = ["\n".join(lines) or None for lines in (more, *(alone[kind] for kind in ALONE))]
    return (period_in(row.key), issued, row.team, said.headline, *texts, row.key)


def _notes(context: Context, left_out: int) -> Iterator[Note]:
    if not any(team.weekly or team.monthly for team in context.config.teams):
        yield Note("warning", "No team of app.yaml has a weekly_digest or monthly_digest, so none is issued by itself.")
    if left_out > 0:
        yield Note("assumption", f"{left_out} older ones are not shown.")
