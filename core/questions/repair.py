"""Did you mean: small changes to a question at fault that make it work, tried before they are offered."""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.errors import QuestionError
from core.questions import words
from core.questions.commands import CALLED, COMMANDS
from core.questions.grammar import QUESTION_LIMIT, MisplacedError, command_of, known, phrase_with, read
from core.questions.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.questions.commands import Command

MOST_SUGGESTIONS = 3
MOST_TRIES = 250
MOST_FAULTS = 4
STARTING_POINTS = ["breakeven 200 users", "compare 10000 interactions 18 actions", "help"]
WITH_AMOUNTS = ("breakeven", "compare", "price", "convert")
NEAR = 0.7
SHORTEST_MISSPELT = 3
SAID = re.compile(
    r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?=\s?[kKmM%]?(?![\w.]))|[$€£¥%]"
    r"|\b(?:da(?:y|ily)|week|month|quarter|year|hour|annum|annual)|\bp\.\s?a\.",
    re.IGNORECASE,
)
LOOKALIKES = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})


def suggestions(error: QuestionError) -> list[str]:
    """Return up to three questions near the one at fault, each of which parses and keeps what was said.

    None drops an amount, a currency or a period, unless that is what is at fault; those that add no amount come alone.
    """
    if len(error.question) > QUESTION_LIMIT:
        return []
    if not error.question.strip():
        return STARTING_POINTS
    found = list(dict.fromkeys(text for text in _repairs(error, [MOST_TRIES], MOST_FAULTS) if _keeps(error, text)))
    nothing_added = [text for text in found if not amounts_in(text) - amounts_in(error.question)]
    return (nothing_added or found)[:MOST_SUGGESTIONS] or _examples(error)


def amounts_in(text: str) -> Counter[str]:
    """Return the amounts in a text, each as often as it is said."""
    return Counter({part: times for part, times in said_in(text).items() if part[0].isdigit()})


def said_in(text: str) -> Counter[str]:
    """Return the amounts, currencies and periods in a text, each as often as it is said."""
    return Counter(part.lower().replace(",", "") for part in SAID.findall(text))


def _keeps(error: QuestionError, text: str) -> bool:
    return _is_of_values(error) or not said_in(error.question) - said_in(text)


def _is_of_values(error: QuestionError) -> bool:
    """Whether what was said is understood, and it is its value or place that is wrong."""
    return isinstance(error, MisplacedError) or bool(error.suggestions)


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
        yield from _with_a_command(text, text[start:end], text[end:])
    elif (start, end) == (0, len(text)):
        yield from (f"{text} {example}" for name in command.takes for example in PHRASES[name].examples)
    else:
        turned = re.match(rf"\s+({words.NUMBER})(?=\s|$)", text[end:])
        if turned:
            yield f"{text[:start]}{turned[1]} {text[start:end]}{text[end + turned.end() :]}"
        yield from (f"{text[:start]}{said}{text[end:]}" for said in _corrected(command, text[start:end]))


def _with_a_command(text: str, said: str, after: str) -> Iterator[str]:
    near = get_close_matches(said.lower(), CALLED, MOST_SUGGESTIONS, NEAR)
    yield from (f"{CALLED[word]}{after}" for word in near)
    yield from (f"{name} {text}" for name in COMMANDS if reads(f"{name} {text}"))
    if not near and re.search(r"\d", text):
        yield from (f"{name} {after}" for name in WITH_AMOUNTS)


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
        yield said.lstrip("-−")
    glued = re.fullmatch(r"([\d,.]+[km]?)([a-z]+)", said, re.IGNORECASE)
    if glued and known(glued[2]):
        yield f"{glued[1]} {glued[2]}"
    if re.fullmatch(words.NUMBER, said):
        yield f"${said}"
        yield from (f"{said} {unit}" for unit in ("users", "interactions", "actions", "credits"))
        return
    phrase = phrase_with(command, said.rsplit(maxsplit=1)[-1])
    if phrase:
        yield phrase.examples[0]
    if " " not in said and len(said) >= SHORTEST_MISSPELT:
        yield from get_close_matches(said.lower(), sorted(words.vocabulary()), MOST_SUGGESTIONS, NEAR)


def _omissions(error: QuestionError) -> Iterator[str]:
    before, said, after = error.question[: error.start], error.question[error.start : error.end], error.question[error.end :]
    is_an_amount_left_out = bool(re.search(r"\d", said)) and not _is_of_values(error)
    if before.strip() and not is_an_amount_left_out:
        yield before + after
