"""The engines that sources are tested on, each started once."""

from collections.abc import Iterator

import pytest

from tests.fakes.lakes.engines import VARIABLE, DuckLake, LakeEngine, PostgresLake, SparkLake, run_postgres_lake, run_spark_lake


@pytest.fixture(scope="session")
def duck(tmp_path_factory: pytest.TempPathFactory) -> DuckLake:
    """A DuckDB file."""
    return DuckLake(tmp_path_factory.mktemp("lake"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresLake]:
    """A PostgreSQL on loopback."""
    with run_postgres_lake() as lake:
        yield lake


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkLake]:
    """A Spark with two workers on loopback."""
    with run_spark_lake(tmp_path_factory.mktemp("spark")) as lake:
        yield lake


OUTSIDE = [pytest.param(name, marks=pytest.mark.outside) for name in ("postgres", "spark")]


@pytest.fixture(params=["duck", *OUTSIDE])
def lake(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> LakeEngine:
    """Each engine in turn, with its address in the environment."""
    engine: LakeEngine = request.getfixturevalue(request.param)
    monkeypatch.setenv(VARIABLE, engine.address)
    return engine
