"""The tokens of spreadsheets: shown once, stored as hashes in one small text.

The text is in a file beside the warehouse, not in it: a running service may hold the warehouse while tokens are created
and revoked; pricing needs no warehouse; and a copy of the warehouse for an analyst must not contain credentials. Services
on a database share it there, in a table that is no part of the warehouse.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import TYPE_CHECKING, Any

from core.errors import InputError, MachineError
from core.records import NamedTuple
from core.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.config import AccessLevel
    from core.kept_text import KeptText

PREFIX = "agentcost"
SECRET_BYTES, ID_BYTES = 32, 4
NO_HASH = "0" * 64


class SheetToken(NamedTuple):
    """The stored data of a token; instants are UTC, as ISO text.

    secret_hash: SHA-256 of the secret, which is 256 random bits, so that a slower hash is not needed.
    """

    id: str
    spreadsheet_id: str
    scope: AccessLevel
    secret_hash: str
    created_at: str
    revoked_at: str | None = None
    only: Scope = EVERYTHING


class TokenStore:
    """The tokens in a text; any process can change them. All see changes at once, in a database within a second."""

    def __init__(self, text: KeptText) -> None:
        """Read nothing yet."""
        self._text, self.may_block = text, text.may_block
        self._seen: str | None = None
        self._tokens: dict[str, SheetToken] = {}

    def all(self) -> tuple[SheetToken, ...]:
        """Return every token, revoked ones too, oldest first. Raises: MachineError, if they cannot be read."""
        return tuple(self._current().values())

    def create(self, spreadsheet_id: str, scope: AccessLevel, only: Scope, now: datetime) -> str:
        """Return a new token, which is not stored anywhere. Raises: MachineError, if its hash cannot be stored."""
        token_id, secret = secrets.token_hex(ID_BYTES), secrets.token_urlsafe(SECRET_BYTES)
        kept = SheetToken(token_id, spreadsheet_id, scope, _hash(secret), now.isoformat(timespec="seconds"), None, only)
        self._text.change(lambda text: _write({**self._read(text), token_id: kept}))
        return f"{PREFIX}_{token_id}_{secret}"

    def revoke(self, token_id: str, now: datetime) -> SheetToken:
        """Return the token, which grants nothing from now on. Raises: InputError, if it does not exist or is already revoked."""

        def change(text: str | None) -> str:
            tokens = self._read(text)
            token = tokens.get(token_id)
            if token is None:
                raise InputError(f'There is no token "{token_id}". `agentcost sheet-token --list` shows them all.')
            if token.revoked_at:
                raise InputError(f"The token {token_id} was revoked already, at {token.revoked_at}.")
            return _write({**tokens, token_id: token._replace(revoked_at=now.isoformat(timespec="seconds"))})

        return self._read(self._text.change(change))[token_id]

    def find(self, text: str) -> SheetToken | None:
        """Return the valid token that matches the text; the comparison takes the same time whatever is wrong with it.

        Raises: MachineError, if the tokens cannot be read.
        """
        _, token_id, secret = (*text.split("_", 2), "", "")[:3]
        token = self._current().get(token_id)
        is_right = hmac.compare_digest(_hash(secret), token.secret_hash if token else NO_HASH)
        return token if token and is_right and not token.revoked_at else None

    def _current(self) -> dict[str, SheetToken]:
        text = self._text.read()
        if text is not self._seen:
            self._tokens, self._seen = self._read(text), text
        return self._tokens

    def _read(self, text: str | None) -> dict[str, SheetToken]:
        try:
            return {one["id"]: _token(one) for one in json.loads(text)["tokens"]} if text else {}
        except (ValueError, KeyError, TypeError) as trouble:
            raise MachineError(f"The tokens in {self._text} cannot be read: {trouble}. Restore them from a backup.") from trouble


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _token(raw: dict[str, Any]) -> SheetToken:
    known = {name: raw[name] for name in SheetToken._fields if name != "only"}
    return SheetToken(only=Scope.from_json(raw), **known)


def _json(token: SheetToken) -> dict[str, object]:
    return {name: value for name, value in token._asdict().items() if name != "only"} | token.only.to_json()


def _write(tokens: Mapping[str, SheetToken]) -> str:
    return json.dumps({"version": 1, "tokens": [_json(token) for token in tokens.values()]}, ensure_ascii=False, indent=1)
