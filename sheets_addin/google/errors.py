"""Errors of Google spreadsheets, grouped by who can fix them; one sentence each."""

from __future__ import annotations

from core.answer import group_digits
from core.errors import InputError, MachineError


class NotSharedError(InputError):
    """The spreadsheet is not shared with the service account, or only for reading."""

    def __init__(self, spreadsheet_id: str, account: str) -> None:
        """Say with whom to share it."""
        self.spreadsheet_id, self.account = spreadsheet_id, account
        super().__init__(f"Spreadsheet {spreadsheet_id} is not shared with us. Share it with {account} as an editor.")


class NoSpreadsheetError(InputError):
    """There is no spreadsheet with that id."""

    def __init__(self, spreadsheet_id: str) -> None:
        """Name the id."""
        self.spreadsheet_id = spreadsheet_id
        super().__init__(
            f"There is no spreadsheet {spreadsheet_id}. Check its id: the part of its address between /d/ and /edit."
        )


class FullSpreadsheetError(InputError):
    """The spreadsheet would have more than ten million cells."""

    def __init__(self, spreadsheet_id: str) -> None:
        """Say what to do."""
        self.spreadsheet_id = spreadsheet_id
        super().__init__(
            f"Spreadsheet {spreadsheet_id} is full: Google allows 10,000,000 cells, empty ones included. Delete rows, columns "
            "or sheets that nobody needs, or name another spreadsheet."
        )


class TooManyRowsError(InputError):
    """A worksheet has more rows than a Google spreadsheet has metadata for."""

    def __init__(self, title: str, rows: int) -> None:
        """Say what to do."""
        self.title, self.rows = title, rows
        super().__init__(
            f"{title} has {group_digits(rows)} named rows, more than Google lets a sheet remember. Ask for fewer, such as "
            f"with top 300, or "
            "write it as a file: agentcost workbook."
        )


class KeyRefusedError(InputError):
    """Google rejects the service account's key."""

    def __init__(self, account: str, reason: str) -> None:
        """Say how to get another key."""
        self.account, self.reason = account, reason
        super().__init__(
            f"Google rejects the key of {account}: {reason}. Make a new key for it and let GOOGLE_APPLICATION_CREDENTIALS "
            "name its file."
        )


class SheetsOffError(InputError):
    """The Google Sheets API is not enabled for the service account's project."""

    def __init__(self, account: str) -> None:
        """Say where to enable it."""
        self.account = account
        super().__init__(
            f"The Google Sheets API is not enabled for the project of {account}. Enable it in Google's cloud console."
        )


class OfficeFileError(InputError):
    """The id is that of an Office file in Google Drive, which is not a Google spreadsheet."""

    def __init__(self, spreadsheet_id: str) -> None:
        """Say how to convert it."""
        self.spreadsheet_id = spreadsheet_id
        super().__init__(
            f"{spreadsheet_id} is an Office file in Google Drive, not a Google spreadsheet. Open it, choose File › Save as "
            "Google Sheets, and name the id of the new one."
        )


class ProtectedSheetError(InputError):
    """Someone protected our cells, and the service account is not among the editors."""

    def __init__(self, spreadsheet_id: str, account: str, sheet: str = "a sheet", described: str = "") -> None:
        """Name the sheet, its protection if it has a description, and whom to add."""
        self.spreadsheet_id, self.sheet = spreadsheet_id, sheet
        named = f" (“{described}”)" if described else ""
        super().__init__(
            f"{sheet} is protected{named}, and {account} may not edit it, so it keeps its figures. Let {account} edit it under "
            "Data › Protect sheets and ranges, or leave our cells out of the protection."
        )


class ClockError(MachineError):
    """This machine's clock is wrong, so Google rejects every signature made here."""

    def __init__(self, account: str) -> None:
        """Say so; the key is good."""
        self.account = account
        super().__init__(
            f"Google rejects what {account} signs here because this machine's clock is off by minutes. Set it (for "
            "example: timedatectl set-ntp true) and sync again; the key is good."
        )


class MissingScopeError(InputError):
    """The account's token does not include access to spreadsheets."""

    def __init__(self, account: str, scope: str) -> None:
        """Name the scope."""
        self.account, self.scope = account, scope
        super().__init__(
            f"The token of {account} does not open spreadsheets: it lacks the scope {scope}. Let your Google Workspace admin "
            "allow it for the account, or use a key of a service account of your own."
        )


class BatchRefusedError(MachineError):
    """Google refused a batch as a whole: the spreadsheet changed meanwhile, or the batch is wrong.

    Reading and planning again fixes the first case; if it recurs, it is the second.
    """

    def __init__(self, spreadsheet_id: str, reason: str, *, is_read: bool = False) -> None:
        """Include Google's message."""
        self.spreadsheet_id, self.reason = spreadsheet_id, reason
        what = "to show" if is_read else "what was to be written to"
        super().__init__(f"Google refused {what} spreadsheet {spreadsheet_id}: {reason}")


class NotGoogleError(MachineError):
    """The response is not from Google, or not in a known form: a proxy's page, or half a response."""

    def __init__(self, spreadsheet_id: str, reason: str) -> None:
        """Say what was wrong with the response, and where to look."""
        self.spreadsheet_id, self.reason = spreadsheet_id, reason
        super().__init__(
            f"What answered for spreadsheet {spreadsheet_id} does not look like Google ({reason}). Check the proxy of this "
            "machine (HTTPS_PROXY) and GOOGLE_SHEETS_API_URL, and sync again: what was to be written may not have been."
        )


class QuotaSpentError(MachineError):
    """Google's quota is used up, not only by us: it stayed so for longer than a minute."""

    def __init__(self, spreadsheet_id: str) -> None:
        """Say what else may use it."""
        self.spreadsheet_id = spreadsheet_id
        super().__init__(
            f"Google's quota for spreadsheet requests is used up (reached at spreadsheet {spreadsheet_id}). Something else uses "
            "the same Google project; sync again in a minute."
        )


class GoogleTroubleError(MachineError):
    """Google cannot be reached, or responds with an error of its own, on every try.

    The changes may have been written nevertheless: reading again shows.
    """

    def __init__(self, spreadsheet_id: str, reason: str) -> None:
        """Give the reason, such as 503 or ConnectionError."""
        self.spreadsheet_id, self.reason = spreadsheet_id, reason
        super().__init__(
            f"Google did not answer for spreadsheet {spreadsheet_id} ({reason}). Its figures stay as they are: sync again later."
        )
