"""A sync: one read, a plan, and one batch if anything changed; independently for each spreadsheet."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from core.errors import AgentcostError, MachineError
from core.records import NamedTuple
from sheets_addin.google import BatchRefusedError, ProtectedSheetError, TooManyRowsError
from sheets_addin.sync.edit_log import log_with
from sheets_addin.sync.plan import LOG, SyncPlan, is_too_long, needs_all_of_it, plan
from sheets_addin.workbook import Worksheet, top

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sheets_addin.desired_state import DesiredState
    from sheets_addin.google import Spreadsheet
    from sheets_addin.workbook import Workbook

ATTEMPTS = 4
AT_ONCE = 4
LOGGER = logging.getLogger("agentcost.sheets")
BROKE = "Internal error: its figures may be old; the log says where. Other spreadsheets are not affected."
RETIRED = "No longer refreshed: app.yaml lists no question for it. You can delete this sheet."
NOTHING_PLANNED = SyncPlan([], ())
State = Literal["written", "unchanged", "would change", "failed"]


class Sheets(Protocol):
    """A client that reads and writes spreadsheets, such as `sheets_addin.google.client.GoogleSheetsClient`.

    account: with whom people share them.
    """

    account: str

    def read(self, spreadsheet_id: str) -> Spreadsheet:
        """Return our sheets with everything on them."""

    def complete(self, actual: Spreadsheet) -> Spreadsheet:
        """Return the spreadsheet including people's sheets."""

    def write(self, spreadsheet_id: str, requests: list[dict[str, Any]]) -> object:
        """Apply all of the requests or none."""


class SyncJob(NamedTuple):
    """A spreadsheet to bring up to date.

    desired: its desired content, or the error that prevents it; if people type data that counts elsewhere too, a
    function of the spreadsheet as read.
    """

    spreadsheet_id: str
    name: str
    desired: DesiredState | AgentcostError | Callable[[Spreadsheet], DesiredState]
    restores: bool = True


class SyncOutcome(NamedTuple):
    """The outcome of a job. trouble: why the whole job failed; account: who wrote."""

    job: SyncJob
    state: State
    plan: SyncPlan = NOTHING_PLANNED
    trouble: AgentcostError | None = None
    account: str = "the service account"

    @property
    def troubles(self) -> list[AgentcostError]:
        """Every error of the spreadsheet, including its worksheets'."""
        of_sheets = [*getattr(self.job.desired, "troubles", {}).values()]
        return [*([self.trouble] if self.trouble else []), *self.locked.values(), *of_sheets]

    @property
    def locked(self) -> dict[str, AgentcostError]:
        """By title, the error of sheets that people protect from us; the others are refreshed."""
        return {
            sheet.title: ProtectedSheetError(self.job.spreadsheet_id, self.account, sheet.title, sheet.locked)
            for sheet in self.plan.sheets
            if sheet.locked is not None
        }


def sync_all(sheets: Sheets, jobs: Sequence[SyncJob], at: datetime, *, dry_run: bool = False) -> list[SyncOutcome]:
    """Return the outcome of each job, in order; one job's error does not affect the others. at: an instant, for the Log."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return list(pool.map(lambda job: sync_one(sheets, job, at, dry_run=dry_run), jobs))


def sync_one(sheets: Sheets, job: SyncJob, at: datetime, *, dry_run: bool = False) -> SyncOutcome:
    """Return the outcome of a job; any error belongs to this job only."""
    if isinstance(job.desired, AgentcostError):
        return SyncOutcome(job, "failed", trouble=job.desired)
    try:
        return _sync_one(sheets, job, at, dry_run=dry_run)
    except AgentcostError as error:
        return SyncOutcome(job, "failed", trouble=error)
    except Exception:  # the report on all others must appear, whatever happened here
        LOGGER.exception("the sync of spreadsheet %s failed", job.spreadsheet_id)
        return SyncOutcome(job, "failed", trouble=MachineError(BROKE))


def set_apart_too_long(desired: DesiredState) -> DesiredState:
    """Return the desired state without worksheets that have too many rows for a sheet; each of these is an error of its own."""
    long = [sheet for sheet in desired.workbook.worksheets if is_too_long(sheet)]
    if not long:
        return desired
    kept = tuple(sheet for sheet in desired.workbook.worksheets if sheet not in long)
    troubles = {sheet.title: TooManyRowsError(sheet.title, len(sheet.row_keys)) for sheet in long}
    return desired._replace(workbook=replace(desired.workbook, worksheets=kept), troubles={**desired.troubles, **troubles})


def _sync_one(sheets: Sheets, asked: SyncJob, at: datetime, *, dry_run: bool) -> SyncOutcome:
    """Read, plan and write; again if another sync came between. Raises: BatchRefusedError and the errors of reading."""
    for attempt in range(ATTEMPTS):
        actual = sheets.read(asked.spreadsheet_id)
        desired = _desired_for(asked, actual)
        job = asked._replace(desired=desired)
        if needs_all_of_it(actual, desired.workbook, LOG):
            actual = sheets.complete(actual)
        found = plan_sync(actual, desired, at, restores=job.restores)
        if not found.requests or dry_run:
            return SyncOutcome(job, "would change" if found.requests else "unchanged", found, account=sheets.account)
        try:
            sheets.write(job.spreadsheet_id, found.requests)
        except BatchRefusedError:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return SyncOutcome(job, "written", found, account=sheets.account)
    return SyncOutcome(asked, "unchanged")


def _desired_for(job: SyncJob, actual: Spreadsheet) -> DesiredState:
    """Return the desired content of a spreadsheet as read. Raises: AgentcostError."""
    wanted = job.desired
    if isinstance(wanted, AgentcostError):
        raise wanted
    return set_apart_too_long(wanted(actual) if callable(wanted) else wanted)


def plan_sync(actual: Spreadsheet, desired: DesiredState, at: datetime, *, restores: bool = True) -> SyncPlan:
    """Return the plan for a spreadsheet as read, its Log included."""
    old = {title: str(error) for title, error in desired.troubles.items()}
    should = with_retired_sheets(actual, desired)
    return plan(
        actual,
        should,
        restores=restores,
        old=old,
        log=lambda plans: log_with(actual, plans, at, desired.time_zone, desired.typed),
    )


def with_retired_sheets(actual: Spreadsheet, desired: DesiredState) -> Workbook:
    """Return the workbook, plus a worksheet with only a notice for each sheet of ours that it no longer shows."""
    kept = {sheet.title for sheet in desired.workbook.worksheets} | desired.troubles.keys() | {LOG}
    retired = tuple(retire_sheet(title) for title in actual.sheets_of_ours if title not in kept)
    return replace(desired.workbook, worksheets=(*desired.workbook.worksheets, *retired))


def retire_sheet(title: str) -> Worksheet:
    """Return a worksheet without figures: what people wrote on the sheet stays, our content is removed."""
    return Worksheet(title=title, block=top(title, RETIRED), widths={0: 2})
