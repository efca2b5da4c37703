"""`demo`: an invented company's year, from its exports to answers and a workbook, without any account."""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import ANSWERED, console, say
from bot.cli.text_table import wrap
from core.answer import glance, group_digits
from core.config import load_config
from core.context import Context
from core.demonstration import AGENTS, CONFIGURATION_HEAD, COST_CENTRES, DAYS, replay, users, write_configuration
from core.errors import InputError
from core.questions import ask

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

QUESTIONS = (
    "wallet",
    "usage by agent last month",
    "variance last 7 days",
    "breakeven 200 users",
    "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users",
)
COMMAND_NAME, WIDTH, INDENT = "agentcost", 80, "  "
WORKBOOK, CONFIGURATION, WAREHOUSE = "compare.xlsx", "app.yaml", "agentcost.duckdb"


def run(options: Namespace) -> int:
    """Write the company into a folder, import its exports, answer five questions, write a workbook, and say what to try."""
    folder: Path = options.folder
    path = folder / WAREHOUSE
    _make_room(folder, path)
    configuration = folder / CONFIGURATION
    last_day = wiring.today(load_config(None)) - timedelta(days=1)
    write_configuration(configuration, last_day)
    config = load_config(configuration)
    company = Context(last_day + timedelta(days=1), config, wiring.get_shared_warehouse(path).open, has_warehouse=True)
    say(f"An invented company: {len(COST_CENTRES)} departments, {len(AGENTS)} agents, {len(users())} employees, {DAYS} days.")
    started = time.monotonic()
    with wiring.get_shared_warehouse(path).open() as warehouse:
        rows = replay(warehouse, folder, last_day, company, _progress())
        say(f"Imported its exports as they arrived: {group_digits(rows)} rows in {time.monotonic() - started:.0f} s.")
        for question in QUESTIONS:
            say(f"\n$ agentcost {question}")
            for line in wrap(glance(ask(question, company)).sentence, WIDTH, INDENT):
                say(line)
        wiring.write_workbook([QUESTIONS[-1]], company, folder / WORKBOOK)
    say(next_steps(folder))
    return ANSWERED


def _make_room(folder: Path, warehouse: Path) -> None:
    """Create the folder, or remove what an earlier demonstration left; any other folder is refused unchanged."""
    configuration = folder / CONFIGURATION
    is_ours = configuration.exists() and configuration.read_text(encoding="utf-8").startswith(CONFIGURATION_HEAD)
    if folder.exists() and any(folder.iterdir()) and not is_ours:
        raise InputError(f"{folder} holds other files and was left as it is. Name a new folder: agentcost demo FOLDER.")
    folder.mkdir(parents=True, exist_ok=True)
    with wiring.get_shared_warehouse(warehouse).open():
        pass  # it was free: a service that still serves an earlier demonstration would have refused
    for left in folder.glob(f"{WAREHOUSE}*"):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


def _progress() -> Callable[[int, int], None] | None:
    terminal = console().err
    if not terminal.isatty():
        return None

    def draw(done: int, total: int) -> None:
        terminal.write(f"\rImporting {done} of {total} deliveries" if done < total else "\r\x1b[K")
        terminal.flush()

    return draw


def _program() -> str:
    """Return how to call this program here: by its path if the shell would not find it by name."""
    called = Path(sys.argv[0])
    return shlex.quote(sys.argv[0]) if called.name == COMMAND_NAME and shutil.which(COMMAND_NAME) is None else COMMAND_NAME


def next_steps(folder: Path) -> str:
    """Return where things are, and three commands to try, ready to type."""
    program = _program()
    return f"""
In {folder}: {WORKBOOK} (change an input cell), {CONFIGURATION}, {WAREHOUSE} and the exports.

Ask it yourself:
  export AGENTCOST_CONFIG={shlex.quote(str(folder / CONFIGURATION))} AGENTCOST_WAREHOUSE={shlex.quote(str(folder / WAREHOUSE))}
  {program} alerts
  {program} ask
  {program} serve --port 3000    # the page: http://127.0.0.1:3000/"""
