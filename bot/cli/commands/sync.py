"""`sync`: refreshes Google spreadsheets, each independently, with a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import ANSWERED, INPUT_AT_FAULT, OUR_TROUBLE
from bot.cli.runner import print_answer
from core.config import spreadsheets_of
from core.errors import InputError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from core.config import Config, SpreadsheetInput
    from core.errors import AgentcostError


def run(options: Namespace) -> int:
    """Sync the named spreadsheets, or all of app.yaml; print the report. Raises: InputError, ConfigError."""
    context = wiring.context(options.config, options.as_of)
    said = select_spreadsheets(context.config, options.spreadsheets)
    answer, troubles = wiring.sync_spreadsheets(said, context, dry_run=options.dry_run)
    print_answer(answer, options)
    return exit_status(troubles)


def select_spreadsheets(config: Config, names: Sequence[str]) -> list[SpreadsheetInput]:
    """Return the spreadsheets with these names or ids, all if none is named. Raises: InputError."""
    kept = spreadsheets_of(config)
    if not kept:
        raise InputError("app.yaml names no spreadsheet. List them under spreadsheets; docs/sheets.md says how.")
    by_name = {key: one for one in kept for key in (one.name, one.id)}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        known = ", ".join(one.name for one in kept)
        raise InputError(f'app.yaml names no spreadsheet "{unknown[0]}". It names: {known}.')
    return list(dict.fromkeys(by_name[name] for name in names)) or list(kept)


def exit_status(troubles: Sequence[AgentcostError]) -> int:
    """Return 0 without errors, 2 if any input is at fault, else 1."""
    if any(isinstance(trouble, InputError) for trouble in troubles):
        return INPUT_AT_FAULT
    return OUR_TROUBLE if troubles else ANSWERED
