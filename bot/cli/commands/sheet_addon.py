"""`sheet-addon`: the files of the add-on for Google Sheets that a domain installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import wiring
from bot.cli.console import say
from core.errors import InputError

if TYPE_CHECKING:
    from argparse import Namespace


def run(options: Namespace) -> None:
    """Write the files into a folder, over those of an earlier version. Raises: InputError, if that cannot be."""
    texts = wiring.addon_files(options.address, options.logo, with_identity=options.identity)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (options.out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{options.out} cannot be written: {error.strerror}.") from error
    say(f"Wrote {len(texts)} files into {options.out}. Push them with clasp; docs/formulas.md says how a domain installs them.")
