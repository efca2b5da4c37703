"""A text that services on a database share: one after the other changes it, and what a file held before is taken over once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from core.errors import InputError, MachineError
from core.maintenance import find_sheet_tokens, migrate_warehouse
from core.warehouse import PostgresAddress, SharedText, open_warehouse
from tests.fakes.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fakes.postgres import Cluster

NAME = "of a test"


@pytest.fixture
def another(cluster: Cluster, tmp_path: Path) -> Iterator[Callable[[str], SharedText]]:
    """Give the text of one more service on a new database; each machine has a folder of its own."""
    address = cluster.create()
    with ExitStack() as until_the_end:

        def connect(machine: str) -> SharedText:
            return until_the_end.enter_context(closing(SharedText(address, NAME, tmp_path / machine)))

        yield connect


def test_what_one_changes_all_read(another: Callable[[str], SharedText]) -> None:
    """There is none at first; then every service reads what one of them has put there."""
    first, second = another("first"), another("second")
    assert first.read() is None
    assert first.change(lambda before: f"{before} and this") == "None and this"
    assert (first.read(), second.read()) == ("None and this", "None and this")


def test_it_is_the_same_object_until_it_changes(monkeypatch: pytest.MonkeyPatch, another: Callable[[str], SharedText]) -> None:
    """Whoever has read it can tell by that whether to read it again."""
    monkeypatch.setattr("core.warehouse.shared_text.FRESH_SECONDS", 0.0)
    text = another("first")
    text.change(lambda _: "some words")
    assert text.read() is text.read()


def test_changes_at_the_same_time_are_all_kept(another: Callable[[str], SharedText]) -> None:
    """Six services that each add ten lines lose none of them."""
    services = [another(f"{nth}") for nth in range(6)]

    def add(nth: int) -> None:
        for line in range(10):
            services[nth].change(lambda before, line=line: f"{before or ''}{nth}-{line}\n")  # type: ignore[misc]

    with ThreadPoolExecutor(len(services)) as threads:
        list(threads.map(add, range(len(services))))
    assert sorted((services[0].read() or "").split()) == sorted(f"{nth}-{line}" for nth in range(6) for line in range(10))


def test_a_change_that_is_refused_changes_nothing(another: Callable[[str], SharedText]) -> None:
    """And the next one goes through."""
    text = another("first")
    text.change(lambda _: "before")

    def refuse(_: str | None) -> str:
        raise InputError("There is no such token.")

    with pytest.raises(InputError, match="no such token"):
        text.change(refuse)
    assert text.change(lambda before: f"{before}, after") == "before, after"


def test_a_file_is_taken_over_once(another: Callable[[str], SharedText], tmp_path: Path) -> None:
    """Machines that kept it in files agree on the first one's; what was emptied since does not come back from the file."""
    (tmp_path / "first").write_text("of the first", encoding="utf-8")
    (tmp_path / "second").write_text("of the second", encoding="utf-8")
    first, second = another("first"), another("second")
    assert (first.read(), second.read()) == ("of the first", "of the first")
    first.change(lambda _: "")
    assert (first.read(), another("first").read(), another("third").read()) == ("", "", "")


def test_without_a_database_nothing_is_read(tmp_path: Path) -> None:
    """The sentence names the database, and not a file that has it no more."""
    (tmp_path / "file").write_text("an old text", encoding="utf-8")
    address = PostgresAddress(f"postgresql://agentcost@127.0.0.1:{free_port()}/nothing")
    with closing(SharedText(address, NAME, tmp_path / "file")) as text, pytest.raises(MachineError, match="cannot be reached"):
        text.read()


def test_tokens_move_with_the_warehouse(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a file into a database and back; other tokens that stood there are put aside."""
    monkeypatch.chdir(tmp_path)
    file, database, back = tmp_path / "here" / "w.duckdb", cluster.create(), tmp_path / "back" / "w.duckdb"
    with open_warehouse(file):
        pass
    find_sheet_tokens(file).change(lambda _: "tokens")
    find_sheet_tokens(back).change(lambda _: "others")
    migrate_warehouse(file, database)
    with closing(find_sheet_tokens(database)) as text:
        assert text.change(lambda tokens: f"{tokens}, one revoked") == "tokens, one revoked"
    migrate_warehouse(database, back)
    names = ("sheet_tokens.json", "sheet_tokens.json.replaced")
    assert [back.with_name(name).read_text() for name in names] == ["tokens, one revoked", "others"]
