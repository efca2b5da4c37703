"""How a team reads its wallet: the `wallet` section of app.yaml as a value."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

DateOrder = Literal["day_first", "month_first"]
DecimalMark = Literal[",", "."]
Drawdown = Literal["earliest_expiry", "granted_first", "granted_last"]


class GenericProfile(NamedTuple):
    """Somebody else's export, read like one of ours.

    like: the profile whose meaning the rows have: events, daily, hourly, ledger or ai_usage.
    columns: our field (`credits`, `event_time`, …) → the file's header, matched without case, spaces or underscores.
    """

    name: str
    like: str
    columns: Mapping[str, str]


class WalletSettings(NamedTuple):
    """What decides how exports are read and added up; the defaults need no app.yaml.

    time_zone: the team's; days are its days.
    date_order, export_time_zone, decimal: None to decide from the file, and refuse it where it allows two readings.
    max_expanded_bytes: the most that one compressed file may expand to.
    default_card: the card of rows that name none; not to be changed once grants or balances are imported.
    grain_tolerance_percent: how much of a coarser export's credits a finer one may lack and still be taken as complete.
    department_tags, use_case_tags: names of the tags that say so, first found wins; compared without case or spaces.
    """

    time_zone: str = "UTC"
    date_order: DateOrder | None = None
    export_time_zone: str | None = None
    decimal: DecimalMark | None = None
    max_expanded_bytes: int = 8 * 1024**3
    default_card: str = "FlexCredits"
    department_tags: tuple[str, ...] = ("department", "dept", "cost center")
    use_case_tags: tuple[str, ...] = ("use case",)
    drawdown: Drawdown = "earliest_expiry"
    grain_tolerance_percent: Decimal = Decimal("0.5")
    profiles: tuple[GenericProfile, ...] = ()
