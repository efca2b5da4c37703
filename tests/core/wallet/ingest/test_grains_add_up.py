"""For any events, hours and days, in any order and zone, the most complete rows count, and breakdowns add up."""

import csv
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.config.wallet import WalletSettings
from core.wallet.ingest.pipeline import import_files
from core.warehouse.database import Warehouse, open_warehouse

FIRST = datetime(2026, 7, 13, tzinfo=UTC)
ENVIRONMENTS = ("production", "sandbox")
CARDS = ("FlexCredits", "FlexCredits", "FlexCredits", "Other")  # mostly one card on two days, so that exports overlap
ZONES = ("UTC", "Europe/Berlin", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/St_Johns")
HEADERS = {
    "event": "id__c,eventtime__c,unitsconsumed__c,usagebusinessenvtype__c,carddefinitiondevelopername__c,"
    "rootresourceidorapiname__c,usagereportingorgid__c,userid__c,usagevalue__c",
    "hour": "id__c,usagehourbucket__c,unitsconsumed__c,businessenvtype__c,carddefinitiondevelopername__c,"
    "resourceidorapiname__c,usageconsumed__c",
    "day": "id__c,utilizationdate__c,unitsconsumed__c,usagebusinessenvtype__c,carddefinitiondevelopername__c,"
    "usagetypedevelopername__c,usageconsumed__c",
}


class Row(NamedTuple):
    """A row of an export: instant, credits, environment, card."""

    grain: str
    hours: int  # after the first midnight, UTC
    credits: int
    environment: str
    card: str

    @property
    def instant(self) -> datetime:
        """Return the instant in UTC; events lie half an hour after the hour."""
        return FIRST + timedelta(hours=self.hours, minutes=30 if self.grain == "event" else 0)

    def cells(self, file: int, number: int) -> list[str]:
        """Return the row as its export writes it."""
        when = self.instant.date().isoformat() if self.grain == "day" else f"{self.instant:%Y-%m-%dT%H:%M:%SZ}"
        named = {"event": [("A", "B", "")[number % 3], "", "U1" if number % 2 else "", "1"], "hour": ["Get_Cases", "1"]}
        return [f"{file}-{number}", when, str(self.credits), self.environment, self.card, *named.get(self.grain, ["", "1"])]


def of_grain(grain: str) -> st.SearchStrategy[list[Row]]:
    """Draw the rows of one grain."""
    step = 24 if grain == "day" else 1
    return st.lists(
        st.builds(
            Row,
            st.just(grain),
            st.integers(0, 47).map(lambda hour: hour // step * step),
            st.sampled_from([1, 20, 199, 200, 1200]),
            st.sampled_from(ENVIRONMENTS),
            st.sampled_from(CARDS),
        ),
        max_size=6,
    )


def without_environments(rows: list[Row]) -> list[Row]:
    """Return the rows of an export without environments."""
    return [row._replace(environment="") for row in rows]


def assume_default_card(drawn: Mapping[str, list[Row]]) -> None:
    """Skip exports without a row of the default card: their one other card would be taken for it."""
    rows = [row for rows in drawn.values() for row in rows]
    assume(not rows or any(row.card == "FlexCredits" for row in rows))


def more_complete(finer: Mapping[str, Decimal], coarser: Mapping[str, Decimal], tolerance: Decimal) -> dict[str, Decimal]:
    """Return what counts on a card's day by environment, '' for an unknown one: the finer rows and what they lack."""
    lacks = (
        {"": sum(coarser.values()) - sum(finer.values())}
        if "" in {*finer, *coarser}
        else {name: held - finer.get(name, 0) for name, held in coarser.items()}
    )
    of = {"": sum(coarser.values())} if "" in lacks else coarser
    counted = defaultdict(Decimal, finer)
    for name, more in lacks.items():
        if more > 0 and more * 100 > of[name] * tolerance:
            counted[name] += more
    return dict(counted)


def expected_totals(rows: Iterable[Row], tolerance: Decimal) -> dict[tuple[str, date], Decimal]:
    """Return the total of each card's day, with days of UTC."""
    held: dict[tuple[str, date], dict[str, dict[str, Decimal]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
    for row in rows:
        held[row.card, row.instant.date()][row.grain][row.environment] += row.credits
    totals = {}
    for key, grains in held.items():
        counted: Mapping[str, Decimal] = {}
        for grain in ("event", "hour", "day"):
            counted = more_complete(counted, grains.get(grain, {}), tolerance)
        totals[key] = sum(counted.values(), Decimal(0))
    return totals


@contextmanager
def wallet_of(exports: list[list[Row]], zone: str, tolerance: Decimal) -> Iterator[Warehouse]:
    """Return a new wallet after importing each export, in this order."""
    with tempfile.TemporaryDirectory() as folder, open_warehouse(Path(folder) / "wallet.duckdb") as warehouse:
        for path in written(exports, Path(folder)):
            import_files(warehouse, [path], WalletSettings(time_zone=zone, grain_tolerance_percent=tolerance))
        yield warehouse


def written(exports: list[list[Row]], folder: Path) -> list[Path]:
    """Write each export that has rows into a file of its own."""
    paths = []
    for number, rows in enumerate(export for export in exports if export):
        paths.append(folder / f"{number}.csv")
        with paths[-1].open("w", newline="") as file:
            file.write(HEADERS[rows[0].grain] + "\n")
            csv.writer(file).writerows(row.cells(number, nth) for nth, row in enumerate(rows))
    return paths


def total(rows: Iterable[Mapping[str, Any]]) -> Decimal:
    """Return the credits of a query's rows."""
    return sum((row["credits"] for row in rows), Decimal(0))


@st.composite
def exports_of_a_card(draw: st.DrawFn) -> dict[str, list[Row]]:
    """Draw exports of each grain; if only two have rows, one of them may lack environments."""
    found = {grain: draw(of_grain(grain)) for grain in HEADERS}
    blank = draw(st.sampled_from(["none", "all", *HEADERS]))
    if blank in HEADERS and all(found.values()):
        found[draw(st.sampled_from(sorted(HEADERS)))] = []
    return {grain: without_environments(rows) if blank in {grain, "all"} else rows for grain, rows in found.items()}


@settings(max_examples=25, deadline=None)
@given(
    drawn=exports_of_a_card(),
    zone=st.sampled_from(ZONES),
    tolerance=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(10)]),
    data=st.data(),
)
def test_totals_are_the_most_complete_and_breakdowns_add_up(
    drawn: dict[str, list[Row]], zone: str, tolerance: Decimal, data: st.DataObject
) -> None:
    """The oracle compares the exports of each card's day by hand; every breakdown of a card adds up to its total."""
    assume_default_card(drawn)
    expected = expected_totals((row for rows in drawn.values() for row in rows), tolerance)
    events = drawn["event"]
    exports = data.draw(st.permutations([events[::2], events[1::2], drawn["hour"], drawn["day"]]))
    with wallet_of(exports, zone, tolerance) as wallet:
        for card in ("FlexCredits", "Other"):
            of_card = sum((found for (name, _), found in expected.items() if name == card), Decimal(0))
            assert {total(rows) for rows in breakdowns(wallet, card)} == {of_card}
        if zone == "UTC":
            assert by_local_day(wallet) == expected
        elif not drawn["hour"]:
            assert by_local_day(wallet) == expected_by_local_day(events, expected, zone)


@settings(max_examples=10, deadline=None)
@given(
    drawn=st.fixed_dictionaries({grain: of_grain(grain) for grain in HEADERS}),
    blank=st.sampled_from(sorted(HEADERS)),
    data=st.data(),
)
def test_no_export_is_above_the_total_in_any_order(drawn: dict[str, list[Row]], blank: str, data: st.DataObject) -> None:
    """With three grains, one without environments, the total is at least each one's, and the same in any order."""
    assume_default_card(drawn)
    exports = [without_environments(rows) if grain == blank else rows for grain, rows in drawn.items()]
    with (
        wallet_of(exports, "Asia/Kolkata", Decimal(0)) as wallet,
        wallet_of(data.draw(st.permutations(exports)), "Asia/Kolkata", Decimal(0)) as other,
    ):
        for card in ("FlexCredits", "Other"):
            held = [sum(row.credits for row in rows if row.card == card) for rows in exports]
            (counted,) = {total(rows) for rows in breakdowns(wallet, card)}
            assert max(held) <= counted <= sum(held)
        state = "SELECT * FROM usage_rollup ORDER BY ALL"
        assert wallet.execute(state) == other.execute(state)


def breakdowns(wallet: Warehouse, card: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the usage of a card by each kind of name."""
    days = {"before_first_day": date(2026, 7, 1), "first_day": date(2026, 7, 1), "day_after_last": date(2026, 8, 1)}
    filters = dict.fromkeys(("environment", "org", "agent", "department"))
    for by in ("agent", "action", "department", "use case", "environment", "org", "type"):
        yield wallet.query("usage_by_name", by=by, card=card, grain=None, **days, **filters)
    yield wallet.query("usage_by_user", card=card, **days, **filters)


def by_local_day(wallet: Warehouse) -> dict[tuple[str, date], Decimal]:
    """Return the credits of each card on the team's days, without empty days."""
    found = wallet.execute("SELECT card, day, sum(credits) FROM usage GROUP BY card, day")
    return {(card, day): used for card, day, used in found if used}


def expected_by_local_day(
    events: list[Row], expected: Mapping[tuple[str, date], Decimal], zone: str
) -> dict[tuple[str, date], Decimal]:
    """Return events on the team's day of their instant, and what they lack on the wallet's day of that name."""
    found: dict[tuple[str, date], Decimal] = defaultdict(Decimal, expected)
    for row in events:
        found[row.card, row.instant.date()] -= row.credits
        found[row.card, row.instant.astimezone(ZoneInfo(zone)).date()] += row.credits
    return {key: used for key, used in found.items() if used}
