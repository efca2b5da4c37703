"""The command line: a question in words, or one of the operations."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bot import wiring
from bot.console import complain, console, say
from bot.operations import OPERATIONS, day
from bot.terminal import pointed_at, printable, rendered
from core.errors import InputError, MachineError, QuestionError
from core.questions.ask import ask
from core.questions.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.answer import Answer

ANSWERED, OUR_TROUBLE, INPUT_AT_FAULT, INTERRUPTED = 0, 1, 2, 130


def run() -> NoReturn:
    """Be the program: run the command, and leave without tidying up what the system takes back anyway."""
    status = main()
    sys.stderr.flush()
    os._exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 answered, 2 the question or input is at fault, 1 trouble of ours.

    Where the service holds the warehouse, it runs the command, and this process prints what it says.
    """
    options = parsed(arguments)
    try:
        return status_of(options)
    except wiring.HeldByServiceError as service:
        from bot.local_calls import forwarded  # noqa: PLC0415 - loaded only while a service runs

        return forwarded(options, service.address)


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
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


def status_of(options: argparse.Namespace) -> int:
    """Run a parsed command, print its answer or what was wrong to the console, and return its exit status.

    Raises: HeldByServiceError, if the command needs the warehouse and the running service has it; nothing was done then.
    """
    try:
        return _run(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), console().out.fileno())
        return ANSWERED
    except wiring.HeldByServiceError:
        raise
    except InputError as error:
        _tell(error, as_json=options.json)
        return INPUT_AT_FAULT
    except MachineError as error:
        _tell(error, as_json=options.json)
        return OUR_TROUBLE
    except Exception:  # noqa: BLE001 - the last resort: whatever it is, it is ours, and the asker is told so
        complain(
            traceback.format_exc() + "Something broke on our side; nothing you wrote is at fault. The lines above say where."
        )
        return OUR_TROUBLE
    except KeyboardInterrupt:
        complain("Stopped.")
        return INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    if options.version:
        from importlib.metadata import version  # noqa: PLC0415 - no question pays for it

        say(f"agentcost {version('agentcost')}")
        return ANSWERED
    if options.operation:
        module, _, function = OPERATIONS[options.operation].handler.partition(":")
        return int(getattr(import_module(module), function)(options) or ANSWERED)
    question = options.said or "help"
    answer = ask(question, wiring.noted(wiring.context(options.config, options.as_of), question))
    show(answer, as_json=options.json)
    return ANSWERED


def show(answer: Answer, *, as_json: bool) -> None:
    """Print an answer, as JSON or as text to the width of the terminal."""
    if as_json:
        import json  # noqa: PLC0415 - people at a terminal do not pay for it

        say(json.dumps(answer.to_json(), ensure_ascii=False, indent=2))
    else:
        say(rendered(answer, console().width))


def _tell(error: InputError | MachineError, *, as_json: bool) -> None:
    if as_json:
        import json  # noqa: PLC0415 - as above

        told = {"error": str(error)}
        if isinstance(error, QuestionError):
            told |= {"question": error.question, "start": error.start, "end": error.end, "suggestions": error.suggestions}  # type: ignore[dict-item]  # JSON holds all of them
        complain(json.dumps(told, ensure_ascii=False))
    else:
        complain(pointed_at(error) if isinstance(error, QuestionError) else printable(str(error)))


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
    parser.add_argument("--version", action="store_true", help="print the version")
    return parser


def _epilog() -> str:
    questions = [f"  {command.name:<12} {command.answers}" for command in COMMANDS.values()]
    operations = [f"  {name:<12} {operation.about}" for name, operation in OPERATIONS.items()]
    return "\n".join(["questions:", *questions, "", "operations (agentcost NAME --help):", *operations])
