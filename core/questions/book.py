"""`use cases`, `prices`, `explain`, `help`: what the answers rest on, and how to ask."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core import price_book, rates
from core.answer import Answer, Column, Note, Source, Table
from core.display import amount, cell, day, usd
from core.figures import FIGURES, figure
from core.plans import PLANS
from core.questions import reading
from core.questions.commands import COMMANDS
from core.questions.phrases import PHRASES

if TYPE_CHECKING:
    from core.answer import Figure, Value
    from core.price_book import PriceRow
    from core.questions.context import Context
    from core.questions.question import Question

USE_CASE_COLUMNS = (
    Column("use_case", "Use case", "text", is_detail=True),
    Column("label", "Use case", "text"),
    Column("actions_low", "Actions, from", "actions"),
    Column("actions_high", "to", "actions"),
    Column("credits_low", "Credits, from", "credits"),
    Column("credits_high", "to", "credits"),
    Column("usd_low", "Cost, from", "usd"),
    Column("usd_high", "to", "usd"),
)
PRICE_COLUMNS = (
    Column("item", "Item", "text", is_detail=True),
    Column("label", "Item", "text"),
    Column("value", "Value", "text"),
    Column("kind", "Kind", "text"),
    Column("valid_from", "Valid from", "day"),
    Column("valid_until", "Until", "day"),
    Column("source", "Source", "text", is_detail=True),
    Column("read_on", "Read on", "day", is_detail=True),
)
COMMAND_COLUMNS = (
    Column("command", "Command", "text"),
    Column("answers", "Answers", "text"),
    Column("example", "For example", "text"),
)
PHRASE_COLUMNS = (Column("phrase", "You can say", "text"), Column("about", "Meaning", "text"))
FAMILIES = {
    "price": "Before you buy",
    "wallet": "What you use",
    "plan": "What comes next",
    "reference": "Where it comes from",
}


def use_cases(question: Question, context: Context) -> Answer:
    """Return the published use cases with what they burn and cost at the prices in force."""
    prices = context.prices
    each = prices.value("action.production")
    action = rates.flex_rate(prices, reading.terms(question, context)).usd * each
    cases = price_book.use_cases()
    rows = tuple(_use_case_row(case, each, action) for case in cases)
    used = [prices.row(item) for item in ("flex.usd_per_pack", "flex.credits_per_pack", "action.production")]
    return Answer(
        question=context.asked(question),
        title="Use cases",
        headline=f"An interaction takes 1 to 15 actions, so it costs {usd(action)} to {usd(action * 15)} in Flex Credits.",
        as_of=context.as_of,
        figures=(figure("usd_per_action", action), figure("credits_per_action", each)),
        tables=(Table("use_cases", "Typical interactions", USE_CASE_COLUMNS, rows),),
        arithmetic=(f"{cell(each, 'credits')} credits × {usd(action / each)} = {usd(action)} per action",),
        notes=(*reading.single_pack_notes(question, context), reading.disputed("2_to_4_actions_70_to_85")),
        sources=tuple(dict.fromkeys((*reading.sources(used), *(case.source for case in cases)))),
    )


def _use_case_row(case: price_book.UseCase, each: Decimal, action: Decimal) -> tuple[Value, ...]:
    low, high = Decimal(case.actions_low), Decimal(case.actions_high)
    return (case.key, case.label, low, high, low * each, high * each, low * action, high * action)


def prices(question: Question, context: Context) -> Answer:
    """Return the price rows in force, all of them or those of a topic."""
    in_force = context.prices
    items = price_book.topics()[question.topic] if question.topic else tuple(price_book.items())
    rows = [in_force.row(item) for item in items if in_force.has(item)]
    if not rows:
        in_force.row(items[0])
    return Answer(
        question=context.asked(question),
        title="Price book",
        headline=_prices_headline(question, rows, context),
        as_of=context.as_of,
        figures=tuple(_row_figures(rows)) if question.topic else (),
        tables=(Table("prices", f"In force on {day(context.as_of)}", PRICE_COLUMNS, tuple(_price_row(row) for row in rows)),),
        notes=(*_row_notes(rows), *([reading.disputed("sandbox_50_percent")] if question.topic == "sandbox action" else [])),
        sources=reading.sources(rows),
    )


def _prices_headline(question: Question, rows: list[PriceRow], context: Context) -> str:
    if len(rows) == 1:
        return f"{rows[0].label}: {shown(rows[0])} since {_since(rows[0])}."
    about = f" on {question.topic}" if question.topic else ""
    return f"{len(rows)} prices{about} are in force on {day(context.as_of)}."


def shown(row: PriceRow) -> str:
    """Return the row's value with its unit and, for an assumption, its range."""
    between = f" ({cell(row.low, row.unit)} to {cell(row.high, row.unit)})" if row.low is not None else ""
    return amount(row.value, row.unit) + between


def _since(row: PriceRow) -> str:
    words = {"month": f"{row.valid_from:%b %Y}", "season": f"summer {row.valid_from:%Y}", "year": f"{row.valid_from:%Y}"}
    return words.get(row.dating, day(row.valid_from))


def _row_figures(rows: list[PriceRow]) -> list[Figure]:
    values: dict[str, set[Decimal]] = {}
    for row in rows:
        values.setdefault(row.figure, set()).add(row.value)
    return [figure(key, next(iter(said))) for key, said in values.items() if len(said) == 1]


def _price_row(row: PriceRow) -> tuple[Value, ...]:
    return (row.item, row.label, shown(row), row.kind, row.valid_from, row.valid_until, row.source.title, row.source.read_on)


def _row_notes(rows: list[PriceRow]) -> list[Note]:
    return [Note("assumption" if row.kind == "assumption" else "warning", f"{row.label}: {row.note}") for row in rows if row.note]


def explain(question: Question, context: Context) -> Answer:
    """Return where a figure, price, plan or published claim comes from."""
    subject = question.subject or ""
    if subject in price_book.claims():
        return _explain_claim(subject, question, context)
    if subject in PLANS:
        return _explain_plan(subject, question, context)
    return _explain_figure(subject, question, context) if subject in FIGURES else _explain_topic(subject, question, context)


def _explain_figure(key: str, question: Question, context: Context) -> Answer:
    meaning = FIGURES[key]
    items = [item for item, words in price_book.items().items() if words["figure"] == key]
    rows = [row for item in items for row in price_book.rows_by_item().get(item, ())]
    return _explained(question, context, f"{meaning.label}, in {meaning.unit}: {meaning.how}.", rows)


def _explain_topic(topic: str, question: Question, context: Context) -> Answer:
    rows = [row for item in price_book.topics()[topic] for row in price_book.rows_by_item().get(item, ())]
    count = len(rows)
    return _explained(
        question, context, f"“{topic}” stands for {count} dated {'row' if count == 1 else 'rows'} of the price book.", rows
    )


def _explain_plan(key: str, question: Question, context: Context) -> Answer:
    plan = PLANS[key]
    served = {"customers": "customer-facing use", "employees": "employees", None: "customers and employees"}[plan.audience]
    rows = [row for item in plan.items for row in price_book.rows_by_item().get(item, ())]
    return _explained(question, context, f"{plan.label} serves {served} and is priced by {' and '.join(plan.needs)}.", rows)


def _explain_claim(key: str, question: Question, context: Context) -> Answer:
    claim = price_book.claims()[key]
    headline = "That published claim does not hold; the note has the arithmetic."
    answer = _explained(question, context, headline, [])
    return Answer(answer.question, answer.title, headline, answer.as_of, notes=(reading.disputed(key),), sources=(claim.source,))


def _explained(question: Question, context: Context, headline: str, rows: list[PriceRow]) -> Answer:
    history = Table("prices", "Rows of the price book, oldest first", PRICE_COLUMNS, tuple(_price_row(row) for row in rows))
    return Answer(
        question=context.asked(question),
        title="Where it comes from",
        headline=headline,
        as_of=context.as_of,
        tables=(history,) if rows else (),
        arithmetic=_how(question.subject or ""),
        notes=tuple(_row_notes(rows)),
        sources=reading.sources(rows) or (Source("agentcost's own arithmetic", None),),
    )


def _how(subject: str) -> tuple[str, ...]:
    return (f"{FIGURES[subject].label} = {FIGURES[subject].how}",) if subject in FIGURES else ()


def help_with(question: Question, context: Context) -> Answer:
    """Return the commands by need, or one command with everything that can be said to it."""
    name = question.about
    command = next((one for one in COMMANDS.values() if name in one.words), None)
    if command is None:
        tables = tuple(_family_table(family, title) for family, title in FAMILIES.items())
        headline = "Ask for example `breakeven 200 users`, or `help compare` for what a command understands."
    else:
        rows = tuple((example, PHRASES[taken].about) for taken in command.takes for example in PHRASES[taken].examples)
        examples = Table(
            "examples", "For example", (Column("question", "Question", "text"),), tuple((e,) for e in command.examples)
        )
        tables = (Table("phrases", "What it understands, in any order", PHRASE_COLUMNS, rows), examples) if rows else (examples,)
        headline = f"{command.name}: {command.answers}."
    return Answer(context.asked(question), "Help", headline, context.as_of, tables=tables)


def _family_table(family: str, title: str) -> Table:
    rows = ((command.name, command.answers, command.examples[0]) for command in COMMANDS.values() if command.family == family)
    return Table(family, title, COMMAND_COLUMNS, tuple(rows))
