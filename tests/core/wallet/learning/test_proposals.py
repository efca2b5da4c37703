"""A file of columns that nobody described: matched by name and content, shown with its first rows, imported as shown."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.config.loader import Config
from core.config.wallet import WalletSettings
from core.context import Context
from core.errors import ExportError
from core.wallet.ingest.pipeline import import_files
from core.wallet.learning.proposal import Proposal, Wishes, propose_profile
from core.warehouse.database import open_warehouse
from tests.fakes.small_wallet import TODAY

if TYPE_CHECKING:
    from pathlib import Path

DETAILED = """Date,Agent,Department,User,Action,Environment,Credits Consumed
2026-11-20,Returns Bot,Service,pat@northwind.example,Lookup Order,Production,20
2026-11-21,Returns Bot,Service,pat@northwind.example,Create Case,Production,40
2026-11-22,Sales Coach,Sales,kim@northwind.example,Draft Email,Sandbox,16
"""
GERMAN = "Usage Date;Agent Name;Credits\n20.11.2026;Returns Bot;1.240\n21.11.2026;Returns Bot;860\n22.11.2026;Sales Coach;120\n"
AMERICAN = 'Day,Flex Credits Used\n11/20/2026,"1,240"\n11/21/2026,860\n'


NO_WISHES = Wishes()


class Learner(NamedTuple):
    """Proposes how to read a text as a file, and imports it so."""

    folder: Path
    settings: WalletSettings

    def propose(self, text: str, wishes: Wishes = NO_WISHES, name: str = "usage.csv") -> Proposal:
        """Return the proposal."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        config = Config(wallet=self.settings, time_zone=self.settings.time_zone)
        return propose_profile(path, Context(TODAY, config, lambda: open_warehouse(self.folder / "w.duckdb")), wishes)

    def used(self, text: str, by: str, wishes: Wishes = NO_WISHES) -> dict[str, Decimal]:
        """Return the credits by a column of the wallet's use, once the file is imported as proposed."""
        proposal = self.propose(text, wishes)
        profiles = (proposal.profile,) if proposal.is_needed else ()
        with open_warehouse(self.folder / "w.duckdb") as warehouse:
            report = import_files(warehouse, [self.folder / "usage.csv"], self.settings._replace(profiles=profiles))
            assert not report.left_out
            rows = warehouse.execute(f"SELECT CAST({by} AS VARCHAR), sum(credits) FROM usage GROUP BY ALL")
        return dict(rows)


ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland")


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    """A team in Berlin, whose days are those of the file."""
    return Learner(tmp_path, WalletSettings(time_zone="Europe/Berlin"))


@pytest.mark.parametrize(
    ("text", "by", "expected"),
    [
        (DETAILED, "department", {"Service": 20 + 40, "Sales": 16}),
        (DETAILED, "agent", {"Returns Bot": 20 + 40, "Sales Coach": 16}),
        (DETAILED, "environment", {"production": 20 + 40, "sandbox": 16}),
        (DETAILED, "action", {"Lookup Order": 20, "Create Case": 40, "Draft Email": 16}),
        (DETAILED, "day", {"2026-11-20": 20, "2026-11-21": 40, "2026-11-22": 16}),
        (GERMAN, "agent", {"Returns Bot": 1_240 + 860, "Sales Coach": 120}),
        (GERMAN, "day", {"2026-11-20": 1_240, "2026-11-21": 860, "2026-11-22": 120}),
        (AMERICAN, "day", {"2026-11-20": 1_240, "2026-11-21": 860}),
    ],
)
def test_one_yes_brings_a_file_in(learner: Learner, text: str, by: str, expected: dict[str, int]) -> None:
    """Nothing has to be set first, and no row is left out."""
    assert learner.used(text, by) == expected


@pytest.mark.parametrize("zone", ZONES)
def test_days_are_the_days_of_the_file(tmp_path: Path, zone: str) -> None:
    """Whatever the team's zone is, and whatever it becomes."""
    learner = Learner(tmp_path, WalletSettings(time_zone=zone))
    assert learner.used(GERMAN, "day") == {"2026-11-20": 1_240, "2026-11-21": 860, "2026-11-22": 120}


def test_days_beside_times_of_the_clock_are_read_as_those_are(learner: Learner) -> None:
    """A report by day states its days bare, and when they were processed with a clock and no zone: both are read."""
    rows = "2026-11-20,2026-11-21 10:00,20,Alpha\n2026-11-21,2026-11-22 10:00,7,Alpha\n"
    text = f"Event Time,Processed Time,Units Consumed,Agent\n{rows}"
    berlin = learner._replace(settings=learner.settings._replace(export_time_zone="Europe/Berlin"))
    assert berlin.used(text, "day") == {"2026-11-20": 20, "2026-11-21": 7}


def shown(proposal: Proposal) -> dict[object, tuple[object, ...]]:
    """Return what is shown of each column."""
    return {row[0]: row[1:] for row in proposal.answer.table("columns").rows}


def test_three_rows_are_shown_as_they_would_be_read(learner: Learner) -> None:
    """Beside what the file says stands what it is read as, where that is not the same."""
    columns = shown(learner.propose(GERMAN))
    assert columns["Usage Date"][:2] == ("date", "20.11.2026 → 2026-11-20")
    assert columns["Credits"] == ("credits", "1.240 → 1,240", "860", "120")
    assert columns["Agent Name"] == ("agent", "Returns Bot", "Returns Bot", "Sales Coach")


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("Copilot", ("Alpha", "Beta", "Alpha"), "agent"),
        ("Who", ("Alpha", "Beta", "Alpha"), "agent"),
        ("Who", ("a@example.org", "b@example.org", "a@example.org"), "user"),
        ("Where", ("Production", "sandbox", "Production"), "environment"),
        ("Kostenstelle", ("4711 Vertrieb", "4712 Service", "4711 Vertrieb"), "department"),
        ("UseCase", ("Returns", "Billing", "Returns"), "use case"),
        ("Tenant", ("EMEA", "EMEA", "AMER"), "org"),
        ("Record ID", ("r1", "r2", "r3"), "id"),
        ("Remark", ("seen", "checked", "late"), "(kept as it is)"),
    ],
)
def test_columns_are_known_by_name_and_content(learner: Learner, header: str, cells: tuple[str, ...], field: str) -> None:
    """The header says it, or what stands below does: addresses are people, few names that come back are agents."""
    rows = "".join(f"2026-11-2{nth},{cell},{20 + nth}\n" for nth, cell in enumerate(cells))
    assert shown(learner.propose(f"When,{header},Points\n{rows}"))[header][0] == field


@pytest.mark.parametrize(
    ("header", "cells", "wishes", "expected"),
    [
        ("Actions", ("2", "3"), Wishes(), (2 + 3) * 20),
        ("Actions", ("2", "3"), Wishes(rate=Decimal(30)), (2 + 3) * 30),
        ("Cost", ("$0.30", "$1.50"), Wishes(), (Decimal("0.30") + Decimal("1.50")) / Decimal("0.005")),
        ("Spend (USD)", ("0.30", "1.50"), Wishes(rate=Decimal("0.006")), (Decimal("0.30") + Decimal("1.50")) / Decimal("0.006")),
        ("Points", ("2", "3"), Wishes(unit="actions"), (2 + 3) * 20),
        ("Points", ("2", "3"), Wishes(), 2 + 3),
    ],
)
def test_actions_and_dollars_become_credits(
    learner: Learner, header: str, cells: tuple[str, ...], wishes: Wishes, expected: Decimal
) -> None:
    """At the rate that is said, else 20 credits an action and half a cent a credit, as the price book has it."""
    rows = "".join(f"2026-11-2{nth},Alpha,{cell}\n" for nth, cell in enumerate(cells))
    assert learner.used(f"Day,Agent,{header}\n{rows}", "agent", wishes) == {"Alpha": expected}


def test_actions_are_counted_as_actions(tmp_path: Path) -> None:
    """What a file counts in actions is that many actions, not one a row."""
    learner = Learner(tmp_path, WalletSettings())
    proposal = learner.propose("Day,Agent,Actions\n2026-11-20,Alpha,7\n2026-11-21,Alpha,5\n")
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        import_files(warehouse, [tmp_path / "usage.csv"], learner.settings._replace(profiles=(proposal.profile,)))
        assert warehouse.execute("SELECT sum(actions), sum(credits) FROM usage") == [(7 + 5, (7 + 5) * 20)]


def test_users_say_which_column_is_what(learner: Learner) -> None:
    """Words of theirs, whatever the header: what is said goes before what is guessed."""
    text = "Zeit,Topf,Wer,Menge A,Menge B\n2026-11-20,Vertrieb,Alpha,1,20\n2026-11-21,Service,Alpha,2,40\n"
    said = Wishes({"Department": "topf", "agent": "Wer", "credits": "Menge B"})
    assert learner.used(text, "department", said) == {"Vertrieb": 20, "Service": 40}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Day,In,Out\n2026-11-20,1,2\n2026-11-21,3,4\n", "Several columns of usage.csv may hold the credits: In, Out"),
        ("Name,Credits\nAlpha,20\nBeta,30\n", "No column of usage.csv holds days or times"),
        ("Day,Name\n2026-11-20,Alpha\n2026-11-21,Beta\n", "No column of usage.csv holds numbers of credits"),
        ("Day,Cost (EUR)\n2026-11-20,1.50\n2026-11-21,2.25\n", "money other than dollars"),
        ("hello\nworld\n", "no table with a header"),
        ("Day,Credits (K)\n2026-11-20,1.2\n2026-11-21,2.25\n", "thousands or millions"),
        ("Day,Cumulative Credits\n2026-11-20,100\n2026-11-21,250\n", "No column of usage.csv holds numbers of credits"),
        ("Day,Credits Left\n2026-11-20,900\n2026-11-21,750\n", "No column of usage.csv holds numbers of credits"),
    ],
)
def test_what_cannot_be_told_is_asked(learner: Learner, text: str, said: str) -> None:
    """Nothing is guessed where two columns are as likely, or none is."""
    with pytest.raises(ExportError, match=said.replace("(", r"\(")):
        learner.propose(text)


def test_what_is_asked_can_be_answered(learner: Learner) -> None:
    """With the column that the question asks for, the file comes in."""
    text = "Day,In,Out\n2026-11-20,1,2\n2026-11-21,3,4\n"
    assert learner.used(text, "day", Wishes({"credits": "Out"})) == {"2026-11-20": 2, "2026-11-21": 4}


def test_a_column_that_is_not_there_is_said(learner: Learner) -> None:
    """With the columns that there are."""
    with pytest.raises(ExportError, match='no column "Bot"'):
        learner.propose(GERMAN, Wishes({"agent": "Bot"}))


def test_known_exports_need_no_profile(learner: Learner) -> None:
    """What the import reads without being told is not written into app.yaml."""
    text = "Id,Event Time,Units Consumed,Agent\ne1,2026-11-20T10:00:00Z,20,Alpha\ne2,2026-11-21T10:00:00Z,40,Beta\n"
    assert not learner.propose(text).is_needed


def test_a_profile_is_not_taken_for_other_exports(tmp_path: Path) -> None:
    """A profile that counts dollars leaves an export of the wallet alone, which has one of its columns."""
    learner = Learner(tmp_path, WalletSettings())
    proposal = learner.propose("Event Time,Spend,Agent\n2026-11-20,$1.50,Alpha\n2026-11-21,$2.50,Alpha\n")
    export = tmp_path / "events.csv"
    export.write_text("Id,Event Time,Units Consumed,Agent\ne1,2026-11-20T10:00:00Z,20,Alpha\n", encoding="utf-8")
    with open_warehouse(tmp_path / "w.duckdb") as warehouse:
        report = import_files(warehouse, [export], learner.settings._replace(profiles=(proposal.profile,)))
        assert report.files[0].profile == "events"
        assert warehouse.execute("SELECT sum(credits) FROM usage") == [(20,)]


def test_a_second_profile_gets_a_name_of_its_own(learner: Learner) -> None:
    """The same file again is the same profile; another file of the same name is another one."""
    first = learner.propose(GERMAN).profile
    again = learner._replace(settings=learner.settings._replace(profiles=(first,)))
    assert again.propose(GERMAN).profile == first
    assert again.propose(AMERICAN).profile.name == "usage_2"


ONE_DAY = "all credits of one would count on one day"
PERIODS = {
    "2026-08": "2026-09",
    "Aug 2026": "Sep 2026",
    "August 2026": "Okt 2026",
    "08/2026": "09/2026",
    "2026-W45": "2026-W46",
    "KW 45 2026": "KW 46 2026",
    "Q3 2026": "Q4 2026",
    "2026-Q3": "2026-Q4",
}


@pytest.mark.parametrize(("first", "second"), PERIODS.items())
def test_sums_of_longer_than_a_day_are_refused(learner: Learner, first: str, second: str) -> None:
    """Credits of a month do not land on one day: the refusal says why, and names two commands that lead on."""
    with pytest.raises(ExportError, match=ONE_DAY) as refused:
        learner.propose(f"When,Agent,Credits\n{first},Returns Bot,12400\n{second},Sales Coach,8600\n")
    assert str(refused.value).count("agentcost import --learn usage.csv") == 2


@pytest.mark.parametrize("header", ["Month", "Monat", "Kalenderwoche KW", "Year"])
def test_a_header_of_periods_says_so_too(learner: Learner, header: str) -> None:
    """Numbers under a header of months or weeks are no days."""
    with pytest.raises(ExportError, match=ONE_DAY):
        learner.propose(f"{header},Agent,Credits\n8,Returns Bot,12400\n9,Sales Coach,8600\n")


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("Month", "2026-08-01|2026-09-01"),
        ("Monat", "01.08.2026|01.09.2026|01.10.2026"),
        ("Week starting", "2026-11-02|2026-11-09|2026-11-16"),
        ("Week of", "11/02/2026|11/09/2026"),
        ("Quarter", "2026-07-01|2026-10-01"),
        ("Week", "2026-11-02"),
    ],
)
def test_days_that_stand_for_longer_are_refused(learner: Learner, header: str, rows: str) -> None:
    """A header of weeks over days a week apart: each row is a week's sum, unless somebody says that it is a day's."""
    text = f"{header},Agent,Credits\n" + "".join(f"{day},Returns Bot,100\n" for day in rows.split("|"))
    with pytest.raises(ExportError, match=ONE_DAY):
        learner.propose(text)
    assert learner.propose(text, Wishes({"date": header})).answer.figure("rows_read").value == len(rows.split("|"))


def test_rows_of_spans_are_refused(learner: Learner) -> None:
    """From and to differ, so a row is a sum; where they are the same day, it is a day's."""
    spans = "From,To,Agent,Credits\n2026-11-01,2026-11-30,Bot,12000\n2026-10-01,2026-10-31,Bot,11000\n"
    with pytest.raises(ExportError, match=f"From to To of usage.csv .* {ONE_DAY}"):
        learner.propose(spans)
    days = "From,To,Agent,Credits\n2026-11-03,2026-11-03,Bot,120\n2026-11-04,2026-11-04,Bot,110\n"
    assert learner.used(days, "agent") == {"Bot": 230}


@pytest.mark.parametrize(
    "text",
    [
        "Agent,Jan 2026,Feb 2026,Mar 2026\nReturns Bot,1200,1300,1250\n",
        "Agent,2026-11-20,2026-11-21,Total\nReturns Bot,120,130,250\n",
        "Sum of Credits,Column Labels,,\nRow Labels,2026-09,2026-10,Grand Total\nService,100,200,300\n",
        "Abteilung;KW 45 2026;KW 46 2026\nService;1200;1300\n",
    ],
)
def test_a_column_for_each_day_or_month_is_refused_as_such(learner: Learner, text: str) -> None:
    """A pivoted table is named, with what to make of it; no column of it is taken for the date."""
    with pytest.raises(ExportError, match="has a column for each day or month"):
        learner.propose(text)


@pytest.mark.parametrize("days", ["20.11.|21.11.", "Nov 20|Nov 21", "11/20|11/21", "20 November|21 November"])
def test_days_without_a_year_are_refused_as_such(learner: Learner, days: str) -> None:
    """No year is guessed."""
    text = "Date,Agent,Credits\n" + "".join(f"{day},Returns Bot,120\n" for day in days.split("|"))
    with pytest.raises(ExportError, match=r"Date of usage\.csv holds days without a year"):
        learner.propose(text)


def test_credits_bought_are_no_use(learner: Learner) -> None:
    """A list of orders is not imported as use; it says where grants are written."""
    with pytest.raises(ExportError, match=r"counts credits that were bought, not used.*contract\.grants"):
        learner.propose("Order Date,Credits Purchased,Price\n2026-07-01,5000000,25000\n2026-10-14,1000000,5000\n")


def test_a_total_beside_is_no_money(learner: Learner) -> None:
    """160 + 168 credits of two days."""
    text = "Date,Returns Bot,Sales Coach,Total\n2026-11-20,120,40,160\n2026-11-21,130,38,168\n"
    assert learner.propose(text).answer.headline.startswith("usage.csv can be read as use by day: 2 rows, 328 credits")


@pytest.mark.parametrize("name", ["Bot 390", "Oct 12", "Ada 20"])
def test_a_name_with_a_number_is_a_name(learner: Learner, name: str) -> None:
    """Three letters before a number are a currency only where they are one."""
    text = f"When,Who,Points\n2026-11-20,{name},40\n2026-11-21,{name},20\n2026-11-22,Sales Coach,7\n"
    assert learner.used(text, "agent")[name] == 60


@pytest.mark.parametrize(("rows", "is_warned"), [("2026-08-01|2026-09-01", True), ("2026-08-01|2026-08-02", False)])
def test_days_that_begin_months_are_doubted(learner: Learner, rows: str, is_warned: bool) -> None:  # noqa: FBT001 - a case
    """A spreadsheet writes a month as its first day; whoever says yes has read what that does."""
    text = "".join(f"{day},Returns Bot,100\n" for day in rows.split("|"))
    notes = learner.propose(f"Posted,Agent,Credits\n{text}").answer.notes
    assert any("first of a month" in note.text and note.kind == "warning" for note in notes) == is_warned


def test_a_column_for_each_agent_is_refused_as_such(learner: Learner) -> None:
    """No agent's column is taken for all of the credits; the way on is named."""
    with pytest.raises(ExportError, match="If each is an agent's, write the names into one column") as refused:
        learner.propose("Date,Returns Bot,Sales Coach\n2026-11-01,1240,120\n2026-11-02,860,140\n")
    assert str(refused.value).count("agentcost import --learn usage.csv") == 2


@pytest.mark.parametrize("total", ["Total,,2100", "Grand Total,,2100", "Summe,,2100"])
def test_totals_are_no_rows(learner: Learner, total: str) -> None:
    """Title lines above and a total below hide no day and add no credit."""
    text = f"Agent usage report\n\nDate,Agent,Credits\n2026-11-20,Alpha,1240\n2026-11-21,Beta,860\n{total}\n"
    assert learner.propose(text).answer.headline.startswith("usage.csv can be read as use: 2 rows, 2,100 credits")


@pytest.mark.parametrize("header", ["Squad", "Business unit", "Geschäftsbereich", "Team", "Cost center"])
def test_departments_are_known_by_many_names(learner: Learner, header: str) -> None:
    """Whoever pays is found by the words of companies."""
    proposal = learner.propose(f"Date,Bot,{header},Credits\n2026-11-20,Alpha,Service,20\n2026-11-21,Beta,Sales,40\n")
    assert proposal.profile.columns["department"] == header


HEADERS = st.permutations(["Happened", "Assistant", "Squad", "Points", "Stage"])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    HEADERS,
    st.lists(
        st.tuples(st.sampled_from(["Alpha", "Beta"]), st.sampled_from(["Sales", "HR"]), st.integers(1, 9_999)),
        min_size=2,
        max_size=9,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_any_order_of_columns(
    tmp_path_factory: pytest.TempPathFactory, order: list[str], rows: list[tuple[str, str, int]], mark: str
) -> None:
    """Where a column stands makes no difference: each agent has its credits."""
    learner = Learner(tmp_path_factory.mktemp("learn"), WalletSettings())
    lines = [mark.join(order)]
    for nth, (agent, squad, used) in enumerate(rows):
        cells = {
            "Happened": f"2026-11-{nth + 1:02}",
            "Assistant": agent,
            "Squad": squad,
            "Points": str(used),
            "Stage": "Production",
        }
        lines.append(mark.join(cells[header] for header in order))
    wishes = Wishes({"department": "Squad"})
    assert learner.used("\n".join([*lines, ""]), "agent", wishes) == {
        agent: sum(used for other, _, used in rows if other == agent) for agent, _, _ in rows
    }
