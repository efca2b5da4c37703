"""How long what is fine-grained is kept: the `retention` section of app.yaml as a value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from core.config.setting import OneOf, Setting, SettingGroup, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DAYS = re.compile(r"(?P<days>[1-9][0-9]{0,4})d")
LEAST_DAYS_OF_EVENTS = 60
"""Rows of use arrive late, and an export of a month comes after it: a closed day takes none any more."""


RETENTION = SettingGroup(
    (
        Setting(
            "events",
            Text(f"^{DAYS.pattern.replace('?P<days>', '')}$"),
            f"the age from which events and sessions are folded into sums by day, such as 400d; at least {LEAST_DAYS_OF_EVENTS}d",
            usual="kept for ever",
            starter="400d",
            remark="older events are folded into sums; no figure changes",
        ),
        Setting(
            "exports",
            Text(f"^{DAYS.pattern.replace('?P<days>', '')}$"),
            "the age from which kept exports and the text of rejected rows are deleted, such as 90d",
            usual="kept",
            starter="90d",
            remark="older kept exports, and the text of rejected rows, are deleted",
        ),
        Setting(
            "user_ids",
            OneOf(("keep", "pseudonymise")),
            "what becomes of the ids of people in events that are folded",
            "keep",
            starter="pseudonymise",
            remark="people in folded events: keep, or pseudonymise",
        ),
    )
)


class RetentionSettings(NamedTuple):
    """Ages in days; None for what is kept. pseudonymises: whether people in folded events get pseudonyms."""

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
    """Yield a sentence for what no schema can see."""
    events = section.get("events")
    days = _days(events)
    if days is not None and days < LEAST_DAYS_OF_EVENTS:
        yield f'retention.events is "{events}": at least {LEAST_DAYS_OF_EVENTS}d, because rows of use arrive late.'
    if section.get("user_ids") == "pseudonymise" and events is None:
        yield "retention.user_ids is pseudonymise, which is done when events are folded: say from which age, retention.events."


def _days(text: object) -> int | None:
    found = DAYS.fullmatch(text) if isinstance(text, str) else None
    return int(found["days"]) if found else None
