"""Authenticates the caller: a spreadsheet's token, a Google identity, or unknown."""

from __future__ import annotations

import hashlib
import logging
import time
from typing import TYPE_CHECKING

from sheets_addin.api.access import Access
from sheets_addin.api.identity import RefusedIdentityError, verify_token
from sheets_addin.api.problems import UNAUTHORIZED, ProblemError
from sheets_addin.api.tokens import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.config import FormulaApiSettings
    from sheets_addin.api.identity import Certificates
    from sheets_addin.api.tokens import TokenStore

LOG = logging.getLogger("agentcost.formula_api")
BEARER = "bearer "
REMEMBERED_SECONDS, MAX_REMEMBERED = 300.0, 1_000
NEEDED = "This needs a valid token. Menu AgentCost → Settings keeps it; `agentcost sheet-token` makes one."
CHALLENGE = {"WWW-Authenticate": "Bearer"}


class UnauthorizedError(ProblemError):
    """No valid credentials; the reason is only in the log."""

    def __init__(self) -> None:
        """Use the same message whatever was wrong."""
        super().__init__(UNAUTHORIZED, NEEDED, CHALLENGE)


class Authenticator:
    """Checks tokens and identities; the current settings are passed with each question."""

    def __init__(self, tokens: TokenStore, certificates: Certificates, clock: Callable[[], float] = time.time) -> None:
        """Start without any known caller."""
        self._tokens, self.may_block = tokens, tokens.may_block
        self._certificates = certificates
        self._clock = clock
        self._identities: dict[tuple[str, FormulaApiSettings], tuple[float, Access]] = {}

    def quickly(self, authorization: str | None, address: str, settings: FormulaApiSettings) -> Access | None:
        """Return a caller's access if that takes no verification; None for a token that has to be verified.

        Blocks for seconds at worst, if `may_block`. Raises: UnauthorizedError; MachineError, if the tokens cannot be read.
        """
        if authorization is None:
            if settings.allow_pricing_without_token:
                return Access(f"address {address}", "pricing", is_known=False)
            raise self._unauthorized(address, "no token")
        token = authorization[len(BEARER) :].strip() if authorization[: len(BEARER)].lower() == BEARER else ""
        if token.startswith(f"{PREFIX}_"):
            return self._sheet(token, address)
        if token.count(".") != 2:  # noqa: PLR2004 - a JWT has three parts
            raise self._unauthorized(address, "no token that is known here")
        return self._cached_access(token, settings)

    def verify(self, authorization: str, address: str, settings: FormulaApiSettings) -> Access:
        """Return the access of a caller with an identity token. Blocks to fetch Google's certificates.

        Raises: UnauthorizedError; MachineError, if the certificates are not available.
        """
        token = authorization[len(BEARER) :].strip()
        try:
            claims = verify_token(token, self._certificates, settings.audience, settings.domains)
        except RefusedIdentityError as error:
            raise self._unauthorized(address, f"identity token: {error}") from None
        access = Access(f"identity {claims.get('sub')}", settings.identity_scope)
        if len(self._identities) >= MAX_REMEMBERED:
            self._identities.clear()
        until = min(float(claims["exp"]), self._clock() + REMEMBERED_SECONDS)
        self._identities[_digest(token), settings] = until, access
        return access

    def _cached_access(self, token: str, settings: FormulaApiSettings) -> Access | None:
        until, access = self._identities.get((_digest(token), settings), (0.0, None))
        return access if self._clock() < until else None

    def _sheet(self, token: str, address: str) -> Access:
        found = self._tokens.find(token)
        if found is None:
            raise self._unauthorized(address, "unknown or revoked token")
        return Access(f"token {found.id}", found.scope, only=found.only, spreadsheet_id=found.spreadsheet_id)

    @staticmethod
    def _unauthorized(address: str, reason: str) -> UnauthorizedError:
        LOG.warning("refused a request from %s: %s", address, reason)
        return UnauthorizedError()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
