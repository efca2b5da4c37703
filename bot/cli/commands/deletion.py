"""Permanent deletion: `forget-user`, a person everywhere and from now on; `retention`, what is old enough."""

from __future__ import annotations

from datetime import UTC, datetime
from getpass import getuser
from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import say
from core import audit_buffer
from core.answer import day, group_digits
from core.errors import InputError
from core.maintenance import apply_retention, forget_user, kept_exports
from core.warehouse import AuditEntry

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from core.maintenance import Retained

BACKUPS = (
    "Older backups and replaced warehouses (*.replaced-*) still hold the id: remove them, or forget again after restoring one."
)
OFF = (
    "app.yaml sets no retention, so everything is kept. For example: retention: {events: 400d, exports: 90d, user_ids:"
    " pseudonymise}"
)


def forget_person(options: Namespace) -> None:
    """Forget a person, and say where the id was. Raises: InputError, MachineError."""
    config = wiring.context(options.config).config
    folders = tuple(kept_exports(config.service.watched_folder))
    decided = AuditEntry(datetime.now(UTC), getuser(), "forgot", "", wiring.COMMAND_LINE)
    with wiring.open_for_questions() as warehouse:
        audit_buffer.flush(warehouse)  # buffered audit entries may name this person too
        forgotten = forget_user(warehouse, options.user_id, folders, decided, config.users)
    say(f"{forgotten.pseudonym} replaces this person from now on, also in later imports.")
    for table, rows in forgotten.rows:
        say(f"  {table}: {group_digits(rows)} rows")
    for path in forgotten.files:
        say(f"  {path}")
    if forgotten.directory:
        say(f"  {forgotten.directory}: removed, with the name")
    if not (forgotten.rows or forgotten.files or forgotten.directory):
        say("  The id was not found.")
    for path in forgotten.unreadable:
        say(f"Not searched: {path}. Remove it if it may name this person.")
    say(BACKUPS)


def apply_ages(options: Namespace) -> None:
    """Fold and delete what app.yaml says, and print what was removed. Raises: InputError, MachineError."""
    config = wiring.context(options.config).config
    if not config.retention.is_on:
        raise InputError(OFF)
    folders = tuple(kept_exports(config.service.watched_folder))
    decided = AuditEntry(datetime.now(UTC), getuser(), "deleted", "", wiring.COMMAND_LINE)
    with wiring.open_for_questions() as warehouse:
        done = apply_retention(warehouse, config, folders, decided, dry_run=options.dry_run)
    say("\n".join(_lines(done, "would be " if options.dry_run else "")) or "Nothing is old enough.")
    if options.dry_run and not done.is_nothing:
        say("Nothing was changed. Existing backups keep what they hold.")


def _lines(done: Retained, would_be: str) -> Iterator[str]:
    folded = done.folded
    if folded and folded.rows:
        yield (
            f"{group_digits(folded.rows)} events and sessions of {group_digits(folded.days)} days before "
            f"{day(folded.before)}: {would_be}folded into"
            " sums. The imports that brought them can no longer be taken back or read again, and these days take no more events."
        )
    if folded and folded.people:
        yield f"{group_digits(folded.people)} people in folded events: {would_be}called by pseudonyms."
    for path in done.exports:
        yield f"{path}: {would_be}deleted."
    if done.rejected:
        yield f"The text of {group_digits(done.rejected)} rejected rows: {would_be}deleted."
