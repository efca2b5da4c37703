"""What was found in a text, before a command is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from core.language.free_text.items import Board, Item
    from core.language.free_text.slots import Slots
    from core.language.free_text.time_spans import TimeFinder


@dataclass(slots=True)
class Understood:
    """A text's items, their meanings, and how strongly the text supports each command.

    turns: commands that a turn of phrase supports; weights: points by command, only for those still possible.
    is_comparison: whether days are compared with the previous ones; is_forgiving: whether suggestions are sought.
    """

    items: list[Item]
    board: Board
    slots: Slots
    times: TimeFinder
    turns: dict[str, Decimal]
    weights: dict[str, Decimal] = field(default_factory=dict)
    is_comparison: bool = False
    is_forgiving: bool = False

    def says_any(self, phrases: frozenset[str]) -> bool:
        """Whether the text contains one of the phrases."""
        return any(item.phrase in phrases for item in self.items)


@dataclass(slots=True)
class Built:
    """The phrases of a question and its assumptions; `said` are the phrases kept as found."""

    said: dict[str, str]
    phrases: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    users: Decimal | None = None
