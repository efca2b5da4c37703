"""The contract's prices by order size."""

import pytest

from core.pricing.volume_tiers import tier_problems


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ([10, 50], []),
        ([10, 50, 10], [10]),
        ([50, 10, 50, 10, 10], [10, 50]),
    ],
)
def test_a_size_of_order_has_one_price(sizes: list[int], told: list[int]) -> None:
    """A duplicate size is reported once, smallest first."""
    problems = tier_problems([{"packs": size, "usd_per_pack": 400} for size in sizes])
    assert [int(problem.split()[2]) for problem in problems] == told


@pytest.mark.parametrize("raw", ["10 packs", None, [10, "x"], [{"packs": "ten"}, {"packs": "ten"}]])
def test_another_shape_is_left_to_the_schema(raw: object) -> None:
    """Anything but a list of tiers is reported once, by the schema."""
    assert list(tier_problems(raw)) == []
