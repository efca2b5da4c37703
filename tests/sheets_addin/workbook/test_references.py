from __future__ import annotations

import pytest

from sheets_addin.workbook.references import same_formula, translate


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("B2+C10", "C3+D11"),
        ("SUM($B$2:B$9)", "SUM($C$3:C$10)"),
        ('IF(A1="A1 and users",users,0)', 'IF(B2="A1 and users",agentcost_users,0)'),
        ("users_per_month+LOG10(2)", "users_per_month+LOG10(2)"),
        ("AZ7", "BA8"),
    ],
)
def test_references_move_and_texts_do_not(text: str, wanted: str) -> None:
    """Moved one row down and one column right, every reference moves; names, functions and texts stay; one name is replaced."""
    assert translate(text, lambda row: row + 1, lambda column: column + 1, {"users": "agentcost_users"}) == wanted


def test_a_place_that_is_gone_is_an_error() -> None:
    """A reference to a deleted row is written as Google writes it."""
    assert translate("A1+A2", {0: 0}.get, {0: 0}.get) == "A1+#REF!"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("sum(a1, b1)", "SUM(A1,B1)", True), ('"a b"', '"ab"', False), ('"A"', '"a"', False), ("A1", "A2", False)],
)
def test_spaces_and_case_do_not_make_a_formula_another(one: str, other: str, *, same: bool) -> None:
    """Formulas are compared without spacing and case, except inside texts."""
    assert same_formula(one, other) is same
