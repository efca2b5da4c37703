"""Where the tokens of spreadsheets are kept: in a file beside the warehouse, or in its database."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from core.kept_text import FileText
from core.warehouse import local_path

if TYPE_CHECKING:
    from core.kept_text import KeptText
    from core.warehouse import PostgresAddress

NAME, PUT_ASIDE = "sheet_tokens.json", ".replaced"


def find_sheet_tokens(address: Path | PostgresAddress, name: str = NAME) -> KeptText:
    """Return the text that holds the tokens; those that this machine had in a file are taken over into a database without any."""
    path = local_path(address).with_name(name)
    if isinstance(address, Path):
        return FileText(path)
    from core.warehouse import SharedText  # noqa: PLC0415 - a file needs no client of PostgreSQL

    return SharedText(address, name, path)


def move_sheet_tokens(source: Path | PostgresAddress, target: Path | PostgresAddress) -> None:
    """Give the target the tokens of the source; other ones that it has are put aside, not lost. Raises: MachineError."""
    with (
        closing(find_sheet_tokens(source)) as before,
        closing(find_sheet_tokens(target)) as after,
        closing(find_sheet_tokens(target, NAME + PUT_ASIDE)) as aside,
    ):
        tokens, others = before.read(), after.read()
        if tokens is None or tokens == others:
            return
        if others is not None:
            aside.change(lambda _: others)
        after.change(lambda _: tokens)
