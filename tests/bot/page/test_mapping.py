"""Which column holds what: what a form shows is what it brings back, and what makes no sense is told."""

from decimal import Decimal

import pytest

from bot.page.mapping import blank_form, form_of, sent_form, wishes_in
from core.config import GenericProfile
from core.errors import InputError

HEADERS = ("Wann", "Wer", "Punkte", "Bereich")
PROFILE = GenericProfile("own", "events", {"date": "Wann", "credits": "Punkte", "agent": "Wer"}, unit="actions", rate=Decimal(20))


def test_a_form_comes_back_as_it_was_shown() -> None:
    """Columns, unit and rate; a column that holds nothing stays so, and nothing else is guessed."""
    shown = form_of(PROFILE, HEADERS)
    sent = {f"column-{place}": one.word for place, one in enumerate(shown.columns)} | {"unit": shown.unit, "rate": shown.rate}
    wishes = wishes_in(sent_form(sent, HEADERS))
    assert wishes.fields == PROFILE.columns
    assert (wishes.unit, wishes.rate, wishes.like, wishes.is_whole) == ("actions", Decimal(20), None, True)


def test_words_of_others_are_left_out() -> None:
    """What no list of the form offers, as another site or an old page may send, chooses nothing."""
    sent = {"column-0": "date", "column-1": "DROP TABLE", "column-9": "agent", "unit": "euros", "like": "balances"}
    form = sent_form(sent, HEADERS)
    assert [one.word for one in form.columns] == ["date", "", "", ""]
    assert (form.unit, form.like) == ("", "")


def test_two_columns_for_one_field_are_told_apart() -> None:
    """Both are named."""
    form = sent_form({"column-1": "agent", "column-3": "agent"}, HEADERS)
    with pytest.raises(InputError, match="Wer and Bereich are both mapped to the agent"):
        wishes_in(form)


@pytest.mark.parametrize("rate", ["twenty", "0", "-1", "NaN", "Infinity", "1e999999"])
def test_a_rate_is_a_number_above_nothing(rate: str) -> None:
    """What is none is repeated, with what would be one."""
    form = blank_form(HEADERS)._replace(rate=rate)
    with pytest.raises(InputError, match="is not a rate"):
        wishes_in(form)
