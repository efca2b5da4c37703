"""Tickets that the wallet's agents resolved, counted from a help desk's export by agent and day."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from core.config import TicketRule
from core.tickets import BadRow, sort_tickets, tickets_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from core.config import Config
    from core.tickets import Ticket

RESOLVED = frozenset(
    "solved closed resolved done gelöst geloest geschlossen erledigt abgeschlossen".split()  # noqa: SIM905 - a list of words
)


def count_resolved_tickets(config: Config, agents: Sequence[str]) -> dict[tuple[str, date], int]:
    """Return how many tickets of `tickets.export` each of the agents resolved, by the day on which they were opened.

    A ticket is an agent's if its assignee or owner has the agent's name. Raises: ExportError, as `simulate` does.
    """
    settings = config.tickets
    if settings.export is None:
        return {}
    rules = [TicketRule(agent, (agent, agent.replace("_", " "))) for agent in agents]
    with TemporaryDirectory() as spool:
        found = sort_tickets(_read_resolved(settings.export, Path(spool), config), rules, settings.date_order)
    return {(agents[place], day): count for place, days in found.by_day.items() if place >= 0 for day, count in days.items()}


def _read_resolved(path: Path, spool: Path, config: Config) -> Iterator[Ticket | BadRow]:
    """Yield the resolved tickets, with their assignee or owner as their text."""
    for _, tickets in tickets_in(path, spool, config.tickets.columns, config.wallet.max_expanded_bytes):
        for ticket in tickets:
            if not isinstance(ticket, BadRow) and any(
                word in RESOLVED for word in ticket.status.lower().replace("-", " ").split()
            ):
                yield ticket._replace(words=ticket.handler)
