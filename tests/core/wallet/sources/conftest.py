"""The engines that sources are tried on, each started once."""

from collections.abc import Iterator

import pytest

from tests.fakes.lakes.engines import VARIABLE, DuckLake, LakeEngine, PostgresLake, run_postgres_lake


@pytest.fixture(scope="session")
def duck(tmp_path_factory: pytest.TempPathFactory) -> DuckLake:
    """A DuckDB file."""
    return DuckLake(tmp_path_factory.mktemp("lake"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresLake]:
    """A PostgreSQL on loopback."""
    with run_postgres_lake() as lake:
        yield lake


@pytest.fixture(params=["duck", pytest.param("postgres", marks=pytest.mark.outside)])
def lake(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> LakeEngine:
    """Each engine in turn, with its address in the environment."""
    engine: LakeEngine = request.getfixturevalue(request.param)
    monkeypatch.setenv(VARIABLE, engine.address)
    return engine
