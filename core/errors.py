"""What can go wrong, sorted by who can fix it.

Every error carries one sentence for its reader: what happened, with the value, and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class AgentcostError(Exception):
    """Any error that agentcost reports in its own words; `str()` is the sentence to show."""


class InputError(AgentcostError):
    """The question or the input is at fault; the person who gave it can fix it."""


class QuestionError(InputError):
    """A question that cannot be answered as asked.

    reason: what is wrong, a clause without a full stop.
    question: the text as asked; start, end: the half-open range of faulty characters.
    suggestions: up to three questions that work.
    """

    def __init__(self, reason: str, question: str, start: int, end: int, suggestions: Sequence[str] = ()) -> None:
        """Build the sentence, of at most 500 characters; a text too long to echo is cut around the faulty range."""
        self.reason = reason
        self.question = question
        self.start = start
        self.end = end
        self.suggestions = tuple(suggestions)
        super().__init__(_refusal(shorten(reason, REASON_LIMIT), question, (start, end), self.suggestions))

    def to_json(self, room: int = 500) -> dict[str, object]:
        """Return the error for programs, as JSON of at most `room` characters.

        A question that is too long is cut around the faulty range, and start and end then refer to the cut text; suggestions
        that do not fit are left out.
        """
        short = end_sentence(shorten(self.reason, REASON_LIMIT))
        for sentence, most in ((str(self), 3), (short, 3), (short, 2), (short, 1), (short, 0)):
            told = {"error": sentence, "suggestions": list(self.suggestions[:most])}
            left = room - _size_of(told | {"question": "", "start": self.start, "end": self.end})
            question, start, end = cut_around(self.question, self.start, self.end, max(left, 0))
            if left >= min(len(self.question), SHORTEST_ECHO) and _size_of(told | {"question": question}) <= room:
                return told | {"question": question, "start": start, "end": end}
        return told | {"question": "", "start": 0, "end": 0}


class NotUnderstoodError(QuestionError):
    """A text that is not exactly one question, neither in the strict language nor as free text."""


class NothingImportedError(InputError):
    """The question is about a wallet without any imports yet."""


class ExportError(InputError):
    """A file that is rejected as a whole: none of it was imported."""


class UndecidedColumnsError(ExportError):
    """A file whose columns cannot be identified; `columns` are its headers, if choosing among them helps."""

    def __init__(self, sentence: str, columns: Sequence[str]) -> None:
        """Keep the headers in the order of the file."""
        self.columns = tuple(columns)
        super().__init__(sentence)


class ConfigError(InputError):
    """All problems of a configuration or the environment at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        """Join the problems, one sentence each."""
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class MachineError(AgentcostError):
    """A failure of agentcost or the machine: nothing that the asker wrote is at fault."""


class WarehouseBusyError(MachineError):
    """Another process has the warehouse file open."""

    def __init__(self, path: Path, holder: str) -> None:
        """Name the file and the process that has it open."""
        self.path = path
        self.holder = holder
        super().__init__(f"{path} is in use by {holder}. Stop that process, or ask through it.")


REFUSAL_LIMIT, REASON_LIMIT, ECHO_LIMIT, SHORTEST_ECHO = 500, 200, 300, 40


def _size_of(told: Mapping[str, object]) -> int:
    import json  # noqa: PLC0415 - people at a terminal do not pay for it

    return len(json.dumps(told, ensure_ascii=False))


def shorten(text: str, limit: int) -> str:
    """Return the text, cut with an ellipsis if it is longer than `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _refusal(reason: str, question: str, place: tuple[int, int], suggestions: Sequence[str]) -> str:
    """Return the sentence with the first suggestions that fit, and as much of the question as space allows."""
    for most in range(len(suggestions), -1, -1):
        meant = f" Did you mean: {' · '.join(suggestions[:most])}?" if most else ""
        room = REFUSAL_LIMIT - len(reason) - len(meant) - len(" in: .")
        if room >= min(len(question), SHORTEST_ECHO) or not most:
            break
    echo = excerpt(question, *place, limit=max(min(ECHO_LIMIT, room), 1))
    return end_sentence(f"{reason} in: {echo}" if question.strip() else reason) + meant


def end_sentence(sentence: str) -> str:
    """Return the sentence with a full stop, unless it already ends in a punctuation mark."""
    return sentence if sentence.endswith((".", "?", "!", "…")) else f"{sentence}."


def excerpt(text: str, start: int, end: int, limit: int = ECHO_LIMIT) -> str:
    """Return the text on one line; a long one is cut to the part around [start, end)."""
    return " ".join(cut_around(text, start, end, limit)[0].split())


def cut_around(text: str, start: int, end: int, limit: int) -> tuple[str, int, int]:
    """Return the text, cut to `limit` characters around [start, end) if longer, with that range's position in the result."""
    if len(text) <= limit:
        return text, start, end
    if limit < len("…x…"):
        return "", 0, 0
    size = limit - len("……")
    first = min(max(0, start - (size - min(end - start, size)) // 2), len(text) - size)
    marks = "…" if first else "", "…" if first + size < len(text) else ""
    shift = len(marks[0]) - first
    kept = f"{marks[0]}{text[first : first + size]}{marks[1]}"
    return kept, max(0, start + shift), max(0, min(end + shift, len(kept)))
