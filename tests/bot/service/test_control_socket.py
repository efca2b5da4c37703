"""Commands while a service holds the warehouse: the service runs them, and the caller sees the usual output."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.wallet.ingest.sample_data import write_events
from tests.harness.terminal import at_a_terminal

ROOT = Path(__file__).parents[3]
EVENTS = 500
LEDGER = """entitlementcarddefdevlname__c,quantity__c,startdate__c,enddate__c,entitlementtransactiontype__c,id__c
FlexCredits,1000000,2026-07-01T00:00:00Z,2027-07-01T00:00:00Z,Add,g-1
"""
HOLDER = """
import sys
from bot import locations, wiring
from bot.service.control_socket import serve_control_socket
from core.answer import number_format_in_force

with wiring.open_for_writing(), serve_control_socket(locations.service_address(locations.warehouse_path())):
    print("ready", flush=True)
    sys.stdin.read()
    print(number_format_in_force())
"""
COUNTER = """
from bot import wiring

with wiring.open_for_writing() as warehouse:
    print(warehouse.execute("SELECT count(*) FROM usage_events")[0][0])
"""


class Machine:
    """A folder with a warehouse, and the programs that use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = folder / "wallet.duckdb"
        self._variables = {**os.environ, "PYTHONPATH": str(ROOT), "AGENTCOST_WAREHOUSE": str(self.warehouse)}

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a Python program in the folder."""
        return subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self._variables,
        )

    def agentcost(self, *words: str, given: str | None = None) -> tuple[int, str, str]:
        """Run the program to its end; return its status and output."""
        program = self.start("-m", "bot", *words)
        out, err = program.communicate(given, timeout=60)
        return program.returncode, out, err

    def at_a_terminal(self, *words: str, typed: str) -> str:
        """Run the program in a terminal, type something, and return what the terminal shows."""
        return at_a_terminal([sys.executable, "-m", "bot", *words], typed, self._variables)

    def hold(self) -> subprocess.Popen[str]:
        """Start a process that holds the warehouse and accepts commands."""
        holder = self.start("-c", HOLDER)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        return holder


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine with an imported sample export."""
    write_events(tmp_path / "usage.csv", EVENTS, first_day=date(2026, 7, 1), days=10)
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    made = Machine(tmp_path)
    made.agentcost("import", "usage.csv")
    return made


@pytest.fixture
def holder(machine: Machine) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the machine's warehouse; ended afterwards."""
    process = machine.hold()
    yield process
    process.communicate("", timeout=30)


def test_a_question_is_answered_as_without_a_service(machine: Machine) -> None:
    """Text, streams and status are the same, whoever holds the warehouse."""
    alone = [machine.agentcost("usage by agent"), machine.agentcost("--json", "wallet"), machine.agentcost("usage by froodle")]
    holder = machine.hold()
    through = [machine.agentcost("usage by agent"), machine.agentcost("--json", "wallet"), machine.agentcost("usage by froodle")]
    holder.communicate("", timeout=30)
    assert [status for status, _, _ in alone] == [0, 0, 2]
    assert through == alone


def test_numbers_are_written_as_the_caller_s_app_yaml_says(machine: Machine) -> None:
    """The caller's own app.yaml applies to its answer; the service's applies to all others."""
    (machine.folder / "german.yaml").write_text("number_format: de\n", encoding="utf-8")
    holder = machine.hold()
    assert "25.000" in machine.agentcost("--config", "german.yaml", "breakeven 200 users")[1]
    assert holder.communicate("", timeout=30)[0] == "en\n"


@pytest.mark.usefixtures("holder")
def test_a_question_to_the_service_loads_nothing_that_answers_it(machine: Machine) -> None:
    """Sending a question on needs neither DuckDB, nor the price book, nor the language."""
    heavy = ("duckdb", "core.language.", "core.pricing.")
    program = (
        "import sys; from bot.cli.main import main; main(['usage by agent']);"
        f"print([name for name in sys.modules if name.startswith({heavy})])"
    )
    out, _ = machine.start("-c", program).communicate(timeout=60)
    assert ("Service_Concierge" in out, out.splitlines()[-1]) == (True, "[]")


@pytest.mark.usefixtures("holder")
@pytest.mark.parametrize(("typed", "answered"), [("1\n", True), ("\n", False), ("7\n", False)])
def test_what_was_meant_is_chosen_by_its_number_through_the_service(
    machine: Machine,
    typed: str,
    answered: bool,  # noqa: FBT001
) -> None:
    """The service's suggestions have numbers in the caller's terminal, and the service answers the chosen one."""
    shown = machine.at_a_terminal("usage", "by", "froodle", typed=typed)
    assert "1  usage by agent" in shown
    assert ("Service_Concierge" in shown) == answered


@pytest.mark.usefixtures("holder")
def test_nobody_is_asked_through_the_service_where_nobody_sits(machine: Machine) -> None:
    """In a pipe there is only the service's refusal."""
    status, out, _ = machine.agentcost("usage by froodle", given="1\n")
    assert (status, out) == (2, "")


@pytest.mark.usefixtures("holder")
def test_a_file_of_the_caller_s_folder_is_imported(machine: Machine) -> None:
    """A relative path is the caller's, and the service does the work."""
    status, out, _ = machine.agentcost("import", "ledger.csv")
    assert (status, "ledger.csv" in out) == (0, True)
    assert "1,000,000" in machine.agentcost("wallet")[1]


@pytest.mark.usefixtures("holder")
def test_standard_input_is_the_caller_s(machine: Machine) -> None:
    """The service imports what is piped into the command."""
    assert "standard input" in machine.agentcost("import", "-", given=LEDGER)[1]


@pytest.mark.usefixtures("holder")
def test_a_file_that_is_not_there_is_the_caller_s_mistake(machine: Machine) -> None:
    """Error and status come back as from a command without a service."""
    status, _, err = machine.agentcost("import", "nowhere.csv")
    assert (status, "nowhere.csv" in err) == (2, True)


@pytest.mark.usefixtures("holder")
def test_only_the_owner_may_call(machine: Machine) -> None:
    """Only this user can open the socket."""
    assert stat.S_IMODE(machine.warehouse.with_name("wallet.duckdb.sock").stat().st_mode) == 0o600


def test_what_a_killed_service_left_behind_is_taken_over(machine: Machine) -> None:
    """After SIGKILL the socket still exists: a command opens the warehouse itself, and a new service replaces the socket."""
    killed = machine.hold()
    killed.kill()
    killed.communicate()
    assert machine.agentcost("wallet")[0] == 0
    holder = machine.hold()
    assert machine.agentcost("wallet")[0] == 0
    holder.communicate("", timeout=30)


def test_a_stopped_import_does_not_land(machine: Machine, tmp_path: Path) -> None:
    """Ctrl-C stops the import in the service: nothing of the file is imported."""
    holder = machine.hold()
    write_events(tmp_path / "large.csv", 300_000, seed=8, first_day=date(2026, 7, 1), days=10)
    caller = machine.start("-m", "bot", "import", "large.csv")
    spool = machine.warehouse.with_name("wallet.duckdb.spool")
    while not any(spool.glob("*/*")):
        time.sleep(0.01)
    caller.send_signal(signal.SIGINT)
    assert caller.communicate(timeout=30)[1].endswith("Stopped.\n")
    holder.communicate("", timeout=60)
    assert _events(machine) == EVENTS


def _events(machine: Machine) -> int:
    """Return the number of events in the warehouse."""
    program = machine.start("-c", COUNTER)
    return int(program.communicate(timeout=30)[0])
