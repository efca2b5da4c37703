"""Times as Salesforce's locales and other programs write them: each gives the instant that it states."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.wallet.ingest.values import is_time, iso_time, unclear_zone

TEN = "2026-07-13T10:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "13. července 2026 v 10:00",
        "13 июл. 2026 г., 10:00",
        "13.07.2026 г., 10:00 ч.",
        "13 лип. 2026 р., 10:00",
        "13 Tem 2026 10:00",
        "2026. júl. 13. 10:00",
        "13 Ιουλ 2026, 10:00 π.μ.",
        "13 iul. 2026, 10:00",
        "10:00 13/7/2026",
        "13 thg 7, 2026 10:00",
        "13 juli 2026 om 10:00",
        "13 luglio 2026 alle ore 10:00",
        "13. juli 2026 kl. 10.00",
        "13 lipca 2026, 10:00",
        "١٣/٧/٢٠٢٦ ١٠:٠٠ ص",
        "13/7/2569, 10:00",
        "13 ก.ค. 2569 10:00 น.",
        "令和8年7月13日 10:00",
        "20260713 10:00",
        "Mon Jul 13 10:00:00 2026",
        "Mo 13.07.2026 10:00",
        "Mo. 13.7.2026 10:00",
        "Montag, 13. Juli 2026 10:00",
        "lun 13/07/2026 10:00",
        "lundi 13 juillet 2026 10:00",
    ],
)
def test_a_local_time(text: str) -> None:
    """A Thai year counts from 543 years before; a Japanese era from its own first year."""
    assert iso_time(text, "day_first") == TEN


@pytest.mark.parametrize(
    "text",
    [
        "Mon Jul 13 03:00:00 PDT 2026",
        "2026-07-13T12:00:00+02:00[Europe/Berlin]",
        "07/13/2026 03:00 AM (GMT-07:00) Pacific Daylight Time (America/Los_Angeles)",
        "2026-07-13 10:00:00 Coordinated Universal Time",
        "1783936800",
        "1783936800000",
        "1783936800000000",
        "1783936800000000000",
    ],
)
def test_a_time_that_states_its_zone(text: str) -> None:
    """10:00 UTC is 3:00 in Los Angeles and 12:00 in Berlin in July; Unix times count from 1970."""
    found = iso_time(text, "month_first")
    assert found
    assert datetime.fromisoformat(found).astimezone(UTC) == datetime(2026, 7, 13, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [("13-Jul-2026 15:30 IST", "Asia/Kolkata", "+05:30"), ("13 July 2026 at 11:00:00 BST", "Europe/London", "+01:00")],
)
def test_a_zone_whose_name_several_have(text: str, place: str, expected: str) -> None:
    """It is a time, but only a setting says in which zone, and only a zone with this name."""
    assert is_time(text)
    assert iso_time(text, "day_first") is None
    assert iso_time(text, "day_first", "Asia/Tokyo") is None
    assert (iso_time(text, "day_first", place) or "").endswith(expected)
    assert unclear_zone(text) == text.rsplit(maxsplit=1)[-1]


@pytest.mark.parametrize(
    "text", ["13 lip 2026 10:00", "13 foo 2026 10:00", "13/13/2026 10:00", "2026-W29-1T10:00Z", "10:00", "20"]
)
def test_what_is_no_time(text: str) -> None:
    """The month `lip` is July in Polish and June in Croatian: it is not guessed."""
    assert not is_time(text)


def test_a_march_is_no_tuesday() -> None:
    """`mar` before a bare day is the month; before a day and a month it is mardi, or martes."""
    assert iso_time("mar 3 2026 10:00", "day_first") == "2026-03-03T10:00:00"
    assert iso_time("mar 03/11/2026 10:00", "day_first") == "2026-11-03T10:00:00"
