"""`agentcost import --source`, from app.yaml and the environment to an answer; and the service's job for it."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.observability import Metrics, MetricState
from bot.service.jobs import Jobs, jobs_of
from core.config import load_config
from core.context import Context
from core.warehouse import deeds, open_warehouse
from tests.fakes.lakes.engines import VARIABLE, DuckLake
from tests.fakes.lakes.events import LakeEvent

USED = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=5)
EVENTS = [LakeEvent(f"e{number}", USED, USED + timedelta(hours=1), Decimal(20), agent="Service_Bot") for number in range(3)]


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DuckLake:
    """A table of three events that app.yaml names, in the current folder."""
    lake = DuckLake(tmp_path)
    table = lake.create()
    lake.append(table, EVENTS)
    monkeypatch.setenv(VARIABLE, lake.address)
    text = f"sources:\n  lake:\n    engine: duckdb\n    table: {table}\n    import_minutes: 15\n"
    (tmp_path / "app.yaml").write_text(text, encoding="utf-8")
    return lake


@pytest.mark.usefixtures("lake")
def test_a_source_is_imported_and_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run prints the statement and imports nothing; after the import, questions are answered as for a file."""
    assert main(["import", "--source", "lake", "--dry-run"]) == 0
    assert "ROW_NUMBER() OVER" in capsys.readouterr().out
    assert not Path("var/agentcost.duckdb").exists()
    assert main(["import", "--source", "LAKE"]) == 0
    assert "3 new rows" in capsys.readouterr().out
    assert main(["--csv", "usage", "by", "agent"]) == 0
    assert "Service_Bot,3,60," in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--source", "pond"], "app.yaml has no source pond under sources: there are lake."),
        (["--source", "lake", "f.csv"], "--source imports one table"),
        (["--whole", "f.csv"], "--whole and --dry-run go with --source"),
    ],
)
@pytest.mark.usefixtures("lake")
def test_what_does_not_go_together_is_refused(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence says which options go together."""
    assert main(["import", *options]) == 2
    assert said in " ".join(capsys.readouterr().err.split())


@pytest.mark.usefixtures("lake")
def test_the_doctor_asks_for_the_address(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A source without an address is found before the first import."""
    monkeypatch.delenv(VARIABLE)
    assert main(["doctor"]) == 2
    assert f"{VARIABLE} is not set" in capsys.readouterr().err


def test_the_service_imports_a_source_by_the_clock(lake: DuckLake, tmp_path: Path) -> None:
    """A source with `import_minutes` has a job that imports what is new and writes to the audit log."""
    config = load_config(tmp_path / "app.yaml")
    metrics = Metrics(lambda: MetricState(is_open=True, data_through=None, messages={}))
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        context = Context(USED.date(), config, lambda: nullcontext(warehouse), has_warehouse=True)
        jobs = {job.name: job for job in jobs_of(Jobs(warehouse, lambda: context, lambda: datetime.now(UTC), metrics), config)}
        jobs["import of source lake"].do(USED)
        lake.append(config.sources[0].table, [EVENTS[0]._replace(id="e9", processed_time=USED + timedelta(hours=2))])
        jobs["import of source lake"].do(USED)
        assert warehouse.execute("SELECT sum(credits) FROM usage") == [(80,)]
        with warehouse.reading() as session:
            assert [entry.about for entry in deeds(session) if entry.what == "imported"] == ["source lake", "source lake"]
