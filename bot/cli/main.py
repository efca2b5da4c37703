"""The command line: a question in words, or one of the operations."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot import wiring
from bot.cli.runner import run_command
from bot.cli.subcommands import OPERATIONS, day
from core.language import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Sequence


def run() -> NoReturn:
    """Be the program: run the command, and leave without tidying up what the system takes back anyway."""
    status = main()
    sys.stderr.flush()
    os._exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 answered, 2 the question or input is at fault, 1 trouble of ours.

    Where the service holds the warehouse, it runs the command, and this process prints what it says.
    """
    options = parse_arguments(arguments)
    if options.read_only:
        wiring.ask_only()
    try:
        return run_command(options)
    except wiring.HeldByServiceError as service:
        from bot.cli.remote import forward  # noqa: PLC0415 - loaded only while a service runs

        return forward(options, service.address)


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of a command line; `operation` is one of the operations or None, `said` the question's text."""
    options, words = _parser().parse_known_args(arguments)
    options.operation = words[0] if words and words[0] in OPERATIONS else None
    options.said = None if options.operation else " ".join(word.removeprefix("--") for word in words)
    if options.operation:
        operation = OPERATIONS[options.operation]
        parser = argparse.ArgumentParser(f"agentcost {options.operation}", description=operation.about, allow_abbrev=False)
        operation.add_arguments(parser)
        parser.parse_args(words[1:], options)
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "agentcost",
        usage="agentcost [--config FILE] [--as-of DAY] [--json] QUESTION…",
        description="What Agentforce costs: ask a question, or run an operation.",
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="the configuration (default: $AGENTCOST_CONFIG, else app.yaml)"
    )
    parser.add_argument("--as-of", metavar="DAY", type=day, help="ask for the prices of that day, such as 2026-01-31")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    parser.add_argument("--read-only", action="store_true", help="ask a warehouse that is not to be written, such as a backup")
    parser.add_argument("--version", action="store_true", help="print the version")
    return parser


def _epilog() -> str:
    questions = [f"  {command.name:<12} {command.answers}" for command in COMMANDS.values()]
    operations = [f"  {name:<12} {operation.about}" for name, operation in OPERATIONS.items()]
    return "\n".join(["questions:", *questions, "", "operations (agentcost NAME --help):", *operations])
