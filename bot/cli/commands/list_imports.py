"""`imports` on the command line: every import with its number, by which one is taken back or read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.runner import ANSWERED, print_answer
from core.wallet.imports import list_imports

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> int:
    """Print what was imported."""
    context = wiring.context(options.config, options.as_of)
    with wiring.open_for_questions() as warehouse, warehouse.reading() as session:
        answer = list_imports(session, context.as_of, context.config.zone)
    print_answer(answer, options)
    return ANSWERED
