"""`export`: purchases and usage, in the format that FinOps tools accept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import say
from core.focus import write_focus

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> None:
    """Write the files of the days, both ends counted, and say where. Raises: InputError, if there is nothing to write."""
    context = wiring.context(options.config, options.as_of)
    days = options.first_day, options.last_day + timedelta(days=1)
    with context.open_warehouse() as warehouse:
        for path in write_focus(
            warehouse,
            context.config._replace(contract=context.contract),
            context.prices,
            *days,
            options.out,
            is_verbatim=options.verbatim,
        ):
            say(f"Wrote {path}.")
