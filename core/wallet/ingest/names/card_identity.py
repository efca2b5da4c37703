"""The cards of a wallet by all their names: a label and a developer name that rows use for one card are one card.

Names are compared without case, spaces, underscores and hyphens. Which names belong together follows from all rows ever
imported, never from their order: rows with both names; a label and a developer name, each the only one of its kind with
agent usage, whose days agree; and, if no row uses the default card, the only other card with agent usage.
Source: developer names differ from labels, and that of Agentforce's card is not published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.answer import group_digits
from core.records import NamedTuple
from core.wallet.export_tables import EXPORT_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.config.wallet import WalletSettings
    from core.warehouse import Session

NAMES_IN = {table.name: table.card_names for table in EXPORT_TABLES if table.card_names}
CONVERSATIONS = re.compile(r"convers", re.IGNORECASE)
Names = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Cards:
    """What each spelling stands for, and the sentence on the assumed default card, or the question about it."""

    by_spelling: dict[str, str]
    assumed: str = ""
    asked: str = ""


def plain_card(name: str) -> str:
    """Return a card's name for comparison."""
    return re.sub(r"[\s_\-]+", "", name).lower()


def group_names(names: Sequence[Names], default_card: str) -> Cards:
    """Return the card of each spelling. names: label, developer name, and whether agent usage is under them."""
    default = default_card.replace(" ", "")
    parent: dict[str, str] = {plain_card(default): plain_card(default)}

    def root(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            key = parent[key]
        return key

    for label, developer_name, _ in names:
        keys = [plain_card(name) for name in (label, developer_name) if name]
        for key in keys:
            root(key)
        if len(keys) > 1:
            parent[root(keys[1])] = root(keys[0])
    spellings = {name for label, developer, _ in names for name in (label, developer) if name}
    used = {
        root(plain_card(developer or label)) if developer or label else root(plain_card(default)) for label, developer, _ in names
    }
    home = root(plain_card(default))
    with_agents = {root(plain_card(d or n)): "" for n, d, has_agents in names if has_agents and (d or n)}
    called = {group: _spelled(group, names, spellings, root) for group in with_agents}
    candidates = sorted((name, group) for group, name in called.items() if not CONVERSATIONS.search(name))
    assumed = asked = ""
    if home not in used and len(candidates) == 1:
        parent[candidates[0][1]] = home
        assumed = f"{candidates[0][0]} is the one card with agents' use and no row is of {default}, so it is taken as {default}."
    elif home not in used and candidates:
        several = " and ".join(name for name, _ in candidates)
        asked = (
            f"No row is of {default}, the card that is asked for where none is named; {several} have agents' use. "
            f"Set wallet.default_card to the one that is meant, such as {candidates[0][0]}."
        )
    cards = {}
    for spelling in spellings | {default, default_card}:
        group = root(plain_card(spelling))
        cards[spelling] = default if group == root(plain_card(default)) else _spelled(group, names, spellings, root)
    return Cards(cards, assumed, asked)


def _spelled(group: str, names: Iterable[Names], spellings: Iterable[str], root: object) -> str:
    """Return the display name of a group of names: its developer name, else its label, without spaces; the first in order."""
    find = root if callable(root) else str
    developer_names = {d for _, d, _ in names if d and find(plain_card(d)) == group}
    candidates = developer_names or {s for s in spellings if find(plain_card(s)) == group}
    return min(name.replace(" ", "") for name in candidates)


def learn_cards(session: Session, table: str, settings: WalletSettings) -> tuple[bool, str]:
    """Record the staged rows' card names, and return whether the meaning of a name changed, and what was assumed."""
    if table not in NAMES_IN:
        return False, ""
    label, developer_name, agents = NAMES_IN[table]
    session.execute(
        "CREATE OR REPLACE TEMP TABLE staged_names AS"  # noqa: S608 -- names of columns are ours
        f" SELECT coalesce(CAST({label} AS VARCHAR), '') AS label, coalesce({developer_name}, '') AS developer_name,"
        f" coalesce(bool_or({agents}), false) AS has_agents FROM incoming WHERE fault IS NULL GROUP BY ALL"
    )
    session.execute(
        "INSERT INTO card_names SELECT label, developer_name, has_agents FROM staged_names"
        " EXCEPT SELECT label, developer_name, has_agents FROM card_names"
    )
    return spell_cards(session, settings)


def ask_for_default_card(session: Session, settings: WalletSettings) -> str:
    """Return the question if no row is of the default card and several others have agent usage; empty if that is clear."""
    return group_names(_known_names(session), settings.default_card).asked


def spell_cards(session: Session, settings: WalletSettings) -> tuple[bool, str]:
    """Update `cards` from the names, and return whether a known spelling changed, and what was assumed."""
    names = _known_names(session)
    found = group_names(names, settings.default_card)
    former: dict[str, str] = dict(session.execute("SELECT spelling, card FROM cards"))
    if former == found.by_spelling:
        return False, found.assumed
    session.execute("DELETE FROM cards")
    for spelling, card in sorted(found.by_spelling.items()):
        session.execute("INSERT INTO cards VALUES ($spelling, $card)", {"spelling": spelling, "card": card})
    spell_grants(session)
    changed = any(found.by_spelling.get(s, s.replace(" ", "")) != card for s, card in former.items())
    was_plain = any(s not in former and card != s.replace(" ", "") for s, card in found.by_spelling.items())
    return changed or (was_plain and not former), found.assumed


def spell_grants(session: Session) -> None:
    """Update the cards of grants and balances from `cards`."""
    for table in ("entitlements", "balance_snapshots"):
        for rows in (table, f"superseded_{table}"):
            session.execute(
                f"UPDATE {rows} SET card = c.card FROM cards AS c WHERE c.spelling = {rows}.said_card AND c.card <> {rows}.card"  # noqa: S608
            )


def forget_names(session: Session, settings: WalletSettings) -> bool:
    """Forget card names without rows, and return whether the meaning of a name changed."""
    former: dict[str, str] = dict(session.execute("SELECT spelling, card FROM cards"))
    session.execute("DELETE FROM card_names")
    for table, (label, developer_name, agents) in NAMES_IN.items():
        for rows in (table, f"superseded_{table}"):
            session.execute(
                "INSERT INTO card_names"  # noqa: S608 -- as above
                f" SELECT coalesce(CAST({label} AS VARCHAR), ''), coalesce({developer_name}, ''),"
                f" coalesce(bool_or({agents}), false)"
                f" FROM {rows} GROUP BY ALL EXCEPT SELECT label, developer_name, has_agents FROM card_names"
            )
    session.execute(
        "INSERT INTO card_names SELECT coalesce(card_name, ''), coalesce(card_definition, ''),"  # noqa: S608 -- as above
        f" coalesce(bool_or({NAMES_IN['usage_events'][2]}), false) FROM folded_events WHERE import_id IS NOT NULL GROUP BY ALL"
        " EXCEPT SELECT label, developer_name, has_agents FROM card_names"
    )
    session.execute(
        "INSERT INTO card_names SELECT * FROM folded_names EXCEPT SELECT label, developer_name, has_agents FROM card_names"
    )
    spell_cards(session, settings)
    link_cards(session, settings)
    spell_grants(session)
    found: dict[str, str] = dict(session.execute("SELECT spelling, card FROM cards"))
    return any(found.get(spelling, card) != card for spelling, card in former.items())


def link_cards(session: Session, settings: WalletSettings) -> tuple[bool, str]:
    """Treat a label and a developer name as one card if there is no alternative and their days agree.

    That requires agent usage under only the default card's label and only one developer name, and equal credits on at least half
    of their common days. The link is recomputed from all rows, so it disappears when this no longer holds. Return whether the
    meaning of a name changed, and the sentence on a new link, else empty.
    """
    former: dict[str, str] = dict(session.execute("SELECT spelling, card FROM cards"))
    dropped = _drop_links(session)
    link = _find_link(session, settings)
    if link:
        session.execute("INSERT INTO card_names VALUES ($label, $name, true)", {"label": link.label, "name": link.developer_name})
    if link or dropped:
        spell_cards(session, settings)
    changed = dict(session.execute("SELECT spelling, card FROM cards")) != former
    return changed, link.sentence if link and (link.label, link.developer_name) not in dropped else ""


class _Link(NamedTuple):
    """A label and a developer name that are treated as one card, and why."""

    label: str
    developer_name: str
    sentence: str


def _drop_links(session: Session) -> list[tuple[str, str]]:
    """Drop and return the inferred links, those that no row proves by having both names."""
    pairs = session.execute(
        "SELECT label, developer_name FROM card_names WHERE label <> '' AND developer_name <> '' ORDER BY ALL"
    )
    found = [(str(label), str(name)) for label, name in pairs if not _is_said(session, label, name)]
    for label, name in found:
        session.execute("DELETE FROM card_names WHERE label = $label AND developer_name = $name", {"label": label, "name": name})
    return found


def _is_said(session: Session, label: str, name: str) -> bool:
    """Whether a row has both names."""
    both = {"label": label, "name": name}
    tables = ("usage_events", "superseded_usage_events", "folded_events")
    return bool(session.value("SELECT 1 FROM folded_names WHERE label = $label AND developer_name = $name LIMIT 1", both)) or any(
        session.value(f"SELECT 1 FROM {rows} WHERE card_name = $label AND card_definition = $name LIMIT 1", both)  # noqa: S608
        for rows in tables
    )


def _find_link(session: Session, settings: WalletSettings) -> _Link | None:
    names = _known_names(session)
    default = plain_card(settings.default_card)
    labels = {
        label for label, developer, has_agents in names if has_agents and not developer and plain_card(label) in {default, ""}
    }
    others = {developer for _, developer, has_agents in names if has_agents and developer and plain_card(developer) != default}
    linked = {developer for label, developer, _ in names if label and developer}
    is_default_named = any(has_agents and plain_card(developer) == default for _, developer, has_agents in names)
    if not labels or len(others) != 1 or others & linked or is_default_named or CONVERSATIONS.search(min(others)):
        return None
    developer_name = others.pop()
    common, equal = session.execute(
        "WITH events AS (SELECT day, sum(credits) AS credits FROM ("
        " SELECT CAST(event_time AS DATE) AS day, credits FROM usage_events WHERE card_definition IS NULL"
        " UNION ALL SELECT utc_day AS day, credits FROM folded_events WHERE card_definition IS NULL) GROUP BY day),"
        " days AS (SELECT day, sum(credits) AS credits FROM usage_days WHERE card_definition = $name GROUP BY ALL)"
        " SELECT count(*), count(*) FILTER (events.credits = days.credits) FROM events JOIN days USING (day)",
        {"name": developer_name},
    )[0]
    if not common or equal * 2 < common:
        return None
    label = max(labels) or settings.default_card
    days = f"{group_digits(equal)} of the {group_digits(common)} days" if common > 1 else "the one day"
    return _Link(
        label,
        developer_name,
        f"{label} and {developer_name} are taken as one card: {days} that both have come to the same credits.",
    )


def _known_names(session: Session) -> list[Names]:
    rows = session.execute("SELECT label, developer_name, bool_or(has_agents) FROM card_names GROUP BY ALL ORDER BY ALL")
    return [(str(label), str(developer_name), bool(has_agents)) for label, developer_name, has_agents in rows]
