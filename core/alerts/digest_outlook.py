"""What a forecaster adds to a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.alerts.rules.model import Forecast
    from core.context import Context
    from core.warehouse import Session


class DigestOutlook(NamedTuple):
    """What a forecaster can add: when the credits run out, and how good earlier forecasts were, in a sentence."""

    forecast: Forecast | None = None
    scorecard: Callable[[Session, Context], str | None] | None = None


NO_OUTLOOK = DigestOutlook()
