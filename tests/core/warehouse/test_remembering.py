"""A session with memory: an answer comes from one state, its own changes are seen, and nothing outlives the block."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.warehouse import queries
from core.warehouse.database import open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.warehouse import Session, Warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """An empty warehouse."""
    with open_warehouse(tmp_path / "w.duckdb") as opened:
        yield opened


def name_card(session: Session, card: str) -> None:
    """Add a card to the wallet."""
    session.execute("INSERT INTO cards BY NAME (SELECT $card AS spelling, $card AS card)", {"card": card})


def cards(session: Session) -> int:
    """Count the spellings of cards, with a query of `sql/`."""
    return int(session._read("SELECT count(*) FROM cards", {})[1][0][0])


def test_what_others_change_meanwhile_is_seen_after_the_block(warehouse: Warehouse) -> None:
    """The second count in a block equals the first; the next block counts anew."""
    with warehouse.reading() as session:
        with session.remembering():
            before = cards(session)
            with warehouse.writing() as other:
                name_card(other, "FlexCredits")
            assert cards(session) == before == 0
        assert cards(session) == 1
        with session.remembering():
            assert cards(session) == 1


def test_own_changes_are_seen(warehouse: Warehouse) -> None:
    """A statement that changes rows clears the memory, in nested blocks too."""
    with warehouse.writing() as session, session.remembering():
        assert cards(session) == 0
        name_card(session, "FlexCredits")
        assert cards(session) == 1
        with session.remembering():
            name_card(session, "Data")
        assert cards(session) == 2


def test_other_parameters_are_another_question(warehouse: Warehouse) -> None:
    """One statement about two cards runs once for each."""
    with warehouse.reading() as session, session.remembering():
        rows = [session.rows(queries.WalletGrantsRow, card=card) for card in ("A", "B", "A")]
    assert rows == [[], [], []]
    with warehouse.reading() as session, session.remembering():
        found = [session._read("SELECT $card AS card", {"card": card})[1][0][0] for card in ("A", "B", "A")]
    assert found == ["A", "B", "A"]
