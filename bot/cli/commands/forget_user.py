"""`forget-user`: a pseudonym in the place of a person, everywhere and from now on."""

from __future__ import annotations

from datetime import UTC, datetime
from getpass import getuser
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import say
from core import audit_buffer
from core.maintenance import forget_user, kept_exports
from core.warehouse import AuditEntry

if TYPE_CHECKING:
    from argparse import Namespace

KEPT_IN = ("done", "rejected", "refused")
BACKUPS = (
    "Backups and warehouses put aside (*.replaced-*) that were made before still hold the id: remove them, or forget again after "
    "restoring one."
)


def run(options: Namespace) -> None:
    """Forget a person, and say where the id stood. Raises: InputError, MachineError."""
    config = wiring.context(options.config).config
    folders = tuple(kept_exports(config.service.watched_folder, *KEPT_IN))
    decided = AuditEntry(datetime.now(UTC), getuser(), "forgot", "", wiring.COMMAND_LINE)
    with wiring.open_for_questions() as warehouse:
        audit_buffer.flush(warehouse)  # what is noted and not written down yet may name this person too
        forgotten = forget_user(warehouse, options.user_id, folders, decided)
    say(f"{forgotten.pseudonym} replaces this person from now on, also in later imports.")
    for table, rows in forgotten.rows:
        say(f"  {table}: {rows:,} rows")
    for path in forgotten.files:
        say(f"  {path}")
    if not forgotten.rows and not forgotten.files:
        say("  The id was not found.")
    for path in forgotten.unreadable:
        say(f"Not searched: {path}. Remove it if it may name this person.")
    say(BACKUPS)
