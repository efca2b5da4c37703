"""What the templates do to a text."""

import pytest

from bot.page.templating import mark_code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("say `by day`, `by week`", "say <code>by day</code>, <code>by week</code>"),
        ("`<b>` & <i>", "<code>&lt;b&gt;</code> &amp; &lt;i&gt;"),
        ("one ` alone", "one ` alone"),
    ],
)
def test_words_between_backticks_are_code_and_nothing_else_is(text: str, expected: str) -> None:
    """What stands in names or questions can mark nothing up."""
    assert mark_code(text) == expected
