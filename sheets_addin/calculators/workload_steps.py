"""A workload on live worksheets: its inputs, and the steps to the credits of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.days import MONTHS_IN_YEAR
from core.language import MOST
from core.questions import from_question
from sheets_addin.calculators.credit_terms import SAID, price_input
from sheets_addin.compare.inputs import GROWTH, SHARE, TOKENS, TOKENS_TAKEN, Input, above_0
from sheets_addin.compare.workings_steps import Step
from sheets_addin.workbook import Formula, styles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.context import Context
    from core.language import Question

PERIODS = {"month": "*months_per_year", "year": ""}


def workload_inputs(question: Question, context: Context) -> tuple[Input, ...]:
    """Return the volume in the question's own units, and the other inputs of a year's credits. Raises: NoPriceError."""
    return (*_volume(question), growth_input(question), *mix_inputs(question, context))


def growth_input(question: Question) -> Input:
    """Return the growth from each month to the next."""
    growth = from_question.monthly_growth(question)
    about = "Twelve months are added up."
    return Input("growth_per_month", "Growth per month", growth, styles.EXACT_PERCENT, GROWTH, "of the volume", about)


def mix_inputs(question: Question, context: Context) -> tuple[Input, ...]:
    """Return the token counts and shares of actions, and the prices of those that differ. Raises: NoPriceError."""
    share = styles.EXACT_PERCENT
    sandbox, voice = from_question.fraction(question.sandbox_share), from_question.fraction(question.voice_share)
    return (
        Input("tokens", "Tokens per action", question.tokens, styles.COUNT, TOKENS_TAKEN, "empty: one action each", TOKENS),
        Input("sandbox_share", "Sandbox share", sandbox, share, SHARE, "of all actions", "Of the actions, in a sandbox."),
        Input("voice_share", "Voice share", voice, share, SHARE, "of all actions", "Of the actions, by voice."),
        price_input("tokens_of_an_action", "action.tokens", context),
        price_input("sandbox_credits", "action.sandbox", context),
        price_input("voice_credits", "voice.production", context),
        price_input("sandbox_voice_credits", "voice.sandbox", context),
    )


def _volume(question: Question) -> Iterator[Input]:
    each, said = from_question.actions_per_interaction(question), question.actions
    if each is not None and question.interactions:
        period = question.interactions.period
        most = above_0(MOST["interactions"])
        about = "Exchanges with a customer or employee, start to end."
        yield Input("interactions", f"Interactions per {period}", question.interactions.amount, styles.COUNT, most, SAID, about)
        hint = "the average of the mix" if question.mix else SAID
        yield Input("actions", "Actions per interaction", each, styles.AVERAGE, above_0(MOST["actions"]), hint, hint)
    elif said is not None:
        label = "Actions per user and month" if said.per == "user" else f"Actions per {said.per}"
        most = above_0(MOST["actions"] if said.per == "user" else MOST["actions_of_a_period"])
        yield Input("actions", label, said.count, styles.AVERAGE, most, SAID, "Functions that agents run.")
        if said.per == "user":
            yield Input(
                "users", "Users", question.users, styles.COUNT, above_0(MOST["users"], whole=True), SAID, "How many people."
            )


def _actions_of_a_year(question: Question) -> str:
    said = question.actions
    if from_question.actions_per_interaction(question) is not None and question.interactions:
        return f"interactions{PERIODS[question.interactions.period]}*actions"
    if said is not None and said.per == "user":
        return "actions*users*months_per_year"
    return f"actions{PERIODS['year' if said is not None and said.per == 'year' else 'month']}"


def workload_steps(question: Question) -> tuple[Step, ...]:
    """Return the steps to `credits_per_year`."""
    year = "actions_per_year*billed_actions*credits_per_billed_action*months_worth/months_per_year"
    said = Formula(_actions_of_a_year(question))
    return (
        Step("actions_per_year", "Actions in twelve months like the first", said, styles.COUNT, "as they were said"),
        *mix_steps(),
        months_step(),
        Step("credits_per_year", "Credits a year", Formula(year), styles.COUNT, "actions × credits × months"),
    )


def mix_steps() -> tuple[Step, ...]:
    """Return the steps to the burn of an action: `billed_actions` and `credits_per_billed_action`."""
    standard = "(1-sandbox_share)*credits_of_an_action+sandbox_share*sandbox_credits"
    voice = "(1-sandbox_share)*voice_credits+sandbox_share*sandbox_voice_credits"
    times = 'IF(tokens="",1,MAX(1,ROUNDUP(tokens/tokens_of_an_action,0)))'
    return (
        Step("billed_actions", "Billed actions per action", Formula(times), styles.COUNT, "one per 10,000 tokens, rounded up"),
        Step(
            "credits_per_billed_action",
            "Credits per billed action",
            Formula(f"(1-voice_share)*({standard})+voice_share*({voice})"),
            "#,##0.00####",
            "voice and sandbox shares weighed in",
        ),
    )


def months_step() -> Step:
    """Return the step for how many times the first month a year is."""
    months = "1"
    for _ in range(MONTHS_IN_YEAR - 1):
        months = f"1+(1+growth_per_month)*({months})"
    label = "First months that the year is worth"
    return Step("months_worth", label, Formula(months), "0.0000##", "each month that much more")
