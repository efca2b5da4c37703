"""Did you mean: small changes to a question at fault that make it work, tried before they are offered."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.errors import QuestionError
from core.questions import words
from core.questions.commands import CALLED, COMMANDS
from core.questions.grammar import QUESTION_LIMIT, command_of, known, phrase_with, read
from core.questions.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.questions.commands import Command

MOST_SUGGESTIONS = 3
MOST_TRIES = 150
MOST_FAULTS = 4
STARTING_POINTS = ["breakeven 200 users", "compare 10000 interactions 18 actions", "help"]
LOOKALIKES = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})


def suggestions(error: QuestionError) -> list[str]:
    """Return up to three questions near the one at fault, each of which parses."""
    if len(error.question) > QUESTION_LIMIT:
        return []
    if not error.question.strip():
        return STARTING_POINTS
    found: list[str] = []
    for candidate in _repairs(error, [MOST_TRIES], MOST_FAULTS):
        if candidate not in found:
            found.append(candidate)
        if len(found) == MOST_SUGGESTIONS:
            return found
    return found or _examples(error)


def _examples(error: QuestionError) -> list[str]:
    command = command_of(error.question)
    return list(command.examples[:MOST_SUGGESTIONS]) if command else STARTING_POINTS


def _repairs(error: QuestionError, tries: list[int], faults: int) -> Iterator[str]:
    """Yield what works: corrections of the place at fault, and only without any, texts that leave it out."""
    for edits in (_corrections, _omissions):
        faulty: list[QuestionError] = []
        works = False
        for candidate in edits(error):
            outcome = _tried(" ".join(candidate.split()).removesuffix("?"), tries)
            if isinstance(outcome, str):
                works = True
                yield outcome
            elif outcome and outcome.start >= error.start:
                faulty.append(outcome)
        for next_error in faulty if not works and faults > 1 else ():
            for text in _repairs(next_error, tries, faults - 1):
                works = True
                yield text
        if works:
            return


def _tried(text: str, tries: list[int]) -> str | QuestionError | None:
    """Return the text if it is a question, else what is wrong with it; None when there were tries enough."""
    tries[0] -= 1
    if tries[0] < 0:
        return None
    try:
        read(text)
    except QuestionError as error:
        return error
    return text


def _corrections(error: QuestionError) -> Iterator[str]:
    text, start, end = error.question, error.start, error.end
    for instead in error.suggestions:
        yield instead if command_of(instead) else f"{text[:start]}{instead}{text[end:]}"
    command = command_of(text)
    if command is None:
        near = get_close_matches(text[start:end].lower(), CALLED, MOST_SUGGESTIONS, 0.5)
        yield from (f"{CALLED[word]}{text[end:]}" for word in near)
        yield from (f"{name} {text}" for name in COMMANDS if reads(f"{name} {text}"))
    elif (start, end) == (0, len(text)):
        yield from (f"{text} {PHRASES[name].examples[0]}" for name in command.takes)
    else:
        yield from (f"{text[:start]}{said}{text[end:]}" for said in _corrected(command, text[start:end]))


def reads(text: str) -> bool:
    """Whether the text is a question as it stands."""
    try:
        read(text)
    except QuestionError:
        return False
    return True


def _corrected(command: Command, said: str) -> Iterator[str]:
    if re.search(r"\d", said):
        yield said.translate(LOOKALIKES)
        yield re.sub(r"[-−]", "", said, count=1)
    glued = re.fullmatch(r"([\d,.]+[km]?)([a-z]+)", said, re.IGNORECASE)
    if glued and known(glued[2]):
        yield f"{glued[1]} {glued[2]}"
    phrase = phrase_with(command, said.rsplit(maxsplit=1)[-1])
    if phrase:
        yield phrase.examples[0]
    if re.fullmatch(words.NUMBER, said):
        yield from (f"{said} {unit}" for unit in ("users", "interactions", "actions", "credits"))
    if " " not in said:
        yield from get_close_matches(said.lower(), sorted(words.vocabulary()), MOST_SUGGESTIONS, 0.6)


def _omissions(error: QuestionError) -> Iterator[str]:
    before, after = error.question[: error.start], error.question[error.end :]
    if not before.strip():
        return
    yield before + after
    yield re.sub(r"\S+\s*$", "", before) + after
    yield before + re.sub(r"^\s*\S+", "", after)
