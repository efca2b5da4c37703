"""Did you mean: small changes that make a faulty question work, tested before they are offered."""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches
from typing import TYPE_CHECKING

from core.errors import QuestionError
from core.language import vocabulary
from core.language.commands import COMMAND_OF_WORD, COMMANDS
from core.language.grammar import QUESTION_LIMIT, MisplacedError, command_of, is_known, phrase_with, read
from core.language.phrases import PHRASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.language.commands import Command

MAX_SUGGESTIONS = 3
MAX_TRIES = 250
MAX_FAULTS = 4
STARTING_POINTS = ["breakeven 200 users", "compare 10000 interactions 18 actions", "help"]
WITH_AMOUNTS = ("breakeven", "compare", "price", "convert")
OTHER_WISH = "vendors"  # asks for more than the question did, and does not supply what is missing
NEAR = 0.7
MIN_MISSPELT = 3
SAID = re.compile(
    r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?=\s?[kKmM%]?(?![\w.]))|[$€£¥%]"
    r"|\b(?:da(?:y|ily)|week|month|quarter|year|hour|annum|annual)|\bp\.\s?a\.",
    re.IGNORECASE,
)
LOOKALIKES = str.maketrans({"o": "0", "O": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})


def suggestions(error: QuestionError) -> list[str]:
    """Return up to three questions close to the faulty one; each parses and keeps the asker's amounts.

    None drops an amount, a currency or a period, unless it is the fault; if some add no amount, only those are returned.
    """
    if len(error.question) > QUESTION_LIMIT:
        return []
    if not error.question.strip():
        return STARTING_POINTS
    found = list(dict.fromkeys(text for text in _repairs(error, [MAX_TRIES], MAX_FAULTS) if _keeps(error, text)))
    nothing_added = [text for text in found if not amounts_in(text) - amounts_in(error.question)]
    return (nothing_added or found)[:MAX_SUGGESTIONS] or _examples(error)


def amounts_in(text: str) -> Counter[str]:
    """Return the amounts in a text, with their counts."""
    return Counter({part: times for part, times in count_amounts(text).items() if part[0].isdigit()})


def count_amounts(text: str) -> Counter[str]:
    """Return the amounts, currencies and periods in a text, with their counts."""
    return Counter(part.lower().replace(",", "") for part in SAID.findall(text))


def _keeps(error: QuestionError, text: str) -> bool:
    return _is_of_values(error) or not count_amounts(error.question) - count_amounts(text)


def _is_of_values(error: QuestionError) -> bool:
    """Whether the words are understood, and only a value or its position is wrong."""
    return isinstance(error, MisplacedError) or bool(error.suggestions)


def _examples(error: QuestionError) -> list[str]:
    command = command_of(error.question)
    return list(command.examples[:MAX_SUGGESTIONS]) if command else STARTING_POINTS


def _repairs(error: QuestionError, tries: list[int], faults: int) -> Iterator[str]:
    """Yield working texts: corrections of the faulty part or, only if there are none, texts without it."""
    for edits in (_corrections, _omissions):
        faulty: list[QuestionError] = []
        works = False
        for candidate in edits(error):
            outcome = _try_question(" ".join(candidate.split()).removesuffix("?"), tries)
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


def _try_question(text: str, tries: list[int]) -> str | QuestionError | None:
    """Return the text if it is a question, otherwise its error; None once the tries are used up."""
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
        yield from (f"{text} {example}" for name in command.takes if name != OTHER_WISH for example in PHRASES[name].examples)
    else:
        turned = re.match(rf"\s+({vocabulary.NUMBER})(?=\s|$)", text[end:])
        if turned:
            yield f"{text[:start]}{turned[1]} {text[start:end]}{text[end + turned.end() :]}"
        yield from (f"{text[:start]}{said}{text[end:]}" for said in _correct_words(command, text[start:end]))


def _with_a_command(text: str, said: str, after: str) -> Iterator[str]:
    near = get_close_matches(said.lower(), COMMAND_OF_WORD, MAX_SUGGESTIONS, NEAR)
    yield from (f"{COMMAND_OF_WORD[word]}{after}" for word in near)
    yield from (f"{name} {text}" for name in COMMANDS if reads(f"{name} {text}"))
    if not near and re.search(r"\d", text):
        yield from (f"{name} {after}" for name in WITH_AMOUNTS)


def reads(text: str) -> bool:
    """Whether the text is already a question."""
    try:
        read(text)
    except QuestionError:
        return False
    return True


def _correct_words(command: Command, said: str) -> Iterator[str]:
    if re.search(r"\d", said):
        yield said.translate(LOOKALIKES)
        yield said.lstrip("-−")
    glued = re.fullmatch(r"([\d,.]+[km]?)([a-z]+)", said, re.IGNORECASE)
    if glued and is_known(glued[2]):
        yield f"{glued[1]} {glued[2]}"
    if re.fullmatch(vocabulary.NUMBER, said):
        yield f"${said}"
        yield from (f"{said} {unit}" for unit in ("users", "interactions", "actions", "credits"))
        return
    phrase = phrase_with(command, said.rsplit(maxsplit=1)[-1])
    if phrase:
        yield phrase.examples[0]
    if " " not in said and len(said) >= MIN_MISSPELT:
        yield from get_close_matches(said.lower(), sorted(vocabulary.vocabulary()), MAX_SUGGESTIONS, NEAR)


def _omissions(error: QuestionError) -> Iterator[str]:
    before, said, after = error.question[: error.start], error.question[error.start : error.end], error.question[error.end :]
    is_an_amount_left_out = bool(re.search(r"\d", said)) and not _is_of_values(error)
    if before.strip() and not is_an_amount_left_out:
        yield before + after
