"""What a person wrote about an agent stays with that agent; the harness tries it for hundreds of days."""

from __future__ import annotations

import pytest

from tests.harness.days_of_a_spreadsheet import Person, live


@pytest.mark.parametrize("seed", [11, 12])
def test_what_is_meant_keeps_its_meaning(seed: int) -> None:
    """Over ten days of changing ranks, names, inserted and deleted rows, formulas, notes, colours and protections keep theirs."""
    found, looks = live(Person(seed), 10)
    assert found == []
    assert min(looks[kind] for kind in ("formula", "note", "colour", "protection")) > 5
