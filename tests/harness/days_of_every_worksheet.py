"""Every worksheet of a wallet through many random days: what a person made about a figure goes on being about that figure.

Usage: python -m tests.harness.days_of_every_worksheet [RUNS] [DAYS]; prints what lost its meaning, and how much was looked at.

Each day is imported into a warehouse, and every question is asked anew: the figures of its worksheet are real answers. People
do what they do in `days_of_a_spreadsheet`, and filter. What a cell is about is read as people read it: the heading of the table
above it, the first text of its row, the head of its column.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import nullcontext
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from core.alerts.evaluation import evaluate_alerts
from core.config.loader import load_config
from core.context import Context
from core.warehouse.database import open_warehouse
from sheets_addin.desired_state import build_desired_state
from sheets_addin.sync.plan import LOG
from sheets_addin.workbook import styles
from sheets_addin.workbook.model import Formula
from tests.fakes.small_wallet import SmallWallet
from tests.harness.days_of_a_spreadsheet import BOOK, NOTE_COLUMN, SERIAL_ZERO, Person, live, report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.warehouse.database import Warehouse
    from sheets_addin.workbook.model import Content, Worksheet
    from tests.fakes.sheets.book import Sheet
    from tests.harness.days_of_a_spreadsheet import Meant, Name

    Place = tuple[int, int]
    Grid = Mapping[Place, str | float | Formula]

SETTINGS = """
contract: {start: 2026-04-01, end: 2027-04-01, grants: [{credits: 9000000, usd: 45000, label: Order 1}]}
alerts: {levels: [5, 10, 20, 30, 40, 50, 60, 70, 80, 90]}
teams: {Finance: {channels: [C0123ABCDEG]}}
budgets: [{per: year, usd: 60000}, {department: Sales, per: month, usd: 900}, {department: Service, per: quarter, usd: 5000}]
"""
QUESTIONS = (
    "summary", "wallet", "alerts", "forecast", "plan purchase", "pilot", "portfolio", "tco", "convert 60 seats", "negotiate",
    "variance", "price flex 10000 interactions 5 actions", "prices", "budget", "usage by agent then by month", "usage by user",
)  # fmt: skip
DEPARTMENTS, ORGS = ("Sales", "Service", "HR", "IT"), ("00DEMEA", "00DAMER", "00DAPAC")
USERS = tuple(f"005USER{nth:02d}" for nth in range(9))
ACTIONS = ("Get_Cases", "Create_Order", "Look_Up", "Send_Mail", "Escalate")
FILTERED = "Usage by agent month"
HEADS_OF_A_TABLE = 2


class Accountant(Person):
    """Somebody with a spreadsheet of every worksheet, who filters as well."""

    def __init__(self, seed: int, warehouse: Warehouse, folder: Path) -> None:
        super().__init__(seed)
        self.config = load_config(folder / "app.yaml")
        self.wallet = SmallWallet(warehouse, folder)
        self.warehouse, self.imported = warehouse, self.company.today
        self.shown: dict[str, Worksheet] = {}
        self.read: dict[str, dict[Place, tuple[Name, object]]] = {}
        self.hidden: str | None = None

    def sheets(self) -> tuple[Worksheet, ...]:
        """Import what was used since, decide alerts, and ask every question."""
        rows = [self.event(day, name, used) for (day, name), used in self.company.used.items() if day >= self.imported]
        self.imported = self.company.today
        self.wallet.events(*rows)
        context = Context(self.company.today, self.config, lambda: nullcontext(self.warehouse), has_warehouse=True)
        with self.warehouse.writing() as session:
            evaluate_alerts(session, context, datetime.combine(self.company.today, time(7), UTC))
        found = build_desired_state(QUESTIONS, context)
        if found.troubles:
            raise RuntimeError(found.troubles)
        self.shown = {sheet.title: sheet for sheet in found.workbook.worksheets}
        return tuple(self.shown.values())

    def event(self, day: date, name: str, used: Decimal) -> dict[str, object]:
        """Return what an agent used on a day as an event, its department and org by its number."""
        number = int("".join(filter(str.isdigit, name)))
        return {
            "eventtime__c": f"{day}T10:00:00.000Z",
            "processedtime__c": f"{day}T11:00:00.000Z",
            "unitsconsumed__c": used,
            "usagevalue__c": used / 20,
            "rootresourceidorapiname__c": name.replace(" ", "_"),
            "resourceidorapiname__c": self.random.choice(ACTIONS),
            "rootresourcetags__c": f'{{"Department": "{DEPARTMENTS[number % len(DEPARTMENTS)]}"}}',
            "userid__c": self.random.choice(USERS),
            "usagereportingorgid__c": ORGS[number % len(ORGS)],
            "entitlementorgid__c": ORGS[number % len(ORGS)],
            "usagebusinessenvtype__c": "sandbox" if self.random.random() < 0.1 else "production",
        }

    def sync(self) -> None:
        """Bring the spreadsheet up to date, and read what each of its cells is about."""
        super().sync()
        self.titles = tuple(title for title in self.ids if title != LOG)
        self.read = {title: abouts(grid_of_sheet(self.ours(title)), self.shown[title]) for title in self.titles}

    def places(self, sheet: Sheet, title: str, name: Name) -> list[Place]:
        """Return the cells of a sheet that are about a row of a table."""
        return [place for place, (about, _) in self._now(sheet, title).items() if about == name]

    def heading(self, sheet: Sheet, title: str, place: Place, name: Name) -> object:
        """Return the head of the cell's column."""
        about, head = self._now(sheet, title).get(place, (None, None))
        return head if about == name else None

    def _now(self, sheet: Sheet, title: str) -> dict[Place, tuple[Name, object]]:
        """Return what the cells are about; read anew once a person has moved them."""
        if title not in self.read:
            self.read[title] = abouts(grid_of_sheet(sheet), self.shown[title])
        return self.read[title]

    def is_rolled_out(self, one: Meant, sheet: Sheet) -> bool:
        """Whether what was meant is no longer shown, as the row of a day that is past."""
        return (one.name, one.column) not in self._now(sheet, one.sheet).values()

    def meddle(self) -> None:
        """Do one thing that people do to sheets."""
        super().meddle()
        self.read.clear()

    def write_some(self) -> None:
        """Write about a random figure of a few worksheets, and filter the showback by a name, once."""
        for title in self.random.sample(self.titles, 5):
            known = sorted({str(about): about for about, _ in self._now(self.ours(title), title).values()}.items())
            if known:
                self.write_about(title, self.random.choice(known)[1])
        if self.hidden is None:
            self.filter()

    def filter(self) -> None:
        """Hide one agent by the filter of the showback."""
        basic = self.ours(FILTERED).objects.get("basicFilter")
        if basic is None:
            return
        self.hidden = next(name.replace(" ", "_") for name in self.company.ranked)
        spec = {"columnIndex": basic["range"]["startColumnIndex"], "filterCriteria": {"hiddenValues": [self.hidden]}}
        self.server.edit(BOOK, {"setBasicFilter": {"filter": {"range": basic["range"], "filterSpecs": [spec]}}})

    def delete(self, title: str, sheet: Sheet, dimension: str, at: int) -> None:
        """Delete a row or column; a filter whose heads went with it is gone by the person's own will."""
        basic = sheet.objects.get("basicFilter", {}).get("range", {})
        ends = (basic.get("startRowIndex"),) if dimension == "ROWS" else (basic.get("startColumnIndex"),)
        super().delete(title, sheet, dimension, at)
        if title == FILTERED and at in ends:
            self.server.edit(BOOK, {"clearBasicFilter": {"sheetId": sheet.id}})
            self.hidden = ""

    def lost(self) -> Iterator[str]:
        """Yield what no longer means what it was made for; what is about something that is no longer shown means nothing else."""
        yield from super().lost()
        for one in list(self.meant):
            sheet = self.ours(one.sheet)
            if self.is_rolled_out(one, sheet):
                self.meant.remove(one)
                if one.kind == "formula" and (other := self.find_priced(one, sheet)) is not None:
                    yield f"{self.company.today} formula about {one.name} ({one.column}) on {one.sheet}: now about {other}"
        if self.hidden:
            self.looks["filter"] += 1
            if problem := self.check_filter():
                yield f"{self.company.today} filter by {self.hidden}: {problem}"

    def find_priced(self, one: Meant, sheet: Sheet) -> object:
        """Return what a formula speaks of now; None where it speaks of nothing that is shown."""
        (place, *_) = [*self.places_of(one, sheet), None]
        return None if place is None else self._now(sheet, one.sheet).get(place)

    def check_filter(self) -> str:
        """Return what is wrong with the filter: it lies over every name and month, and hides by the column of the agents."""
        sheet = self.ours(FILTERED)
        basic = sheet.objects.get("basicFilter")
        if not basic:
            return "it is gone"
        where, specs = basic["range"], basic.get("filterSpecs", [])
        grid = grid_of_sheet(sheet)
        names = {name.replace(" ", "_") for name in self.company.ranked}
        rows = [row for (row, _), value in grid.items() if value in names]
        heads = {column: value for (row, column), value in grid.items() if row == where["startRowIndex"]}
        by = [heads.get(spec["columnIndex"]) for spec in specs]
        if by != ["Agent"]:
            return f"it hides by {by}"
        outside = [row for row in rows if not where["startRowIndex"] < row < where["endRowIndex"]]
        beyond = [head for column, head in heads.items() if not where["startColumnIndex"] <= column < where["endColumnIndex"]]
        return f"rows {outside} and columns {beyond} lie outside of it" if outside or beyond else ""


def grid_of_sheet(sheet: Sheet) -> Grid:
    """Return what the cells of a sheet hold, but for what people wrote beside ours."""
    found: dict[Place, str | float | Formula] = {}
    for place, cell in sheet.cells.items():
        ((kind, value),) = cell.get("userEnteredValue", {}).items() or [("", None)]
        if kind and place[1] < NOTE_COLUMN and not (isinstance(value, str) and value.startswith("note ")):
            found[place] = (
                Formula(str(value)) if kind == "formulaValue" else round(value, 9) if kind == "numberValue" else str(value)
            )
    return found


def grid_of_worksheet(sheet: Worksheet) -> Grid:
    """Return what the cells of a worksheet hold, days as numbers."""
    return {place: found for place, cell in sheet.cells.items() if (found := plain(cell.content)) not in {None, ""}}


def plain(content: Content) -> Any:  # noqa: ANN401 - as a cell holds it
    """Return what a cell holds, a day by its number."""
    if isinstance(content, Decimal):
        return round(float(content), 9)
    if isinstance(content, datetime):
        return (content.replace(tzinfo=None) - datetime.combine(SERIAL_ZERO, time())) / timedelta(days=1)
    return float((content - SERIAL_ZERO).days) if isinstance(content, date) else content


def abouts(grid: Grid, sheet: Worksheet) -> dict[Place, tuple[Name, object]]:
    """Return what each cell of a worksheet, or of its sheet, is about; none where two are about the same."""
    titles, heads = headings_of(sheet)
    title, columns, found = "", dict[int, object](), dict["Place", tuple["Name", object]]()
    for row in sorted({row for row, _ in grid}):
        line = [(column, grid[row, column]) for column in sorted(column for at, column in grid if at == row)]
        (_, first), *others = line
        texts = {value for _, value in line if not isinstance(value, Formula)}
        if isinstance(first, str) and first in titles:
            title, columns = first, dict(others)
        elif any(head <= texts for head in heads):
            columns = dict(line)
        elif not isinstance(first, Formula):
            for nth, (column, value) in enumerate(others):
                if not isinstance(value, str):
                    found[row, column] = (title, str(first)), columns.get(column, nth)
    counts = Counter(found.values())
    return {place: about for place, about in found.items() if counts[about] == 1}


def headings_of(sheet: Worksheet) -> tuple[set[str], list[set[object]]]:
    """Return the titles of a worksheet's tables, and what stands in each of its rows of heads."""
    titles, heads = set[str](), dict[int, set[object]]()
    for (row, column), cell in sheet.cells.items():
        style, content = cell.format, cell.content
        if (style.bold, style.size, style.bottom) == (True, styles.HEADING.size, styles.ACCENT) and isinstance(content, str):
            titles |= (
                {content}
                if all(at >= column for line, at in sheet.cells if line == row and sheet.cells[line, at].content)
                else set()
            )
        elif style.fill == styles.ACCENT and content is not None and not isinstance(content, Formula):
            heads.setdefault(row, set()).add(plain(content))
    return titles, [one for one in heads.values() if len(one) >= HEADS_OF_A_TABLE]


def main(runs: int = 1, days: int = 200) -> int:
    """Print what lost its meaning, and how much was looked at; return whether anything did."""

    def one(seed: int) -> tuple[list[str], Counter[str]]:
        with TemporaryDirectory() as folder, open_warehouse(Path(folder) / "wallet.duckdb") as warehouse:
            (Path(folder) / "app.yaml").write_text(SETTINGS, encoding="utf-8")
            return live(Accountant(seed, warehouse, Path(folder)), days, days_before=60)

    return report(runs, days, one)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
