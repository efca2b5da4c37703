"""The input cells of the Compare worksheet: what they are called, what may be written, what the question says."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from core.config import price_shape
from core.questions import from_question
from sheets_addin.workbook import styles

if TYPE_CHECKING:
    from core.language import PriceInput, Question

MIX_ROWS = 5


@dataclass(frozen=True, slots=True)
class InputRule:
    """What an input takes. wrong: a formula over {cell}, true for what it does not take; an empty cell may be fine.

    choices: the only texts that it takes. message: what to write.
    """

    message: str
    wrong: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Input:
    """One input cell. name: as formulas call it; hint: shown beside it; about: its note."""

    name: str
    label: str
    value: Decimal | str | None
    number: str
    rule: InputRule
    hint: str
    about: str


def _choice(*choices: str, empty: bool = False) -> InputRule:
    may_be = "" if not empty else ", or nothing"
    wrong = "AND(" + ",".join(f'{{cell}}<>"{choice}"' for choice in ("", *choices)[0 if empty else 1 :]) + ")"
    return InputRule(f"Write {', '.join(choices)}{may_be}.", wrong, choices)


POSITIVE = InputRule("Write a number above 0, or nothing.", 'AND({cell}<>"",N({cell})<=0)')
WHOLE = InputRule("Write a whole number above 0, or nothing.", 'AND({cell}<>"",OR(N({cell})<=0,INT(N({cell}))<>N({cell})))')
PRICES = {"action": "payg.usd_per_action", "pack": "flex.usd_per_pack", "conversation": "conversation.usd", "seat": "add_on.usd"}
SHARE = InputRule("Write a share from 0% to 100%.", "OR(NOT(ISNUMBER({cell})),N({cell})<0,N({cell})>1)")
DISCOUNT = InputRule("Write a discount from 0% to under 100%.", "OR(NOT(ISNUMBER({cell})),N({cell})<0,N({cell})>=1)")
GROWTH = InputRule("Write a growth of 0% or more.", "OR(NOT(ISNUMBER({cell})),N({cell})<0)")
FACTOR = InputRule("Write a number of 0 or more.", "OR(NOT(ISNUMBER({cell})),N({cell})<0)")
PER = _choice("interaction", "user", "month", "year")
AUDIENCE = _choice("customers", "employees", "either")
BUYING = _choice("prepurchase", "precommit", "payg", empty=True)

PER_HINT = "interaction, user, month or year"
TOKENS = "Every started 10,000 tokens (see Prices) are billed as one action."
SANDBOX, VOICE = "Actions in a sandbox burn fewer credits.", "Voice actions burn more credits."
RESOLVED = "Help Agent is paid by resolution."


def volume(question: Question) -> tuple[Input, ...]:
    """Return the inputs that say how much is used, and by whom."""
    return (*_use(question), *_people(question), _growth(question))


def _use(question: Question) -> tuple[Input, ...]:
    interactions, said = question.interactions, question.actions
    month = interactions.per_month if interactions else None
    counted = "Per user means per user and month."
    exchanges = "Exchanges with a customer or employee, start to end. Leave empty if not known."
    functions = "Functions that agents run. A mix below goes before this number."
    return (
        Input("interactions_per_month", "Interactions per month", month, styles.COUNT, POSITIVE, "in the first month", exchanges),
        Input("actions", "Actions", said.count if said else None, styles.AVERAGE, POSITIVE, "counted as below", functions),
        Input("actions_per", "… counted per", said.per if said else "interaction", "General", PER, PER_HINT, counted),
    )


def _people(question: Question) -> tuple[Input, ...]:
    seats = "How many people; needed for every plan that is sold by seats."
    served = "Conversations are sold for customer-facing use and add-on seats for employees; either leaves both in."
    audience = question.audience or "either"
    return (
        Input("users", "Users", question.users, styles.COUNT, WHOLE, "people with a licence", seats),
        Input("audience", "Audience", audience, "General", AUDIENCE, "customers, employees or either", served),
    )


def _growth(question: Question) -> Input:
    growth = question.growth
    about = "Growth of the volume from each month to the next; the year adds up twelve months."
    if growth and growth.period == "year":
        about += f" The question says {growth.amount:f}% a year, which is this much a month, compounded."
    value = from_question.monthly_growth(question)
    return Input("growth_per_month", "Growth per month", value, styles.EXACT_PERCENT, GROWTH, "of the volume", about)


def terms(question: Question) -> tuple[Input, ...]:
    """Return the inputs that say how actions run, and what is taken off prices."""
    earned = "Earned by a commitment, so it does not touch pay-as-you-go or a price of your own per action."
    resolved = from_question.fraction(question.resolved_share, Decimal(100))
    return (
        _percent(
            "discount", "Discount", from_question.fraction(question.discount), DISCOUNT, "off packs of Flex Credits", earned
        ),
        Input("tokens_per_action", "Tokens per action", question.tokens, styles.COUNT, WHOLE, "empty: one action each", TOKENS),
        _percent(
            "sandbox_share", "Sandbox share", from_question.fraction(question.sandbox_share), SHARE, "of all actions", SANDBOX
        ),
        _percent("voice_share", "Voice share", from_question.fraction(question.voice_share), SHARE, "of all actions", VOICE),
        _percent("resolved_share", "Resolved share", resolved, SHARE, "of all interactions", RESOLVED),
    )


def _percent(name: str, label: str, value: Decimal, rule: InputRule, hint: str, about: str) -> Input:  # noqa: PLR0913, PLR0917 - Input without its number format
    return Input(name, label, value, styles.EXACT_PERCENT, rule, hint, about)


def own_prices(question: Question) -> tuple[Input, ...]:
    """Return the inputs for prices that go before those of the Prices worksheet."""
    about = "A price of your own goes before the Prices worksheet. Leave empty to take the price from there."
    buying = (
        "Which way of buying your price per action is for, and the Break-even worksheet counts with. "
        "Empty: Flex Credits at contract or list price."
    )
    return (
        _own_price("action", "Your price per action", question.action_price, about),
        Input("buying", "… bought as", question.buying, "General", BUYING, "empty: contract or list price", buying),
        _own_price("pack", "Your price per pack", question.pack_price, about + " The discount comes off it."),
        _own_price("conversation", "Your price per conversation", question.conversation_price, about),
        _own_price(
            "seat", "Your price per seat and month", question.seat_price, about + " It is the price of the Agentforce Add-on."
        ),
    )


def _own_price(per: str, label: str, said: PriceInput | None, about: str) -> Input:
    rule = _price_rule(PRICES[per])
    return Input(f"your_usd_per_{per}", label, said.usd if said else None, styles.USD_PRICE, rule, "empty: from Prices", about)


def _price_rule(item: str) -> InputRule:
    """Return that a price of your own is what app.yaml takes for the contract's."""
    shape = price_shape(item)
    limits = ",".join(f"N({{cell}}){limit}" for limit in shape.limits())
    return InputRule(f"Write {shape.words}, or nothing.", f'AND({{cell}}<>"",NOT(AND({limits})))')


def factors() -> tuple[Input, ...]:
    """Return the inputs for the two what-ifs beside the year as planned."""
    about = "The plan is bought for the workload above; then this many times its volume comes."
    return (
        Input("volume_if_doubled", "If volume is more", Decimal(2), styles.TIMES, FACTOR, "times the volume", about),
        Input("volume_if_halved", "If volume is less", Decimal("0.5"), styles.TIMES, FACTOR, "times the volume", about),
    )


def mix_rows(question: Question) -> int:
    """Return how many lines the mix has room for."""
    return max(MIX_ROWS, len(question.mix))
