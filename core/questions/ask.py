"""Question in, answer out: the one way to ask, for every surface."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from core.questions.commands import COMMANDS
from core.questions.filtered import EVERYTHING, narrowed
from core.questions.grammar import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.answer import Answer
    from core.questions.context import Context
    from core.questions.question import Question


def ask(text: str, context: Context) -> Answer:
    """Return the answer to a question's text.

    Raises: InputError, if the question or the data it asks about is at fault; MachineError, if a machine is.
    """
    return answer_to(parse(text), context)


def answer_to(question: Question, context: Context) -> Answer:
    """Return the answer to a parsed question, about what is open of the wallet; only the command's own module is loaded."""
    command = COMMANDS[question.command]
    module, _, name = command.handler.partition(":")
    handler = cast("Callable[[Question, Context], Answer]", getattr(import_module(module), name))
    sees_all = command.family == "wallet" or context.only == EVERYTHING
    return handler(narrowed(question, context.only), context if sees_all else context.without_wallet())
