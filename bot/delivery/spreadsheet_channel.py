"""Spreadsheets as channels for alerts: delivery means refreshing the spreadsheet, where the row carries the key."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.delivery.dispatcher import ChannelError
from core.config import spreadsheets_of
from core.errors import AgentcostError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from core.alerts import OutboxMessage
    from core.answer import Answer
    from core.config import Address, SpreadsheetInput
    from core.context import Context

    Sync = Callable[[Sequence[SpreadsheetInput], Context], tuple[Answer, list[AgentcostError]]]


class Spreadsheets:
    """Refreshes the spreadsheets in the current app.yaml."""

    def __init__(self, context: Callable[[], Context], sync: Sync) -> None:
        """Connect to nothing yet."""
        self._context, self._sync = context, sync

    def refresh_all(self) -> None:
        """Refresh all of them. Raises: AgentcostError, the first error of any, once all were tried."""
        context = self._context()
        _, troubles = self._sync(spreadsheets_of(context.config), context)
        if troubles:
            raise troubles[0]

    def refresh(self, spreadsheet_id: str) -> None:
        """Refresh one. Raises: InputError, if app.yaml has no such spreadsheet; AgentcostError, the first error."""
        _, troubles = self._refresh(spreadsheet_id)
        if troubles:
            raise troubles[0]

    def refresh_and_tell(self, spreadsheet_id: str) -> str:
        """Bring one up to date, and return in lines what changed, what people had written over, and what could not be refreshed.

        Raises: as refresh, but not where something changed all the same.
        """
        answer, troubles = self._refresh(spreadsheet_id)
        ((name, state, changes),) = answer.table("spreadsheets").rows
        if troubles and not changes:
            raise troubles[0]
        edits = [row for table in answer.tables if table.key == "edits" for row in table.rows]
        restored = [f"{worksheet} {cell} had been written over: {outcome}" for _, worksheet, cell, _, _, outcome in edits]
        lines = [f"{name}: {state}.", str(changes or ""), *restored, *map(str, troubles)]
        return "\n".join(line for line in lines if line)

    def _refresh(self, spreadsheet_id: str) -> tuple[Answer, list[AgentcostError]]:
        context = self._context()
        said = [one for one in spreadsheets_of(context.config) if one.id == spreadsheet_id]
        if not said:
            raise InputError(f"{spreadsheet_id} is not among the spreadsheets of app.yaml: no action is needed.")
        return self._sync(said, context)


class SheetMailbox:
    """Writes messages to spreadsheets; a repeat writes nothing, so no search is needed."""

    delivers_batch = True

    def __init__(self, spreadsheets: Spreadsheets) -> None:
        """Know what to bring up to date."""
        self._spreadsheets = spreadsheets

    async def find(self, message: OutboxMessage, since: datetime) -> str | None:  # noqa: ARG002 - as a mailbox has it
        """Return None: the row is written only if it is missing."""
        return None

    async def history(self, address: Address, since: datetime) -> dict[str, str]:  # noqa: ARG002 - as a mailbox has it
        """Return nothing: as above."""
        return {}

    async def put(self, message: OutboxMessage) -> str:
        """Bring the spreadsheet up to date. Raises: UndeliveredError."""
        try:
            await asyncio.to_thread(self._spreadsheets.refresh, message.address.id)
        except AgentcostError as trouble:
            raise ChannelError(str(trouble)) from trouble
        return message.address.id
