"""The summary of the wallet: one page made of answers to other questions."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.answer.model import Answer
from core.config.loader import GrantInput
from core.config.teams import Team
from core.digests.next_steps import list_next_steps
from core.digests.wallet_summary import summarize_wallet
from core.errors import InputError
from core.language.parser import parse
from core.scope import Scope
from tests.fakes.small_wallet import SmallWallet

JULY = date(2026, 7, 1)
GRANT = GrantInput(Decimal(100_000), date(2026, 7, 1), date(2027, 7, 1), usd=Decimal(500))


def summary_of(small: SmallWallet, as_of: date) -> Answer:
    """Return the summary at the end of a day."""
    return summarize_wallet(small.context(as_of))


def rows(answer: Answer, key: str) -> list[tuple[object, ...]]:
    """Return the rows of a table, none if the answer has no such table."""
    return [tuple(row) for table in answer.tables if table.key == key for row in table.rows]


def test_a_month_is_compared_with_the_same_days_of_the_month_before(small: SmallWallet) -> None:
    """July takes 100 credits a day and the first ten days of August 150: 1,500 after 1,000, at half a cent."""
    small.grants_said(GRANT).days_of_use(JULY, *[100] * 31, *[150] * 10)
    answer = summary_of(small, date(2026, 8, 10))
    assert rows(answer, "spent") == [
        ("This month so far", date(2026, 8, 1), date(2026, 8, 10), Decimal("7.5"), Decimal(1500)),
        ("The same days of the month before", JULY, date(2026, 7, 10), Decimal(5), Decimal(1000)),
        ("The month before", JULY, date(2026, 7, 31), Decimal("15.5"), Decimal(3100)),
    ]
    changes = [answer.figure(key).value for key in ("spent_change_usd", "spent_change_percent")]
    assert changes == [Decimal("2.5"), Decimal(50)]


def test_a_whole_month_is_compared_with_a_whole_month(small: SmallWallet) -> None:
    """On 31 August there are no “same days” beside the whole month: 31 days of 150 after 31 of 100."""
    small.grants_said(GRANT).days_of_use(JULY, *[100] * 31, *[150] * 31)
    answer = summary_of(small, date(2026, 8, 31))
    assert [row[0] for row in rows(answer, "spent")] == ["This month", "The month before"]
    assert answer.figure("spent_change_percent").value == Decimal(50)


def test_a_month_that_the_data_begins_in_is_not_compared_with(small: SmallWallet) -> None:
    """Data from 5 July on does not cover July's first days, so August is not compared; July is shown as it is."""
    small.grants_said(GRANT).days_of_use(date(2026, 7, 5), *[100] * 27, *[150] * 10)
    answer = summary_of(small, date(2026, 8, 10))
    assert [(row[0], row[1]) for row in rows(answer, "spent")] == [
        ("This month so far", date(2026, 8, 1)),
        ("The month before", date(2026, 7, 5)),
    ]
    assert not [one for one in answer.figures if one.key.startswith("spent_change")]


def test_its_figures_are_those_of_the_wallet(small: SmallWallet) -> None:
    """No figure of the summary differs from that of the answer it comes from."""
    small.grants_said(GRANT).days_of_use(JULY, *[900] * 60)
    day = date(2026, 8, 29)
    wallet = {one.key: one for one in small.ask("wallet", day).figures}
    shared = [one for one in summary_of(small, day).figures if one.key in wallet]
    assert ([one for one in shared if one != wallet[one.key]], len(shared) > 15) == ([], True)


def test_of_the_levels_that_were_passed_the_highest_stands(small: SmallWallet) -> None:
    """Levels of 10 and 50 are open for one team: the summary shows 50 only, and what to do."""
    finance = Team("Finance", levels=(10, 50))
    small.grants_said(GRANT).configured(teams=(finance,))
    small.decides = lambda: datetime(2026, 8, 30, 8, tzinfo=UTC)
    small.days_of_use(JULY, *[900] * 60)
    answer = summary_of(small, date(2026, 8, 29))
    shown = [str(words) for words, *_ in rows(answer, "alerts") if "past the level" in str(words)]
    assert [text.partition("level of ")[2][:3] for text in shown] == ["50%"]
    assert rows(answer, "actions")


def test_without_alerts_the_pool_says_what_to_do(small: SmallWallet) -> None:
    """Ten credits a day last far beyond the term, so no decision is needed; a note says that no team is notified."""
    small.grants_said(GRANT).days_of_use(JULY, *[10] * 60)
    answer = summary_of(small, date(2026, 8, 29))
    assert "No decision is needed." in str(rows(answer, "actions"))
    assert "names no teams" in answer.notes[-1].text


def test_what_to_do_is_decided_once_for_every_surface(small: SmallWallet) -> None:
    """The steps on Slack's home page are those of the summary, each with the question that shows why."""
    finance = Team("Finance", levels=(10, 50))
    small.grants_said(GRANT).configured(teams=(finance,))
    small.decides = lambda: datetime(2026, 8, 30, 8, tzinfo=UTC)
    small.days_of_use(JULY, *[900] * 60)
    steps = list_next_steps(small.context(date(2026, 8, 29)))
    assert [(step.words,) for step in steps] == rows(summary_of(small, date(2026, 8, 29)), "actions")
    assert [bool(parse(step.question)) for step in steps] == [True] * len(steps) != []


def test_without_alerts_the_forecast_shows_why(small: SmallWallet) -> None:
    """The advice for the pool depends on when it runs out."""
    small.grants_said(GRANT).days_of_use(JULY, *[10] * 60)
    assert [step.question for step in list_next_steps(small.context(date(2026, 8, 29)))] == ["forecast"]


def test_old_data_is_to_be_renewed_first(small: SmallWallet) -> None:
    """A month after the last day of data, the first step is to import."""
    small.grants_said(GRANT).days_of_use(JULY, *[10] * 60)
    assert str(rows(summary_of(small, date(2026, 9, 29)), "actions")[0]).startswith("('Import the newest export")


def test_without_grants_they_are_to_be_entered(small: SmallWallet) -> None:
    """Without grants the rest is unknown, and the summary says what to enter."""
    small.days_of_use(JULY, *[10] * 60)
    answer = summary_of(small, date(2026, 8, 29))
    assert (answer.figure("remaining_credits").value, "contract.grants" in str(rows(answer, "actions"))) == (None, True)


def test_free_use_is_charted_in_credits(small: SmallWallet) -> None:
    """Weeks that cost nothing have no chart in dollars."""
    free = GRANT._replace(usd=Decimal(0))
    paid, given = (
        summary_of(small.grants_said(grant).days_of_use(JULY + timedelta(days=30 * nth), *[10] * 30), date(2026, 8, 29))
        for nth, grant in enumerate((GRANT, free))
    )
    assert [answer.charts[0].unit for answer in (paid, given)] == ["usd", "credits"]


def test_a_part_of_the_wallet_has_no_summary(small: SmallWallet) -> None:
    """Grants are not divided, so a caller with access to one department is told to ask about it."""
    from dataclasses import replace  # noqa: PLC0415 - this test's alone

    small.grants_said(GRANT).days_of_use(JULY, 10)
    with pytest.raises(InputError, match="only a part of it"):
        summarize_wallet(replace(small.context(), only=Scope(departments=("Service",))))
