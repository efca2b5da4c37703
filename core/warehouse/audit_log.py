"""Who asked, imported, acknowledged or changed what, when and from where; kept for a set number of days."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Literal, cast

from core.records import NamedTuple
from core.warehouse import queries

if TYPE_CHECKING:
    from datetime import datetime

    from core.warehouse.database import Session

What = Literal["asked", "imported", "undone", "acknowledged", "snoozed", "changed", "forgot", "deleted"]
Outcome = Literal["answered", "refused", "broken"]


class QuestionEvent(NamedTuple):
    """A question that a surface received; refused means that the asker can fix it. seconds: until its answer.

    is_miss: whether it was not understood, and the team keeps such questions. surface: formulas or MCP.
    """

    who: str
    question: str
    outcome: Outcome
    reads_wallet: bool
    seconds: float
    is_miss: bool = False
    surface: str = "formulas"


class AuditEntry(NamedTuple):
    """One thing that somebody did. about: a question, file, key or setting; source: command line, Slack, formulas or service."""

    at: datetime
    who: str
    what: What
    about: str
    source: str


class ChainLink(NamedTuple):
    """An entry's place in the chain."""

    position: int
    hash: str


class Verified(NamedTuple):
    """The state of a chain: its entries, how many have a redacted name, its last link, and what is wrong, in words."""

    entries: int
    redacted: int
    last: ChainLink
    wrong: tuple[str, ...]


def append(session: Session, deed: AuditEntry) -> None:
    """Append an action as the next link of the chain, in the action's own transaction."""
    last = chain_entries(session)
    digest, position = digest_of(deed), last.position + 1
    session.run("insert_audit", **deed._asdict(), position=position, digest=digest, hash=link_hash(last.hash, position, digest))


def digest_of(deed: AuditEntry) -> str:
    """Return the SHA-256 of what an entry says."""
    said = [deed.at.astimezone(UTC).isoformat(timespec="microseconds"), *deed[1:]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


def link_hash(before: str, position: int, digest: str) -> str:
    """Return an entry's hash, over the previous hash, its position and its digest."""
    return hashlib.sha256(f"{before} {position} {digest}".encode()).hexdigest()


def chain_entries(session: Session) -> ChainLink:
    """Give the entries that have none their links, and return the last link of the chain."""
    head = session.row(queries.AuditHeadRow)
    last = ChainLink(head.linked, head.hash)
    if head.unchained:
        links = []
        for row in session.rows(queries.AuditChainRow, after=last.position):
            digest = digest_of(_entry(row))
            last = ChainLink(row.position, link_hash(last.hash, row.position, digest))
            links.append((str(last.position), digest, last.hash))
        positions, digests, hashes = (",".join(column) for column in zip(*links, strict=True))
        session.run("chain_audit", positions=positions, digests=digests, hashes=hashes)
    return last


def verify(session: Session, known: str = "") -> Verified:
    """Return the state of the chain, and what is wrong with it.

    known: a hash noted earlier; its absence is an error too, unless it was deleted because of its age.
    """
    anchor = session.row(queries.AuditAnchorRow)
    last, count, redacted, seen, wrong = ChainLink(anchor.position, anchor.hash), 0, 0, {anchor.hash}, []
    for row in session.rows(queries.AuditChainRow, after=0):
        count += 1
        redacted += row.is_redacted
        if row.hash is None or row.digest is None:
            wrong.append(f"entry {row.position} has no link yet; the next entry gives it one")
            continue
        if row.position != last.position + 1:
            wrong.append(f"entries are missing, or too many, between {last.position} and {row.position}")
        if not row.is_redacted and digest_of(_entry(row)) != row.digest:
            wrong.append(f"entry {row.position} of {row.at:%Y-%m-%d %H:%M} UTC was changed")
        if link_hash(last.hash, row.position, row.digest) != row.hash:
            wrong.append(f"entry {row.position} of {row.at:%Y-%m-%d %H:%M} UTC does not follow the previous one")
        last = ChainLink(row.position, row.hash)
        seen.add(last.hash)
    if known and known not in seen:
        wrong.append(f"no entry has the hash {known}: the chain was written anew, or that entry was deleted because of its age")
    return Verified(count, redacted, last, tuple(wrong))


def _entry(row: queries.AuditChainRow) -> AuditEntry:
    return AuditEntry(row.at, row.who, cast("What", row.what), row.about, row.source)


def deeds(session: Session) -> list[AuditEntry]:
    """Return the entries, newest first."""
    return [AuditEntry(**row._asdict()) for row in session.rows(queries.AuditTrailRow)]


def prune(session: Session, now: datetime, keep_days: int, elapsed: timedelta = timedelta()) -> int:
    """Delete entries older than a number of days, and return how many; a wrong clock deletes nothing.

    An instant beyond the newest stored one counts as that one. Besides entries that are old by the data's own instants, which
    come from another clock, only as much is deleted as time has elapsed since the last pruning. elapsed: by a monotonic clock;
    none if that is not known.
    """
    row = session.row(queries.AuditExtentRow)
    if row.oldest is None or row.newest is None:
        return 0
    kept = timedelta(days=keep_days)
    by_data = row.data_through - kept if row.data_through else row.oldest
    before = min(now - kept, row.newest - kept, max(by_data, row.oldest + elapsed))
    chain_entries(session)
    session.run("move_audit_anchor", before=before)
    return session.run("prune_audit", before=before)
