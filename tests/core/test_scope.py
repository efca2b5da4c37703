"""One scope for teams, tokens, spreadsheets and queries, and one comparison of names for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.scope import EVERYTHING, NAME_KINDS, OutsideScopeError, Scope, find_alike, plain_name

NAMES = st.sampled_from(["Sales", "Field Service", "Field_Service", "HR", "Straße", "Büro", "Bu\u0308ro"])
SEVERAL = st.lists(NAMES, max_size=3, unique=True).map(tuple)
CARDS, GRAINS = st.sampled_from(["", "FlexCredits", "Data Services"]), st.sampled_from(["", "event", "day"])
SCOPES = st.builds(Scope, st.lists(NAMES, max_size=1).map(tuple), SEVERAL, SEVERAL, CARDS, st.just(""), GRAINS)


def respell(name: str) -> str:
    """Write a name as people do: in capitals, with underscores for spaces."""
    return name.upper().replace(" ", "_")


def respell_all(scope: Scope) -> Scope:
    """Write every name of a scope in another way."""
    return scope.with_names({kind: map(respell, scope.names(kind)) for kind in NAME_KINDS})._replace(card=respell(scope.card))


@given(SCOPES, SCOPES)
def test_spelling_decides_nothing(one: Scope, other: Scope) -> None:
    """A scope covers another one in any spelling of either."""
    assert one.covers(other) == respell_all(one).covers(other) == one.covers(respell_all(other))


def limits_of(scope: Scope) -> list[tuple[str, ...]]:
    """Return the names of each kind, and the card and the grain if there are any."""
    return [*(scope.names(kind) for kind in NAME_KINDS), *((one,) if one else () for one in (scope.card, scope.grain))]


@given(SCOPES, SCOPES)
def test_what_is_narrowed_lies_within_both(one: Scope, asked: Scope) -> None:
    """The result lies within the scope and within what was asked, or a name that is outside is refused."""
    own, named = (limits_of(scope) for scope in (one, asked))
    if any(mine and not find_alike(name, mine) for mine, theirs in zip(own, named, strict=True) for name in theirs):
        with pytest.raises(OutsideScopeError):
            one.narrow(asked)
        return
    found = one.narrow(asked)
    assert one.covers(found)
    assert asked.covers(found)
    assert one.narrow(found) == found


@given(SCOPES, SCOPES, SCOPES)
def test_covering_is_an_order(one: Scope, other: Scope, third: Scope) -> None:
    """Every scope covers itself, everything covers all scopes, and covering is transitive."""
    assert one.covers(one)
    assert EVERYTHING.covers(one)
    assert one.covers(third) or not (one.covers(other) and other.covers(third))


@given(SCOPES, st.sampled_from(NAME_KINDS), NAMES)
def test_a_name_is_contained_where_a_scope_of_it_is_covered(one: Scope, kind: str, name: str) -> None:
    """`contains` asks about one name what `covers` asks about scopes."""
    named = EVERYTHING.with_names({other: one.names(other) for other in NAME_KINDS}).with_names({kind: [name]})  # type: ignore[dict-item]
    assert one.contains(kind, name) == one._replace(card="", grain="").covers(named)  # type: ignore[arg-type]


@given(SCOPES)
def test_the_parts_of_a_scope_are_its_combinations_of_names(one: Scope) -> None:
    """Two departments and three agents are six parts, each within the scope and each fit for a query."""
    parts = one.parts()
    assert len(parts) == max(len(one.orgs), 1) * max(len(one.departments), 1) * max(len(one.agents), 1)
    assert len(set(parts)) == len(parts)
    assert all(one.covers(part) and part.parts() == [part] for part in parts)
    assert {part.parameter("department") for part in parts} == set(one.departments or (None,))


def test_a_query_takes_one_name() -> None:
    """Several names are no parameter: taking the first would silently drop the others."""
    with pytest.raises(ValueError, match="one department, not Sales, HR"):
        Scope(departments=("Sales", "HR")).parameters()


@given(NAMES, st.lists(NAMES, unique=True))
def test_a_name_stands_for_the_one_that_is_spelled_so_else_for_all_alike(name: str, known: list[str]) -> None:
    """Two spellings in the exports are two names for who writes one of them, and one name for who writes neither."""
    alike = [one for one in known if plain_name(one) == plain_name(name)]
    assert find_alike(name, known) == ([name] if name in known else alike)


@pytest.mark.parametrize("blank", ["", "_", " "])
def test_a_blank_name_stands_for_none(blank: str) -> None:
    """Usage without a department belongs to no department, whatever is written for it."""
    assert find_alike(blank, ["Sales", "__"]) == []
    assert not Scope(departments=("_",)).contains("department", "")
