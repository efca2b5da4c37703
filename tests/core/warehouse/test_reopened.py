"""A warehouse that DuckDB gave up after a failed write is opened again, with its content."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.config import WalletSettings
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.sample_data import write_events
from core.warehouse.database import open_warehouse

ROOT = Path(__file__).parents[3]
FULL = """
import json, os, resource, signal, sys
from pathlib import Path

from core.config import WalletSettings
from core.errors import MachineError
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import InvalidatedError, open_warehouse

file, export = Path(sys.argv[1]), Path(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file may grow no more: writing fails, as on a full disk
said = {}
with open_warehouse(file) as warehouse:
    before = warehouse.execute("SELECT count(*) FROM usage_events")[0][0]
    with warehouse.writing() as session:  # small enough to lie in the log first
        session.execute("CREATE TABLE ballast AS SELECT hash(range) AS it FROM range(100000)")
    resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size, resource.RLIM_INFINITY))
    with warehouse.reading() as held:
        try:
            warehouse.execute("CHECKPOINT")
        except MachineError as trouble:
            said["kind"], said["sentence"] = type(trouble).__name__, str(trouble)
        try:
            warehouse.execute("SELECT 1")
        except InvalidatedError:
            said["while in use"] = "refused"
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    said["same"] = warehouse.execute("SELECT count(*) FROM usage_events")[0][0] == before
    said["ballast"] = warehouse.execute("SELECT count(*) FROM ballast")[0][0]
    said["failure"] = warehouse.failure is not None
    import_files(warehouse, [export], WalletSettings())
    said["then"] = warehouse.execute("SELECT count(*) FROM usage_events")[0][0] - before
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Return the output of a process whose warehouse could not be written to, and then could."""
    folder = tmp_path_factory.mktemp("full")
    write_events(folder / "before.csv", 500, days=10)
    write_events(folder / "after.csv", 700, days=10, seed=2)
    with open_warehouse(folder / "w.duckdb") as warehouse:
        import_files(warehouse, [folder / "before.csv"], WalletSettings())
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-c", FULL, str(folder / "w.duckdb"), str(folder / "after.csv")]
    run = subprocess.run(program, env=variables, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    told: dict[str, object] = json.loads(run.stdout)
    return told


def test_the_sentence_names_the_file_and_the_way_out(told: dict[str, object]) -> None:
    """The sentence names the file and what to do, instead of quoting DuckDB."""
    sentence = str(told["sentence"])
    assert told["kind"] == "InvalidatedError"
    assert ("w.duckdb" in sentence, "agentcost restore" in sentence, "FATAL" in sentence) == (True, True, False)


def test_it_holds_what_it_held(told: dict[str, object]) -> None:
    """After the reopening nothing is lost, and an import succeeds."""
    assert (told["same"], told["ballast"], told["failure"], told["then"]) == (True, 100_000, False, 700)


def test_nobody_is_let_in_while_somebody_is_still_there(told: dict[str, object]) -> None:
    """While a reader of the broken instance is active, it is not opened again."""
    assert told["while in use"] == "refused"
