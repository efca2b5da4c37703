"""The block to buy ahead has the lowest expected cost of all blocks, for any demand and price steps."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from core.pricing.purchase import (
    BlockTerms,
    Demand,
    GrantSlice,
    PackPrice,
    cheapest_packs,
    cost,
    critical_ratio,
    expected_cost,
    intervals,
    rule_of_thumb_packs,
    shortfall,
    worst_cost,
)
from core.pricing.quantities import Credits, Usd, UsdPerCredit

PACK = Credits(Decimal(100_000))
DEMANDS = st.lists(st.integers(0, 3_000_000).map(Decimal), min_size=1, max_size=25)
USD = st.decimals("100", "900", places=2)


def sold(pack_usd: str | Decimal = "500", overage_usd_per_pack: str | Decimal = "700", *tiers: tuple[int, Decimal]) -> BlockTerms:
    """Return terms with one price and tiers above it; the overage price is per pack-sized number of credits."""
    prices = {1: Decimal(pack_usd)} | dict(tiers)
    return BlockTerms(
        PACK,
        tuple(PackPrice(packs, Usd(prices[packs])) for packs in sorted(prices)),
        UsdPerCredit(Decimal(overage_usd_per_pack) / PACK.count),
    )


@settings(max_examples=200, deadline=None)
@given(DEMANDS, USD, USD, st.lists(st.tuples(st.integers(2, 25), USD), max_size=3))
def test_the_block_is_the_cheapest_of_every_pack_count(
    years: list[Decimal], pack: Decimal, over: Decimal, tiers: list[tuple[int, Decimal]]
) -> None:
    """An exhaustive search finds no number of packs with a lower average cost; among equally cheap ones the smallest wins."""
    demand, terms = Demand(years), sold(pack, over, *tiers)
    by_force = min(range(35), key=lambda packs: (_average(packs, years, terms), packs))
    assert cheapest_packs(demand, terms) == by_force


def _average(packs: int, years: list[Decimal], terms: BlockTerms) -> Decimal:
    return sum((cost(packs, Credits(used), terms).count for used in years), Decimal(0)) / len(years)


@settings(max_examples=200, deadline=None)
@given(DEMANDS, st.integers(0, 35), USD, USD)
def test_the_expected_cost_is_the_mean_of_the_years(years: list[Decimal], packs: int, pack: Decimal, over: Decimal) -> None:
    """The result of the sorted sums equals the average of each year's own cost."""
    terms = sold(pack, over)
    assert abs(expected_cost(packs, Demand(years), terms).count - _average(packs, years, terms)) < Decimal("1e-15")


@settings(max_examples=200, deadline=None)
@given(DEMANDS, st.integers(101, 899).map(Decimal))
def test_the_block_holds_the_newsvendor_s_quantile(years: list[Decimal], pack: Decimal) -> None:
    """With one price, the block is the demand's quantile at 1 − p/g, up to rounding to whole packs."""
    demand, terms = Demand(years), sold(pack, "900")
    packs = cheapest_packs(demand, terms)
    target = demand.quantile(critical_ratio(terms, packs))
    assert abs(terms.block(packs).count - target.count) < PACK.count


def test_overage_at_the_contract_rate_makes_buying_ahead_gain_nothing() -> None:
    """If credits beyond the block cost the same as in it, no pack is bought."""
    terms = sold("500", "500")
    assert (cheapest_packs(Demand([Decimal(2_000_000)]), terms), terms.overage_pays()) == (0, True)


def test_certain_demand_is_bought_to_the_pack_that_pays() -> None:
    """1,280,000 credits: the last pack at $500 pays off, since its 80,000 credits cost $560 as overage."""
    assert cheapest_packs(Demand([Decimal(1_280_000)]), sold()) == 13


def test_a_rest_too_small_for_a_pack_is_left_to_overage() -> None:
    """1,210,000 credits: 10,000 cost $70 as overage, and a pack $500."""
    assert cheapest_packs(Demand([Decimal(1_210_000)]), sold()) == 12


def test_a_tier_pays_packs_that_are_not_needed() -> None:
    """At 20 packs each costs $300: 20 × 300 = $6,000 beats 18 × 500 = $9,000 although two packs expire."""
    assert cheapest_packs(Demand([Decimal(1_800_000)]), sold("500", "700", (20, Decimal(300)))) == 20


def test_the_rule_of_thumb_is_eighty_percent_of_what_is_projected() -> None:
    """80 % of a mean of 1,500,000 credits are 12 packs."""
    assert rule_of_thumb_packs(Demand([Decimal(1_000_000), Decimal(2_000_000)]), PACK) == 12


def test_the_worst_tenth_of_a_commitment_owes_it_in_each_year() -> None:
    """Of the worst ten years in a hundred, five use 10 M and five nothing but owe the committed 1 M: 5.5 M on average."""
    years = Demand([Decimal(0)] * 95 + [Decimal(10_000_000)] * 5)
    assert years.worst(Decimal("0.1"), Credits(Decimal(1_000_000))) == Credits(Decimal(5_500_000))


def test_the_worst_tenth_is_the_mean_of_the_dearest_years() -> None:
    """The dearest of ten years has 1,000,000 credits: a pack for $500 and 900,000 credits of overage for $6,300."""
    years = [Decimal(100_000)] * 9 + [Decimal(1_000_000)]
    assert worst_cost(1, Demand(years), sold(), Decimal("0.1")) == Usd(Decimal(6_800))


def test_unused_credits_are_what_the_block_leaves() -> None:
    """A block of 200,000 leaves 100,000 unused in one of two years and nothing in the other."""
    assert Demand([Decimal(100_000), Decimal(300_000)]).expected_unused(PACK * 2) == Credits(Decimal(50_000))


def test_grants_are_used_only_within_their_days_what_ends_first_first() -> None:
    """100 until March and 50 from March on cover 60, then 50 of 90: 40 are missing, though 40 had expired."""
    first, march, end = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)
    lots = [GrantSlice(Decimal(50), march, date(2027, 1, 1)), GrantSlice(Decimal(100), date(2025, 1, 1), march)]
    days = intervals(lots, first, end)
    assert days == [first, march, end]
    assert shortfall([Decimal(60), Decimal(90)], days[:-1], lots) == Decimal(40)


def test_of_grants_that_overlap_the_one_that_ends_first_is_used_first() -> None:
    """60 credits come from the grant that ends in March, so the other grant covers 100 of the 120 afterwards."""
    first, march, end = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)
    lots = [GrantSlice(Decimal(100), first, date(2027, 1, 1)), GrantSlice(Decimal(100), first, march)]
    assert shortfall([Decimal(60), Decimal(120)], intervals(lots, first, end)[:-1], lots) == Decimal(20)


def test_the_order_of_drawing_decides_what_expires() -> None:
    """Of two lots of 100, the lower turn goes first though it lasts longer: the other expires, and only 40 of 120 are covered."""
    first, march, end = date(2026, 1, 1), date(2026, 3, 1), date(2027, 1, 1)
    lots = [GrantSlice(Decimal(100), first, march, turn=1), GrantSlice(Decimal(100), first, end)]
    assert shortfall([Decimal(60), Decimal(120)], intervals(lots, first, end)[:-1], lots) == Decimal(80)


def test_what_is_taken_back_comes_out_of_the_lot_of_its_own_end() -> None:
    """70 are taken back from the longer lot, although the other ends first: 100 and then 30 cover 130 of 100 and 60."""
    first, march, end = date(2026, 1, 1), date(2026, 3, 1), date(2027, 1, 1)
    lots = [
        GrantSlice(Decimal(100), first, march),
        GrantSlice(Decimal(100), first, end),
        GrantSlice(Decimal(-70), first, end),
    ]
    assert shortfall([Decimal(100), Decimal(60)], intervals(lots, first, end)[:-1], lots) == Decimal(30)


def test_overage_pays_by_the_rate_with_nothing_bought_ahead() -> None:
    """Beyond a block of ten packs, a credit costs the block's pack rate; without a block, the single pack's rate."""
    tiers = (PackPrice(1, Usd(Decimal(500))), PackPrice(10, Usd(Decimal(400))))
    assert not BlockTerms(PACK, tiers, None).overage_pays()
    assert BlockTerms(PACK, tiers[:1], None).overage_pays()
    assert BlockTerms(PACK, tiers, None, contracted=(PackPrice(1, Usd(Decimal(390))),)).overage_pays()


def test_what_will_be_taken_back_covers_nothing_from_its_day() -> None:
    """Of 100 credits, 70 are taken back in March: they cover 20 before and 10 after."""
    first, march, end = date(2026, 1, 1), date(2026, 3, 1), date(2027, 1, 1)
    lots = [GrantSlice(Decimal(100), first, end), GrantSlice(Decimal(-70), march, end)]
    assert shortfall([Decimal(20), Decimal(50)], intervals(lots, first, end)[:-1], lots) == Decimal(40)
