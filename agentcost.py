"""The program `agentcost`, installed as one package that collides with nobody's.

In a clone this file stands beside the rooms (`bot`, `core`, `sheets_addin`, `sql`). In a wheel it is the package `agentcost` and
the rooms lie inside it, so that site-packages gets one name and not four that others use too. In both, the rooms' folder is
this file's own.
"""

import sys
from pathlib import Path
from typing import NoReturn

ROOMS = str(Path(__file__).parent)


def run() -> NoReturn:
    """Run one command of the program and exit with its status."""
    if ROOMS not in sys.path:
        sys.path.insert(0, ROOMS)
    from bot.cli import run as run_command  # noqa: PLC0415 - found only once the rooms are on the path

    run_command()


if __name__ == "__main__":
    run()
