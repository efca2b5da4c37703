"""A person's spreadsheet through many random days: what they wrote about an agent goes on being about that agent.

Usage: python -m tests.harness.days_of_a_spreadsheet [RUNS] [DAYS]; prints what lost its meaning, and how much was looked at.

Each day agents come, go, are renamed and overtake each other, a day's use is added and the oldest leaves, alerts open and close,
and people insert and delete rows and columns, rename and move sheets. Before it all they wrote formulas, notes in cells beside a
row, colours and protections about single agents; these are followed to the end.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from core.answer.model import Answer, Column, Figure, Table
from core.questions.wallet.usage_grid import UsageGrid
from sheets_addin.desired_state import DesiredState
from sheets_addin.sync.sync import SyncJob, sync_one
from sheets_addin.workbook.model import Workbook, column_letters
from sheets_addin.workbook.references import column_index
from sheets_addin.worksheets import alerts, any_answer, showback, usage
from tests.fakes.sheets.server import SheetsServer
from tests.fakes.sheets_in_process import InProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sheets_addin.workbook.model import Worksheet
    from tests.fakes.sheets.book import Sheet

BOOK, MINE = "kept", "Sheet1"
FIRST_DAY, WINDOW, MAX_NAMES, NOTE_COLUMN = date(2026, 7, 1), 21, 8, 120
Name = str | tuple[str, str]
"""Of what a cell is: an agent, or the heading of a table and what its row is about."""
SHOWBACK, USAGE, ACTIONS, ALERTS = "Usage by agent month", "Usage", "Usage by agent top", "Alerts"
REFERENCE = re.compile(r"=(?:'((?:[^']|'')+)'|(\w+))!\$?([A-Z]+)\$?(\d+)\*0\.005")
SERIAL_ZERO = date(1899, 12, 30)
COLOUR = {"red": 1.0, "green": 0.5}


@dataclass
class Company:
    """What the agents of a company used, day by day, and its alerts."""

    random: Random
    used: dict[tuple[date, str], Decimal] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=lambda: {f"Agent {nth}": 100 + 10 * nth for nth in range(7)})
    alerts: dict[str, str] = field(default_factory=dict)
    today: date = FIRST_DAY

    def live_a_day(self) -> None:
        """Let agents come, go, be renamed and overtake each other; let alerts open and close."""
        chance = self.random.random
        if chance() < 0.06:
            self.levels[f"Agent {len(self.used)}"] = self.random.randint(20, 400)
        if chance() < 0.03 and len(self.levels) > 4:
            self.levels.pop(self.random.choice(sorted(self.levels)))
        if chance() < 0.02:
            self.levels[f"Renamed {len(self.used)}"] = self.levels.pop(self.random.choice(sorted(self.levels)))
        for name in self.levels:
            self.levels[name] = max(5, self.levels[name] + self.random.randint(-60, 60))
            self.used[self.today, name] = Decimal(20 * self.levels[name])
        if chance() < 0.1:
            self.alerts = {f"alert-{len(self.used)}": "open", **self.alerts}
        for key in self.alerts:
            if chance() < 0.02:
                self.alerts[key] = "closed"
        self.alerts = dict(sorted(self.alerts.items(), key=lambda pair: pair[1] != "open"))
        self.today += timedelta(days=1)

    def total(self, name: str) -> Decimal:
        """Return what an agent used since the first day."""
        return sum((used for (_, other), used in self.used.items() if other == name), Decimal(0))

    @property
    def ranked(self) -> list[str]:
        """Every agent that ever used anything, the biggest first."""
        return sorted({name for _, name in self.used}, key=lambda name: (-self.total(name), name))


def answer_of(company: Company, title: str, columns: tuple[Column, ...], rows: list[tuple[Any, ...]]) -> Answer:
    """Return an answer of one table."""
    whole = sum(company.used.values(), Decimal(0))
    figures = (Figure("usd_used", "Cost", whole / 200, "usd"), Figure("used_credits", "Used", whole, "credits"))
    return Answer("usage", title, title, company.today, figures, (Table("usage", title, columns, tuple(rows)),))


def by_month(company: Company) -> Worksheet:
    """Return the showback of the agents."""
    columns = [Column("agent", "Agent", "text"), Column("month", "Month from", "day"), Column("actions", "Actions", "actions")]
    columns += [
        Column("credits", "Credits", "credits"),
        Column("usd", "Cost", "usd"),
        Column("share_percent", "Share", "percent"),
    ]
    sums: dict[tuple[str, date], Decimal] = {}
    for (day, name), used in company.used.items():
        sums[name, day.replace(day=1)] = sums.get((name, day.replace(day=1)), Decimal(0)) + used
    order = {name: at for at, name in enumerate(company.ranked)}
    keys = sorted(sums, key=lambda key: (order[key[0]], key[1]))
    rows = [(*key, sums[key] / 20, sums[key], sums[key] / 200, Decimal(0)) for key in keys]
    answer = answer_of(company, "Usage by agent and month", tuple(columns), rows)
    return showback.worksheet(SHOWBACK, "agent", [any_answer.Section("", answer)])


def by_day(company: Company) -> Worksheet:
    """Return the grid of the last three weeks."""
    days = [company.today - timedelta(days=back) for back in range(min(WINDOW, (company.today - FIRST_DAY).days), 0, -1)]
    names = {name for day, name in company.used if day in days}
    totals = {name: sum((company.used.get((day, name), Decimal(0)) for day in days), Decimal(0)) for name in names}
    ranked = sorted(names, key=lambda name: (-totals[name], name))
    credits_of = {name: tuple(company.used.get((day, name), Decimal(0)) for day in days) for name in ranked}
    shown = tuple(ranked) if len(ranked) <= MAX_NAMES + 1 else (*ranked[:MAX_NAMES], "Others")
    return usage.worksheet((UsageGrid("agent", tuple(days), credits_of, shown, company.today),), company.today)


def by_rank(company: Company) -> Worksheet:
    """Return a table of all agents by what they used, the biggest first."""
    columns = (Column("agent", "Agent", "text"), Column("credits", "Credits", "credits"))
    rows = [(name, company.total(name)) for name in company.ranked]
    return any_answer.worksheet(ACTIONS, "usage", [any_answer.Section("", answer_of(company, "Agents", columns, rows))])


def of_alerts(company: Company) -> Worksheet:
    """Return the alerts, open ones first."""
    columns = tuple(Column(key, key, "text") for key in ("key", "state", "words"))
    rows = [(key, state, f"what {key} says") for key, state in company.alerts.items()]
    table = Table("alerts", "Alerts", columns, tuple(rows))
    return alerts.worksheet([Answer("alerts", "Alerts", "Alerts.", company.today, tables=(table,) if rows else ())])


@dataclass
class Meant:
    """Something that a person made about a name. kind: formula, note, colour or protection; column: the heading it is under."""

    kind: str
    sheet: str
    name: Name
    column: object
    id: int


class Person:
    """Somebody with a spreadsheet, and all that they made in it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.company = Company(Random(seed + 1))
        self.server = SheetsServer()
        self.server.add_book(BOOK)
        self.gateway = InProcess(self.server.service)
        self.meant: list[Meant] = []
        self.ids: dict[str, int] = {}
        self.written = 0
        self.looks, self.done = Counter[str](), Counter[str]()
        self.titles: tuple[str, ...] = (SHOWBACK, USAGE, ACTIONS, ALERTS)

    def sheets(self) -> tuple[Worksheet, ...]:
        """Return the worksheets of today."""
        return (by_month(self.company), by_day(self.company), by_rank(self.company), of_alerts(self.company))

    def places(self, sheet: Sheet, _: str, name: Name) -> list[tuple[int, int]]:
        """Return the cells of a sheet that are about a name."""
        return list_places(sheet, str(name))

    def heading(self, sheet: Sheet, title: str, place: tuple[int, int], name: Name) -> object:
        """Return what a cell about a name is beside that; None where it is not about that name."""
        return heading_of(sheet, title, place, str(name))

    def is_rolled_out(self, one: Meant, sheet: Sheet) -> bool:
        """Whether what was meant was about a day that the sheet shows no more."""
        return one.sheet == USAGE and not any(number_of(cell) == one.column for cell in sheet.cells.values())

    def sync(self) -> None:
        """Bring the spreadsheet up to date."""
        wanted = DesiredState(Workbook("Kept", "", FIRST_DAY, self.sheets()), {})
        at = datetime.combine(self.company.today, time(8), UTC)
        outcome = sync_one(self.gateway, SyncJob(BOOK, BOOK, wanted), at)
        if outcome.trouble is not None:
            raise outcome.trouble
        self.done["syncs"] += 1
        if not self.ids:
            self.ids = {title: sheet.id for title, sheet in self.gateway.read(BOOK).sheets_of_ours.items()}

    def ours(self, title: str) -> Sheet:
        """Return our sheet of that title, whatever people call it by now."""
        return self.server.book(BOOK).sheet(self.ids[title])

    def write_about(self, title: str, name: Name) -> None:
        """Write a formula, a note in a cell beside, a colour and a protection about a name of a sheet of ours."""
        sheet = self.ours(title)
        found = [place for place in self.places(sheet, title, name) if self.heading(sheet, title, place, name) is not None]
        if not found:
            return
        row, column = self.random.choice(found)
        column_name = self.heading(sheet, title, (row, column), name)
        number = self.written
        self.written += 1
        self.meant = [
            one for one in self.meant if (one.kind, one.sheet, one.name, one.column) != ("colour", title, name, column_name)
        ]
        kinds = ["formula", "colour", "protection"] + ["note"] * (title != USAGE)
        for kind in kinds:
            self.meant.append(Meant(kind, title, name, column_name, number))
        quoted = sheet.title.replace("'", "''")
        self.server.type_into(BOOK, f"{MINE}!A{number + 1}", [f"='{quoted}'!{column_letters(column)}{row + 1}*0.005"])
        area = {"sheetId": sheet.id, "startRowIndex": row, "endRowIndex": row + 1, "startColumnIndex": column}
        area["endColumnIndex"] = column + 1
        look = {"userEnteredFormat": {"backgroundColor": COLOUR | {"blue": number / 10_000}}}
        self.server.edit(BOOK, {"repeatCell": {"range": area, "cell": look, "fields": "userEnteredFormat.backgroundColor"}})
        said = {"range": area, "description": f"mine {number}", "warningOnly": True}
        self.server.edit(BOOK, {"addProtectedRange": {"protectedRange": said}})
        if "note" in kinds:
            if sheet.columns <= NOTE_COLUMN:
                extra = {"sheetId": sheet.id, "dimension": "COLUMNS", "length": NOTE_COLUMN + 60 - sheet.columns}
                self.server.edit(BOOK, {"appendDimension": extra})
            self.server.edit(BOOK, write(sheet.id, row, NOTE_COLUMN + number % 40, f"note {number}"))

    def write_some(self) -> None:
        """Write about an agent on each sheet that shows agents, and about an alert."""
        for title in (SHOWBACK, USAGE, ACTIONS):
            self.write_about(title, self.random.choice(self.company.ranked[:MAX_NAMES]))
        if self.company.alerts:
            self.write_about(ALERTS, self.random.choice(list(self.company.alerts)))

    def meddle(self) -> None:
        """Do one thing that people do to sheets."""
        title = self.random.choice(self.titles)
        sheet = self.ours(title)
        what = self.random.choice(("insert rows", "insert columns", "delete a row", "delete a column", "rename", "move"))
        self.done[what] += 1
        at, count = self.random.randint(1, 40), self.random.randint(1, 2)
        if what.startswith("insert"):
            dimension, at = ("ROWS", at) if what.endswith("rows") else ("COLUMNS", self.random.randint(1, 8))
            span = {"sheetId": sheet.id, "dimension": dimension, "startIndex": at, "endIndex": at + count}
            self.server.edit(BOOK, {"insertDimension": {"range": span, "inheritFromBefore": False}})
        elif what.startswith("delete"):
            self.delete(title, sheet, "ROWS" if what.endswith("row") else "COLUMNS", at if what.endswith("row") else at % 9)
        else:
            properties = {"sheetId": sheet.id, "title": f"{title} {self.done['rename']}"} if what == "rename" else {}
            properties = properties or {"sheetId": sheet.id, "index": self.random.randint(0, len(self.titles) - 1)}
            fields = "title" if what == "rename" else "index"
            self.server.edit(BOOK, {"updateSheetProperties": {"properties": properties, "fields": fields}})

    def delete(self, title: str, sheet: Sheet, dimension: str, at: int) -> None:
        """Delete a row or column; what was meant there is gone by the person's own will."""
        axis = 0 if dimension == "ROWS" else 1
        gone = {one.id for one in self.meant if one.sheet == title for place in self.places_of(one, sheet) if place[axis] == at}
        self.meant = [one for one in self.meant if one.id not in gone]
        span = {"sheetId": sheet.id, "dimension": dimension, "startIndex": at, "endIndex": at + 1}
        self.server.edit(BOOK, {"deleteDimension": {"range": span}})

    def places_of(self, one: Meant, sheet: Sheet) -> Iterator[tuple[int, int]]:
        """Yield where something that is meant stands on our sheet: the cell that it is about, and the note beside it."""
        number = one.id
        for place, cell in sheet.cells.items():
            if cell.get("userEnteredValue", {}).get("stringValue") == f"note {number}":
                yield place
        mine = self.server.book(BOOK).titled(MINE)
        formula = mine.cells.get((number, 0), {}).get("userEnteredValue", {}).get("formulaValue", "") if mine else ""
        found = REFERENCE.fullmatch(formula)
        if found:
            yield int(found[4]) - 1, column_index(found[3])

    def lost(self) -> Iterator[str]:
        """Yield what no longer means what it was made for, while its name is shown."""
        for one in self.meant:
            sheet = self.ours(one.sheet)
            if not self.places(sheet, one.sheet, one.name):
                continue
            self.looks[one.kind] += 1
            problem = getattr(self, f"check_{one.kind}")(one, sheet)
            if problem:
                yield f"{self.company.today} {one.kind} about {one.name} ({one.column}) on {one.sheet}: {problem}"

    def check_formula(self, one: Meant, sheet: Sheet) -> str:
        """Return what is wrong with a formula."""
        mine = self.server.book(BOOK).titled(MINE)
        text = mine.cells[one.id, 0]["userEnteredValue"].get("formulaValue", "") if mine else ""
        found = REFERENCE.fullmatch(text)
        if found is None:
            return "" if self.is_rolled_out(one, sheet) else f"it reads {text}"
        if (found[1] or found[2]).replace("''", "'") != sheet.title:
            return f"it reads {text}, the sheet is {sheet.title}"
        place = int(found[4]) - 1, column_index(found[3])
        there = self.heading(sheet, one.sheet, place, one.name)
        return "" if there == one.column else f"it reads {text}, which is about {there}"

    def check_note(self, one: Meant, sheet: Sheet) -> str:
        """Return what is wrong with a text beside a row."""
        rows = [at for (at, _), cell in sheet.cells.items() if text_of(cell) == f"note {one.id}"]
        return "" if rows and rows[0] in {row for row, _ in self.places(sheet, one.sheet, one.name)} else f"it stands in {rows}"

    def check_colour(self, one: Meant, sheet: Sheet) -> str:
        """Return what is wrong with a colour."""
        wanted = one.id / 10_000
        places = [at for at, cell in sheet.cells.items() if blue_of(cell) == wanted]
        if not places:
            return "" if self.is_rolled_out(one, sheet) else "it is gone"
        return "" if self.heading(sheet, one.sheet, places[0], one.name) == one.column else f"it lies at {places[0]}"

    def check_protection(self, one: Meant, sheet: Sheet) -> str:
        """Return what is wrong with a protection."""
        ours = [kept["range"] for kept in sheet.objects["protectedRanges"] if kept.get("description") == f"mine {one.id}"]
        if not ours:
            return "" if self.is_rolled_out(one, sheet) else "it is gone"
        place = ours[0].get("startRowIndex", 0), ours[0].get("startColumnIndex", 0)
        return "" if self.heading(sheet, one.sheet, place, one.name) == one.column else f"it lies at {place}"


def text_of(cell: dict[str, Any]) -> str | None:
    """Return the text of a cell."""
    found: str | None = cell.get("userEnteredValue", {}).get("stringValue")
    return found


def number_of(cell: dict[str, Any]) -> float | None:
    """Return the number of a cell."""
    found: float | None = cell.get("userEnteredValue", {}).get("numberValue")
    return found


def blue_of(cell: dict[str, Any]) -> float | None:
    """Return the blue of a cell that a person coloured."""
    colour = cell.get("userEnteredFormat", {}).get("backgroundColor", {})
    return round(colour.get("blue", 0), 6) if colour.get("green") == COLOUR["green"] else None


def list_places(sheet: Sheet, name: str) -> list[tuple[int, int]]:
    """Return the cells of a table that are about a name: those beside it, or below it where it heads a column."""
    at = [place for place, cell in sheet.cells.items() if text_of(cell) == name]
    below = {(row, column) for place in at for row, column in sheet.cells if column == place[1] and row > place[0] + 1}
    beside = {(row, column) for place in at for row, column in sheet.cells if row == place[0] and column != place[1]}
    found = beside | below
    return sorted(place for place in found if sheet.cells[place].get("userEnteredValue") and place[1] < NOTE_COLUMN)


def heading_of(sheet: Sheet, title: str, place: tuple[int, int], name: str) -> object:
    """Return what a cell about a name is, beside that: a month, a day or a heading; None where it is not about that name."""
    if title == USAGE:
        heads = [at for at, cell in sheet.cells.items() if text_of(cell) == name]
        days = [number_of(sheet.cells[at]) for at in sorted(sheet.cells) if at[0] == place[0] and at[1] < place[1]]
        is_below = any(at[1] == place[1] and at[0] < place[0] for at in heads)
        return next((day for day in days if day), None) if is_below else None
    if name not in [text_of(cell) for at, cell in sheet.cells.items() if at[0] == place[0]]:
        return None
    if title == SHOWBACK:
        heads_row = next((at[0] for at, cell in sorted(sheet.cells.items()) if text_of(cell) == "Agent"), None)
        columns = [at[1] for at, cell in sorted(sheet.cells.items()) if at[0] == heads_row and number_of(cell)]
        head = sheet.cells.get((heads_row or 0, place[1]), {})
        nth = [one for one in columns if number_of(sheet.cells[heads_row or 0, one]) == number_of(head)]
        return (number_of(head), nth.index(place[1])) if number_of(head) else text_of(head)
    above = [at for at, cell in sheet.cells.items() if at[1] == place[1] and at[0] < place[0] and text_of(cell) in HEADS]
    return text_of(sheet.cells[max(above)]) if above else None


HEADS = {"Agent", "Credits", "key", "state", "words"}


def write(sheet_id: int, row: int, column: int, text: str) -> dict[str, Any]:
    """Return what writes a text into a cell."""
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {
        "updateCells": {
            "start": start,
            "rows": [{"values": [{"userEnteredValue": {"stringValue": text}}]}],
            "fields": "userEnteredValue",
        }
    }


def live(person: Person, days: int, days_before: int = 5) -> tuple[list[str], Counter[str]]:
    """Return what a person lost the meaning of in so many days, and how often what was looked at."""
    for _ in range(days_before):
        person.company.live_a_day()
    person.sync()
    found: list[str] = []
    for day in range(days):
        if day < days - 1 and day % 7 == 0:
            person.write_some()
        for _ in range(person.random.randint(0, 2)):
            person.meddle()
        person.company.live_a_day()
        person.sync()
        lost = list(person.lost())
        found += lost
        if lost:
            break
    return found, person.looks + person.done


def report(runs: int, days: int, live_one: Callable[[int], tuple[list[str], Counter[str]]]) -> int:
    """Print what lost its meaning in so many runs, and how much was looked at; return whether anything did."""
    counted, wrong = Counter[str](), 0
    for seed in range(runs):
        found, looks = live_one(seed)
        counted += looks
        wrong += bool(found)
        sys.stdout.write("".join(f"run {seed}: {line}\n" for line in found))
        sys.stdout.flush()
    said = ", ".join(f"{count:,} {what}" for what, count in sorted(counted.items()))
    sys.stdout.write(f"{runs} spreadsheets of {days} days, of which {wrong} lost a meaning; {said}\n")
    return bool(wrong)


def main(runs: int = 1, days: int = 200) -> int:
    """Run so many spreadsheets, each of so many days."""
    return report(runs, days, lambda seed: live(Person(seed), days))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
