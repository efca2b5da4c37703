"""Which grants exist: those of the ledger and of app.yaml, on the team's days, none counted twice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from core.config import GrantInput
from core.wallet.ledger.balance import OPEN_END, Grant
from core.wallet.ledger.grants import configured_grants, counted_grants, deduplicate_grants, ledger_grants, match_ledger_rows
from core.warehouse.queries import WalletGrantsRow

JULY, NEXT_JULY = date(2026, 7, 1), date(2027, 7, 1)
BERLIN, LOS_ANGELES = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Los_Angeles")


def row(start: datetime, end: datetime | None = None, kind: str = "", subtype: str = "") -> WalletGrantsRow:
    """Return a row of the ledger."""
    return WalletGrantsRow("g1", Decimal(1000), start, end, kind, subtype)


def at(*when: int) -> datetime:
    """Return an instant in UTC."""
    return datetime(*when, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year, month, day and so on


def grant(credits_granted: int = 1000, first: date = JULY, end: date = NEXT_JULY, usd: int | None = None) -> Grant:
    """Return a grant."""
    return Grant("one", Decimal(credits_granted), first, end, usd=None if usd is None else Decimal(usd))


@pytest.mark.parametrize(
    ("start", "zone", "first_day"),
    [
        (at(2026, 7, 1), UTC, JULY),
        (at(2026, 7, 1), LOS_ANGELES, JULY),
        (at(2026, 7, 1), BERLIN, JULY),
        (at(2026, 6, 30, 22), BERLIN, JULY),
        (at(2026, 6, 30, 21, 59), BERLIN, date(2026, 6, 30)),
        (at(2026, 7, 1, 7), LOS_ANGELES, JULY),
        (at(2026, 7, 1, 6, 59), LOS_ANGELES, date(2026, 6, 30)),
    ],
)
def test_a_grant_begins_on_the_team_s_day_of_its_first_instant(start: datetime, zone: ZoneInfo, first_day: date) -> None:
    """Midnight UTC is a day without a time and means that day everywhere; other instants belong to the team's day."""
    assert [one.first_day for one in ledger_grants([row(start)], zone)] == [first_day]


def test_a_grant_can_be_used_on_its_first_day_and_not_before() -> None:
    """The term is half-open: 1 July counts, 30 June does not; a year later 30 June counts, 1 July does not."""
    [found] = ledger_grants([row(at(2026, 7, 1), at(2027, 6, 30, 23, 59, 59))], UTC)
    days = [JULY - timedelta(days=1), JULY, NEXT_JULY - timedelta(days=1), NEXT_JULY]
    assert [found.holds_on(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("end", "zone", "day_after_last"),
    [
        (at(2027, 6, 30, 23, 59, 59), UTC, NEXT_JULY),
        (at(2027, 6, 30, 23, 59), LOS_ANGELES, NEXT_JULY),
        (at(2027, 7, 1), BERLIN, NEXT_JULY),
        (at(2027, 6, 30, 21, 59, 59), BERLIN, NEXT_JULY),
        (at(2027, 7, 1), LOS_ANGELES, NEXT_JULY),
        (at(2027, 6, 30, 12), UTC, date(2027, 6, 30)),
        (at(2027, 6, 30, 23, 58), UTC, date(2027, 6, 30)),
    ],
)
def test_a_term_that_ends_in_the_last_minute_of_a_day_ends_with_that_day(
    end: datetime, zone: ZoneInfo, day_after_last: date
) -> None:
    """In UTC and in the team's zone; one that ends at noon ends before that day."""
    assert [one.day_after_last for one in ledger_grants([row(at(2026, 7, 1), end)], zone)] == [day_after_last]


def test_a_row_without_an_end_is_open() -> None:
    """Its credits never expire."""
    [found] = ledger_grants([row(at(2026, 7, 1))], UTC)
    assert (found.name, found.credits, found.day_after_last) == ("g1", Decimal(1000), OPEN_END)


@pytest.mark.parametrize(
    ("kind", "subtype", "said", "usd"),
    [
        ("Purchase", "", "Purchase", None),
        ("Grant", "Foundations", "Grant, Foundations", Decimal(0)),
        ("REIMBURSEMENT", "", "REIMBURSEMENT", Decimal(0)),
        ("", "", "", None),
    ],
)
def test_foundations_and_reimbursements_cost_nothing(kind: str, subtype: str, said: str, usd: Decimal | None) -> None:
    """For other grants the ledger does not say what was paid."""
    [found] = ledger_grants([row(at(2026, 7, 1), None, kind, subtype)], UTC)
    assert (found.kind, found.usd) == (said, usd)


OFF = [-2, -1, 0, 1, 2]


@pytest.mark.parametrize("at_start", OFF)
@pytest.mark.parametrize("at_end", OFF)
def test_a_repeated_grant_is_known_by_its_term_give_or_take_a_day(at_start: int, at_end: int) -> None:
    """Time zones move a midnight by a day at most: a day's difference is the same grant, two days' is another."""
    said = grant(first=JULY + timedelta(days=at_start), end=NEXT_JULY + timedelta(days=at_end))
    is_same = abs(at_start) <= 1 and abs(at_end) <= 1
    assert deduplicate_grants([grant()], [said]) == (([], [said]) if is_same else ([said], []))


def test_other_credits_are_another_grant() -> None:
    """Even on the same days."""
    said = grant(1001)
    assert deduplicate_grants([grant()], [said]) == ([said], [])


def test_a_row_of_the_ledger_answers_for_one_grant_only() -> None:
    """Of two equal grants in app.yaml the first repeats the ledger's row, the second is an additional one."""
    first, second, ledger = grant(), grant(usd=5), grant()
    assert match_ledger_rows([ledger], [first, second]) == [(first, ledger)]
    new, repeated = deduplicate_grants([ledger], [first, second])
    assert (new, repeated) == ([second], [first])


def test_what_was_paid_for_a_repeated_grant_holds_for_the_row() -> None:
    """app.yaml knows the price and the ledger the grant; without a price in app.yaml the row keeps its own."""
    row_of_ledger, other = grant(), grant(500)
    assert counted_grants([row_of_ledger, other], [grant(usd=450)]) == ([grant(usd=450), other], [grant(usd=450)])
    assert counted_grants([grant(usd=0)], [grant()])[0] == [grant(usd=0)]
    assert counted_grants([], [grant(usd=7)]) == ([grant(usd=7)], [])


def said(label: str = "", kind: str = "", usd: int | None = None, card: str = "FlexCredits") -> GrantInput:
    """Return a grant of app.yaml."""
    return GrantInput(Decimal(10), JULY, NEXT_JULY, card, label, None if usd is None else Decimal(usd), kind)


def test_no_two_configured_grants_have_one_name() -> None:
    """A repeated label is numbered from 2; a grant without a label is named by its position in the file."""
    grants = [said("Top-up"), said("Top-up"), said(), said("Top-up"), said("Top-up (2)")]
    assert [one.name for one in configured_grants(grants, "FlexCredits")] == [
        "Top-up",
        "Top-up (2)",
        "app.yaml 3",
        "Top-up (3)",
        "Top-up (2) (2)",
    ]


def test_only_grants_of_the_card_count() -> None:
    """However its name is spaced."""
    grants = [said("ours", card="Flex Credits"), said("theirs", card="DataCloud")]
    assert [one.name for one in configured_grants(grants, "FlexCredits")] == ["ours"]


@pytest.mark.parametrize(
    ("one", "kind", "usd"),
    [
        (said("Foundations"), "app.yaml, free", Decimal(0)),
        (said("our foundations credits"), "app.yaml, free", Decimal(0)),
        (said("Foundations", "bought"), "app.yaml", None),
        (said("Foundations", usd=20), "app.yaml", Decimal(20)),
        (said("Promotion", "free"), "app.yaml, free", Decimal(0)),
        (said("Year", "bought", 900), "app.yaml", Decimal(900)),
        (said("Year"), "app.yaml", None),
    ],
)
def test_free_is_what_says_so(one: GrantInput, kind: str, usd: Decimal | None) -> None:
    """Or is named Foundations and does not say that it was bought; cost and term are taken as written."""
    [found] = configured_grants([one], "FlexCredits")
    assert (found.kind, found.usd, found.credits) == (kind, usd, Decimal(10))
    assert (found.first_day, found.day_after_last) == (JULY, NEXT_JULY)
