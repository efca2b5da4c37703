"""Runs a parsed command: prints its answer or error, and returns the exit status."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import ANSWERED, INPUT_AT_FAULT, INTERRUPTED, OUR_TROUBLE, choose_question, complain, console, say
from bot.cli.renderer import Look, render, render_question_error, render_whole
from bot.cli.subcommands import OPERATIONS
from bot.cli.text_table import printable
from core.errors import InputError, MachineError, NotUnderstoodError, QuestionError
from core.questions import ask

if TYPE_CHECKING:
    import argparse

    from core.answer import Answer


def run_command(options: argparse.Namespace) -> int:
    """Run a parsed command, print its answer or error to the console, and return its exit status.

    Raises: HeldByServiceError, if the command needs the warehouse and the running service has it; nothing was done then.
    """
    try:
        return _dispatch(options)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), console().out.fileno())
        return ANSWERED
    except wiring.HeldByServiceError:
        raise
    except InputError as error:
        _print_error(error, as_json=options.json)
        return _ask_what_was_chosen(error, options)
    except MachineError as error:
        _print_error(error, as_json=options.json)
        return OUR_TROUBLE
    except Exception:  # noqa: BLE001 - the last resort: whatever it is, it is ours, and the asker is told so
        import traceback  # noqa: PLC0415 - as rare as what it tells of

        complain(traceback.format_exc() + "Internal error; your input is not at fault. The lines above say where.")
        return OUR_TROUBLE
    except KeyboardInterrupt:
        complain("Stopped.")
        return INTERRUPTED


def _dispatch(options: argparse.Namespace) -> int:
    if options.version:
        from importlib.metadata import version  # noqa: PLC0415 - no question pays for it

        say(f"agentcost {version('agentcost')}")
        return ANSWERED
    if options.operation:
        module, _, function = OPERATIONS[options.operation].handler.partition(":")
        return int(getattr(import_module(module), function)(options) or ANSWERED)
    question = options.said or "help"
    context = wiring.with_audit(wiring.context(options.config, options.as_of), question)
    try:
        answer = ask(question, context)
    except NotUnderstoodError:
        wiring.keep_miss(question, wiring.COMMAND_LINE, context)
        raise
    print_answer(answer, options)
    return ANSWERED


def _ask_what_was_chosen(error: InputError, options: argparse.Namespace) -> int:
    """Answer the suggestion that somebody at the terminal chooses; otherwise the input is at fault."""
    if not isinstance(error, QuestionError) or options.json:
        return INPUT_AT_FAULT
    console().offer(error.suggestions)
    chosen = choose_question(error.suggestions)
    if not chosen:
        return INPUT_AT_FAULT
    options.operation, options.said = None, chosen  # as the service gets it, too, where that has the warehouse
    return run_command(options)


def print_answer(answer: Answer, options: argparse.Namespace) -> None:
    """Print an answer in the form that the options ask for: at a glance, whole, or for another program."""
    if options.json:
        import json  # noqa: PLC0415 - people at a terminal do not pay for it

        say(json.dumps(answer.to_json(), ensure_ascii=False, indent=2))
    elif options.csv or options.markdown:
        from core.answer import to_csv, to_markdown  # noqa: PLC0415 - as above

        say(to_csv(answer) if options.csv else printable(to_markdown(answer)))
    else:
        say((render_whole if options.how else render)(answer, look_of(options)))


def look_of(options: argparse.Namespace) -> Look:
    """Return how answers are laid out for the caller: COLUMNS overrides the terminal's width, and NO_COLOR disables colour."""
    is_terminal = console().out.isatty()
    return Look(
        options.columns or console().columns or Look().width,
        is_colored=is_terminal and not options.is_plain,
        draws_chart=True if options.chart else None if is_terminal else False,
    )


def _print_error(error: InputError | MachineError, *, as_json: bool) -> None:
    if as_json:
        import json  # noqa: PLC0415 - as above

        told = error.to_json() if isinstance(error, QuestionError) else {"error": str(error)}
        complain(json.dumps(told, ensure_ascii=False))
    else:
        complain(render_question_error(error) if isinstance(error, QuestionError) else printable(str(error)))
