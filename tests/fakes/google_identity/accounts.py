"""Service accounts and Google's token endpoint: who may ask for what, by signed assertion and bearer token."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import jwt

from tests.fakes.sheets.description.discovery import document

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
OF_OLD = {"https://spreadsheets.google.com/feeds": "https://www.googleapis.com/auth/spreadsheets"}
"""The scope of the API before this one opens what today's does: the recordings of gspread's own tests are made with it."""
TOKEN_SECONDS, SKEW_SECONDS = 3_600, 300
# Google's sentence to a machine whose clock is wrong (SteveWinward/GoogleSheetsWrapper#42, a-marenkov/gsheets#96).
OUT_OF_TIME = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)
AUDIENCE = "https://oauth2.googleapis.com/token"  # what google-auth signs for, whatever the key names as its token_uri


@cache
def known_scopes() -> frozenset[str]:
    """Return the scopes of Sheets and Drive."""
    return frozenset(scope for name in ("sheets.v4", "drive.v3") for scope in document(name)["auth"]["oauth2"]["scopes"])


@cache
def key_pair(number: int) -> tuple[str, bytes]:
    """Return a private key and its public key as PEM, key `number` of this run."""
    del number
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kept = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.private_bytes(*kept).decode(), public


class Token(NamedTuple):
    """What a bearer token opens: for whom, until when (seconds since 1970), and which scopes."""

    email: str
    until: float
    scopes: frozenset[str]


@dataclass
class Accounts:
    """Every service account by its address, and the tokens that were given out."""

    keys: dict[str, bytes] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    tokens: dict[str, Token] = field(default_factory=dict)
    clock_ahead_seconds: float = 0.0
    """How far Google's clock is ahead of this machine's."""

    def new_key(self, email: str, token_uri: str) -> Json:
        """Return a service account's key, as Google's console gives it to download; the same one each time."""
        private, public = key_pair([*self.keys, email].index(email))
        self.keys[email] = public
        return {
            "type": "service_account",
            "project_id": "project-of-the-test",
            "private_key_id": "key-of-the-test",
            "private_key": private,
            "client_email": email,
            "client_id": "1",
            "token_uri": token_uri,
        }

    def _is_out_of_time(self, claims: Mapping[str, Any]) -> bool:
        now = time.time() + self.clock_ahead_seconds
        return not claims["iat"] - SKEW_SECONDS <= now <= claims["exp"] + SKEW_SECONDS

    def answer(self, form: Mapping[str, str], token_uri: str) -> tuple[int, Json]:
        """Return the token endpoint's status and answer."""
        if form.get("grant_type") != GRANT:
            return 400, {"error": "unsupported_grant_type", "error_description": "Invalid grant_type"}
        try:
            email = str(jwt.decode(form.get("assertion", ""), verify=False)["iss"])  # type: ignore[no-untyped-call]
            if email not in self.keys or email in self.revoked:
                return 400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
            if self._is_out_of_time(jwt.decode(form["assertion"], verify=False)):  # type: ignore[no-untyped-call]
                return 400, {"error": "invalid_grant", "error_description": OUT_OF_TIME}
            claims = jwt.decode(form["assertion"], certs=self.keys[email], audience=[token_uri, AUDIENCE])  # type: ignore[no-untyped-call]
        except ValueError as error:
            return 400, {"error": "invalid_grant", "error_description": f"Invalid JWT: {error}"}
        scopes = frozenset(OF_OLD.get(scope, scope) for scope in str(claims.get("scope", "")).split())
        if not scopes or not scopes <= known_scopes():
            return 400, {"error": "invalid_scope", "error_description": "Invalid OAuth scope or ID token audience provided."}
        token = f"token-{len(self.tokens)}-of-the-test"
        self.tokens[token] = Token(email, time.time() + TOKEN_SECONDS, scopes)
        return 200, {"access_token": token, "expires_in": TOKEN_SECONDS - 1, "token_type": "Bearer"}

    def token(self, authorization: str) -> Token | None:
        """Return the bearer token that a request shows; None if it is none, or too old."""
        token = self.tokens.get(authorization.removeprefix("Bearer "))
        return token if token and time.time() < token.until else None


def error_body(status: int, word: str, message: str, details: list[Json] | None = None) -> bytes:
    """Return an error as Google's services write it."""
    return json.dumps(
        {"error": {"code": status, "message": message, "status": word, **({"details": details} if details else {})}}
    ).encode()
