"""The spreadsheets of the server of the tests, read and written past HTTP: for hundreds of syncs that are not about the wire."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sheets_addin.google.client import number
from sheets_addin.google.decoder import spreadsheet
from sheets_addin.google.spreadsheet import SHEET_KEY
from sheets_addin.sync.plan import plan
from tests.fakes.sheets import reading
from tests.fakes.sheets.batch.requests import batch
from tests.fakes.sheets.service import Service

if TYPE_CHECKING:
    from sheets_addin.google.spreadsheet import Spreadsheet
    from sheets_addin.workbook.model import Workbook
    from tests.fakes.sheets.book import Book

OURS = {"developerMetadataLookup": {"metadataKey": SHEET_KEY, "locationType": "SHEET"}}


class InProcess:
    """What our gateway does, with the server's own books and handlers; a batch goes through JSON as over the wire."""

    account = "robot@project.iam.gserviceaccount.com"

    def __init__(self, service: Service | None = None) -> None:
        self.service = service or Service()

    def book(self, spreadsheet_id: str) -> Book:
        """Return the spreadsheet as it is now."""
        return self.service.book(spreadsheet_id)

    def read(self, spreadsheet_id: str) -> Spreadsheet:
        """Return the sheets of ours with all that is on them, and every name."""
        book = self.book(spreadsheet_id)
        return spreadsheet(reading.spreadsheet(book, {}, reading.filtered(book, OURS), with_grid=True), is_complete=False)

    def complete(self, there: Spreadsheet) -> Spreadsheet:
        """Return the spreadsheet with people's sheets too."""
        answer = reading.spreadsheet(self.book(there.id), {}, None, with_grid=False)
        whole, ours = spreadsheet(answer, is_complete=True), {sheet.id: sheet for sheet in there.sheets}
        return whole._replace(sheets=tuple(ours.get(sheet.id, sheet) for sheet in whole.sheets))

    def write(self, spreadsheet_id: str, requests: list[dict[str, Any]]) -> None:
        """Do all of the requests or none. Raises: RefusedError."""
        book, _ = batch(self.book(spreadsheet_id), json.loads(json.dumps(requests, default=number)))
        self.service.change(book)

    def bring_up_to_date(self, spreadsheet_id: str, should: Workbook) -> None:
        """Read, plan and write as a sync does, without its Log."""
        requests = plan(self.complete(self.read(spreadsheet_id)), should).requests
        if requests:
            self.write(spreadsheet_id, requests)
