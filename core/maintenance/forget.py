"""Forgetting a person: out of the warehouse, and out of the exports that were kept beside it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from core.answer import group_digits
from core.directory import remove_person
from core.errors import InputError, MachineError
from core.maintenance.backup import write_to_disk
from core.pseudonyms import Pseudonyms, Replaced, forms_of, replace_everywhere
from core.records import NamedTuple
from core.wallet.deliveries import drop_exports
from core.wallet.ingest import require_checks
from core.warehouse import AuditEntry, append

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.warehouse import Warehouse

SHORTEST_ID = 3
KEPT_IN = ("done", "rejected", "refused")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
AS_TEXT = frozenset({".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson"})


class Forgotten(NamedTuple):
    """What came of forgetting somebody. unreadable: kept files whose text lies packed, so that nobody looked into them.

    directory: the file of people, where the person stood in it.
    """

    pseudonym: str
    rows: tuple[Replaced, ...]
    files: tuple[Path, ...]
    unreadable: tuple[Path, ...]
    directory: Path | None = None


def forget_user(
    warehouse: Warehouse, user_id: str, folders: tuple[Path, ...], decided: AuditEntry, users: Path | None = None
) -> Forgotten:
    """Put a stable pseudonym in the place of an id, in every table and in kept exports, and from now on in what comes in.

    folders: where exports are kept; the copies for reading imports again are dropped whole. decided: who asks for it, and
    when; what it is about is filled in without the id. users: the file that says who people are; the person leaves it.
    Raises: InputError, if it is no id; MachineError, where it is still somewhere afterwards: then nothing was changed.
    """
    user_id = user_id.strip()
    if len(user_id) < SHORTEST_ID or re.search(r"[\s\"\\]", user_id):
        raise InputError(f'"{user_id}" is not the id of a person. Copy it from usage by user: agentcost usage by user')
    with warehouse.writing() as session:
        pseudonym = Pseudonyms(session).add(user_id, decided.at)
        replaced = tuple(replace_everywhere(session, user_id, pseudonym))
        require_checks(session)
        if left := [one.table for one in replace_everywhere(session, user_id, pseudonym)]:
            raise MachineError(f"{user_id} is still in {', '.join(left)}, so nothing was changed.")
        about = f"{pseudonym} in the place of a person, in {group_digits(sum(one.rows for one in replaced))} rows"
        append(session, decided._replace(what="forgot", about=about))
    drop_exports(warehouse.path)
    kept = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if path.is_file()]
    readable = [path for path in kept if _is_plain_text(path)]
    changed = tuple(path for path in readable if _clean_file(path, user_id, pseudonym))
    directory = users if users and users.is_file() and remove_person(users, user_id) else None
    return Forgotten(pseudonym, replaced, changed, tuple(path for path in kept if path not in readable), directory)


def _is_plain_text(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix.lower() in AS_TEXT and file.read(2) not in UTF_16


def _clean_file(path: Path, user_id: str, pseudonym: str) -> bool:
    """Write a file anew with the pseudonym in the id's place; return whether it stood there."""
    before = path.read_bytes()
    after = before
    for form in reversed(forms_of(user_id)):
        pattern = rb"(?<![\w.@+-])" + re.escape(form.encode()) + rb"(?![\w@+-]|\.\w)"
        after = re.sub(pattern, pseudonym.encode(), after)
    if after == before:
        return False
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_bytes(after)
        new.chmod(path.stat().st_mode & 0o777)
        write_to_disk(new)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    write_to_disk(path.parent)
    return True


def kept_exports(watched: Path | None, *names: str) -> Iterator[Path]:
    """Yield the folders in which the service keeps exports that it took or rejected. names: of these, some."""
    if watched is not None:
        yield from (watched / name for name in names or KEPT_IN)
