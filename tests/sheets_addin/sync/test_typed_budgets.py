"""Budgets typed into a spreadsheet: `budget` answers with them; an unreadable row removes no budget."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import wiring
from core.budgets import list_typed_budgets
from core.config.budgets import Budget
from core.config.spreadsheets import SpreadsheetInput
from core.scope import Scope
from core.warehouse import deeds
from core.warehouse.database import open_warehouse
from sheets_addin.desired_state import workbook_of
from sheets_addin.sync.sync import sync_one
from tests.fakes.sheets.server import SheetsServer
from tests.fakes.sheets_in_process import InProcess
from tests.fakes.small_wallet import SmallWallet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.answer.model import Answer
    from sheets_addin.sync.sync import SyncOutcome

ON, AT = date(2026, 9, 20), datetime(2026, 9, 20, 9, tzinfo=UTC)
FIRST_ROW = 9
"""Of the input cells, as people see it."""
ANNOUNCED = ("department", "Service", "month")


class Finance:
    """A finance person with a spreadsheet of one wallet, and the sync that reads it."""

    def __init__(self, wallet: SmallWallet, server: SheetsServer, book: str = "plan", shows: Scope = Scope()) -> None:  # noqa: B008 - a value
        self.wallet, self.server, self.book = wallet, server, book
        self.said = SpreadsheetInput(book, book, shows, ("budget",))
        if book not in server.service.books:
            server.add_book(book)
        wallet.configured(spreadsheets=(*(one for one in wallet.config.spreadsheets if one.id != book), self.said))

    def type(self, line: int, *values: object) -> None:
        """Type into a row of input cells: of, name, per, USD, credits, rollover, from."""
        self.server.type_into(self.book, f"Budgets!B{FIRST_ROW + line - 1}", [*values])

    def sync(self, at: datetime = AT, *, dry_run: bool = False) -> SyncOutcome:
        """Sync the spreadsheet, and expect no error."""
        job = wiring.spreadsheet_job(self.said, self.wallet.context(ON), at, dry_run=dry_run)
        outcome = sync_one(InProcess(self.server.service), job, at, dry_run=dry_run)
        assert outcome.troubles == []
        return outcome

    def cell(self, line: int, column: int) -> object:
        """Return a cell of a row, its columns counted from Of."""
        sheet = InProcess(self.server.service).read(self.book).sheets_of_ours["Budgets"]
        found = (sheet.cells or {}).get((FIRST_ROW + line - 2, column))
        return found.entered if found else None

    def state(self, line: int) -> str:
        """Return the state beside a row."""
        return str(self.cell(line, 8) or "")

    def top_line(self) -> str:
        """Return the sentence above the rows."""
        return str(self.cell(-1, 1) or "")

    def request(self, kind: str, first: int, last: int) -> None:
        """Delete or insert rows from one line to another."""
        sheet = InProcess(self.server.service).read(self.book).sheets_of_ours["Budgets"]
        area = {"sheetId": sheet.id, "dimension": "ROWS", "startIndex": FIRST_ROW + first - 2, "endIndex": FIRST_ROW + last - 1}
        self.server.edit(self.book, {kind: {"range": area}})


def values(answer: Answer) -> dict[str, object]:
    """Return an answer's figures by key."""
    return {one.key: one.value for one in answer.figures}


def budgeted(wallet: SmallWallet, question: str = "budget department Service") -> object:
    """Return the amount that `budget` answers."""
    return values(wallet.ask(question, ON))["budget_usd"]


@pytest.fixture
def wallet(tmp_path: Any) -> Iterator[SmallWallet]:  # noqa: ANN401 - a folder
    """A wallet with some usage by Service in September."""
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        small = SmallWallet(warehouse, tmp_path)
        for department in ("Service", "Sales"):
            small.events(
                *(
                    {
                        "eventtime__c": f"2026-09-{day:02}T12:00:00.000Z",
                        "processedtime__c": f"2026-09-{day:02}T13:00:00.000Z",
                        "unitsconsumed__c": 2_000,
                        "rootresourcetags__c": f'{{"Department": "{department}"}}',
                    }
                    for day in range(1, 20)
                )
            )
        yield small


@pytest.fixture
def finance(wallet: SmallWallet) -> Finance:
    """A person at a spreadsheet that was synced once."""
    with_sheet = Finance(wallet, SheetsServer())
    with_sheet.sync()
    return with_sheet


def test_what_is_typed_is_what_budget_answers(finance: Finance, wallet: SmallWallet) -> None:
    """After the next sync a typed row is a budget on every surface, and the sheet says that it applies."""
    finance.type(1, *ANNOUNCED, "5,000.50")
    outcome = finance.sync()
    assert budgeted(wallet) == Decimal("5000.50")
    assert finance.state(1) == "Holds: $5,000.50 per month."
    assert outcome.job.desired.typed == ("department Service: $5,000.50 per month",)  # type: ignore[union-attr]  # built by now
    assert finance.sync().state == "unchanged"


@settings(max_examples=15, deadline=None)
@given(cents=st.integers(1, 9_999_999_999), locale=st.sampled_from(["en_US", "de_DE", "fr_FR"]), sets_apart=st.booleans())
def test_to_the_cent_in_every_locale(
    tmp_path_factory: pytest.TempPathFactory, cents: int, locale: str, *, sets_apart: bool
) -> None:
    """Any amount, in the notation of the spreadsheet's locale or of the other half of the world, is read to the cent."""
    whole, part = divmod(cents, 100)
    written = f"{whole:,}.{part:02}" if sets_apart else f"{whole}.{part:02}"
    if locale != "en_US":
        written = written.translate(str.maketrans(",.", ".,"))
    folder = tmp_path_factory.mktemp("wallet")
    with open_warehouse(folder / "warehouse.duckdb") as warehouse:
        small = SmallWallet(warehouse, folder)
        small.events({"eventtime__c": "2026-09-02T12:00:00.000Z"})
        finance = Finance(small, SheetsServer())
        finance.server.book("plan").properties["locale"] = locale
        finance.sync()
        finance.type(3, "everything", "", "month", written)
        finance.sync()
        assert budgeted(small, "budget") == Decimal(cents) / 100, (written, finance.state(3))


@pytest.mark.parametrize("written", ["5.000,50", "5,000.50", "$5,000.50", "5000.5"])
def test_amounts_typed_as_text_are_read_as_in_a_file(finance: Finance, wallet: SmallWallet, written: str) -> None:
    """Google keeps as text what its locale cannot read; thousands and cents still make it an amount."""
    finance.type(1, *ANNOUNCED, f"'{written}")
    finance.sync()
    assert budgeted(wallet) == Decimal("5000.50")


BAD = {
    "5ooo": 'usd "5ooo"',
    "0": 'usd "0"',
    "-5": 'usd "-5"',
    "=2*2500": "formula",
    "'5000 €": 'usd "5000 €"',
    "": "no amount",
}


@pytest.mark.parametrize(("typed", "said"), BAD.items())
def test_a_bad_cell_takes_no_budget_away(finance: Finance, wallet: SmallWallet, typed: str, said: str) -> None:
    """The row says what is wrong and what applies until it is corrected; the typed content stays in the cell."""
    finance.type(1, *ANNOUNCED, "5000")
    finance.sync()
    finance.server.type_into("plan", f"Budgets!E{FIRST_ROW}", [typed])
    found = finance.cell(1, 4)
    finance.sync()
    assert budgeted(wallet) == 5000
    assert finance.state(1).startswith("Not read: this row ")
    assert said in finance.state(1)
    assert finance.state(1).endswith("Until then $5,000.00 per month of department Service holds.")
    assert finance.cell(1, 4) == found
    assert "1 row is not read" in finance.top_line()


FORMATS = {
    "another currency": {"type": "CURRENCY", "pattern": '#,##0.00\\ "€"'},
    "a day under USD": {"type": "DATE", "pattern": "yyyy-mm-dd"},
    "a percentage under USD": {"type": "PERCENT", "pattern": "0%"},
}


@pytest.mark.parametrize(("said", "form"), FORMATS.items(), ids=FORMATS)
def test_a_number_that_is_shown_as_something_else_is_no_amount(
    finance: Finance, wallet: SmallWallet, said: str, form: dict[str, str]
) -> None:
    """Google makes numbers of 6000 €, of days and of percentages: none is taken for dollars."""
    finance.type(1, *ANNOUNCED, "5000")
    finance.sync()
    book = finance.server.book("plan")
    sheet = next(one for one in book.sheets if one.title == "Budgets")
    area = {"sheetId": sheet.id, "startRowIndex": FIRST_ROW - 1, "endRowIndex": FIRST_ROW}
    finance.server.edit(
        "plan",
        {
            "updateCells": {
                "range": area | {"startColumnIndex": 4, "endColumnIndex": 5},
                "rows": [{"values": [{"userEnteredValue": {"numberValue": 6000}, "userEnteredFormat": {"numberFormat": form}}]}],
                "fields": "userEnteredValue,userEnteredFormat.numberFormat",
            }
        },
    )
    finance.sync()
    assert budgeted(wallet) == 5000
    assert said in finance.state(1)


def test_while_a_row_cannot_be_read_none_is_taken_out(finance: Finance, wallet: SmallWallet) -> None:
    """A row emptied beside an unreadable one keeps its budget until all rows can be read."""
    finance.type(1, *ANNOUNCED, "5000")
    finance.type(2, "department", "Sales", "month", "700")
    finance.sync()
    finance.type(1, "", "", "", "")
    finance.type(2, "department", "Sales", "fortnight", "700")
    finance.sync()
    assert (budgeted(wallet), budgeted(wallet, "budget department Sales")) == (5000, 700)
    finance.type(2, "department", "Sales", "month", "800")
    outcome = finance.sync()
    assert budgeted(wallet, "budget department Sales") == 800
    assert set(outcome.job.desired.typed) == {  # type: ignore[union-attr]  # built by now
        "department Sales: $800.00 per month, before $700.00 per month",
        "department Service: $5,000.00 per month taken out",
    }


def test_the_sheet_holds_beside_app_yaml_and_says_so(finance: Finance, wallet: SmallWallet) -> None:
    """The typed amount applies even where app.yaml's begins later; the sheet and the answer say which one gives way."""
    written = Budget("department", "Service", "month", "usd", Decimal(4_000), first_day=date(2026, 9, 1))
    wallet.configured(budgets=(written,))
    assert budgeted(wallet) == 4000
    finance.type(1, *ANNOUNCED, "5000")
    finance.sync()
    assert budgeted(wallet) == 5000
    assert finance.state(1) == "Holds: $5,000.00 per month. app.yaml says $4,000.00 per month and gives way."
    said = [note.text for note in wallet.ask("budget department Service", ON).notes]
    assert any("the spreadsheet plan" in text and "$4,000.00" in text for text in said)
    finance.type(1, "", "", "", "")
    finance.sync()
    assert budgeted(wallet) == 4000


def test_one_budget_twice_holds_as_its_first_row_says(finance: Finance, wallet: SmallWallet) -> None:
    """The second row is refused and names the first."""
    finance.type(1, *ANNOUNCED, "5000")
    finance.type(2, "department", "service", "month", "6000")
    finance.sync()
    assert budgeted(wallet) == 5000
    assert finance.state(2) == f"Not read: this row is the budget of row {FIRST_ROW} again, which holds. Empty one of them."


def test_of_two_spreadsheets_the_one_listed_first_holds(finance: Finance, wallet: SmallWallet) -> None:
    """The other spreadsheet says whose amount applies."""
    other = Finance(wallet, finance.server, "second")
    other.sync()
    finance.type(1, *ANNOUNCED, "5000")
    other.type(1, *ANNOUNCED, "6000")
    finance.sync()
    other.sync()
    assert budgeted(wallet) == 5000
    assert other.state(1) == "Does not hold: the spreadsheet plan says $5,000.00 per month, and its word holds."


def test_deleted_rows_columns_and_sheets_come_back_with_their_budgets(finance: Finance, wallet: SmallWallet) -> None:
    """Only emptying a row removes its budget."""
    finance.type(1, *ANNOUNCED, "5000", "", "yes", "2026-07-01")
    finance.type(2, "department", "Sales", "month", "700")
    finance.sync()
    finance.request("deleteDimension", 1, 1)
    finance.sync()
    assert [finance.cell(1, at) for at in range(1, 7)] == ["department", "Service", "month", 5000, None, "yes"]
    sheet = InProcess(finance.server.service).read("plan").sheets_of_ours["Budgets"]
    column = {"sheetId": sheet.id, "dimension": "COLUMNS", "startIndex": 4, "endIndex": 5}
    finance.server.edit("plan", {"deleteDimension": {"range": column}})
    finance.sync()
    assert (finance.cell(1, 4), finance.cell(2, 4)) == (5000, 700)
    finance.server.edit("plan", {"deleteSheet": {"sheetId": sheet.id}})
    finance.sync()
    assert (finance.cell(1, 4), finance.cell(2, 4)) == (5000, 700)
    assert (budgeted(wallet), budgeted(wallet, "budget department Sales")) == (5000, 700)


def test_rows_that_people_put_in_between_are_told(finance: Finance) -> None:
    """A budget in an inserted row is not read, and the sheet says so."""
    finance.request("insertDimension", 2, 2)
    finance.type(2, *ANNOUNCED, "5000")
    finance.sync()
    assert finance.top_line() == f"Row {FIRST_ROW + 1} was inserted by hand and is not read: type into the blue rows."


def test_sorting_the_rows_changes_nothing(finance: Finance, wallet: SmallWallet) -> None:
    """Each row is read wherever it is."""
    finance.type(1, *ANNOUNCED, "5000")
    finance.type(2, "department", "Sales", "month", "700")
    finance.sync()
    finance.type(1, "department", "Sales", "month", "700")
    finance.type(2, *ANNOUNCED, "5000")
    outcome = finance.sync()
    assert outcome.job.desired.typed == ()  # type: ignore[union-attr]  # built by now
    assert (finance.cell(1, 2), finance.cell(2, 2)) == ("Sales", "Service")
    assert (budgeted(wallet), budgeted(wallet, "budget department Sales")) == (5000, 700)


def test_names_of_teams_and_slips_are_refused_with_what_was_meant(finance: Finance) -> None:
    """A team that app.yaml lacks, and a name with a typo, get a suggestion."""
    finance.type(1, "team", "Northern", "month", "5000")
    finance.type(2, "department", "Servcie", "month", "5000")
    finance.type(3, "department", "Logistics", "month", "5000")
    finance.type(4, "", "Service", "month", "5000")
    finance.type(5, "department", "", "month", "5000")
    finance.sync()
    assert 'of the team "Northern", which is not in app.yaml' in finance.state(1)
    assert finance.state(2).endswith("Did you mean Service?")
    assert finance.state(3).endswith("No export names department Logistics yet, so nothing counts against it.")
    assert "write team, department, agent or org" in finance.state(4)
    assert "without a name" in finance.state(5)


def test_readers_of_a_part_type_budgets_of_that_part_alone(finance: Finance, wallet: SmallWallet) -> None:
    """A spreadsheet of department Sales cannot set the budget of Service."""
    sales = Finance(wallet, finance.server, "sales", Scope(departments=("Sales",)))
    sales.sync()
    sales.type(1, *ANNOUNCED, "5000")
    sales.type(2, "everything", "", "year", "5000")
    sales.type(3, "department", "Sales", "month", "700")
    sales.sync()
    assert "this spreadsheet shows department Sales alone" in sales.state(1)
    assert "this spreadsheet shows department Sales alone" in sales.state(2)
    assert budgeted(wallet, "budget department Sales") == 700
    with wallet.warehouse.reading() as session:
        assert [one.budget.name for one in list_typed_budgets(session, wallet.context(ON))] == ["Sales"]


def test_a_dry_run_says_what_it_would_read_and_keeps_nothing(finance: Finance, wallet: SmallWallet) -> None:
    """Nothing is stored, and nothing is written."""
    finance.type(1, *ANNOUNCED, "5000")
    outcome = finance.sync(dry_run=True)
    assert outcome.job.desired.typed == ("department Service: $5,000.00 per month",)  # type: ignore[union-attr]  # built by now
    with wallet.warehouse.reading() as session:
        assert list_typed_budgets(session, wallet.context(ON)) == []
        assert not [one for one in deeds(session) if one.what == "changed"]


def test_what_is_typed_is_in_the_audit(finance: Finance, wallet: SmallWallet) -> None:
    """The audit log has the spreadsheet, and the budget before."""
    finance.type(1, *ANNOUNCED, "5000")
    finance.sync()
    finance.type(1, *ANNOUNCED, "6000")
    finance.sync(AT + timedelta(hours=1))
    with wallet.warehouse.reading() as session:
        said = [(one.who, one.about) for one in deeds(session) if one.what == "changed"]
    assert said == [
        ("people in plan", "budget of department Service: $6,000.00 per month, before $5,000.00 per month"),
        ("people in plan", "budget of department Service: $5,000.00 per month"),
    ]


def test_a_budget_from_a_later_day_waits_for_it(finance: Finance, wallet: SmallWallet) -> None:
    """Until then the earlier budget applies."""
    finance.type(1, *ANNOUNCED, "5000")
    finance.type(2, *ANNOUNCED, "9000", "", "", "2026-10-01")
    finance.sync()
    assert budgeted(wallet) == 5000
    assert finance.state(2) == "$9,000.00 per month from 1 Oct 2026 on."
    assert values(wallet.ask("budget department Service", date(2026, 10, 1)))["budget_usd"] == 9000


def test_readers_of_several_parts_see_the_budgets_of_each(finance: Finance, wallet: SmallWallet) -> None:
    """Budgets of two departments are shown to readers of both, and a third one's is not."""
    both = Finance(wallet, finance.server, "both", Scope(departments=("Sales", "Service")))
    both.sync()
    finance.type(1, "everything", "", "year", "9000")
    finance.sync()
    both.type(1, *ANNOUNCED, "5000")
    both.type(2, "department", "Sales", "month", "700")
    both.sync()
    both.sync()
    sheet = InProcess(both.server.service).read("both").sheets_of_ours["Budgets"]
    texts = {str(cell.entered) for cell in (sheet.cells or {}).values()}
    assert {"department Service", "department Sales"} <= texts
    assert "everything" not in texts


def test_a_file_shows_every_budget_that_holds(finance: Finance, wallet: SmallWallet) -> None:
    """The .xlsx has the budgets of app.yaml and the typed ones, each with where it is written."""
    wallet.configured(budgets=(Budget("department", "Sales", "quarter", "credits", Decimal(70_000)),))
    finance.type(1, *ANNOUNCED, "5000")
    finance.sync()
    sheet = workbook_of((), wallet.context(ON)).worksheet("Budgets")
    rows = [[sheet.cells[row, column].content for column in range(1, 9)] for row in (FIRST_ROW - 1, FIRST_ROW)]
    assert rows == [
        ["department", "Sales", "quarter", None, 70_000, None, None, "Written in app.yaml."],
        ["department", "Service", "month", 5_000, None, None, None, "Written in the spreadsheet plan."],
    ]
