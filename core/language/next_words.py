"""Completions for a question being typed, from the tables of the language."""

from __future__ import annotations

from core.language.commands import COMMANDS
from core.language.phrases import PHRASES
from core.language.vocabulary import GRAINS, GROUPINGS, OFFERED, STATES, SUBJECTS, TOPICS

# What can follow a word, for phrases whose value comes from a table.
AFTER = {
    "by": tuple(GROUPINGS),
    "only": tuple(words[0] for words in OFFERED.values()),
    "grain": tuple(GRAINS),
    "last": ("7 days", "30 days", "3 months"),
    "explain": tuple(SUBJECTS),
    "prices": tuple(TOPICS),
    "help": tuple(COMMANDS),
    "alerts": tuple(STATES),
}


def complete_words(words: list[str], others: tuple[str, ...] = ()) -> list[str]:
    """Return the completions of the last word, each a word or a few; none if free input may follow, such as a name.

    words: those of a question; the last one, possibly empty, is being typed. others: valid first words besides commands.
    """
    *before, typed = words or [""]
    said = [word for word in before if not word.startswith("--")]
    if not said:
        return _beginning_with(typed, [*(one.split()[0] for one in COMMANDS), *others])
    if said[-1] in AFTER:
        return _beginning_with(typed, AFTER[said[-1]])
    command = next((COMMANDS[" ".join(said[:size])] for size in (2, 1) if " ".join(said[:size]) in COMMANDS), None)
    if command is None:
        return _beginning_with(typed, [one.split()[1] for one in COMMANDS if one.split()[:-1] == said])
    examples = [example for name in command.takes for example in PHRASES[name].examples]
    return _beginning_with(typed, [word for example in examples for word in _next_words(example, said)])


def complete_question(typed: str, most: int = 12) -> list[str]:
    """Return the text's completions to a question, up to the next word or two."""
    *before, last = typed.split(" ")
    return [" ".join([*before, word]) for word in complete_words([*filter(None, before), last])][:most]


def _next_words(example: str, said: list[str]) -> list[str]:
    """Return how an example continues the typed words: with its unit after a number, otherwise from its start."""
    first, *rest = example.split()
    if rest and said[-1].replace(",", "").replace(".", "").isdigit():
        return [" ".join(rest)] if first[0].isdigit() else []
    return [example]


def _beginning_with(typed: str, words: list[str] | tuple[str, ...]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word.lower().startswith(typed.lower()) and word != typed]
