"""Refusals: short in every form, with as much of the question and of its suggestions as there is room for."""

import json

from hypothesis import given
from hypothesis import strategies as st

from core.errors import REFUSAL_LIMIT, QuestionError, cut_around
from sheets_addin.api.problems import body_of

TEXTS = st.text(max_size=900)


@st.composite
def errors(draw: st.DrawFn) -> QuestionError:
    """Draw a wrong question, long or short, with or without suggestions."""
    question = draw(TEXTS)
    start = draw(st.integers(0, len(question)))
    end = draw(st.integers(start, len(question)))
    suggestions = draw(st.lists(st.text(min_size=1, max_size=300), max_size=3))
    return QuestionError(draw(st.text(min_size=1, max_size=300)), question, start, end, suggestions)


@given(errors())
def test_a_refusal_has_at_most_500_characters_in_every_form(error: QuestionError) -> None:
    """As a sentence, as JSON, and as a problem over HTTP."""
    forms = (str(error), json.dumps(error.to_json(), ensure_ascii=False), body_of(422, str(error), error).decode())
    assert [len(form) for form in forms if len(form) > REFUSAL_LIMIT] == []


@given(errors())
def test_what_is_left_of_a_refusal_is_true(error: QuestionError) -> None:
    """The position lies within the quoted part of the question, and suggestions are never cut."""
    told = error.to_json()
    question, start, end, suggestions = (told[key] for key in ("question", "start", "end", "suggestions"))
    assert isinstance(question, str)
    assert isinstance(start, int)
    assert isinstance(end, int)
    assert 0 <= start <= end <= len(question)
    assert isinstance(suggestions, list)
    assert tuple(suggestions) == error.suggestions[: len(suggestions)]


def test_a_short_refusal_is_whole() -> None:
    """Ordinary refusals are not cut at all."""
    error = QuestionError("I don't know “2oo”", "breakeven 2oo users", 10, 13, ["breakeven 200 users"])
    assert str(error) == "I don't know “2oo” in: breakeven 2oo users. Did you mean: breakeven 200 users?"
    assert error.to_json() == {
        "error": str(error),
        "question": "breakeven 2oo users",
        "start": 10,
        "end": 13,
        "suggestions": ["breakeven 200 users"],
    }


def test_a_long_text_is_cut_around_the_place() -> None:
    """Of a thousand letters the marked ones stay, with dots on both sides and a new position."""
    text, start, end = cut_around("a" * 500 + "HERE" + "b" * 500, 500, 504, 50)
    assert (len(text), text[start:end], text[0], text[-1]) == (50, "HERE", "…", "…")
