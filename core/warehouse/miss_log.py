"""Questions that were not understood: kept without the asker, so that words can be added."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.records import NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.database import Session

# Length and number: what a person types by hand, and a year of it for a large team.
MAX_CHARACTERS, MAX_KEPT = 300, 10_000
# E-mail addresses, mentions in Slack, and ids of users in Salesforce (005…) and Slack (U…, W…).
PEOPLE = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|<@\w+(?:\|[^>]*)?>|(?<!\w)@[\w.-]+|\b005\w{12,15}\b|\b[UW][A-Z0-9]{8,}\b")


class Miss(NamedTuple):
    """A text that was not understood; surface: command line, Slack, formulas or MCP."""

    at: datetime
    text: str
    surface: str


def without_people(text: str) -> str:
    """Return the text on one line of at most 300 characters, addresses, mentions and ids of people left out."""
    return PEOPLE.sub("(somebody)", " ".join(text.split()))[:MAX_CHARACTERS]


def append_miss(session: Session, miss: Miss) -> None:
    """Record a miss, and keep the newest 10,000."""
    session.run("insert_miss", at=miss.at, text=without_people(miss.text), surface=miss.surface)
    session.run("prune_misses", most=MAX_KEPT)
