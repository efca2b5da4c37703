"""The audit log is a chain: a changed, deleted or inserted entry is detected; old entries are pruned from its beginning."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.warehouse import AuditEntry, Warehouse, append, open_warehouse, prune, verify
from core.warehouse import database as database_module
from core.warehouse.statements import migrations

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def deed(nth: int) -> AuditEntry:
    """Return the entry of an hour."""
    return AuditEntry(NOON + timedelta(hours=nth), "kim", "asked", f"usage by agent, question {nth}", "Slack")


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """Ten entries."""
    with open_warehouse(tmp_path / "w.duckdb") as opened:
        write(opened, range(10))
        yield opened


def write(warehouse: Warehouse, hours: range) -> None:
    """Append entries, two in one transaction."""
    for nth in hours[::2]:
        with warehouse.writing() as session:
            append(session, deed(nth))
            append(session, deed(nth + 1))


def wrong(warehouse: Warehouse, known: str = "") -> tuple[str, ...]:
    """Return the problems of the chain."""
    with warehouse.reading() as session:
        return verify(session, known).wrong


def test_a_chain_that_nobody_touched_holds(warehouse: Warehouse) -> None:
    """Ten entries, each linked to the one before."""
    with warehouse.reading() as session:
        found = verify(session)
    assert (found.entries, found.last.position, found.wrong) == (10, 10, ())


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE audit SET who = 'lee' WHERE position = 4", "entry 4 .* was changed"),
        ("UPDATE audit SET noted_at = noted_at + INTERVAL 1 MICROSECOND WHERE position = 4", "entry 4 .* was changed"),
        ("DELETE FROM audit WHERE position = 4", "between 3 and 5"),
        ("UPDATE audit SET digest = repeat('0', 64), is_redacted = true WHERE position = 4", "entry 4 .* does not follow"),
        ("INSERT INTO audit SELECT * FROM audit WHERE position = 10", "between 10 and 10"),
        ("DELETE FROM audit WHERE position = 1", "between 0 and 2"),
    ],
    ids=["changed", "moved in time", "left out", "redacted by hand", "put in", "first left out"],
)
def test_tampering_is_seen(warehouse: Warehouse, tampering: str, said: str) -> None:
    """Any manual change of the table breaks the chain at that place."""
    with warehouse.writing() as session:
        session.execute(tampering)
    assert any(re.search(said, problem) for problem in wrong(warehouse))


def test_an_end_that_was_cut_off_is_seen_by_who_knows_a_hash(warehouse: Warehouse) -> None:
    """The last entries can be deleted undetected, except by someone who noted a hash."""
    with warehouse.reading() as session:
        known = verify(session).last.hash
    assert wrong(warehouse, known) == ()
    with warehouse.writing() as session:
        session.execute("DELETE FROM audit WHERE position > 8")
    assert wrong(warehouse) == ()
    assert known in wrong(warehouse, known)[0]


def test_what_is_old_goes_and_the_rest_holds(warehouse: Warehouse) -> None:
    """After pruning, the chain begins behind the pruned entries and continues at its end."""
    with warehouse.writing() as session:
        append(session, deed(28))
        assert prune(session, NOON + timedelta(hours=28), 1, timedelta(days=9)) == 4
    assert wrong(warehouse) == ()
    write(warehouse, range(40, 44))
    with warehouse.reading() as session:
        found = verify(session)
    assert (found.entries, found.last.position, found.wrong) == (11 - 4 + 4, 15, ())


def test_entries_of_an_older_warehouse_get_their_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration keeps the entries; the next one links them, and from then on tampering is detected."""
    older = tuple(path for path in migrations() if path.stem < "0012")
    monkeypatch.setattr(database_module, "migrations", lambda: older)
    with open_warehouse(tmp_path / "w.duckdb") as warehouse, warehouse.writing() as session:
        for nth in range(3):
            session.execute("INSERT INTO audit VALUES ($at, $who, $what, $about, $source)", deed(nth)._asdict())
    monkeypatch.undo()
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        write(warehouse, range(10, 12))
        with warehouse.reading() as session:
            assert (verify(session).entries, verify(session).wrong) == (5, ())
        with warehouse.writing() as session:
            session.execute("UPDATE audit SET who = 'lee' WHERE position = 2")
        assert "entry 2" in wrong(warehouse)[0]
