"""Budgets in a CSV file beside app.yaml, one per row, read again only if the file has changed."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.config import BUDGET_KINDS, BUDGET_PERIODS, Budget, budget_of, entry_problems
from core.errors import ExportError
from core.records import NamedTuple
from core.scope import plain_name
from core.wallet.ingest.tables import delimiter_and_headers, readable_text, records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.config import Config
    from core.wallet.ingest.tables import Record

COLUMNS = {
    "of": ("of", "budgetof", "von"),  # as on the worksheet Budgets: team, with its name beside it
    "name": ("name",),
    "team": ("team",),
    "department": ("department", "dept", "abteilung"),
    "agent": ("agent", "bot"),
    "org": ("org", "organization", "organisation"),
    "per": ("per", "period", "zeitraum"),
    "usd": ("usd", "dollars", "budgetusd"),  # a bare amount may be in another currency
    "credits": ("credits", "flexcredits", "budgetcredits"),
    "rollover": ("rollover", "rollsover", "carryover", "uebertrag", "übertrag"),
    "from": ("from", "start", "validfrom", "ab"),
    "card": ("card",),
}
KIND_WORDS: dict[str, str] = {
    **{word: kind for kind in BUDGET_KINDS for word in COLUMNS[kind]},
    **dict.fromkeys(("", "everything", "all", "alles"), ""),
}
PERIOD_WORDS: dict[str, str] = {
    **dict(zip(BUDGET_PERIODS, BUDGET_PERIODS, strict=True)),
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annual": "year",
    "monat": "month",
    "quartal": "quarter",
    "jahr": "year",
}
YES, NO = frozenset({"yes", "true", "1", "x", "ja"}), frozenset({"", "no", "false", "0", "nein"})
PLAIN = re.compile(r"\d+(?:\.\d{1,6})?")
# Thousands separators, or two places after a mark: nobody writes amounts of money with three decimals.
ENGLISH = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,2})?")
GERMAN = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?|\d+,\d{1,2}")


class BudgetFile(NamedTuple):
    """The budgets of a file. problems: its errors, each a sentence with its line; all other rows still apply."""

    budgets: tuple[Budget, ...] = ()
    problems: tuple[str, ...] = ()


_read: dict[tuple[Path, frozenset[str]], tuple[tuple[int, ...], BudgetFile]] = {}


def budget_file(config: Config) -> BudgetFile:
    """Return the budgets of the file that app.yaml names; empty if it names none."""
    if config.budgets_file is None:
        return BudgetFile()
    path, teams = config.budgets_file, frozenset(plain_name(team.name) for team in config.teams)
    try:
        found = path.stat()
    except OSError as trouble:
        return BudgetFile(problems=(f"{path} cannot be read: {trouble.strerror}. Name the file in app.yaml under budgets_file.",))
    state = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    kept = _read.get((path, teams))
    if kept is None or kept[0] != state:
        kept = _read[path, teams] = state, _budgets_in(path, teams)
    return kept[1]


def _budgets_in(path: Path, teams: frozenset[str]) -> BudgetFile:
    try:
        with tempfile.TemporaryDirectory() as spool:
            readable = readable_text(path.name, path, Path(spool), None).path
            delimiter, headers = delimiter_and_headers(path.name, readable)
            rows = list(records(readable, delimiter, len(headers)))
    except (OSError, ExportError) as trouble:
        return BudgetFile(problems=(f"{path.name} cannot be read: {trouble}",))
    places = _places(headers)
    if "per" not in places or not {"usd", "credits"} & set(places):
        found = ", ".join(headers[:12]) or "nothing"
        return BudgetFile(problems=(f"{path.name} line 1: it needs a column per, and usd or credits; it has {found}.",))
    return _budgets(path, rows, places, teams)


def _places(headers: Sequence[str]) -> dict[str, int]:
    plain = ["".join(sign for sign in header.lower() if sign.isalnum()) for header in headers]
    found = ((ours, [name for name in names if name in plain]) for ours, names in COLUMNS.items())
    return {ours: plain.index(names[0]) for ours, names in found if names}


def _budgets(path: Path, rows: Iterable[Record], places: Mapping[str, int], teams: frozenset[str]) -> BudgetFile:
    found: list[Budget] = []
    problems: list[str] = []
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        if row.fault or not any(cell.strip() for cell in row.fields):
            problems += [f"{path.name} line {row.line}: {row.fault}."] if row.fault else []
            continue
        entry, wrong = read_entry({ours: row.fields[place].strip() for ours, place in places.items()})
        wrong = wrong or next(entry_problems(entry, set(teams)), "")
        if wrong:
            problems.append(f"{path.name} line {row.line} {wrong}")
            continue
        budget = budget_of(entry, path.name)
        line = seen.setdefault((*budget.key, budget.first_day), row.line)
        if line != row.line:
            problems.append(f"{path.name} line {row.line} is the budget of line {line} again, which holds. Take one of them out.")
            continue
        found.append(budget)
    return BudgetFile(tuple(found), tuple(problems))


def read_entry(cells: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Return a row in the form of app.yaml, and a clause on what cannot be read, empty if everything can."""
    entry: dict[str, Any] = {key: cells[key] for key in (*BUDGET_KINDS, "card", "from") if cells.get(key)}
    part, wrong = _read_part(cells)
    if wrong:
        return entry, wrong
    entry |= part
    per, rolls = cells.get("per", "").lower(), cells.get("rollover", "").lower()
    if per not in PERIOD_WORDS:
        is_said = f'is per "{cells["per"]}"' if per else "has no period"
        return entry, f"{is_said}: write month, quarter or year."
    if rolls not in YES | NO:
        return entry, f'has the rollover "{cells["rollover"]}": write yes or no.'
    entry |= {"per": PERIOD_WORDS[per], "rollover": rolls in YES}
    for unit in ("usd", "credits"):
        if written := cells.get(unit):
            amount = read_amount(written)
            if amount is None:
                return entry, f'has {unit} "{written}": write a number above 0, such as 5000 or 5,000.00.'
            entry[unit] = amount
    return entry, ""


def _read_part(cells: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Return a row's scope if that takes two cells, and what of them cannot be read."""
    of, name = cells.get("of", ""), cells.get("name", "")
    kind = KIND_WORDS.get(of.lower())
    if kind is None:
        return {}, f'is of "{of}": write everything, team, department, agent or org.'
    if kind and not name:
        return {}, f"is of a {kind} without a name: write its name."
    if name and not kind:
        return {}, f'names "{name}" and not what that is: write team, department, agent or org beside it.'
    return ({kind: name} if kind else {}), ""


def read_amount(written: str) -> str | None:
    """Return an amount as a plain number; None if it is not a number, not above 0, or has more digits than budgets allow."""
    bare = written.strip().removeprefix("$").removesuffix("$").strip()
    plain = bare if PLAIN.fullmatch(bare) else None
    if ENGLISH.fullmatch(bare):
        plain = bare.replace(",", "")
    elif GERMAN.fullmatch(bare):
        plain = bare.replace(".", "").replace(",", ".")
    is_above_nothing = plain is not None and plain.strip("0.") != ""
    return plain if plain and is_above_nothing and len(plain) <= 16 else None  # noqa: PLR2004 - digits of a trillion, in cents
