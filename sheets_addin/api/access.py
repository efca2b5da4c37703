"""What a caller may ask, and how callers are distinguished."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from core.config import AccessLevel


class Access(NamedTuple):
    """What is open to a caller.

    caller: whom the rate limit counts and the log names; no secret. is_known: whether they showed a valid token.
    only: the part of the wallet that is open. spreadsheet_id: the one that the token was made for.
    """

    caller: str
    scope: AccessLevel
    is_known: bool = True
    only: Scope = EVERYTHING
    spreadsheet_id: str | None = None

    @property
    def sees(self) -> tuple[AccessLevel, bool, Scope]:
        """What decides an answer; callers alike in it get the same ones."""
        return self.scope, self.is_known, self.only
