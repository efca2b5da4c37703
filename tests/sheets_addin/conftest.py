"""A test Google, a spreadsheet in it, and clients that use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.sheets.clients import Clock, google, gspread_client
from tests.fakes.sheets.server import SheetsServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import gspread

    from sheets_addin.google.client import GoogleSheetsClient


@pytest.fixture
def server() -> Iterator[SheetsServer]:
    """A Google on loopback whose answers all match Google's description."""
    with SheetsServer() as one:
        yield one
    assert one.broken == []


@pytest.fixture
def clock(server: SheetsServer) -> Clock:
    """The time of the server's quotas and of the gateway."""
    server.quota.clock = one = Clock()
    return one


@pytest.fixture
def gateway(server: SheetsServer, clock: Clock) -> GoogleSheetsClient:
    """Our gateway, and a spreadsheet `team` that it may edit."""
    server.add_book("team", "Team")
    return google(server, clock)


@pytest.fixture
def people(server: SheetsServer) -> gspread.Spreadsheet:
    """The spreadsheet `people` as gspread's own client sees it."""
    server.add_book("people", "People")
    return gspread_client(server).open_by_key("people")
