"""App Home: the wallet at a glance, what needs doing, and what can be asked; a pure function of its input."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.slack.blocks import elements, limits
from bot.slack.blocks.alert import NAMED_ON_A_BUTTON as NAMED
from bot.slack.blocks.alert import SENTENCE_CHARACTERS, alert_blocks
from bot.slack.blocks.answer import fact_cells, facts_block
from bot.slack.blocks.limits import room
from bot.slack.blocks.scenario_form import BEGIN
from bot.slack.blocks.text import inert, one_line
from core.answer import cell, day, glance, group_digits, number
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.slack.blocks.alert import OpenAlert, Undelivered
    from bot.slack.blocks.elements import Block
    from core.answer import Answer, Chart, Value
    from core.digests import NextStep

RUNS_OUT = "depletion_day"
WALLET_QUESTIONS = {"Who used it": "usage by agent last 30 days", "Why it changed": "variance last 7 days"}
PRICE_QUESTIONS = {
    "Break-even for 200 users": "breakeven 200 users",
    "Compare plans": "compare 10000 interactions 5.3 actions 50 users",
}
NOTE_CHARACTERS = 300
ALERTS, NOTES, STEPS, STEP_CHARACTERS = 8, 3, 3, 400
BAR_CELLS, POINTS, LABEL_CHARACTERS = 16, 12, 12
EIGHTHS = "▏▎▍▌▋▊▉█"
ANSWERS_COME = "Answers to the buttons appear under Messages, where only you see them."
TRY_AGAIN = "Try again where the service runs: agentcost alerts --retry"
HOW_TO_IMPORT = (
    "Share an export with me under Messages, or run `agentcost import FILE` where the service runs.",
    "An export is a Salesforce report over the usage events, saved as CSV or XLSX, or a query result of Data 360.",
    "From then on this page shows what is granted, used and left, the burn rate, and what needs doing.",
)


class Home(NamedTuple):
    """The content of one member's page.

    wallet: the answer to `wallet`; None if there is none to show, and then `instead` says why, in sentences.
    outlook: the answer to `forecast`, if available. is_empty: whether nothing was ever imported.
    steps: what to do next, most urgent first.
    """

    wallet: Answer | None = None
    instead: tuple[str, ...] = ()
    outlook: Answer | None = None
    alerts: Sequence[OpenAlert] = ()
    undelivered: Sequence[Undelivered] = ()
    is_empty: bool = False
    steps: Sequence[NextStep] = ()


def home_view(home: Home) -> Block:
    """Return the page as views.publish expects it."""
    wallet = home.wallet
    shown = (
        [
            *_state_blocks(wallet, home.outlook),
            *_weeks(wallet),
            *_steps(home.steps),
            *_alerts(home.alerts),
            *_undelivered_blocks(home.undelivered),
            *_wallet_blocks(wallet),
        ]
        if wallet
        else _without(home)
    )
    return {"type": "home", "blocks": [*shown, *_questions(home)]}


def _state_blocks(wallet: Answer, outlook: Answer | None) -> list[Block]:
    """Return the state of the wallet: its sentences, and two facts."""
    said = [one_line(wallet.headline, SENTENCE_CHARACTERS)]
    if outlook and runs_out(outlook):
        said.append(one_line(outlook.headline, SENTENCE_CHARACTERS))
    cells = fact_cells(glance(wallet))
    sentences = [elements.rich(elements.line(*elements.rich_words(text, "bold"))) for text in said]
    return [
        elements.header(one_line(wallet.title, SENTENCE_CHARACTERS)),
        *sentences,
        *facts_block(cells),
    ]


def runs_out(outlook: Answer) -> bool:
    """Whether the outlook states when the pool runs out."""
    return any(figure.key.startswith(RUNS_OUT) and figure.value is not None for figure in outlook.figures)


def _steps(steps: Sequence[NextStep]) -> list[Block]:
    """Return the three most urgent next steps, each with the button that shows why."""
    if not steps:
        return []
    return [elements.header("What to do"), *(_step(step, f"ask_{place}") for place, step in enumerate(steps[:STEPS], start=1))]


def _step(step: NextStep, action: str) -> Block:
    told = elements.section(one_line(step.words, STEP_CHARACTERS))
    why = elements.button("Why?", action, step.question) | {"accessibility_label": inert(f"Why? {one_line(step.words, NAMED)}")}
    return told | ({"accessory": why} if 0 < len(step.question) <= room(limits.BUTTON_VALUE) else {})


def _alerts(alerts: Sequence[OpenAlert]) -> list[Block]:
    if not alerts:
        return [elements.header("Open alerts"), elements.context(["No alert is open."])]
    more = len(alerts) - ALERTS
    rest = [elements.context([f"{group_digits(more)} more alerts are open."])] if more > 0 else []
    return [elements.header("Open alerts"), *(block for alert in alerts[:ALERTS] for block in alert_blocks(alert)), *rest]


def _undelivered_blocks(undelivered: Sequence[Undelivered]) -> list[Block]:
    """Return the messages that did not arrive; if there are many, the oldest are only counted."""
    if not undelivered:
        return []
    lines = [
        one_line(f"{one.sentence} Not delivered to {one.place}: {one.reason}.", NOTE_CHARACTERS) for one in undelivered[:NOTES]
    ]
    more = len(undelivered) - NOTES
    lines += [f"{group_digits(more)} more messages could not be delivered."] if more > 0 else []
    return [elements.header("Messages that could not be delivered"), elements.context([*lines, TRY_AGAIN])]


def _weeks(wallet: Answer) -> list[Block]:
    chart = next((chart for chart in wallet.charts if chart.x and chart.series), None)
    if chart is None:
        return []
    drawn = dict(_points(chart))
    highest = max(drawn, key=drawn.__getitem__)
    said = f"Highest: {number(drawn[highest])} ({highest}); latest: {number([*drawn.values()][-1])}."
    title = elements.header(one_line(chart.title, SENTENCE_CHARACTERS))
    return [title, elements.rich(elements.line(elements.words(said)), elements.code_block(bars(chart)))]


def _points(chart: Chart) -> list[tuple[str, Decimal]]:
    points = zip(chart.x, chart.series[0].values, strict=False)
    return [(one_line(label, LABEL_CHARACTERS), value) for label, value in points][-POINTS:]


def bars(chart: Chart) -> str:
    """Return the last points of a chart's first series as lines of text: the label, the number, and a bar beside it.

    Slack draws charts in messages; whether a Home page accepts them is not documented, and a refused page would be empty.
    """
    labels, values = zip(*_points(chart), strict=True)
    numbers = [number(value, 0) for value in values]
    most, first, second = max(*values, Decimal(1)), max(map(len, labels)), max(map(len, numbers))
    lines = (
        f"{label:<{first}}  {shown:>{second}}  {_bar(value / most)}"
        for label, shown, value in zip(labels, numbers, values, strict=True)
    )
    return "\n".join(line.rstrip() for line in lines)


def _bar(share: Decimal) -> str:
    full, rest = divmod(int(max(share, Decimal(0)) * BAR_CELLS * len(EIGHTHS)), len(EIGHTHS))
    return EIGHTHS[-1] * full + (EIGHTHS[rest - 1] if rest else "")


def _wallet_blocks(wallet: Answer) -> list[Block]:
    said = {figure.key: figure for figure in wallet.figures}
    known = [said[key] for key in ("last_import", "data_through") if key in said]
    lines = [" · ".join([*(f"{one.label}: {_value(one.value)}" for one in known), f"As of {day(wallet.as_of)}"])]
    lines += [one_line(note.text.replace("`", ""), NOTE_CHARACTERS) for note in wallet.notes if note.kind == "warning"][:NOTES]
    return [elements.context(lines)]


def _value(value: Value) -> str:
    return cell(value, "instant")


def _without(home: Home) -> list[Block]:
    if home.is_empty:
        lines = [elements.line(*elements.rich_words(text)) for text in HOW_TO_IMPORT]
        said = elements.line(elements.words("No wallet yet. You can ask about prices right away.", "bold"))
        return [elements.header("agentcost"), elements.rich(said, elements.bullets(lines))]
    sentences = [elements.section(one_line(text, limits.SECTION_TEXT)) for text in home.instead]
    return [elements.header("agentcost"), *sentences]


def _questions(home: Home) -> list[Block]:
    """Return two questions, about the wallet if there is one, and the form that prices a scenario."""
    questions = PRICE_QUESTIONS if home.wallet is None else WALLET_QUESTIONS
    buttons = [
        elements.button(label, f"ask_{place}", question)
        for place, (label, question) in enumerate(questions.items(), start=STEPS + 1)
    ]
    scenario = elements.button("Price a scenario", BEGIN, "home")
    return [elements.header("What to ask"), elements.actions([*buttons, scenario]), elements.context([ANSWERS_COME])]
