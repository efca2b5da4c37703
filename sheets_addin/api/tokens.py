"""The tokens of spreadsheets: shown once, stored as hashes in one small file that only its owner can read.

The file is beside the warehouse, not in it: a running service may hold the warehouse while tokens are created and
revoked; pricing needs no warehouse; and a copy of the warehouse for an analyst must not contain credentials.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from core.errors import InputError, MachineError
from core.paths import OWNER_ONLY
from core.records import NamedTuple
from core.scope import EVERYTHING, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from core.config import AccessLevel

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
    """The tokens in a file; any process can change them, all see changes at once."""

    def __init__(self, path: Path) -> None:
        """Read nothing yet."""
        self.path = path
        self._seen: tuple[int, int, int] | None = None
        self._tokens: dict[str, SheetToken] = {}

    def all(self) -> tuple[SheetToken, ...]:
        """Return every token, revoked ones too, oldest first. Raises: MachineError, if the file cannot be read."""
        return tuple(self._current().values())

    def create(self, spreadsheet_id: str, scope: AccessLevel, only: Scope, now: datetime) -> str:
        """Return a new token, which is not stored anywhere. Raises: MachineError, if the file cannot be written."""
        token_id, secret = secrets.token_hex(ID_BYTES), secrets.token_urlsafe(SECRET_BYTES)
        kept = SheetToken(token_id, spreadsheet_id, scope, _hash(secret), now.isoformat(timespec="seconds"), None, only)
        with self._changing() as tokens:
            tokens[token_id] = kept
        return f"{PREFIX}_{token_id}_{secret}"

    def revoke(self, token_id: str, now: datetime) -> SheetToken:
        """Return the token, which grants nothing from now on. Raises: InputError, if it does not exist or is already revoked."""
        with self._changing() as tokens:
            token = tokens.get(token_id)
            if token is None:
                raise InputError(f'There is no token "{token_id}". `agentcost sheet-token --list` shows them all.')
            if token.revoked_at:
                raise InputError(f"The token {token_id} was revoked already, at {token.revoked_at}.")
            tokens[token_id] = token._replace(revoked_at=now.isoformat(timespec="seconds"))
        return tokens[token_id]

    def find(self, text: str) -> SheetToken | None:
        """Return the valid token that matches the text; the comparison takes the same time whatever is wrong with it.

        Raises: MachineError, if the file cannot be read.
        """
        _, token_id, secret = (*text.split("_", 2), "", "")[:3]
        token = self._current().get(token_id)
        is_right = hmac.compare_digest(_hash(secret), token.secret_hash if token else NO_HASH)
        return token if token and is_right and not token.revoked_at else None

    def _current(self) -> dict[str, SheetToken]:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return {}
        except OSError as trouble:
            raise MachineError(f"The tokens in {self.path} cannot be read: {trouble.strerror}.") from trouble
        state = (found.st_mtime_ns, found.st_size, found.st_ino)
        if state != self._seen:
            self._tokens, self._seen = self._read(), state
        return self._tokens

    def _read(self) -> dict[str, SheetToken]:
        try:
            return {one["id"]: _token(one) for one in json.loads(self.path.read_text(encoding="utf-8"))["tokens"]}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as trouble:
            raise MachineError(
                f"The tokens in {self.path} cannot be read: {trouble}. Restore the file from a backup."
            ) from trouble

    @contextmanager
    def _changing(self) -> Iterator[dict[str, SheetToken]]:
        """Yield the tokens to change, and write them atomically: a reader sees them all or, after a crash, the old ones."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _lock(self.path.with_name(f"{self.path.name}.lock")):
                tokens = self._read()
                yield tokens
                _write(self.path, [_json(token) for token in tokens.values()])
        except OSError as trouble:
            raise MachineError(f"The tokens in {self.path} cannot be written: {trouble.strerror}.") from trouble


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _token(raw: dict[str, Any]) -> SheetToken:
    known = {name: raw[name] for name in SheetToken._fields if name != "only"}
    return SheetToken(only=Scope.from_json(raw), **known)


def _json(token: SheetToken) -> dict[str, object]:
    return {name: value for name, value in token._asdict().items() if name != "only"} | token.only.to_json()


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, OWNER_ONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, tokens: list[dict[str, object]]) -> None:
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY), "w", encoding="utf-8") as file:
        json.dump({"version": 1, "tokens": tokens}, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
