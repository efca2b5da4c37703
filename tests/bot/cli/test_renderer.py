"""An answer in the terminal: the headline first, nothing left out, and nothing that could move the cursor."""

from datetime import date
from decimal import Decimal

from bot.cli.renderer import MAX_ROWS, Look, render, render_whole
from core.answer.model import Answer, Column, Figure, Note, Source, Table

DAY = date(2026, 11, 21)
COLUMNS = (
    Column("agent", "Agent", "text"),
    Column("credits", "Credits", "credits"),
    Column("raw", "Raw", "text", is_detail=True),
)


def answer(rows: tuple[tuple[str, Decimal, str], ...]) -> Answer:
    """Return an answer with one figure, one absent figure, a table, a note and a source."""
    return Answer(
        question="usage by agent",
        title="Usage",
        headline="Sales used most.",
        as_of=DAY,
        figures=(
            Figure("used_credits", "Used", Decimal("1234.5"), "credits"),
            Figure("change_percent", "Change", None, "percent"),
        ),
        tables=(Table("usage", "By agent", COLUMNS, rows),),
        arithmetic=("1 + 1 = 2",),
        notes=(Note("warning", "Mind this."),),
        sources=(Source("A guide", DAY), Source("Our own sums", None)),
    )


def test_the_whole_answer_is_said() -> None:
    """Headline, figures, table, sums, notes and sources, in this order."""
    assert render_whole(answer((("Sales", Decimal(1000), "x"),))).splitlines() == [
        "Sales used most.",
        "",
        "  Used  1,234.5 credits",
        "",
        "By agent",
        "  Agent  Credits",
        "  ─────  ───────",
        "  Sales    1,000",
        "",
        "How",
        "  1 + 1 = 2",
        "",
        "Notes",
        "  Warning: Mind this.",
        "",
        "Sources",
        "  A guide (read 21 Nov 2026)",
        "  Our own sums",
        "",
        "As of 21 Nov 2026. Asked: usage by agent",
    ]


def test_a_long_table_is_cut_and_says_so() -> None:
    """The first rows are shown, and how many more there are."""
    text = render_whole(answer(tuple((f"agent {n}", Decimal(n), "x") for n in range(MAX_ROWS + 7))))
    assert "… 7 more rows: --json shows all" in text


def test_a_name_from_an_export_cannot_command_the_terminal() -> None:
    """Escape sequences in an agent's name are shown as replaced characters."""
    named = answer((("\x1b]0;owned\x07\x1b[31mred", Decimal(1), "x"),))
    assert "\x1b" not in render(named) + render_whole(named)


def test_a_long_name_is_wrapped_inside_its_column() -> None:
    """Numbers stay in their column however long a name is."""
    lines = render_whole(answer((("n" * 300, Decimal(1), "x"), ("short", Decimal(22), "x"))), Look(60)).splitlines()
    assert max(map(len, lines)) <= 60
    ends = {line.rstrip()[-2:] for line in lines if line.rstrip().endswith((" 1", "22"))}
    assert ends == {" 1", "22"}
