"""Converts simulated credits, floats, to exact ones: the only border, crossed once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def credits_by_stretch(paths: NDArray[np.float64], first_columns: Sequence[int]) -> list[list[Decimal]]:
    """Return for each path the whole credits of each stretch of days; a stretch ends where the next begins.

    paths: credits by path and day. first_columns: the start of each stretch, ascending, all within the days.
    """
    totals = np.add.reduceat(paths, np.asarray(first_columns), axis=1)
    return [[Decimal(used) for used in row] for row in np.rint(totals).astype(np.int64).tolist()]
