"""Where a command prints: this process's terminal, or that of the caller the service runs it for."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ANSWERED, OUR_TROUBLE, INPUT_AT_FAULT, INTERRUPTED = 0, 1, 2, 130  # exit statuses


class Console(NamedTuple):
    """A caller's output and error output, and whether the caller has gone away meanwhile.

    offer: receives the suggested questions, if the caller has the terminal and not this process.
    """

    out: TextIO
    err: TextIO
    has_gone: Callable[[], bool]
    offer: Callable[[Sequence[str]], None] = lambda _: None

    @property
    def columns(self) -> int:
        """The characters in a line of the caller's terminal; 0 if there is none, or it does not say."""
        try:
            return os.get_terminal_size(self.out.fileno()).columns
        except (OSError, ValueError):
            return 0


_calling: ContextVar[Console | None] = ContextVar("calling", default=None)


def console() -> Console:
    """Return the console of this thread's command; the process's own if nobody else called."""
    return _calling.get() or Console(sys.stdout, sys.stderr, lambda: False)


def can_ask() -> bool:
    """Whether somebody at this process's own terminal can be asked; a caller of the service cannot."""
    return _calling.get() is None and sys.stdin.isatty() and sys.stdout.isatty()


def choose_question(suggestions: Sequence[str]) -> str:
    """Offer numbered suggestions, and return the question that somebody at the terminal chooses; empty for none."""
    if not suggestions or not can_ask():
        return ""
    from bot.cli.text_table import printable  # noqa: PLC0415 - what the service answers is printed by the service

    for number, suggestion in enumerate(suggestions, start=1):
        say(printable(f"  {number}  {suggestion}"))
    try:
        said = input(f"Which one? [1-{len(suggestions)}, Enter for none] ").strip()
    except (EOFError, KeyboardInterrupt):
        say("")
        return ""
    return suggestions[int(said) - 1] if said.isdecimal() and 0 < int(said) <= len(suggestions) else ""


@contextmanager
def calling(caller: Console) -> Iterator[None]:
    """Redirect this thread's output to a caller until the end of the block."""
    token = _calling.set(caller)
    try:
        yield
    finally:
        _calling.reset(token)


def say(text: str) -> None:
    """Print to the caller."""
    print(text, file=console().out, flush=True)


def complain(text: str) -> None:
    """Print to the caller's error output."""
    print(text, file=console().err, flush=True)
