"""`use cases`, `prices`, `explain`, `help`: what the answers are based on, and how to ask."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import (
    FIGURES,
    Answer,
    Column,
    Emphasis,
    Fact,
    Note,
    Source,
    Table,
    amount,
    cell,
    day,
    figure,
    headline_of,
    usd,
    write_numbers,
)
from core.language import COMMANDS, PHRASES
from core.pricing import PLANS, credit_rates, price_book
from core.questions import from_question

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.answer import Figure, Value
    from core.context import Context
    from core.language import Question
    from core.pricing import PriceRow, Prices, PriceTerm

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
READING_COLUMNS = (
    *(
        column if column.key not in {"source", "read_on"} else Column(column.key, column.label, column.unit)
        for column in PRICE_COLUMNS
    ),
    Column("voice", "According to", "text"),
)
TERM_COLUMNS = (
    Column("term", "Term", "text", is_detail=True),
    Column("label", "About", "text"),
    Column("says", "Statement", "text"),
    Column("valid_from", "Valid from", "day"),
    Column("source", "Source", "text"),
    Column("read_on", "Read on", "day"),
    Column("voice", "According to", "text"),
)
COMMAND_COLUMNS = (
    Column("command", "Command", "text"),
    Column("answers", "Answers", "text"),
    Column("example", "For example", "text"),
)
PHRASE_COLUMNS = (Column("phrase", "Wording", "text"), Column("about", "Meaning", "text"))
MAX_EXAMPLES = 3
START = Table(
    "start",
    "Start with",
    (Column("answers", "Answers", "text"), Column("example", "Question", "text")),
    (
        ("from how much use on seats pay off", "breakeven 200 users"),
        ("what every plan costs, cheapest first", "compare 10000 interactions 5 actions"),
        ("which plan to buy, and what it saves", "recommend 300 users 20 actions per user"),
        ("what is left, and until when", "wallet"),
        ("who used it", "usage by agent last 28 days"),
        ("why it changed", "variance last 7 days"),
        ("what is ahead, and the day it runs out", "forecast"),
        ("how many credits to buy", "plan purchase 12 months"),
    ),
)
FAMILIES = {
    "price": "Before you buy",
    "wallet": "What you use",
    "plan": "What comes next",
    "reference": "Where it comes from",
}


def use_cases(question: Question, context: Context) -> Answer:
    """Return the published use cases with their burn and cost at the prices in force."""
    prices = context.prices
    each = prices.value("action.production")
    action = credit_rates.flex_rate(prices, from_question.terms(question, context)).usd * each
    cases = price_book.use_cases()
    rows = tuple(_use_case_row(case, each, action) for case in cases)
    used = [prices.row(item) for item in ("flex.usd_per_pack", "flex.credits_per_pack", "action.production")]
    return Answer(
        question=context.canonical_question(question),
        title="Use cases",
        headline=f"An interaction takes 1 to 15 actions, so it costs {usd(action)} to {usd(action * 15)} in Flex Credits.",
        as_of=context.as_of,
        figures=(figure("usd_per_action", action), figure("credits_per_action", each)),
        tables=(Table("use_cases", "Typical interactions", USE_CASE_COLUMNS, rows),),
        arithmetic=(f"{cell(each, 'credits')} credits × {usd(action / each)} = {usd(action)} per action",),
        notes=(*from_question.single_pack_notes(question, context), from_question.disputed_claim_note("2_to_4_actions_70_to_85")),
        sources=tuple(dict.fromkeys((*from_question.sources(used), *(case.source for case in cases)))),
        emphasis=Emphasis((), "use_cases"),
    )


def _use_case_row(case: price_book.UseCase, each: Decimal, action: Decimal) -> tuple[Value, ...]:
    low, high = Decimal(case.actions_low), Decimal(case.actions_high)
    return (case.key, case.label, low, high, low * each, high * each, low * action, high * action)


def prices(question: Question, context: Context) -> Answer:
    """Return the price rows in force, all or those of a topic, and the published terms about them."""
    in_force = context.prices
    items = price_book.topics()[question.topic] if question.topic else tuple(price_book.items())
    rows = [in_force.row(item) for item in items if in_force.has(item)]
    said = [term for term in price_book.terms_on(context.as_of).values() if question.topic in {None, *term.topics}]
    if not rows and not said and items:
        in_force.row(items[0])
    table = Table("prices", f"In force on {day(context.as_of)}", PRICE_COLUMNS, tuple(_price_row(row) for row in rows))
    return Answer(
        question=context.canonical_question(question),
        title="Price book",
        headline=_prices_headline(question, rows, said, context),
        as_of=context.as_of,
        figures=tuple(_row_figures(rows)) if question.topic else (),
        tables=((table,) if rows else ()) + _term_tables(said),
        notes=(
            *_row_notes(rows),
            *from_question.disputes(rows),
            *from_question.disputed_terms(said, context.as_of),
            *([_contract_note(items, in_force)] if question.topic and any(not in_force.has(item) for item in items) else []),
            *([from_question.disputed_claim_note("sandbox_50_percent")] if question.topic == "sandbox action" else []),
        ),
        sources=_all_sources(rows, (*said, *(other for term in said for other in price_book.other_terms(term, context.as_of)))),
    )


def _contract_note(items: tuple[str, ...], in_force: Prices) -> Note:
    """Return which of these items only the contract prices, and where to enter them."""
    missing = [item for item in items if not in_force.has(item)]
    settings = ", ".join(f"contract.prices.{item}" for item in missing)
    labels = "; ".join(str(price_book.items()[item]["label"]) for item in missing)
    return Note(
        "warning", f"No public price in force that day: {labels}. What your contract says goes into app.yaml: {settings}."
    )


def _term_tables(said: Sequence[PriceTerm]) -> tuple[Table, ...]:
    rows = tuple(
        (term.key, term.label, write_numbers(term.says), term.valid_from, term.source.title, term.source.read_on, term.voice)
        for term in said
    )
    return (Table("terms", "In words", TERM_COLUMNS, rows),) if rows else ()


def _all_sources(rows: Sequence[PriceRow], said: Sequence[PriceTerm]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys((*from_question.sources(rows), *(term.source for term in said))))


def _prices_headline(question: Question, rows: list[PriceRow], said: list[PriceTerm], context: Context) -> str:
    if len(rows) == 1 and question.topic:
        return f"{rows[0].label}: {show_value(rows[0])} since {_since(rows[0])}."
    if not rows and said:
        return write_numbers(f"{said[0].label}: {said[0].says}.")
    if not rows:
        return f"No price{f' on {question.topic}' if question.topic else ''} is in force on {day(context.as_of)}."
    about = f" on {question.topic}" if question.topic else ""
    return f"{len(rows)} prices{about} are in force on {day(context.as_of)}."


def show_value(row: PriceRow) -> str:
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
    return (
        row.item,
        write_numbers(row.label),
        show_value(row),
        row.kind,
        row.valid_from,
        row.valid_until,
        row.source.title,
        row.source.read_on,
    )


def _row_notes(rows: list[PriceRow]) -> list[Note]:
    return [
        Note("assumption" if row.kind == "assumption" else "warning", write_numbers(f"{row.label}: {row.note}"), "")
        for row in rows
        if row.note
    ]


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
    topic = price_book.topics().get(key, ())
    items = [item for item, words in price_book.items().items() if words["figure"] == key or item in topic]
    rows = [row for item in items for row in price_book.rows_by_item().get(item, ())]
    said = [term for terms in price_book.terms_by_key().values() for term in terms if set(items) & set(term.items)]
    return _explain_rows(question, context, f"{meaning.label}, in {meaning.unit}: {meaning.how}.", rows, said)


def _explain_topic(topic: str, question: Question, context: Context) -> Answer:
    items = price_book.topics()[topic]
    rows = [row for item in items for row in price_book.rows_by_item().get(item, ())]
    said = [term for terms in price_book.terms_by_key().values() for term in terms if topic in term.topics]
    now = [term for term in price_book.terms_on(context.as_of).values() if topic in term.topics]
    count = len(rows) + len(said)
    headline = f"“{topic}” stands for {count} dated {'row' if count == 1 else 'rows'} of the price book."
    in_force = [context.prices.row(item) for item in items if context.prices.has(item)]
    if len(in_force) == 1:
        headline = headline_of(f"{in_force[0].label}: {show_value(in_force[0])} since {_since(in_force[0])}.", headline)
    if not rows and said:
        shown_first = (now or said)[0]
        headline = f"{shown_first.label}: {shown_first.says}."
    answer = _explain_rows(question, context, headline, rows, said)
    if not any(context.prices.has(item) for item in items) and items:
        answer = replace(answer, notes=(*answer.notes, _contract_note(items, context.prices)))
    return answer


def _explain_plan(key: str, question: Question, context: Context) -> Answer:
    plan = PLANS[key]
    served = {"customers": "customer-facing use", "employees": "employees", None: "customers and employees"}[plan.audience]
    rows = [row for item in plan.items for row in price_book.rows_by_item().get(item, ())]
    return _explain_rows(question, context, f"{plan.label} serves {served} and is priced by {' and '.join(plan.needs)}.", rows)


def _explain_claim(key: str, question: Question, context: Context) -> Answer:
    claim = price_book.claims()[key]
    headline = "That published claim does not hold; the note has the arithmetic."
    answer = _explain_rows(question, context, headline, [])
    return Answer(
        answer.question,
        answer.title,
        headline,
        answer.as_of,
        notes=(from_question.disputed_claim_note(key),),
        sources=(claim.source,),
    )


def _explain_rows(
    question: Question, context: Context, headline: str, rows: list[PriceRow], said: Sequence[PriceTerm] | None = None
) -> Answer:
    if said is None:
        about = {row.item for row in rows}
        said = [term for terms in price_book.terms_by_key().values() for term in terms if about & set(term.items)]
    readings = tuple((*_price_row(row), row.voice) for row in rows)
    history = Table("prices", "Rows of the price book, oldest first", READING_COLUMNS, readings)
    in_force = [
        context.prices.list_rows[item] for item in dict.fromkeys(row.item for row in rows) if item in context.prices.list_rows
    ]
    now = [term for term in price_book.terms_on(context.as_of).values() if term.key in {one.key for one in said}]
    return Answer(
        question=context.canonical_question(question),
        title="Where it comes from",
        headline=headline,
        as_of=context.as_of,
        tables=((history,) if rows else ()) + _term_tables(said),
        arithmetic=_how(question.subject or ""),
        notes=(
            *dict.fromkeys(_row_notes(rows)),
            *from_question.disputes(in_force),
            *from_question.disputed_terms(now, context.as_of),
        ),
        sources=_all_sources(rows, said) or (Source("agentcost's own arithmetic", None),),
    )


def _how(subject: str) -> tuple[str, ...]:
    return (f"{FIGURES[subject].label} = {FIGURES[subject].how}",) if subject in FIGURES else ()


def help_with(question: Question, context: Context) -> Answer:
    """Return the commands by purpose, or one command with all its options."""
    name = question.about
    command = next((one for one in COMMANDS.values() if name in one.words), None)
    if command is None:
        tables = (*(_family_table(family, title) for family, title in FAMILIES.items()), START)
        named = {title: [one.name for one in COMMANDS.values() if one.family == family] for family, title in FAMILIES.items()}
        emphasis = Emphasis(
            tuple(Fact(title, ", ".join(names)) for title, names in named.items()), START.key, ("example", "answers")
        )
        headline = "Ask in your own words, such as “10k chats a month at 5 actions”; `help` lists the commands."
    else:
        rows = tuple((example, PHRASES[taken].about) for taken in command.takes for example in PHRASES[taken].examples)
        examples = Table(
            "examples", "For example", (Column("question", "Question", "text"),), tuple((e,) for e in command.examples)
        )
        tables = (Table("phrases", "What it understands, in any order", PHRASE_COLUMNS, rows), examples) if rows else (examples,)
        headline = f"{command.name}: {command.answers}."
        emphasis = Emphasis(tuple(Fact("For example", example) for example in command.examples[:MAX_EXAMPLES]), "phrases")
    return Answer(context.canonical_question(question), "Help", headline, context.as_of, tables=tables, emphasis=emphasis)


def _family_table(family: str, title: str) -> Table:
    rows = ((command.name, command.answers, command.examples[0]) for command in COMMANDS.values() if command.family == family)
    return Table(family, title, COMMAND_COLUMNS, tuple(rows))
