"""The app's installations and their tokens as the warehouse keeps them, encrypted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.slack.installation import InstalledApp
from core.warehouse import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from bot.slack_storage.sealing import Sealer
    from core.warehouse import Warehouse

    OpenWarehouse = Callable[[], AbstractContextManager[Warehouse]]

INSTALLATION, TOKEN = "installation ", "token of "


class StoredInstallations:
    """An `InstallationBook` over the warehouse."""

    def __init__(self, warehouse: OpenWarehouse, sealer: Sealer) -> None:
        """Open nothing yet."""
        self._secrets = StoredSecrets(warehouse, sealer)

    def find(self, workspace: str) -> InstalledApp | None:
        """Return the app in a workspace or organisation. Raises: AgentcostError."""
        return self._secrets.find(INSTALLATION + workspace)

    def keep(self, app: InstalledApp) -> None:
        """Keep an installation, in the place of the one before. Raises: AgentcostError."""
        self._secrets.keep(INSTALLATION + app.workspace, app)

    def remove(self, workspace: str) -> None:
        """Keep an installation no more. Raises: AgentcostError."""
        self._secrets.remove(INSTALLATION + workspace)

    def list_installed(self) -> list[str]:
        """Return the workspaces and organisations where the app is installed. Raises: AgentcostError."""
        return [name.removeprefix(INSTALLATION) for name in self._secrets.names() if name.startswith(INSTALLATION)]


class StoredToken:
    """An `InstallationBook` of one: the token that the environment brought, and what became of it since.

    It is kept by the refresh token that it began with, so that another one in the environment begins anew.
    """

    def __init__(self, warehouse: OpenWarehouse, sealer: Sealer, first: InstalledApp) -> None:
        """Open nothing yet. first: what the environment brings."""
        self._secrets = StoredSecrets(warehouse, sealer)
        self._first = first
        self._name = TOKEN + hashlib.sha256(first.refresh_token.encode()).hexdigest()[:16]

    def find(self, workspace: str) -> InstalledApp | None:  # noqa: ARG002 - there is but one
        """Return the token as it was last renewed, else the one of the environment. Raises: AgentcostError."""
        return self._secrets.find(self._name) or self._first

    def keep(self, app: InstalledApp) -> None:
        """Keep a renewed token; those that other refresh tokens began with are kept no more. Raises: AgentcostError."""
        self._secrets.keep(self._name, app)
        for name in self._secrets.names():
            if name.startswith(TOKEN) and name != self._name:
                self._secrets.remove(name)


class StoredSecrets:
    """Installations by name, each encrypted whole."""

    def __init__(self, warehouse: OpenWarehouse, sealer: Sealer) -> None:
        """Open nothing yet."""
        self._warehouse, self._sealer = warehouse, sealer

    def find(self, name: str) -> InstalledApp | None:
        """Return what is kept under a name. Raises: AgentcostError."""
        sealed = next((row.sealed for row in self._rows() if row.name == name), None)
        return None if sealed is None else InstalledApp(**json.loads(self._sealer.unseal(sealed)))

    def names(self) -> list[str]:
        """Return the names under which something is kept. Raises: AgentcostError."""
        return [row.name for row in self._rows()]

    def keep(self, name: str, app: InstalledApp) -> None:
        """Keep an installation under a name. Raises: AgentcostError."""
        sealed = self._sealer.seal(json.dumps(asdict(app)))
        with self._warehouse() as warehouse, warehouse.writing() as session:
            session.run("keep_slack_secret", about=name, sealed=sealed, now=datetime.now(UTC))

    def remove(self, name: str) -> None:
        """Keep nothing under a name. Raises: AgentcostError."""
        with self._warehouse() as warehouse, warehouse.writing() as session:
            session.run("delete_slack_secret", about=name)

    def _rows(self) -> Iterator[queries.SlackSecretsKeptRow]:
        with self._warehouse() as warehouse:
            yield from warehouse.rows(queries.SlackSecretsKeptRow)
