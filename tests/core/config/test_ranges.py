"""The range of a number, as surfaces use it in their own checks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.setting import Number

RANGES = [Number(above=0), Number(0), Number(0, maximum=100), Number(above=0, below=100), Number(above=0, maximum=50)]
ENDS = st.sampled_from([Decimal(text) for text in ("-1", "0", "0.01", "49.99", "50", "50.01", "99.99", "100", "100.01", "2500")])


@pytest.mark.parametrize(
    ("shape", "limits", "of_a_share"),
    [
        (Number(above=0), [">0"], [">0"]),
        (Number(0, maximum=100), [">=0", "<=100"], [">=0", "<=1"]),
        (Number(above=0, below=50), [">0", "<50"], [">0", "<0.5"]),
    ],
)
def test_a_range_is_written_as_comparisons(shape: Number, limits: list[str], of_a_share: list[str]) -> None:
    """For a percentage that a cell stores as a fraction of 1, the limits are divided by 100."""
    assert (shape.limits(), shape.limits(is_share=True)) == (limits, of_a_share)


@given(st.sampled_from(RANGES), ENDS)
def test_the_comparisons_take_what_the_range_takes(shape: Number, value: Decimal) -> None:
    """Comparisons and range agree at both ends, on both sides."""
    compared = {">": value.__gt__, ">=": value.__ge__, "<": value.__lt__, "<=": value.__le__}
    holds = [compared[limit.rstrip("0123456789.")](Decimal(limit.lstrip("<>="))) for limit in shape.limits()]
    assert all(holds) is shape.contains(value)
