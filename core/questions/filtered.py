"""What a caller may see of the wallet: one org, some departments, some agents; merged into every question that they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from core.errors import InputError
from core.questions.commands import COMMANDS

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

    def open_names(self, phrase: str, names: list[str]) -> list[str]:
        """Return those of the names that may be asked for."""
        allowed = self.by_phrase.get(phrase)
        return names if allowed is None else [name for name in names if name in allowed]

    def words(self) -> str:
        """Return the filter for a sentence; nothing where everything is open."""
        return ", ".join(f"{phrase} {' or '.join(names)}" for phrase, names in self.by_phrase.items())


EVERYTHING = WalletFilter()


def narrowed(question: Question, only: WalletFilter) -> Question:
    """Return the question about nothing but what is open; one that is not about the wallet stays as it is.

    Raises: InputError, if it names something else, cannot be narrowed, or must say which of several names it means.
    """
    if only == EVERYTHING or COMMANDS[question.command].family != "wallet":
        return question
    names: dict[str, Any] = {phrase: _meant(question, phrase, said, only) for phrase, said in only.by_phrase.items()}
    return question._replace(**names)


def _meant(question: Question, phrase: str, names: tuple[str, ...], only: WalletFilter) -> str:
    if phrase not in COMMANDS[question.command].takes:
        raise InputError(f"“{question.command}” is about the whole wallet, and only {only.words()} is open to you.")
    said = getattr(question, phrase)
    if said is None and len(names) > 1:
        raise InputError(f"Several {phrase}s are open to you; say which: {' · '.join(f'{phrase} {name}' for name in names)}.")
    found = names if said is None else [name for name in names if _plain(name) == _plain(said)]
    if not found:
        raise InputError(f"Of the wallet only {only.words()} is open to you, not {phrase} {said}.")
    return found[0]


def _plain(name: str) -> str:
    return name.lower().replace(" ", "").replace("_", "")
