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
    """A text's items, what they were taken for, and how strongly it speaks for each command.

    turns: commands for which a turn of phrase speaks; weights: points by command, only of those that remain possible.
    is_comparison: whether days are held against those before them; is_forgiving: whether suggestions are looked for.
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
        """Whether one of the phrases was said."""
        return any(item.phrase in phrases for item in self.items)


@dataclass(slots=True)
class Built:
    """The phrases of a question and what was taken for granted; `said` are those kept as they were found."""

    said: dict[str, str]
    phrases: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    users: Decimal | None = None
