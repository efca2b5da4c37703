"""When a wallet is news: the `alerts` section of app.yaml as a value."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

USUAL_LEVELS = (50, 75, 90)


class AlertSettings(NamedTuple):
    """What makes an alert; the defaults need no app.yaml. Percentages are out of 100.

    levels: percent of the granted credits, lowest first; a team may have its own.
    pace_percent: 100 is on plan. projected_days: how far ahead an expected level is news.
    spike_times: how many usual deviations from its weekday make a day a spike. unused_days: days before a term's end.
    overhead_percent, sandbox_percent: of the credits of the last 28 complete days. stale_days: without newer data.
    min_usd: what a spike, unused credits, token overhead and sandboxes must at least come to.
    audit_days: how long the audit is kept.
    """

    levels: tuple[int, ...] = USUAL_LEVELS
    pace_percent: Decimal = Decimal(150)
    projected_days: int = 14
    spike_times: Decimal = Decimal(5)
    unused_days: tuple[int, ...] = (30, 7)
    overhead_percent: Decimal = Decimal(10)
    sandbox_percent: Decimal = Decimal(20)
    stale_days: int = 4
    min_usd: Decimal = Decimal(100)
    owner: str = ""
    audit_days: int = 400


def alert_settings(raw: Mapping[str, Any]) -> AlertSettings:
    """Return the settings of a section that fits the schema; levels and days in their order, however written."""
    known: dict[str, Any] = dict(raw)
    for name in ("pace_percent", "spike_times", "overhead_percent", "sandbox_percent", "min_usd"):
        if name in known:
            known[name] = Decimal(str(known[name]))
    if "levels" in known:
        known["levels"] = tuple(sorted(known["levels"]))
    if "unused_days" in known:
        known["unused_days"] = tuple(sorted(known["unused_days"], reverse=True))
    return AlertSettings(**known)
