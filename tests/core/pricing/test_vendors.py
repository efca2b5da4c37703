"""Other vendors: every price has a source and a day, and a year costs what the vendor bills."""

from datetime import date
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.pricing.plans import PLANS
from core.pricing.quantities import Actions, Interactions, Seats
from core.pricing.vendor_costs import price_vendor_year, vendor_refusal, vendor_use
from core.pricing.vendor_prices import (
    VENDORS,
    VendorOffer,
    VendorPrice,
    VendorPricesError,
    offers_without_price,
    read_vendor_files,
    vendor_offers,
    vendor_words,
)
from core.pricing.workload import Workload

LAST_READ = date(2026, 11, 30)
ROW = """
vendor = "Acme"
words = ["acme"]

[[offer]]
key = "acme"
label = "Acme"
unit = "resolutions"
counts = { resolutions = "1" }
billable = "a resolution"

[[offer.price]]
usd = "0.50"
kind = "transcribed"
valid_from = 2026-09-20
read_on = 2026-11-30

[[offer.price.source]]
title = "Acme's page"
url = "https://acme.example/pricing"
dated = 2026-09-20
"""
UNPRICED = """
vendor = "Acme"
words = ["acme"]

[[unpriced]]
key = "acme"
label = "Acme"
reason = "no published price"
read_on = 2026-11-30

[[unpriced.source]]
title = "Acme's page"
url = "https://acme.example/pricing"
dated = 2026-09-20
"""


def problems_of(folder: Path, text: str) -> str:
    """Return the problems of a vendor's file, empty for none."""
    (folder / "acme.toml").write_text(text, encoding="utf-8")
    try:
        read_vendor_files(folder)
    except VendorPricesError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "text", [ROW, UNPRICED, *(ROW.replace('unit = "', f'audience = "{one}"\nunit = "') for one in ("customers", "employees"))]
)
def test_a_row_with_source_and_day_lands(tmp_path: Path, text: str) -> None:
    """A row that says where and when it was read is accepted."""
    assert problems_of(tmp_path, text) == ""


@pytest.mark.parametrize(
    ("text", "changed", "to", "told"),
    [
        (ROW, 'title = "Acme\'s page"\n', "", "a source has no title"),
        (ROW, 'url = "https://acme.example/pricing"\n', "", "a source has no url"),
        (ROW, "https://acme", "ftp://acme", "is not an https:// address"),
        (ROW, "dated = 2026-09-20\n", "", "a source has no dated"),
        (ROW, ROW[ROW.index("[[offer.price.source]]") :], "", "a price has no source"),
        (ROW, "read_on = 2026-11-30\n", "", "a price has no read_on"),
        (ROW, "read_on = 2026-11-30", "read_on = 2026-01-01", "before the 2026-09-20 from which it holds"),
        (ROW, "read_on = 2026-11-30", 'read_on = "yesterday"', "write a day"),
        (ROW, "valid_from = 2026-09-20\n", "", "a price has no valid_from"),
        (ROW, "valid_from = 2026-09-20", "valid_from = 2026-09-20\nvalid_until = 2026-09-20", "comes after 2026-09-20"),
        (ROW, 'kind = "transcribed"', 'kind = "heard"', "kind is heard"),
        (ROW, 'usd = "0.50"', "usd = 0.50", "write a number above 0 as text"),
        (ROW, 'usd = "0.50"', 'usd = "-1"', "write a number above 0 as text"),
        (ROW, 'usd = "0.50"\n', "", "a price has no usd"),
        (ROW, 'usd = "0.50"', 'usd = "0.50"\nper = "call"', "has per, which nothing reads"),
        (ROW, 'resolutions = "1" }', 'calls = "1" }', "counts has calls"),
        (ROW, 'resolutions = "1" }', 'resolutions = "0" }', "counts.resolutions is '0'"),
        (ROW, 'billable = "a resolution"\n', "", "has no billable"),
        (ROW, 'unit = "resolutions"\n', 'unit = "resolutions"\naudience = "all"\n', "audience is all"),
        (ROW, 'words = ["acme"]\n', "", "the file has no words"),
        (ROW, 'key = "acme"\n', "", "an offer has no key"),
        (ROW, ROW[ROW.index("[[offer.price]]") :], "", "has no price"),
        (ROW, "dated = 2026-09-20", 'dated = "2026-09-20"', "write a day"),
        (UNPRICED, 'reason = "no published price"\n', "", "has no reason"),
        (UNPRICED, "read_on = 2026-11-30\n", "", "has no read_on"),
        (UNPRICED, UNPRICED[UNPRICED.index("[[unpriced.source]]") :], "", "has no source"),
        (UNPRICED, "read_on = 2026-11-30", "read_on = 2026-09-19", "cannot have been read"),
        (UNPRICED, UNPRICED[UNPRICED.index("[[unpriced]]") :], "", "it offers nothing"),
    ],
)
def test_a_row_that_nobody_can_check_does_not_land(tmp_path: Path, text: str, changed: str, to: str, told: str) -> None:
    """A file without source or day, or with unknown fields, is rejected with a reason."""
    assert changed in text
    assert told in problems_of(tmp_path, text.replace(changed, to, 1))


def test_prices_of_one_offer_do_not_overlap(tmp_path: Path) -> None:
    """There is one price per day: an older one must end before the next begins."""
    price = ROW[ROW.index("[[offer.price]]") :]
    assert "begins before the one before it ends" in problems_of(tmp_path, ROW + price)
    ended = ROW.replace("read_on = 2026-11-30", "valid_until = 2026-10-01\nread_on = 2026-11-30")
    later = price.replace("valid_from = 2026-09-20", "valid_from = 2026-10-01")
    assert problems_of(tmp_path, ended + later) == ""


def test_one_key_stands_in_one_file(tmp_path: Path) -> None:
    """No two vendors share a key."""
    (tmp_path / "other.toml").write_text(ROW, encoding="utf-8")
    assert "acme appears in two places" in problems_of(tmp_path, ROW)


def test_every_vendor_that_people_ask_about_is_in_the_book() -> None:
    """Each has a price, or is listed as having no sourced price."""
    assert set(vendor_words()) == {"ada", "amazon", "decagon", "eesel", "google", "intercom", "microsoft", "zendesk"}
    assert {offer.vendor for offer in vendor_offers()} == set(vendor_words()) - {"ada", "decagon"}
    assert {offer.vendor for offer in offers_without_price()} >= {"ada", "decagon"}


def test_words_of_vendors_are_each_ones_own() -> None:
    """No word means two vendors, or a vendor and a plan."""
    words = [word for said in vendor_words().values() for word in said]
    plans = {word for plan in PLANS.values() for word in plan.words}
    assert len(words) == len(set(words))
    assert plans & set(words) == set()


@pytest.mark.parametrize("offer", vendor_offers(), ids=lambda offer: offer.key)
def test_a_price_was_read_in_two_places_by_today(offer: VendorOffer) -> None:
    """A price that is ranked next to a contract has two sources, neither from the future."""
    for price in offer.prices:
        assert len(set(price.sources)) >= 2
        assert price.dated <= price.read_on <= LAST_READ


def test_the_folder_is_read_as_it_stands() -> None:
    """Every file in the folder is a vendor; none is ignored."""
    assert sorted(path.stem for path in VENDORS.glob("*.toml")) == sorted(vendor_words())


AMOUNTS = st.integers(0, 10**6).map(Decimal)
RATES = st.decimals("0.001", 400, places=3)
PRICES = st.builds(
    VendorPrice,
    usd=RATES,
    kind=st.just("transcribed"),
    valid_from=st.just(LAST_READ),
    valid_until=st.none(),
    sources=st.just(()),
    urls=st.just(()),
    dated=st.just(LAST_READ),
    read_on=st.just(LAST_READ),
    pack=st.none() | st.integers(1, 50_000).map(Decimal),
    minimum=st.integers(0, 1000).map(Decimal),
    included=st.integers(0, 1000).map(Decimal),
    fee_usd=st.integers(0, 1000).map(Decimal),
)


def month_by_month(price: VendorPrice, months: list[Decimal]) -> Decimal:
    """Return the cost of months with given billed units: the test's own sum, month by month."""
    total = Decimal(0)
    for units in months:
        billed = units - price.included if units > price.included else Decimal(0)
        billed = max(billed, price.minimum)
        if price.pack is not None:
            packs = (billed / price.pack).to_integral_value(ROUND_CEILING)
            total += packs * price.usd
        else:
            total += billed * price.usd
        total += price.fee_usd
    return total


@given(PRICES, AMOUNTS, st.integers(0, 100), st.integers(0, 20), st.sampled_from([Decimal(0), Decimal("0.05")]))
def test_a_year_is_twelve_months_as_the_vendor_bills_them(
    price: VendorPrice, interactions: Decimal, resolved: int, messages: int, growth: Decimal
) -> None:
    """Minimums, included units, packs and fees apply per month, growing or not; doubled means twice the usage."""
    offer = VendorOffer(
        "acme", "Acme", "acme", "Acme", None, "units", {"resolutions": Decimal(2), "messages": Decimal("0.5")}, "", "", (price,)
    )
    load = Workload(interactions_per_year=Interactions(interactions * 12), growth=growth)
    share = Decimal(resolved) / Decimal(100)
    cost = price_vendor_year(offer, price, vendor_use(load, share, Decimal(messages)))
    each = interactions * share * 2 + interactions * messages / 2
    months = [each * (1 + growth) ** month for month in range(12)]
    near = Decimal("1e-12")
    assert abs(cost.usd_per_year - month_by_month(price, months)) <= near * max(Decimal(1), cost.usd_per_year)
    doubled = month_by_month(price, [month * 2 for month in months])
    assert abs(cost.if_doubled.count - doubled) <= near * max(Decimal(1), doubled)


@pytest.mark.parametrize(
    ("price", "growth", "terms"),
    [
        ({}, "0", "12,000 units × $2.00"),
        ({"fee_usd": "50"}, "0", "$50.00 × 12 + 12,000 units × $2.00"),
        ({"pack": "300"}, "0", "1,000 units a month, so 4 packs of 300 × $2.00 × 12"),
        ({"included": "100"}, "0", "10,800 units − 100 included a month × $2.00"),
        ({"minimum": "1500"}, "0", "18,000 units, at least 1,500 a month, × $2.00"),
        ({}, "0.1", "twelve months, each 10% above the one before, at $2.00 each"),
        ({"pack": "300"}, "0.1", "twelve months, each 10% above the one before, at $2.00 for 300 units"),
    ],
)
def test_the_sum_is_written_out(price: dict[str, str], growth: str, terms: str) -> None:
    """The written-out sum shows billed and free units, packs, fees and growth."""
    amounts: dict[str, Any] = {name: Decimal(value) for name, value in price.items()}
    sold = VendorPrice(Decimal(2), "transcribed", LAST_READ, None, (), (), LAST_READ, LAST_READ)._replace(**amounts)
    offer = VendorOffer("acme", "Acme", "acme", "Acme", None, "units", {"interactions": Decimal(1)}, "", "", (sold,))
    load = Workload(interactions_per_year=Interactions(Decimal(12_000)), growth=Decimal(growth))
    assert price_vendor_year(offer, sold, vendor_use(load, None, None)).terms == terms


def test_all_that_is_missing_is_said() -> None:
    """Several missing drivers are listed in one sentence."""
    one = Decimal(1)
    offer = VendorOffer("acme", "Acme", "acme", "Acme", None, "units", {"resolutions": one, "messages": one}, "", "", ())
    load = Workload(interactions_per_year=Interactions(Decimal(12)))
    refusal = vendor_refusal(offer, load, vendor_use(load, None, None), LAST_READ) or ""
    assert [part.split(":")[0] for part in refusal.split("; ")] == ["billed by resolutions", "billed by messages"]


def test_seats_are_paid_by_the_month_and_do_not_grow() -> None:
    """A seat costs twelve monthly prices, whatever the volume."""
    price = VendorPrice(Decimal(30), "transcribed", LAST_READ, None, (), (), LAST_READ, LAST_READ)
    offer = VendorOffer("acme", "Acme", "acme", "Acme", "employees", "users", {"seats": Decimal(1)}, "", "", (price,))
    load = Workload(actions_per_year=Actions(Decimal(100)), seats=Seats(Decimal(50)), growth=Decimal("0.1"))
    cost = price_vendor_year(offer, price, vendor_use(load, None, None))
    assert (cost.usd_per_year, cost.if_doubled.count) == (Decimal(50 * 30 * 12), Decimal(50 * 30 * 12))


@pytest.mark.parametrize(
    ("load", "resolved", "messages", "day", "told"),
    [
        (Workload(interactions_per_year=Interactions(Decimal(12))), None, None, LAST_READ, "add `resolved 60%`"),
        (
            Workload(interactions_per_year=Interactions(Decimal(12)), audience="employees"),
            Decimal(1),
            None,
            LAST_READ,
            "customers only",
        ),
        (Workload(interactions_per_year=Interactions(Decimal(12))), Decimal(1), None, date(2020, 1, 1), "no price was read"),
        (Workload(interactions_per_year=Interactions(Decimal(12))), Decimal(1), None, LAST_READ, ""),
    ],
)
def test_a_vendor_that_cannot_be_priced_says_why(
    load: Workload, resolved: Decimal | None, messages: Decimal | None, day: date, told: str
) -> None:
    """The reason is a missing driver, the vendor's audience, or the lack of a price for that day."""
    fin = next(one for one in vendor_offers() if one.key == "intercom_fin")
    refusal = vendor_refusal(fin, load, vendor_use(load, resolved, messages), day)
    assert (told in refusal) if told and refusal is not None else refusal is None
