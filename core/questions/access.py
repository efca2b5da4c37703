"""What a caller may see of the wallet: one org, some departments, some agents; merged into each of their questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import InputError, QuestionError
from core.language import COMMANDS, print_question, read
from core.scope import EVERYTHING, NAME_KINDS, Scope

if TYPE_CHECKING:
    from core.language import Question


def is_about_wallet(question: Question) -> bool:
    """Whether the question can be answered from the wallet alone."""
    return COMMANDS[question.command].wallet(question) == "needed"


def narrow(question: Question, only: Scope) -> Question:
    """Return the question restricted to the accessible part; one that is not about the wallet stays as it is.

    Raises: InputError, if it names something else, cannot be narrowed, or must say which of several names it means.
    """
    if only == EVERYTHING or not is_about_wallet(question):
        return question
    limits = [kind for kind in NAME_KINDS if only.names(kind)]
    if any(kind not in COMMANDS[question.command].takes for kind in limits):
        raise InputError(_about_all(question, only))
    narrowed = only.narrow(Scope.of(question))
    several = next((kind for kind in limits if len(narrowed.names(kind)) > 1), None)
    if several:
        each = " · ".join(f"{several} {name}" for name in narrowed.names(several))
        raise InputError(f"Several {several}s are open to you; say which: {each}.")
    found = narrowed.apply(question)
    if not _is_in_words(found):
        raise InputError(_about_all(question, only))
    return found


def _is_in_words(question: Question) -> bool:
    """Whether the question can be written in the language, so that its command applies each name it is narrowed to."""
    try:
        return read(print_question(question)) == question
    except QuestionError:
        return False


def _about_all(question: Question, only: Scope) -> str:
    return f"“{question.command}” is about the whole wallet, and only {only.words('or')} is open to you."
