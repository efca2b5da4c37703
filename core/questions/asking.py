"""Question in, answer out: the one way to ask, for every surface."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, cast

from core.answer import Note
from core.language import COMMANDS
from core.questions.access import is_about_wallet, narrow
from core.questions.meaning import meaning_of
from core.scope import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.answer import Answer
    from core.context import Context
    from core.language import Question
    from core.questions.meaning import QuestionMeaning


def ask(text: str, context: Context) -> Answer:
    """Return the answer to a question's text.

    Raises: InputError, if the question or the data it asks about is at fault; MachineError, if a machine is.
    """
    return answer_meaning(meaning_of(text, context), context)


def answer_meaning(meaning: QuestionMeaning, context: Context) -> Answer:
    """Return the answer to what a text means; one that was read from people's own words says first how."""
    answer = answer_to(meaning.question, context)
    if not meaning.read_as:
        return answer
    said = (f"Read as: {meaning.read_as}", *meaning.assumptions)
    return replace(answer, notes=(*(Note("assumption", text) for text in said), *answer.notes))


def answer_to(question: Question, context: Context) -> Answer:
    """Return the answer to a parsed question, about what is open of the wallet; only the command's own module is loaded."""
    module, _, name = COMMANDS[question.command].handler.partition(":")
    handler = cast("Callable[[Question, Context], Answer]", getattr(import_module(module), name))
    sees_all = is_about_wallet(question) or context.only == EVERYTHING
    return handler(narrow(question, context.only), context if sees_all else context.without_wallet())
