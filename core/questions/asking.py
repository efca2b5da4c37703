"""Question in, answer out: the single entry point for every surface."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, cast

from core.answer import Answer, Note
from core.currency import show_in_currency
from core.language import COMMANDS
from core.questions.access import is_about_wallet, narrow
from core.questions.meaning import meaning_of
from core.scope import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.context import Context
    from core.language import Question
    from core.questions.meaning import QuestionMeaning

# The handler that answers a question about a range, by calling the command's own handler.
OF_RANGES = "core.questions.pricing.ranges:answer_range"
# For these commands the two ends of a range mean from what to what.
OWN_RANGES = frozenset({"what if"})


def ask(text: str, context: Context) -> Answer:
    """Return the answer to a question's text.

    Raises: InputError, if the question or the data it asks about is at fault; MachineError, if the machine is.
    """
    return answer_meaning(meaning_of(text, context), context)


def answer_meaning(meaning: QuestionMeaning, context: Context) -> Answer:
    """Return the answer to a parsed text; if the text was free-form, the answer first says how it was read.

    Small talk is answered with the one line that says how to ask.
    """
    answer = show_in_currency(answer_to(meaning.question, context), context.config.currency)
    if meaning.is_small_talk:
        return Answer(answer.question, answer.title, answer.headline, answer.as_of)
    if not meaning.read_as:
        return answer
    said = (f"Read as: {meaning.read_as}", *meaning.assumptions)
    notes = (*(Note("assumption", text) for text in said), *answer.notes)
    return replace(answer, notes=notes, emphasis=answer.emphasis._replace(read_as=said))


def answer_to(question: Question, context: Context) -> Answer:
    """Return the answer to a parsed question, restricted to what the caller may see; loads only the command's own module."""
    handler = cast("Callable[[Question, Context], Answer]", _load(COMMANDS[question.command].handler))
    sees_all = is_about_wallet(question) or context.only == EVERYTHING
    seen = context if sees_all else context.without_wallet()
    if question.ranges and question.command not in OWN_RANGES:
        return cast("Callable[..., Answer]", _load(OF_RANGES))(question, seen, handler)
    return handler(narrow(question, context.only), seen)


def _load(named: str) -> object:
    """Return a function by its module and name."""
    module, _, name = named.partition(":")
    return getattr(import_module(module), name)
