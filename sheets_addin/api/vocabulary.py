"""What can be asked, for autocompletion: the command table, the phrases and the figures as JSON."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from core.answer import FIGURES
from core.language import COMMANDS, PHRASES, read
from core.questions import is_about_wallet
from sheets_addin.api.problems import encode_json


@cache
def vocabulary() -> bytes:
    """Return the program's version, commands with their words, examples and phrases, and every figure's key, as JSON."""
    return encode_json(
        {
            "version": version("agentcost"),
            "commands": [
                {
                    "name": command.name,
                    "words": list(command.words),
                    "answers": command.answers,
                    "examples": list(command.examples),
                    "phrases": list(command.takes),
                    "wallet": all(is_about_wallet(read(example)) for example in command.examples),
                }
                for command in COMMANDS.values()
            ],
            "phrases": [
                {"name": phrase.name, "about": phrase.about, "examples": list(phrase.examples)} for phrase in PHRASES.values()
            ],
            "figures": [{"key": key, "label": meaning.label, "unit": meaning.unit} for key, meaning in FIGURES.items()],
        }
    )
