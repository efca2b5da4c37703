"""The content of a cell: what somebody would type into it."""

from __future__ import annotations

from sheets_addin.workbook.model import Formula

Entered = float | str | bool | Formula | None
