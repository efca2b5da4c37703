"""What a caller may ask, and how callers are distinguished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.records import NamedTuple
from core.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from core.config import AccessLevel


class Access(NamedTuple):
    """The access of a caller.

    caller: the name for the rate limit and the log; not a secret. is_known: whether they showed a valid token.
    only: the accessible part of the wallet. spreadsheet_id: the one that the token was made for.
    """

    caller: str
    scope: AccessLevel
    is_known: bool = True
    only: Scope = EVERYTHING
    spreadsheet_id: str | None = None

    @property
    def sees(self) -> tuple[AccessLevel, bool, Scope]:
        """What decides an answer; callers with equal values get the same ones."""
        return self.scope, self.is_known, self.only
