"""`misses` on the command line: questions that were not understood, and what each text seems to be about."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import ANSWERED, say
from bot.cli.runner import print_answer
from core.answer import group_digits
from core.questions import list_misses

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> int:
    """Print the misses; or forget them."""
    context = wiring.context(options.config, options.as_of)
    with wiring.open_for_questions() as warehouse:
        if options.clear:
            with warehouse.writing() as session:
                count = session.run("delete_misses")
            say(f"Forgotten: {group_digits(count)} question{'s' if count != 1 else ''}.")
            return ANSWERED
        shared = replace(context, open_warehouse=lambda: nullcontext(warehouse), has_warehouse=True)
        print_answer(list_misses(shared), options)
    return ANSWERED
