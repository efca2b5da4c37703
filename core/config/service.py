"""What the service does on a schedule: the `service` section of app.yaml as a value."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.config.setting import OneOf, Setting, SettingGroup, Text, Whole
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REJECTED, OLD_REJECTED = "rejected", "refused"


SERVICE = SettingGroup(
    (
        Setting(
            "watched_folder",
            Text(),
            "a folder whose files are imported once they have stopped growing, relative to app.yaml",
            usual="none",
            starter="inbox",
            remark="exports dropped there are imported, then moved to done/ or rejected/",
        ),
        Setting(
            "refresh_minutes",
            OneOf((5, 10, 15, 20, 30, 60)),
            "how often the spreadsheets are brought up to date, in minutes",
            60,
            starter="30",
            remark="how often the spreadsheets are brought up to date: 5, 10, 15, 20, 30 or 60",
        ),
        Setting(
            "refresh_at",
            Text("^([01][0-9]|2[0-3]):[0-5][0-9]$"),
            "once a day instead: the hour in the team's time zone, such as 06:30",
            starter="06:30",
            remark="or once a day instead, in the team's time zone",
        ),
        Setting(
            "poll_seconds",
            Whole(1, 60),
            "how often the service polls its clock, its folder and its outbox",
            5,
            formerly="look_every_seconds",
            starter="5",
            remark="how often it polls its clock, its folder and its outbox",
        ),
    )
)


class ServiceSettings(NamedTuple):
    """The service's schedule; the defaults need no app.yaml.

    watched_folder: None for none. refresh_minutes: how often spreadsheets are updated, unless
    refresh_at sets one time a day, in the team's time zone. poll_seconds: how often clock, folder and outbox are polled.
    """

    watched_folder: Path | None = None
    refresh_minutes: int = SERVICE.default("refresh_minutes")
    refresh_at: time | None = None
    poll_seconds: int = SERVICE.default("poll_seconds")


def service_settings(raw: Mapping[str, Any], base: Path) -> ServiceSettings:
    """Return the settings of a section that fits the schema. base: the folder that the watched one is relative to."""
    known: dict[str, Any] = dict(raw)
    if "watched_folder" in known:
        known["watched_folder"] = base / Path(known["watched_folder"]).expanduser()
    if "refresh_at" in known:
        known["refresh_at"] = time.fromisoformat(known["refresh_at"])
    return ServiceSettings(**known)


def rejected_folder(watched: Path) -> str:
    """Return the name of the folder for files that could not be imported: the old name if only that folder exists."""
    has_old_only = (watched / OLD_REJECTED).is_dir() and not (watched / REJECTED).exists()
    return OLD_REJECTED if has_old_only else REJECTED


def folder_deprecations(settings: ServiceSettings) -> Iterator[str]:
    """Yield a sentence if the watched folder has a folder for rejected files under its old name."""
    watched = settings.watched_folder
    if watched and (watched / OLD_REJECTED).is_dir():
        used = rejected_folder(watched)
        yield f"{watched / OLD_REJECTED} is now called {REJECTED}: rename it. Rejected files go to {used}/ until then."
