"""When alerts fire: the `alerts` section of app.yaml as a value."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.config.setting import ListOf, Number, Setting, SettingGroup, Text, Whole
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

A_LEVEL = Whole(1, 200)
ALERTS = SettingGroup(
    (
        Setting(
            "levels",
            ListOf(Setting("level", A_LEVEL, "a level is"), is_unique=True, minimum=1),
            "a list of levels, percent of the granted credits, each a whole number from 1 to 200 and named once",
            (50, 75, 90),
            starter="[50, 75, 90]",
            remark="percent of the granted credits; Salesforce's own mails use others",
        ),
        Setting(
            "budget_levels",
            ListOf(Setting("level", A_LEVEL, "a level is"), is_unique=True, minimum=1),
            "a list of levels, percent of a budget, each a whole number from 1 to 200 and named once",
            (50, 75, 90, 100),
            starter="[50, 75, 90, 100]",
            remark="percent of a budget",
        ),
        Setting(
            "pace_percent",
            Number(0, maximum=10000),
            "the pace that raises an alert; 100 is on plan",
            Decimal(150),
            starter="150",
            remark="100 is on plan",
        ),
        Setting(
            "projected_days",
            Whole(1, 365),
            "how many days ahead an expected level raises an alert",
            14,
            starter="14",
            remark="a level expected within so many days",
        ),
        Setting(
            "spike_times",
            Number(1, maximum=100),
            "how many typical deviations above its weekday make a day a spike",
            Decimal(5),
            starter="5",
            remark="usual deviations above what the weekday predicts",
        ),
        Setting(
            "unused_days",
            ListOf(Setting("days", Whole(1, 365), "days before a term's end"), is_unique=True),
            "a list of days before a term's end on which expiring credits raise an alert",
            (30, 7),
            starter="[30, 7]",
            remark="days before a term's end",
        ),
        Setting(
            "overhead_percent",
            Number(0, maximum=100),
            "the share of credits beyond the first action of each event that raises an alert",
            Decimal(10),
            formerly="dear_percent",
            starter="10",
            remark="of the credits of the last 28 complete days",
        ),
        Setting(
            "sandbox_percent",
            Number(0, maximum=100),
            "the share of credits used in sandboxes that raises an alert",
            Decimal(20),
            starter="20",
        ),
        Setting(
            "stale_days",
            Whole(1, 365),
            "how many days without newer data raise an alert",
            4,
            starter="4",
            remark="without newer data",
        ),
        Setting(
            "min_usd",
            Number(0),
            "the dollars below which spikes, unused credits, token overhead and sandboxes raise no alert",
            Decimal(100),
            formerly="least_usd",
            starter="100",
            remark="below which spikes, unused credits, token overhead and sandboxes raise no alert",
        ),
        Setting("owner", Text(), "the owner of alerts for teams that name none", starter="Robin", remark="who looks after them"),
        Setting(
            "audit_days",
            Whole(1, 36500),
            "how many days the audit of who did what is kept",
            400,
            starter="400",
            remark="how long the audit is kept",
        ),
    )
)


class AlertSettings(NamedTuple):
    """The alert thresholds; the defaults need no app.yaml. Percentages are out of 100.

    levels: percent of the granted credits, lowest first; a team may have its own. budget_levels: percent of a budget.
    pace_percent: 100 is on plan. projected_days: how far ahead a projected level triggers an alert.
    spike_times: how many usual deviations from its weekday's level make a day a spike. unused_days: days before a term's end.
    overhead_percent, sandbox_percent: of the credits of the last 28 complete days. stale_days: without newer data.
    min_usd: the minimum amount for alerts on spikes, unused credits, token overhead and sandboxes.
    audit_days: how long the audit log is kept.
    """

    levels: tuple[int, ...] = ALERTS.default("levels")
    budget_levels: tuple[int, ...] = ALERTS.default("budget_levels")
    pace_percent: Decimal = ALERTS.default("pace_percent")
    projected_days: int = ALERTS.default("projected_days")
    spike_times: Decimal = ALERTS.default("spike_times")
    unused_days: tuple[int, ...] = ALERTS.default("unused_days")
    overhead_percent: Decimal = ALERTS.default("overhead_percent")
    sandbox_percent: Decimal = ALERTS.default("sandbox_percent")
    stale_days: int = ALERTS.default("stale_days")
    min_usd: Decimal = ALERTS.default("min_usd")
    owner: str = ""
    audit_days: int = ALERTS.default("audit_days")


def alert_settings(raw: Mapping[str, Any]) -> AlertSettings:
    """Return the settings of a section that fits the schema; levels and days are sorted, whatever their order in the file."""
    known = ALERTS.read(raw)
    for name in {"levels", "budget_levels"} & known.keys():
        known[name] = tuple(sorted(known[name]))
    if "unused_days" in known:
        known["unused_days"] = tuple(sorted(known["unused_days"], reverse=True))
    return AlertSettings(**known)
