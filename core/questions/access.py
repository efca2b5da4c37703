"""What a caller may see of the wallet: one org, some departments, some agents; merged into every question that they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import InputError, QuestionError
from core.language import COMMANDS, print_question, read
from core.scope import EVERYTHING, WalletFilter, plain_name

if TYPE_CHECKING:
    from core.language import Question


def is_about_wallet(question: Question) -> bool:
    """Whether the question can be answered from the wallet alone."""
    return COMMANDS[question.command].wallet(question) == "needed"


def narrow(question: Question, only: WalletFilter) -> Question:
    """Return the question about nothing but what is open; one that is not about the wallet stays as it is.

    Raises: InputError, if it names something else, cannot be narrowed, or must say which of several names it means.
    """
    if only == EVERYTHING or not is_about_wallet(question):
        return question
    names: dict[str, Any] = {phrase: _resolve_name(question, phrase, said, only) for phrase, said in only.by_phrase.items()}
    found = question._replace(**names)
    if not _is_in_words(found):
        raise InputError(_about_all(question, only))
    return found


def _is_in_words(question: Question) -> bool:
    """Whether the language says the question, so that its command means by each name what it is narrowed to."""
    try:
        return read(print_question(question)) == question
    except QuestionError:
        return False


def _about_all(question: Question, only: WalletFilter) -> str:
    return f"“{question.command}” is about the whole wallet, and only {only.words()} is open to you."


def _resolve_name(question: Question, phrase: str, names: tuple[str, ...], only: WalletFilter) -> str:
    if phrase not in COMMANDS[question.command].takes:
        raise InputError(_about_all(question, only))
    said = getattr(question, phrase)
    if said is None and len(names) > 1:
        raise InputError(f"Several {phrase}s are open to you; say which: {' · '.join(f'{phrase} {name}' for name in names)}.")
    found = names if said is None else [name for name in names if plain_name(name) == plain_name(said)]
    if not found:
        raise InputError(f"Of the wallet only {only.words()} is open to you, not {phrase} {said}.")
    return said if said in found else found[0]
