"""`ask` on the command line: question after question, with history as in a shell."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from bot import wiring
from bot.cli.console import ANSWERED, say
from bot.cli.runner import run_command
from bot.cli.shell_completion import complete

WELCOME = "Ask in your own words; an empty line, `exit` or Ctrl-D ends."
PROMPT = "› "
ENDS = frozenset({"", "exit", "quit", "q", "bye", "tschüss"})
HISTORY_VARIABLE, MAX_HISTORY = "AGENTCOST_HISTORY", 1_000


def run(options: Namespace) -> int:
    """Read questions until there are no more, and answer each as the command line does; answer only one given as an argument."""
    if options.question:
        return _answer(options, " ".join(options.question))
    is_typed = sys.stdin.isatty()
    if is_typed:
        _prepare_line_editing()
        say(WELCOME)
    while True:
        try:
            said = input(PROMPT if is_typed else "").strip()
        except EOFError:
            return ANSWERED
        except KeyboardInterrupt:
            say("")
            return ANSWERED
        if said.lower() in ENDS:
            return ANSWERED
        _answer(options, said)


def _answer(options: Namespace, said: str) -> int:
    asked = Namespace(**{**vars(options), "operation": None, "said": said})
    try:
        return run_command(asked)
    except wiring.HeldByServiceError as service:
        from bot.cli.remote import forward  # noqa: PLC0415 - loaded only while a service runs

        return forward(asked, service.address)


def _prepare_line_editing() -> None:
    """Enable line editing, completion and history search, if Python has readline; the history is kept between sessions."""
    try:
        import atexit  # noqa: PLC0415 - at a terminal only
        import readline  # noqa: PLC0415 - as above
    except ImportError:
        return
    path = Path(os.environ.get(HISTORY_VARIABLE) or Path.home() / ".agentcost_history")
    with suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(MAX_HISTORY)
    readline.set_completer_delims(" ")
    readline.set_completer(_completer)
    readline.parse_and_bind("tab: complete")
    atexit.register(_keep_history, path)


def _completer(_: str, nth: int) -> str | None:
    import readline  # noqa: PLC0415 - as above

    line = readline.get_line_buffer()[: readline.get_endidx()]
    found = complete(line.split(" "), ())
    return f"{found[nth]} " if nth < len(found) else None


def _keep_history(path: Path) -> None:
    import readline  # noqa: PLC0415 - as above

    with suppress(OSError):
        readline.write_history_file(path)
        path.chmod(0o600)
