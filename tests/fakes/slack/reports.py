"""Every kind of report and refusal of an import, by name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.slack.blocks.error import input_message
from bot.slack.download import DELETED, LOGIN_PAGE, FileRefusedError, TooLargeError
from bot.slack.listeners.import_report import import_started_message, no_file_message, report_message, waiting_message
from bot.slack.permissions import RefusedError
from bot.slack.shared_files import SharedFile
from core.config.loader import Config
from core.errors import NothingImportedError
from core.wallet.ingest.pipeline import import_files
from core.wallet.ingest.report import FileReport, ImportReport, Rejected
from core.warehouse.database import open_warehouse
from tests.fakes.asking import DAY, EXPORTS
from tests.fakes.slack.messages import HOSTILE, LONG, empty_answer, huge_answer

if TYPE_CHECKING:
    from bot.slack.blocks.message import SlackMessage

FILES = (SharedFile("usage.csv", "", 1_258_291), SharedFile(HOSTILE, "", 900))
REFUSED = "Importing exports is open only to those, and in those channels, that app.yaml names. Please ask Dana Roe in RevOps."
PICTURE = "cat.png is not a wallet export: Slack says it is image/png. An export is CSV, XLSX, JSON, or one of them compressed."


def reports() -> dict[str, SlackMessage]:
    """Return reports, real and made up, and what is said of files that are not imported."""
    told = {
        "import_report": report_message(real_report().to_answer(), has_file=True),
        "import_hostile": report_message(hostile_report().to_answer(), has_file=True),
        "import_huge": report_message(huge_answer(), has_file=True),
        "import_empty": report_message(empty_answer(), has_file=False),
        "import_begun": import_started_message(FILES[:1]),
        "import_waiting": waiting_message(FILES),
        "import_no_file": no_file_message("missing_scope"),
        "nothing_imported": input_message(NothingImportedError("The wallet is empty: nothing has been imported yet.")),
    }
    refusals = {
        "right": RefusedError(REFUSED),
        "picture": FileRefusedError(PICTURE),
        "too_large": TooLargeError("usage.csv", 100 * 1024**2),
        "deleted": FileRefusedError(DELETED),
        "login_page": FileRefusedError(LOGIN_PAGE),
    }
    return told | {f"import_refused_{name}": input_message(error) for name, error in refusals.items()}


def real_report() -> ImportReport:
    """Return what comes of two real files, one of them with faults, on the day of the tests."""
    with TemporaryDirectory() as folder, open_warehouse(Path(folder) / "warehouse.duckdb") as warehouse:
        files = [EXPORTS / "events_with_faults.csv", EXPORTS / "ledger.csv"]
        return replace(import_files(warehouse, files, Config().wallet), imported_on=DAY)


def hostile_report() -> ImportReport:
    """Return a report of files and columns whose names try to ping, to link and to be endless."""
    rejected = tuple(Rejected(HOSTILE, LONG, HOSTILE, 10_000, 2) for _ in range(50))
    file = FileReport(HOSTILE, "imported", "events", 10_001, 1, rejected=rejected, readings=(HOSTILE, LONG), notes=(LONG,))
    return ImportReport(DAY, (file, FileReport(LONG, "refused", reason=LONG)), None)
