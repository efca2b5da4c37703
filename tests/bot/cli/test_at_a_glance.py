"""Every answer at first sight: within its lines, no line too long, and no decisive difference rounded away."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.cli.main import main
from bot.cli.renderer import LINES, LINES_OF, Look, render, render_whole
from bot.cli.subcommands import OPERATIONS
from core.answer.model import Answer, Chart, Column, Emphasis, Fact, Figure, Note, Series, Source, Table
from core.language.commands import COMMANDS
from core.pricing import plans
from tests.fakes.asking import asking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[3]
EXPORTS = ROOT / "tests" / "data" / "exports"
DAY = date(2026, 11, 21)
# The invented wallet has no teams, and no AI usage that tells interactions.
ASKED = [one for one in COMMANDS.values() if one.name != "actions"]
QUESTIONS = sorted({example for one in ASKED for example in one.examples if "team" not in example})
BARE = Answer("compare x", "Plans", "Buy Flex Credits.", DAY)


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[[str], Answer]]:
    """Return a function that asks a wallet of sample exports."""
    with asking() as asked:
        yield cache(asked)


def lines(text: str) -> list[str]:
    """Return the lines of a text."""
    return text.split("\n")


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_keeps_to_its_lines(question: str, ask: Callable[[str], Answer]) -> None:
    """At 80 columns each command's answer fits its lines: a headline, at most six figures, a table of at most ten rows."""
    answer = ask(question)
    shown = lines(render(answer, Look(80)))
    assert len(shown) <= LINES_OF.get(answer.question.split()[0], LINES)
    assert max(map(len, shown)) <= 80


@pytest.mark.parametrize("width", [40, 60, 200, 0, 3])
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_line_is_wider_than_the_terminal(question: str, width: int, ask: Callable[[str], Answer]) -> None:
    """Narrow and wide, brief and complete; a width too narrow for words counts as 20 columns."""
    answer = ask(question)
    for text in (render(answer, Look(width, draws_chart=True)), render_whole(answer, Look(width, draws_chart=True))):
        assert max(map(len, lines(text))) <= (max(width, 20) if width > 0 else 80)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_whole_answer_says_everything(question: str, ask: Callable[[str], Answer]) -> None:
    """--how shows every figure, sum, note and source, whatever comes first."""
    answer = ask(question)
    whole = "".join(render_whole(answer, Look(100)).split())
    told = [*answer.arithmetic, *(note.text for note in answer.notes), *(source.title for source in answer.sources)]
    told += [figure.label for figure in answer.figures if figure.value is not None]
    assert [text for text in told if "".join(text.split()) not in whole] == []


PLANS = (Column("plan", "Plan", "text"), Column("usd", "Per year", "usd"))


def test_two_plans_that_differ_by_cents_are_told_apart() -> None:
    """$63,600.00 and $63,600.40 would both be $63,600, so the whole column has cents."""
    rows = (("Flex Credits", Decimal(63600)), ("Flex pre-purchase", Decimal("63600.4")), ("Add-on", Decimal(75_000)))
    shown = render(Answer("compare x", "Plans", "Buy Flex Credits.", DAY, tables=(Table("plans", "Plans", PLANS, rows),)))
    assert [line.split()[-1] for line in lines(shown) if "$" in line] == ["$63,600.00", "$63,600.40", "$75,000.00"]


def test_equal_plans_stay_rounded() -> None:
    """Equal values need no cents, nor do absent ones."""
    rows = (("Sales", Decimal("379850.25")), ("Service", Decimal("379850.25")), ("None", None))
    shown = render(Answer("compare x", "Plans", "Buy.", DAY, tables=(Table("plans", "Plans", PLANS, rows),)))
    assert shown.count("$379,850\n") == 2


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("99.994", "usd", "$99.99"),
        ("99.996", "usd", "$100"),
        ("100.5", "usd", "$101"),
        ("-2345.67", "usd", "-$2,346"),
        ("0.0005", "usd", "$0.0005"),
        ("99.96", "percent", "99.96%"),
        ("99.999999999", "percent", "100%"),
        ("0.04", "percent", "0.04%"),
        ("20", "percent", "20%"),
        ("73.4999", "percent", "73.5%"),
        ("0.4", "credits", "0.4 credits"),
        ("1234.4", "credits", "1,234 credits"),
        ("110.37", "actions", "110.37 actions"),
    ],
)
def test_figures_are_rounded_but_never_to_none_or_all(value: str, unit: str, text: str) -> None:
    """Cents below $100, whole credits, one decimal of a percentage; a break-even keeps its decimals."""
    shown = render(Answer("price x", "X", "X.", DAY, figures=(Figure("x", "X", Decimal(value), unit),)))  # type: ignore[arg-type]  # a unit
    assert lines(shown)[2].split(maxsplit=1)[1] == text


def test_two_figures_that_differ_by_cents_are_told_apart() -> None:
    """Seats of $25,000.00 against credits of $25,000.37."""
    figures = (Figure("a", "Seats", Decimal(25_000), "usd"), Figure("b", "Credits", Decimal("25000.37"), "usd"))
    shown = render(Answer("breakeven x", "X", "X.", DAY, figures=figures))
    assert ("$25,000.00" in shown, "$25,000.37" in shown) == (True, True)


def test_the_newest_rows_are_shown_and_the_earlier_ones_counted() -> None:
    """Of thirty days the last ten are shown."""
    rows = tuple((f"day {nth}", Decimal(nth)) for nth in range(1, 31))
    table = Table("usage", "Days", (Column("day", "Day", "text"), Column("credits", "Credits", "credits")), rows)
    shown = render(Answer("usage by day", "X", "X.", DAY, tables=(table,), emphasis=Emphasis((), is_newest_last=True)))
    assert ("day 30" in shown, "day 20 " in shown, "… 20 earlier rows: --csv" in shown) == (True, False, True)


def test_the_lightest_columns_give_way_and_are_named() -> None:
    """The columns that an answer names first stay longest; the one that names the rows stays always."""
    columns = (Column("agent", "Agent", "text"), *(Column(key, key.upper() * 12, "credits") for key in "abc"))
    table = Table("usage", "By agent", columns, (("Service", Decimal(1), Decimal(2), Decimal(3)),))
    answer = Answer("usage x", "X", "X.", DAY, tables=(table,), emphasis=Emphasis((), columns=("agent", "c", "a", "b")))
    shown = render(answer, Look(40))
    assert ("C" * 12 in shown.split("…")[0], "… no room for BBBBBBBBBBBB: --csv" in shown) == (True, True)


def test_what_is_left_to_tell_is_counted_in_one_line() -> None:
    """Notes, disputed claims, and how to see them; a warning that is shown in full is not counted."""
    notes = (
        Note("warning", "Told in full."),
        Note("warning", "Told at length.", "Told in brief."),
        Note("warning", "Changes nothing.", ""),
        Note("assumption", "Assumed."),
        Note("disputed claim", "Not so."),
    )
    shown = lines(render(Answer("price x", "X", "X.", DAY, notes=notes, sources=(Source("Book", DAY), Source("Query q", None)))))
    assert shown[1:3] == ["! Told in full.", "! Told in brief."]
    assert shown[-1] == "Prices of 21 Nov 2026 · 1 source · 3 notes, 1 published claim differs: --how"


def test_how_own_words_were_read_comes_first() -> None:
    """It comes before the headline, so that nobody takes the answer for that of another question."""
    shown = render(Answer("wallet", "X", "$5 left.", DAY, emphasis=Emphasis((Fact("Left", "$5"),), read_as=("Read as: wallet",))))
    assert lines(shown)[:2] == ["Read as: wallet", "$5 left."]


def in_terminal(*words: str, **variables: str) -> str:
    """Return what the program prints in a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **variables}
    program = "import sys; from bot.cli.main import main; sys.exit(main())"
    with subprocess.Popen([sys.executable, "-c", program, *words], stdout=theirs, stderr=theirs, env=environment):
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 65_536)
            except OSError:
                break
            if not part:
                break
            said += part
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("variables", [{}, {"COLUMNS": "0"}, {"COLUMNS": "none"}, {"COLUMNS": "80"}, {"NO_COLOR": "1"}])
def test_a_terminal_of_any_width_gets_an_answer(variables: dict[str, str]) -> None:
    """A new terminal reports 0 columns, which counts as 80; colour appears unless it is switched off."""
    said = in_terminal("breakeven", "200", "users", **variables)
    assert ("pay off above 1,250" in said, "\x1b[" in said) == (True, "NO_COLOR" not in variables)


def test_columns_go_before_the_terminal_s_width() -> None:
    """COLUMNS=40 wraps at 40."""
    assert max(map(len, lines(in_terminal("breakeven 200 users", COLUMNS="40", NO_COLOR="1")))) <= 40


def test_a_terminal_gets_a_chart_where_there_is_room(capsys: pytest.CaptureFixture[str]) -> None:
    """Within the answer's lines in a terminal; with --chart anywhere; in a pipe only then."""
    said = in_terminal("breakeven 200 users sales edition", COLUMNS="100", NO_COLOR="1")
    assert len(lines(said.rstrip("\n"))) <= LINES_OF["breakeven"]
    main(["breakeven 200 users"])
    assert "┤" not in capsys.readouterr().out
    main(["--chart", "breakeven 200 users"])
    assert "200 users: cost a month by actions each: Flex Credits, 200 seats" in capsys.readouterr().out


def test_a_hostile_name_draws_nothing() -> None:
    """Neither the label of a bar nor that of a line can control the terminal."""
    series = Series("\x1b[31mred", (Decimal(1), Decimal(2)))
    for kind in ("bar", "line"):
        chart = Chart("x", "T\x1b]0;x\x07", kind, ("\x1b[2J", "b"), (series,), "credits")
        assert "\x1b" not in render(Answer("usage x", "X", "X.", DAY, charts=(chart,)), Look(80, draws_chart=True))


def test_a_table_as_csv_is_exact_and_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """Keys as headers, every plan, every decimal; 12,720,000 credits × $0.005."""
    main(["--csv", "--as-of", "2026-11-21", "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users"])
    head, first, *rest = capsys.readouterr().out.splitlines()
    assert head.startswith("plan,label,usd_per_month,usd_per_year,")
    assert first.startswith("flex_credits,Flex Credits,5300,63600,")
    assert 1 + len(rest) == len(plans.PLANS)


def test_a_formula_in_a_name_is_none_in_csv_and_markup_none_in_markdown() -> None:
    """An agent named `=HYPERLINK(…)` stays text in a spreadsheet, and `|` does not end a cell of Markdown."""
    from core.answer import to_csv, to_markdown  # noqa: PLC0415 - as the program loads them

    columns = (Column("agent", "Agent", "text"), Column("credits", "Credits", "credits"))
    table = Table("usage", "By agent", columns, (("=1+1|<b>", Decimal("-2.5")),))
    answer = Answer("usage by agent", "X", "X.", DAY, tables=(table,))
    assert to_csv(answer) == "agent,credits\n'=1+1|<b>,-2.5"
    assert to_markdown(answer) == "| Agent | Credits |\n| --- | ---: |\n| =1+1\\|\\<b\\> | -2.5 |"


def test_an_answer_without_a_table_gives_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    """For a script, a break-even is figures by key."""
    main(["breakeven 200 users", "--csv"])
    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "key,label,value,unit"
    assert "actions_per_user_month,Actions per user and month at break-even,1250,actions" in rows


def test_a_report_of_an_import_keeps_to_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Four files, one of them with rejected rows."""
    files = ["events_api_names.csv", "ledger.csv", "daily.csv", "events_with_faults.csv"]
    main(["import", *(str(EXPORTS / name) for name in files)])
    shown = capsys.readouterr().out.rstrip("\n").split("\n")
    assert len(shown) <= LINES_OF["import"]
    assert max(map(len, shown)) <= 80


@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_operation_explains_itself(operation: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`agentcost NAME --help` describes NAME in 80 columns."""
    with pytest.raises(SystemExit) as left:
        main([operation, "--help"])
    said = capsys.readouterr().out
    assert (left.value.code, said.startswith(f"usage: agentcost {operation}")) == (0, True)


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in OPERATIONS])
def test_each_question_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`agentcost compare --help` is `agentcost help compare`."""
    main([*command.split(), "--help"])
    said = capsys.readouterr().out
    main(["help", command])
    assert capsys.readouterr().out == said


def test_the_general_help_is_one_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """Options, where the questions are listed, and every operation, in 25 lines of 80 columns."""
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out.rstrip("\n").split("\n")
    assert (len(shown) <= 25, max(map(len, shown)) <= 80) == (True, True)
    assert [name for name in OPERATIONS if name not in "\n".join(shown)] == []
