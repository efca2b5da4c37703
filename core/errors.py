"""What can go wrong, sorted by who can put it right.

Every error carries one sentence for the person who reads it: what happened, with the value, and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class AgentcostError(Exception):
    """Anything agentcost reports in its own words; `str()` is the sentence to show."""


class InputError(AgentcostError):
    """The question or the input is at fault; the person who gave it can put it right."""


class QuestionError(InputError):
    """A question that cannot be answered as it stands.

    reason: what is wrong, a clause without a full stop.
    question: the text as it was asked; start, end: the half-open range of characters at fault.
    suggestions: up to three questions that work.
    """

    def __init__(self, reason: str, question: str, start: int, end: int, suggestions: Sequence[str] = ()) -> None:
        """Build the sentence; a text too long to echo whole is cut around the place."""
        self.reason = reason
        self.question = question
        self.start = start
        self.end = end
        self.suggestions = tuple(suggestions)
        sentence = end_sentence(f"{reason} in: {excerpt(question, start, end)}" if question.strip() else reason)
        super().__init__(f"{sentence} Did you mean: {' · '.join(self.suggestions)}?" if self.suggestions else sentence)


class NotUnderstoodError(QuestionError):
    """A text that is no question, in the strict language or in people's own words, or more than one."""


class NothingImportedError(InputError):
    """The question is about a wallet of which nothing was imported yet."""


class ExportError(InputError):
    """A file that is refused whole: nothing of it was imported."""


class ConfigError(InputError):
    """Everything that is wrong with a configuration or the environment, at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Join the problems, one sentence each."""
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class MachineError(AgentcostError):
    """Trouble of ours or the machine's: nothing the asker wrote is at fault."""


class WarehouseBusyError(MachineError):
    """Another process holds the warehouse file."""

    def __init__(self, path: Path, holder: str) -> None:
        """Name the file and the process that holds it."""
        self.path = path
        self.holder = holder
        super().__init__(f"{path} is in use by {holder}. Stop that process, or ask through it.")


ECHO_LIMIT = 300


def end_sentence(sentence: str) -> str:
    """Return the sentence with a full stop, unless it ends in a mark of its own."""
    return sentence if sentence.endswith((".", "?", "!", "…")) else f"{sentence}."


def excerpt(text: str, start: int, end: int) -> str:
    """Return the text on one line; a long one is cut to the part around [start, end)."""
    if len(text) <= ECHO_LIMIT:
        return " ".join(text.split())
    end = max(start, min(end, start + ECHO_LIMIT))
    room = (ECHO_LIMIT - (end - start)) // 2
    first, last = max(0, start - room), min(len(text), end + room)
    return ("…" if first else "") + " ".join(text[first:last].split()) + ("…" if last < len(text) else "")
