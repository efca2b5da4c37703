"""`init`, `workbook`: the small operations of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import say
from core.errors import InputError

if TYPE_CHECKING:
    from argparse import Namespace

STARTER = Path(__file__).parents[3] / "core" / "app.starter.yaml"


def init(options: Namespace) -> None:
    """Write a commented configuration. Raises: InputError, if the file is already there; it is left as it is."""
    path = options.path
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(STARTER.read_text(encoding="utf-8"))
    except FileExistsError:
        raise InputError(f"{path} already exists and was not changed. Name another file: agentcost init FILE.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    say(f"Wrote {path}. Every setting in it is commented out; `agentcost doctor` checks it.")


def workbook(options: Namespace) -> None:
    """Write the workbook of the questions. Raises: InputError, if there is nothing to show or the file cannot be written."""
    path = options.out
    if path.suffix.lower() != ".xlsx":
        raise InputError(f'"{path}" is no name for a workbook: end it in .xlsx.')
    try:
        wiring.write_workbook(options.question, wiring.context(options.config, options.as_of), path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    say(f"Wrote {path}. Change its input cells and everything follows.")
