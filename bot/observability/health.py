"""The state of each part of the service, and since when: what /healthz, /readyz, /metrics and `agentcost status` show."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from core.maintenance import Condition
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

STILL_ALIVE_SECONDS = 180.0
"""The scheduler polls its clock at least once a minute; one that has not for this long, by the monotonic clock, is stuck."""
WAREHOUSE, SCHEDULER = "warehouse", "scheduler"
STARTING = Condition(WAREHOUSE, is_well=False, why="the warehouse is being opened", to_do="Wait a little.")
IN_USE = "Stop what holds it, or check the file; it is retried every few seconds."


class State(NamedTuple):
    """The state of a part, and since when it is healthy or not."""

    condition: Condition
    since: datetime


class Health:
    """The parts and their states. Parts that have not reported yet are not there."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Be not ready yet."""
        self._now, self._lock = now, threading.Lock()
        self._states = {WAREHOUSE: State(STARTING, now())}
        self._beat: float | None = None
        self._is_stopping = False

    def note(self, condition: Condition) -> None:
        """Record the state of a part; `since` stays while its health does not change."""
        with self._lock:
            before = self._states.get(condition.part)
            if before and condition.last_success is None:
                condition = condition._replace(last_success=before.condition.last_success)
            is_as_before = before is not None and before.condition.is_well == condition.is_well
            self._states[condition.part] = State(condition, before.since if before and is_as_before else self._now())

    def succeeded(self, part: str, why: str = "") -> None:
        """Record that a part has just done its work."""
        self.note(Condition(part, is_well=True, why=why, last_success=self._now()))

    def failed(self, part: str, why: str, to_do: str) -> None:
        """Record that a part could not do its work."""
        self.note(Condition(part, is_well=False, why=why, to_do=to_do))

    def ready(self) -> None:
        """Record that the warehouse is open."""
        self.succeeded(WAREHOUSE)

    def not_ready(self, why: str, to_do: str = IN_USE) -> None:
        """Record that the warehouse is closed, or not yet open."""
        self.failed(WAREHOUSE, why, to_do)

    def beat(self) -> None:
        """Record that the scheduler has polled its clock."""
        self._beat = time.monotonic()
        self.succeeded(SCHEDULER)

    def stop(self) -> None:
        """Accept no new work from now on."""
        self._is_stopping = True

    @property
    def is_alive(self) -> bool:
        """Whether the warehouse can be used and the scheduler polls its clock; else the service needs help or a restart."""
        return self._states[WAREHOUSE].condition.is_well and not self._is_stuck

    @property
    def is_ready(self) -> bool:
        """Whether new work is accepted."""
        return self.is_alive and not self._is_stopping

    @property
    def _is_stuck(self) -> bool:
        return self._beat is not None and time.monotonic() - self._beat > STILL_ALIVE_SECONDS

    def states(self) -> list[State]:
        """Return the state of every part, in the order of their first report."""
        with self._lock:
            states = dict(self._states)
        if self._is_stuck:
            last = states[SCHEDULER].condition.last_success
            why = f"it has not polled its clock for {STILL_ALIVE_SECONDS:.0f} s and more"
            stuck = Condition(SCHEDULER, is_well=False, why=why, to_do="Restart the service.", last_success=last)
            states[SCHEDULER] = State(stuck, last or states[SCHEDULER].since)
        return list(states.values())

    def to_json(self) -> dict[str, Any]:
        """Return the state, since when, the reason, and every part as JSON."""
        states = self.states()
        warehouse = states[0]
        unwell = [state for state in states if not state.condition.is_well]
        first = unwell[0] if unwell else warehouse
        told = {
            "status": "not ready" if not self.is_ready else "degraded" if unwell else "ready",
            "since": _instant(first.since),
        }
        why = {"why": first.condition.why} if unwell else {}
        return told | why | {"parts": {state.condition.part: part_to_json(state) for state in states}}


def part_to_json(state: State) -> dict[str, Any]:
    """Return the state of a part as JSON."""
    told = state.condition
    return {
        "ok": told.is_well,
        "since": _instant(state.since),
        **({"why": told.why} if told.why else {}),
        **({"to_do": told.to_do} if told.to_do else {}),
        **({"last_success": _instant(told.last_success)} if told.last_success else {}),
    }


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
