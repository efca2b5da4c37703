"""The invented company on a day that does not move, for documents and pictures; and commands asked of it."""

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from freezegun import freeze_time

from bot.cli.console import Console, calling
from bot.cli.main import main

# DuckDB loads pandas with its first query where it is installed. Loaded while the clock is frozen, pandas takes the fake classes
# of days for the real ones, and writes where it must not.
import_module("pandas")

ROOM = re.compile(r"[\d,]+ MiB")
NOW = "2026-11-21 09:00:00"
# A file of nobody's columns, as somebody keeps it by hand.
OWN_FILE = """\
Usage Date;Bot;Squad;Spent
19.11.2026;Returns Bot;Service;1.240
20.11.2026;Returns Bot;Service;860
20.11.2026;Sales Coach;Sales;120
"""


def write_demonstration(folder: Path) -> Path:
    """Write the demonstration of the fixed day into an empty folder, with a file to learn beside it; return the folder."""
    with freeze_time(NOW):
        run(["demo", str(folder)])
    (folder / "bots.csv").write_text(OWN_FILE, encoding="utf-8")
    (folder / "usage.csv").write_bytes(max(folder.glob("usage_events_*.csv")).read_bytes())
    return folder


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Be in the folder of a demonstration, on its day, with its warehouse."""
    named = {"AGENTCOST_CONFIG": "app.yaml", "AGENTCOST_WAREHOUSE": "agentcost.duckdb"}
    before = {name: os.environ.get(name) for name in named}
    os.environ.update(named)
    try:
        with contextlib.chdir(folder), freeze_time(NOW):
            yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def run(words: list[str]) -> tuple[int, str]:
    """Run a command line and return its status and all that it printed."""
    out = io.StringIO()
    with calling(Console(out, out, lambda: False)), contextlib.redirect_stdout(out):
        try:
            status = main(words)
        except SystemExit as end:  # argparse's own, as of --help
            status = int(end.code or 0)
    return status, out.getvalue()


def output_of(command: str) -> str:
    """Return what a command of a document prints, without the line ends around it; room on a disk is that of no machine."""
    return ROOM.sub("41,082 MiB", run(shlex.split(command)[1:])[1]).strip("\n")
