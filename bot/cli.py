"""The command line: a question in words, or one of the operations."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

from bot import wiring
from bot.operations import OPERATIONS, day
from bot.terminal import pointed_at, printable, rendered
from core.errors import InputError, MachineError, QuestionError
from core.questions.ask import ask
from core.questions.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.answer import Answer

WIDTH_OF_PIPES = 120
ANSWERED, OUR_TROUBLE, INPUT_AT_FAULT, INTERRUPTED = 0, 1, 2, 130


def run() -> NoReturn:
    """Be the program: run the command, and leave without tidying up what the system takes back anyway."""
    status = main()
    sys.stderr.flush()
    os._exit(status)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 answered, 2 the question or input is at fault, 1 trouble of ours."""
    options, words = _parser().parse_known_args(arguments)
    try:
        status = _run(options, words)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ANSWERED
    except InputError as error:
        _complain(error, as_json=options.json)
        return INPUT_AT_FAULT
    except MachineError as error:
        _complain(error, as_json=options.json)
        return OUR_TROUBLE
    except Exception:  # noqa: BLE001 - the last resort: whatever it is, it is ours, and the asker is told so
        traceback.print_exc()
        print("Something broke on our side; nothing you wrote is at fault. The lines above say where.", file=sys.stderr)
        return OUR_TROUBLE
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return INTERRUPTED
    return status


def _run(options: argparse.Namespace, words: list[str]) -> int:
    if words and words[0] in OPERATIONS:
        return _operate(options, words[0], words[1:])
    said = " ".join(word.removeprefix("--") for word in words)
    answer = ask(said or "help", wiring.context(options.config, options.as_of))
    show(answer, as_json=options.json)
    return ANSWERED


def _operate(options: argparse.Namespace, name: str, rest: list[str]) -> int:
    operation = OPERATIONS[name]
    parser = argparse.ArgumentParser(f"agentcost {name}", description=operation.about, allow_abbrev=False)
    operation.add_arguments(parser)
    parser.parse_args(rest, options)
    module, _, function = operation.handler.partition(":")
    status = getattr(import_module(module), function)(options)
    return int(status or ANSWERED)


def show(answer: Answer, *, as_json: bool) -> None:
    """Print an answer, as JSON or as text to the width of the terminal."""
    if as_json:
        import json  # noqa: PLC0415 - people at a terminal do not pay for it

        print(json.dumps(answer.to_json(), ensure_ascii=False, indent=2))
    else:
        print(rendered(answer, _width()))


def _width() -> int:
    try:
        return os.get_terminal_size().columns
    except OSError:
        return WIDTH_OF_PIPES


def _complain(error: InputError | MachineError, *, as_json: bool) -> None:
    if as_json:
        import json  # noqa: PLC0415 - as above

        told = {"error": str(error)}
        if isinstance(error, QuestionError):
            told |= {"question": error.question, "start": error.start, "end": error.end, "suggestions": error.suggestions}  # type: ignore[dict-item]  # JSON holds all of them
        print(json.dumps(told, ensure_ascii=False), file=sys.stderr)
    else:
        print(pointed_at(error) if isinstance(error, QuestionError) else printable(str(error)), file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "agentcost",
        usage="agentcost [--config FILE] [--as-of DAY] [--json] QUESTION…",
        description="What Agentforce costs: ask a question, or run an operation.",
        epilog=_epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--config", metavar="FILE", help="the configuration (default: $AGENTCOST_CONFIG, else app.yaml)")
    parser.add_argument("--as-of", metavar="DAY", type=day, help="ask for the prices of that day, such as 2026-01-31")
    parser.add_argument("--json", action="store_true", help="print the answer as JSON")
    return parser


def _epilog() -> str:
    questions = [f"  {command.name:<12} {command.answers}" for command in COMMANDS.values()]
    operations = [f"  {name:<12} {operation.about}" for name, operation in OPERATIONS.items()]
    return "\n".join(["questions:", *questions, "", "operations (agentcost NAME --help):", *operations])
