"""Files mutated at random: every total is right, or the import says that something is wrong."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.warehouse.database import open_warehouse
from tests.harness.mutated_exports import draw_deliveries, judge

if TYPE_CHECKING:
    import pytest


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
@example(seed=20065)  # one umlaut in GB18030
@example(seed=510089)  # Chinese names that read as Korean
@example(seed=700137)  # a Japanese name in a Chinese encoding
@example(seed=600165)  # a total of thousandths in a file with a decimal comma
def test_a_mutated_export_is_never_silently_wrong(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Encodings, separators, locales, titles, footers, keys, archives and overlaps, crossed at random."""
    events, deliveries = draw_deliveries(Random(seed))
    folder = tmp_path_factory.mktemp("mutated")
    with open_warehouse(folder / "w.duckdb") as warehouse:
        verdict, why = judge(warehouse, folder, events, deliveries)
    assert verdict != "WRONG", (why, [delivery.made for delivery in deliveries])
