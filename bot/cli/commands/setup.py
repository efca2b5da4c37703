"""`init`, `workbook`, `sheet-addon`: the small operations of the command line."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from bot import wiring
from bot.cli.commands.doctor import doctor
from bot.cli.console import say
from core.config import first_file, first_questions
from core.errors import InputError

if TYPE_CHECKING:
    from core.config import FirstQuestion

EVERY_SETTING = " Every setting in it is commented out."
STARTER = Path(__file__).parents[3] / "core" / "app.starter.yaml"


def init(options: Namespace) -> int:
    """Ask six questions, write the resulting app.yaml, and check it. Raises: InputError, if the file is already there."""
    path = options.path
    _require_new(path)
    text = STARTER.read_text(encoding="utf-8") if options.every_setting else first_file(_answers(asks=not options.yes))
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        _require_new(path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    say(f"Wrote {path}.{EVERY_SETTING if options.every_setting else ''}")
    outcome = doctor(Namespace(**{**vars(options), "config": path, "send": None}))
    if not wiring.has_warehouse():
        say("Next: agentcost import FILE. docs/get-your-data.md says where in Salesforce the file comes from.")
    return outcome


def _require_new(path: Path) -> None:
    if path.exists():
        raise InputError(f"{path} already exists and was not changed. Name another file: agentcost init FILE.")


def _answers(*, asks: bool) -> dict[str, str]:
    """Return the resulting lines, asking each question until it can be read; defaults if nobody answers."""
    lines: dict[str, str] = {}
    for question in first_questions(_own_time_zone()):
        if question.needs and not lines.get(question.needs):
            continue
        while question.key not in lines:
            said = _answer_to(question) if asks else ""
            asks = asks and said is not None
            try:
                lines[question.key] = question.write(said or question.default) if said or question.default else ""
            except InputError as error:
                say(str(error))
    return lines


def _answer_to(question: FirstQuestion) -> str | None:
    """Return what somebody types; None if nobody does."""
    try:
        return input(f"{question.asks} [{question.default or 'leave out'}]: ").strip()
    except EOFError:
        say("")
        return None


def _own_time_zone() -> str:
    """Return this machine's time zone by its name, UTC where it has none."""
    named = os.environ.get("TZ", "").lstrip(":") or "/".join(Path("/etc/localtime").resolve().parts[-2:])
    return named if named in available_timezones() else "UTC"


def workbook(options: Namespace) -> None:
    """Write the workbook of the questions. Raises: InputError, if there is nothing to show or the file cannot be written."""
    path = options.out
    if path.suffix.lower() != ".xlsx":
        raise InputError(f'"{path}" is not a name for a workbook: end it in .xlsx.')
    try:
        wiring.write_workbook(options.question, wiring.context(options.config, options.as_of), path)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    say(f"Wrote {path}. Change its input cells and everything follows.")


def sheet_addon(options: Namespace) -> None:
    """Write the add-on for Google Sheets into a folder, over an earlier version. Raises: InputError, if that cannot be."""
    texts = wiring.addon_files(options.address, options.logo, with_identity=options.identity)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (options.out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{options.out} cannot be written: {error.strerror}.") from error
    say(f"Wrote {len(texts)} files to {options.out}. Push them with clasp; docs/formulas.md says how a domain installs them.")
