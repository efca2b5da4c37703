"""What the service does by the clock: the `service` section of app.yaml as a value."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class ServiceSettings(NamedTuple):
    """How the service spends its time; the defaults need no app.yaml.

    watched_folder: None for none. refresh_minutes: how often spreadsheets are brought up to date, unless
    refresh_at says once a day, in the team's zone. look_every_seconds: how often clock, folder and outbox are looked at.
    """

    watched_folder: Path | None = None
    refresh_minutes: int = 60
    refresh_at: time | None = None
    look_every_seconds: int = 5


def service_settings(raw: Mapping[str, Any], base: Path) -> ServiceSettings:
    """Return the settings of a section that fits the schema. base: the folder from which the watched one is named."""
    known: dict[str, Any] = dict(raw)
    if "watched_folder" in known:
        known["watched_folder"] = base / Path(known["watched_folder"]).expanduser()
    if "refresh_at" in known:
        known["refresh_at"] = time.fromisoformat(known["refresh_at"])
    return ServiceSettings(**known)
