"""What is kept, where, and for how long: the `backup` and `retention` sections of app.yaml as values."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from core.config.setting import OneOf, Setting, SettingGroup, Text, Whole
from core.config.teams import HOUR, WEEKDAYS
from core.patterns import compiled
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Every = Literal["hour", "day", "week"]
TOO_OLD: dict[Every, timedelta] = {"hour": timedelta(hours=3), "day": timedelta(days=2), "week": timedelta(days=9)}
"""One missed backup is tolerated before somebody has to act."""
IN_BUCKET = "s3://"
DAYS = r"(?P<days>[1-9][0-9]{0,4})d"
LEAST_DAYS_OF_EVENTS = 60
"""Usage rows arrive late, and a month's export comes after the month; a closed day accepts no more rows."""


class Bucket(NamedTuple):
    """A location in an S3-compatible bucket. folder: the prefix of object names; empty for the bucket itself."""

    name: str
    folder: str = ""

    def __str__(self) -> str:
        """Return its address."""
        return f"{IN_BUCKET}{self.name}/{self.folder}".rstrip("/")

    def key(self, name: str) -> str:
        """Return the full name of an object in this location."""
        return f"{self.folder}/{name}" if self.folder else name


BACKUP = SettingGroup(
    (
        Setting(
            "to",
            Text(f"^({IN_BUCKET}[a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9](/[^/]+)*/?|(?!.*://).+)$"),
            "where backups go: a folder, relative to app.yaml, or in a bucket, s3://acme-backups/agentcost",
            is_required=True,
            starter="backups",
            remark="a folder, or a place in a bucket: s3://acme-backups/agentcost",
        ),
        Setting(
            "schedule",
            Text(f"^(hourly|(daily|{'|'.join(WEEKDAYS)}) {HOUR})$"),
            "when backups are made: hourly, daily 03:00 or Sun 03:00, in the team's time zone",
            "daily 03:00",
            starter="daily 03:00",
            remark="or hourly, or Sun 03:00, in the team's time zone",
        ),
        Setting(
            "keep",
            Whole(1, 10000),
            "how many backups are kept, the newest",
            14,
            starter="14",
            remark="how many of the newest are kept",
        ),
    )
)


class BackupSettings(NamedTuple):
    """Scheduled backups.

    to: a folder, or a location in a bucket. every, weekday (0 for Monday), at: the schedule, in the team's time zone.
    keep: how many of the newest are kept.
    """

    to: Path | Bucket
    every: Every = "day"
    weekday: int = 0
    at: time = time(3)
    keep: int = BACKUP.default("keep")

    @property
    def too_old(self) -> timedelta:
        """The age of the newest backup from which somebody has to act."""
        return TOO_OLD[self.every]


def bucket_of(address: str) -> Bucket | None:
    """Return the bucket that an address names; None for the path of a file or folder."""
    if not address.startswith(IN_BUCKET):
        return None
    name, _, folder = address.removeprefix(IN_BUCKET).strip("/").partition("/")
    return Bucket(name, folder)


def backup_settings(raw: Mapping[str, Any] | None, base: Path) -> BackupSettings | None:
    """Return the settings of a section that fits the schema; None without one. base: the folder that `to` is relative to."""
    if raw is None:
        return None
    words = raw.get("schedule", BACKUP.default("schedule")).split()
    to = bucket_of(raw["to"]) or base / Path(raw["to"]).expanduser()
    keep = raw.get("keep", BACKUP.default("keep"))
    if words == ["hourly"]:
        return BackupSettings(to, "hour", keep=keep)
    at = time.fromisoformat(words[1])
    if words[0] == "daily":
        return BackupSettings(to, "day", at=at, keep=keep)
    return BackupSettings(to, "week", WEEKDAYS.index(words[0]), at, keep)


RETENTION = SettingGroup(
    (
        Setting(
            "events",
            Text(f"^{DAYS.replace('?P<days>', '')}$"),
            f"the age from which events and sessions are folded into sums by day, such as 400d; at least {LEAST_DAYS_OF_EVENTS}d",
            usual="kept for ever",
            starter="400d",
            remark="older events are folded into sums; no figure changes",
        ),
        Setting(
            "exports",
            Text(f"^{DAYS.replace('?P<days>', '')}$"),
            "the age from which kept exports and the text of rejected rows are deleted, such as 90d",
            usual="kept",
            starter="90d",
            remark="older kept exports, and the text of rejected rows, are deleted",
        ),
        Setting(
            "user_ids",
            OneOf(("keep", "pseudonymise")),
            "what happens to the ids of people in events that are folded",
            "keep",
            starter="pseudonymise",
            remark="people in folded events: keep, or pseudonymise",
        ),
    )
)


class RetentionSettings(NamedTuple):
    """Ages in days; None for data that is kept. pseudonymises: whether people in folded events get pseudonyms."""

    events: int | None = None
    exports: int | None = None
    pseudonymises: bool = False

    @property
    def is_on(self) -> bool:
        """Whether anything is folded or deleted."""
        return self.events is not None or self.exports is not None


def retention_settings(raw: Mapping[str, Any]) -> RetentionSettings:
    """Return the settings of a section that fits the schema."""
    return RetentionSettings(_days(raw.get("events")), _days(raw.get("exports")), raw.get("user_ids") == "pseudonymise")


def retention_problems(section: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each problem that a schema cannot detect."""
    events = section.get("events")
    days = _days(events)
    if days is not None and days < LEAST_DAYS_OF_EVENTS:
        yield f'retention.events is "{events}": at least {LEAST_DAYS_OF_EVENTS}d, because rows of use arrive late.'
    if section.get("user_ids") == "pseudonymise" and events is None:
        yield "retention.user_ids is pseudonymise, which is done when events are folded: say from which age, retention.events."


def _days(text: object) -> int | None:
    found = compiled(DAYS).fullmatch(text) if isinstance(text, str) else None
    return int(found["days"]) if found else None
