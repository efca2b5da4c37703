"""`completion` on the command line: the script for a shell, and what that script asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.console import ANSWERED, say
from bot.cli.shell_completion import SCRIPTS, complete
from bot.cli.subcommands import OPERATIONS

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> int:
    """Print the script, or the completions of the last word, one per line."""
    if options.words is not None:
        for word in complete(options.words, tuple(OPERATIONS)):
            say(word)
    else:
        say(SCRIPTS[options.shell].rstrip())
    return ANSWERED
