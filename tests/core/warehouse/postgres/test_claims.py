"""What several services take on: one at a time, what was begun and not done by another, what is done by nobody again."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, TypeVar

import pytest

from core.errors import MachineError
from core.warehouse import Claims, PostgresAddress, open_warehouse
from tests.fakes.ports import free_port
from tests.fakes.waiting import WAIT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.postgres import Cluster

T = TypeVar("T")
KEY = "signature of a request"


@pytest.fixture
def another(cluster: Cluster) -> Iterator[Callable[[], Claims]]:
    """Give one more service on a new database."""
    address = cluster.create()
    with ExitStack() as until_the_end:

        def connect() -> Claims:
            claims = Claims(address)
            until_the_end.callback(claims.close)
            return claims

        yield connect


def wait_for(what: Callable[[], T]) -> T:
    """Return what comes of it as soon as there is something: PostgreSQL sees a little later that a connection is closed."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not (found := what()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def test_one_has_it_until_it_is_done_and_then_nobody(another: Callable[[], Claims]) -> None:
    """Whoever is first has a key; the others, and the first itself, wait; once it is settled it is done for all."""
    first, second = another(), another()
    assert (first.take(KEY), first.take(KEY), second.take(KEY)) == ("first", "busy", "busy")
    assert second.take("another key") == "first"
    first.settle([KEY])
    assert (first.take(KEY), second.take(KEY)) == ("done", "done")


def test_what_a_service_that_is_gone_had_begun_is_taken_again(another: Callable[[], Claims]) -> None:
    """A lost connection leaves the key to the next, who is told that somebody had begun; settled, it is done."""
    first, second, third = another(), another(), another()
    assert first.take(KEY) == "first"
    first.close()
    assert wait_for(lambda: (taken := second.take(KEY)) != "busy" and taken) == "again"
    second.settle([KEY])
    assert third.take(KEY) == "done"


def test_what_somebody_owes_is_inherited_once_they_are_gone(another: Callable[[], Claims]) -> None:
    """While its service lives nobody inherits it; then one does, and answers it in the end; what is not owed is not inherited."""
    first, second, third = another(), another(), another()
    for key in (KEY, "answered", "not owed any more", "never owed"):
        first.take(key)
    for key in (KEY, "answered", "not owed any more"):
        first.owe(key, "a question")
    first.settle(["answered"])
    first.owe("not owed any more", None)
    assert second.inherit() == {}
    first.close()
    assert (wait_for(second.inherit), second.inherit(), third.inherit()) == ({KEY: "a question"}, {}, {})
    second.settle([KEY])
    assert (second.inherit(), third.inherit(), third.take(KEY)) == ({}, {}, "done")


def test_what_is_given_back_is_new(another: Callable[[], Claims]) -> None:
    """Where nothing came of it, the next is the first."""
    first, second = another(), another()
    assert first.take(KEY) == "first"
    first.give_back([KEY])
    assert second.take(KEY) == "first"


def test_of_many_at_once_one_is_first(another: Callable[[], Claims]) -> None:
    """Six services, new on a database without the table, take the same ten keys at once: each key has one first, and no again."""
    services = [another() for _ in range(6)]
    keys = [f"key {nth}" for nth in range(10)]
    with ThreadPoolExecutor(len(services)) as threads:
        told = list(threads.map(lambda service: [service.take(key) for key in keys], services))
    assert [sorted(each) for each in zip(*told, strict=True)] == [["busy"] * 5 + ["first"]] * 10


def test_a_database_that_went_away_is_connected_again(cluster: Cluster, another: Callable[[], Claims]) -> None:
    """What was settled before the database broke off is known afterwards; what was not is taken again."""
    service = another()
    service.take(KEY)
    service.settle([KEY])
    with cluster.connect("postgres") as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    assert (service.take(KEY), service.take("another key")) == ("done", "first")


def test_without_a_database_nothing_is_taken() -> None:
    """Nobody can tell what others have; the sentence names the database."""
    with pytest.raises(MachineError, match="cannot be reached"):
        Claims(PostgresAddress(f"postgresql://agentcost@127.0.0.1:{free_port()}/nothing")).take(KEY)


def test_the_table_is_no_part_of_the_warehouse(cluster: Cluster) -> None:
    """It is neither counted nor copied: a warehouse that was asked by Slack is as it was."""
    address = cluster.create()
    with open_warehouse(address) as warehouse, warehouse.reading() as session, closing(Claims(address)) as service:
        before = session.tables()
        assert service.take(KEY) == "first"
        assert session.tables() == before


def test_a_statement_that_takes_too_long_loses_no_claim(cluster: Cluster, another: Callable[[], Claims]) -> None:
    """The database is slow for once, and says so; what the service has taken stays its own."""
    service, other = another(), another()
    assert (service.take(KEY), other.take("another key")) == ("first", "first")
    with cluster.connect(_name_of(service)) as connection, connection.transaction():
        connection.execute("LOCK TABLE agentcost_heard IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(MachineError, match="statement timeout"):
            service.take("a third key")
    assert (other.take(KEY), service.take(KEY)) == ("busy", "busy")
    service.owe(KEY, "a question")


def test_what_another_took_over_from_a_service_that_was_cut_off_is_not_its_own_any_more(
    cluster: Cluster, another: Callable[[], Claims]
) -> None:
    """Back again, it has what nobody took, and must not answer what somebody did."""
    first, second = another(), another()
    for key in (KEY, "nobody's"):
        first.take(key)
    first.owe(KEY, "a question")
    with cluster.connect("postgres") as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    assert wait_for(second.inherit) == {KEY: "a question"}
    with pytest.raises(MachineError, match="taken over"):
        first.owe(KEY, None)
    first.owe("nobody's", "another question")
    assert second.take("nobody's") == "busy"


def _name_of(service: Claims) -> str:
    with service._own.use() as connection:
        return connection.info.dbname
