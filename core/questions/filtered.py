"""What a caller may see of the wallet: one org, some departments, some agents; merged into every question that they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from core.errors import InputError, QuestionError
from core.questions.commands import COMMANDS
from core.questions.grammar import printed, read

if TYPE_CHECKING:
    from core.questions.question import Question


class WalletFilter(NamedTuple):
    """The part of the wallet that is open; names as the exports spell them, empty leaves all in."""

    org: str = ""
    departments: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()

    @property
    def by_phrase(self) -> dict[str, tuple[str, ...]]:
        """The names that are open, by the phrase that asks for one; phrases that are not limited are left out."""
        names = {"org": (self.org,) if self.org else (), "department": self.departments, "agent": self.agents}
        return {phrase: said for phrase, said in names.items() if said}

    def words(self) -> str:
        """Return the filter for a sentence; nothing where everything is open."""
        return ", ".join(f"{phrase} {' or '.join(names)}" for phrase, names in self.by_phrase.items())


EVERYTHING = WalletFilter()


def is_about_wallet(question: Question) -> bool:
    """Whether the question can be answered from the wallet alone."""
    return COMMANDS[question.command].wallet(question) == "needed"


def narrowed(question: Question, only: WalletFilter) -> Question:
    """Return the question about nothing but what is open; one that is not about the wallet stays as it is.

    Raises: InputError, if it names something else, cannot be narrowed, or must say which of several names it means.
    """
    if only == EVERYTHING or not is_about_wallet(question):
        return question
    names: dict[str, Any] = {phrase: _meant(question, phrase, said, only) for phrase, said in only.by_phrase.items()}
    found = question._replace(**names)
    if not _is_in_words(found):
        raise InputError(_about_all(question, only))
    return found


def _is_in_words(question: Question) -> bool:
    """Whether the language says the question, so that its command means by each name what it is narrowed to."""
    try:
        return read(printed(question)) == question
    except QuestionError:
        return False


def _about_all(question: Question, only: WalletFilter) -> str:
    return f"“{question.command}” is about the whole wallet, and only {only.words()} is open to you."


def _meant(question: Question, phrase: str, names: tuple[str, ...], only: WalletFilter) -> str:
    if phrase not in COMMANDS[question.command].takes:
        raise InputError(_about_all(question, only))
    said = getattr(question, phrase)
    if said is None and len(names) > 1:
        raise InputError(f"Several {phrase}s are open to you; say which: {' · '.join(f'{phrase} {name}' for name in names)}.")
    found = names if said is None else [name for name in names if plain_name(name) == plain_name(said)]
    if not found:
        raise InputError(f"Of the wallet only {only.words()} is open to you, not {phrase} {said}.")
    return said if said in found else found[0]


def plain_name(name: str) -> str:
    """Return a name without what people write differently: case, spaces, underscores."""
    return name.lower().replace(" ", "").replace("_", "")
