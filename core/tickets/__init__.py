"""A help desk's export, classified into use cases by rules: the workload of a deployment before any agent exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.tickets.classifier import UNMATCHED, BadRow, ClassifiedTickets, Ticket, sort_tickets
    from core.tickets.parser import tickets_in
    from core.tickets.seasonality import MONTHS, Handled, Season, season, years_of_use
else:
    from core.faces import lazy_face

    __getattr__ = lazy_face(
        __name__,
        {
            "classifier": "BadRow ClassifiedTickets Ticket UNMATCHED sort_tickets",
            "parser": "tickets_in",
            "seasonality": "Handled MONTHS Season season years_of_use",
        },
    )

__all__ = [
    "MONTHS",
    "UNMATCHED",
    "BadRow",
    "ClassifiedTickets",
    "Handled",
    "Season",
    "Ticket",
    "season",
    "sort_tickets",
    "tickets_in",
    "years_of_use",
]
