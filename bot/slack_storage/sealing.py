"""Secrets as the warehouse keeps them: encrypted under a key that only the environment has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.slack import SECRET_KEY
from core.errors import ConfigError, MachineError

if TYPE_CHECKING:
    from collections.abc import Mapping

HOW_TO_MAKE = "openssl rand -base64 32 | tr '+/' '-_'"


class Sealer:
    """Encrypts with the first key, and reads what any of them encrypted, so that keys can be changed."""

    def __init__(self, keys: str) -> None:
        """Take the keys of the environment, with commas between them. Raises: ConfigError, if one is no key."""
        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys.split(",")])
        except ValueError as trouble:
            raise ConfigError([f"{SECRET_KEY} is not a key: 32 bytes in base64, as `{HOW_TO_MAKE}` makes them."]) from trouble

    def seal(self, text: str) -> str:
        """Return a text encrypted."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Return what was encrypted. Raises: MachineError, if it was under another key."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as trouble:
            raise MachineError(
                f"Slack's secrets in the warehouse cannot be read with {SECRET_KEY}: they were written under another key. "
                "Add that key after the current one, separated by a comma."
            ) from trouble

    def is_fresh(self, sealed: str, seconds: int) -> bool:
        """Whether a text was encrypted with one of the keys, and not longer ago."""
        try:
            self._fernet.decrypt(sealed.encode(), ttl=seconds)
        except InvalidToken:
            return False
        return True


def sealer_in(variables: Mapping[str, str]) -> Sealer | None:
    """Return what the environment's key makes; None without one. Raises: ConfigError, if it is no key."""
    keys = variables.get(SECRET_KEY)
    return Sealer(keys) if keys else None
