"""The command line: a question in words, or one of the operations."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, NoReturn, cast

from bot.cli.subcommands import OPERATIONS, day
from bot.locations import config_path, find_local_service

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

# The options of a question without any option: then argparse, which is slow to load, is not needed.
WITHOUT_OPTIONS = {
    "help": False,
    "how": False,
    "json": False,
    "csv": False,
    "markdown": False,
    "chart": False,
    "config": None,
    "as_of": None,
    "read_only": False,
    "version": False,
}


def run() -> NoReturn:
    """The program's entry point: run the command, and exit without freeing what the system frees anyway."""
    status = main()
    sys.stderr.flush()
    os._exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 answered, 2 the question or input is at fault, 1 an internal or system error.

    If the service holds the warehouse, it runs the command, and this process prints the output. Questions go to it unparsed: it
    has everything loaded.
    """
    options = parse_arguments(arguments)
    is_question = not (options.operation or options.version or options.read_only)
    service = find_local_service() if is_question else None
    if service is not None:
        from bot.cli.remote import forward  # noqa: PLC0415 - loaded only while a service runs

        options.config = config_path(options.config)
        return forward(options, service)
    return _run_here(options)


def _run_here(options: argparse.Namespace) -> int:
    from bot import wiring  # noqa: PLC0415 - what a question to the service does without
    from bot.cli.runner import run_command  # noqa: PLC0415 - as above

    if options.read_only:
        wiring.ask_only()
    try:
        return run_command(options)
    except wiring.HeldByServiceError as service:
        from bot.cli.remote import forward  # noqa: PLC0415 - as above

        return forward(options, service.address)


def parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return the options of a command line; `operation` is one of the operations or None, `said` the question's text.

    columns and is_plain: what the caller's environment says of its terminal, wherever the command then runs.
    Raises: SystemExit, once help was printed or an option is at fault.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] not in OPERATIONS and not any(word.startswith("-") for word in words):
        return _of_terminal(cast("argparse.Namespace", SimpleNamespace(**WITHOUT_OPTIONS, operation=None, said=" ".join(words))))
    parser = _parser()
    options, words = parser.parse_known_args(words)
    _of_terminal(options)
    options.operation = words[0] if words and words[0] in OPERATIONS else None
    options.said = None if options.operation else " ".join(word.removeprefix("--") for word in words)
    if options.operation:
        parser = _operation_parser(options.operation)
        if not options.help:
            parser.parse_args(words[1:], options)
    if options.help:
        options.said = f"help {_command_asked_about(words)}"
        if options.operation or options.said == "help ":
            parser.print_help()
            raise SystemExit(0)
    return options


def _of_terminal(options: argparse.Namespace) -> argparse.Namespace:
    """Return the options with what the environment says of the terminal."""
    options.columns, options.is_plain = _said_columns(), bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return options


def _said_columns() -> int:
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isascii() and said.isdigit() else 0


def _command_asked_about(words: Sequence[str]) -> str:
    from core.language import command_of  # noqa: PLC0415 - only help reads words before they are asked

    command = command_of(" ".join(words))
    return command.name if command else ""


def _operation_parser(name: str) -> argparse.ArgumentParser:
    import argparse  # noqa: PLC0415 - a question without options does without

    operation = OPERATIONS[name]
    parser = argparse.ArgumentParser(f"agentcost {name}", description=operation.about, allow_abbrev=False)
    operation.add_arguments(parser)
    return parser


def _parser() -> argparse.ArgumentParser:
    import argparse  # noqa: PLC0415 - as above

    parser = argparse.ArgumentParser(
        "agentcost",
        usage="agentcost [OPTION…] QUESTION…   or   agentcost OPERATION …",
        description="What Agentforce costs: ask a question, or run an operation.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_epilog(),
        allow_abbrev=False,
        add_help=False,
    )
    parser.add_argument("-h", "--help", action="store_true", help="of the command before it, else this")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--how", action="store_true", help="the whole answer: every figure exact, sums, notes, sources")
    form.add_argument("--json", action="store_true", help="the whole answer as JSON")
    form.add_argument("--csv", action="store_true", help="its table as CSV, every row and column, exact")
    form.add_argument("--markdown", action="store_true", help="its table as Markdown")
    parser.add_argument("--chart", action="store_true", help="draw its chart, also where there is no terminal")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration (else $AGENTCOST_CONFIG, app.yaml)")
    parser.add_argument("--as-of", metavar="DAY", type=day, help="with the prices of that day, such as 2026-01-31")
    parser.add_argument("--read-only", action="store_true", help="read a warehouse without writing to it, such as a backup")
    parser.add_argument("--version", action="store_true", help="print the version")
    return parser


def _epilog() -> str:
    import textwrap  # noqa: PLC0415 - as above

    operations = textwrap.fill(", ".join(OPERATIONS), 76, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    return f"questions:\n  agentcost help\n\noperations (agentcost NAME --help):\n{operations}"
