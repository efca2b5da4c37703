"""The program `agentcost`, installed under one name that collides with nobody's.

In a clone this file stands beside the rooms (`bot`, `core`, `sheets_addin`, `sql`). A wheel has it beside a folder `agentcost`
that holds the rooms, so that site-packages does not get four names that others use too.
"""

import sys
from pathlib import Path
from typing import NoReturn

HERE = Path(__file__).parent
INSTALLED_ROOMS = HERE / "agentcost"
ROOMS = str(INSTALLED_ROOMS if INSTALLED_ROOMS.is_dir() else HERE)


def run() -> NoReturn:
    """Run one command of the program and exit with its status."""
    if ROOMS not in sys.path:
        sys.path.insert(0, ROOMS)
    from bot.cli.main import run as run_command  # noqa: PLC0415 - found only once the rooms are on the path

    run_command()


if __name__ == "__main__":
    run()
