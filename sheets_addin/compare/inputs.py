"""The input cells of the Compare worksheet: their labels, their allowed values, the question's values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.config import price_shape
from core.language import MOST
from core.pricing import items
from core.questions import from_question
from sheets_addin.workbook import styles

if TYPE_CHECKING:
    from core.language import PriceInput, Question

MIX_ROWS = 5
WHOLE_SHARE, LARGEST_FACTOR = Decimal(1), Decimal(1000)


@dataclass(frozen=True, slots=True)
class InputRule:
    """The rule of an input. wrong: a formula over {cell} and {most}, true for invalid values; an empty cell may be valid.

    choices: the only texts it allows. most: the upper end, both in the cell's unit. message: what to enter.
    """

    message: str
    wrong: str
    choices: tuple[str, ...] = ()
    most: Decimal | None = None

    def wrong_of(self, cell: str, most: str | None = None) -> str:
        """Return the formula for one cell. most: the cell with the upper end; by default the number itself."""
        end = most if most is not None else f"{self.most:f}" if self.most is not None else ""
        return self.wrong.replace("{cell}", cell).replace("{most}", end)


@dataclass(frozen=True, slots=True)
class Input:
    """One input cell. name: as in formulas; hint: shown beside it; about: its note."""

    name: str
    label: str
    value: Decimal | str | None
    number: str
    rule: InputRule
    hint: str
    about: str


def choice(*choices: str, empty: bool = False) -> InputRule:
    """Return a rule that allows one of these texts."""
    may_be = "" if not empty else ", or nothing"
    wrong = "AND(" + ",".join(f'{{cell}}<>"{choice}"' for choice in ("", *choices)[0 if empty else 1 :]) + ")"
    return InputRule(f"Write {', '.join(choices)}{may_be}.", _or_error(wrong), choices)


def number_rule(message: str, most: Decimal, *limits: str, whole: bool = False, empty: bool = False) -> InputRule:
    """Return a rule that allows a number within these limits, up to the maximum. limits: comparisons such as >0."""
    least = [f"NOT(N({{cell}}){limit})" for limit in limits]
    is_broken = ["INT(N({cell}))<>N({cell})"] if whole else []
    wrong = ",".join(["NOT(ISNUMBER({cell}))", *least, *is_broken, "N({cell})>{most}"])
    return InputRule(message, _or_error(f'AND({{cell}}<>"",OR({wrong}))' if empty else f"OR({wrong})"), most=most)


def _or_error(wrong: str) -> str:
    """Return the formula, true for an error too: people paste #N/A from elsewhere."""
    return f"IF(ISERROR({{cell}}),TRUE,{wrong})"


def above_0(most: Decimal, *, whole: bool = False, empty: bool = False) -> InputRule:
    """Return a rule that allows a number above 0."""
    text = f"Write a {'whole ' if whole else ''}number above 0 and at most {most:,f}{', or nothing' if empty else ''}."
    return number_rule(text, most, ">0", whole=whole, empty=empty)


def price_rule(item: str, most: Decimal | None = None, *, empty: bool = False) -> InputRule:
    """Return a rule that allows the prices that app.yaml allows for the contract; a percentage cell has its share of 1."""
    shape, is_share = price_shape(item), items()[item]["unit"] == "percent"
    end = WHOLE_SHARE if is_share else shape.most if most is None else most
    upper = "" if is_share else f" and at most {end:,f}"
    said = f"Write {shape.words}{' percent' if is_share else upper}{', or nothing' if empty else ''}."
    return number_rule(said, end, *shape.limits(is_share=is_share), empty=empty)


MOST_GROWTH = MOST["growth_percent"] / Decimal(100)
INTERACTIONS = above_0(MOST["interactions"], empty=True)
TOKENS_TAKEN = above_0(MOST["tokens"], whole=True, empty=True)
ACTIONS_EACH = above_0(MOST["actions"], empty=True)
ACTIONS_OF_A_PERIOD = above_0(MOST["actions_of_a_period"], empty=True)
ACTIONS = replace(
    ACTIONS_OF_A_PERIOD,
    message=(
        f"Write a number above 0 and at most {MOST['actions']:,f}, "
        f"of a month or year {MOST['actions_of_a_period']:,f}, or nothing."
    ),
)
USERS = above_0(MOST["users"], whole=True, empty=True)
SHARE = number_rule("Write a share from 0% to 100%.", WHOLE_SHARE, ">=0")
DISCOUNT = number_rule("Write a discount from 0% to under 100%.", WHOLE_SHARE, ">=0", "<1")
GROWTH = number_rule(f"Write a growth from 0% to {MOST['growth_percent']:f}%.", MOST_GROWTH, ">=0")
FACTOR = number_rule(f"Write a number from 0 to {LARGEST_FACTOR:,f}.", LARGEST_FACTOR, ">=0")
PRICES = {"action": "payg.usd_per_action", "pack": "flex.usd_per_pack", "conversation": "conversation.usd", "seat": "add_on.usd"}
PER = choice("interaction", "user", "month", "year")
AUDIENCE = choice("customers", "employees", "either")
BUYING = choice("prepurchase", "precommit", "payg", empty=True)

PER_HINT = "interaction, user, month or year"
TOKENS = "Each 10,000 tokens (see Prices), or part of them, are billed as one action."
SANDBOX, VOICE = "Actions in a sandbox burn fewer credits.", "Voice actions burn more credits."
RESOLVED = "Help Agent is paid by resolution."


def volume(question: Question) -> tuple[Input, ...]:
    """Return the inputs for how much is used, and by whom."""
    return (*_use(question), *_people(question), _growth(question))


def _use(question: Question) -> tuple[Input, ...]:
    interactions, said = question.interactions, question.actions
    month = interactions.per_month if interactions else None
    counted = "Per user means per user and month."
    exchanges = "Exchanges with a customer or employee, start to end. Leave empty if not known."
    functions = "Functions that agents run. A mix below overrides this number."
    return (
        Input(
            "interactions_per_month", "Interactions per month", month, styles.COUNT, INTERACTIONS, "in the first month", exchanges
        ),
        Input("actions", "Actions", said.count if said else None, styles.AVERAGE, ACTIONS, "counted as below", functions),
        Input("actions_per", "… counted per", said.per if said else "interaction", "General", PER, PER_HINT, counted),
    )


def _people(question: Question) -> tuple[Input, ...]:
    seats = "How many people; needed for every plan that is sold by seats."
    served = "Conversations are sold for customer-facing use and add-on seats for employees; either leaves both in."
    audience = question.audience or "either"
    return (
        Input("users", "Users", question.users, styles.COUNT, USERS, "people with a licence", seats),
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
    """Return the inputs for how actions run, and for discounts."""
    earned = "Earned by a commitment, so it does not touch pay-as-you-go or a price of your own per action."
    resolved = from_question.fraction(question.resolved_share, Decimal(100))
    return (
        _percent(
            "discount", "Discount", from_question.fraction(question.discount), DISCOUNT, "off packs of Flex Credits", earned
        ),
        Input(
            "tokens_per_action",
            "Tokens per action",
            question.tokens,
            styles.COUNT,
            TOKENS_TAKEN,
            "empty: one action each",
            TOKENS,
        ),
        _percent(
            "sandbox_share", "Sandbox share", from_question.fraction(question.sandbox_share), SHARE, "of all actions", SANDBOX
        ),
        _percent("voice_share", "Voice share", from_question.fraction(question.voice_share), SHARE, "of all actions", VOICE),
        _percent("resolved_share", "Resolved share", resolved, SHARE, "of all interactions", RESOLVED),
    )


def _percent(name: str, label: str, value: Decimal, rule: InputRule, hint: str, about: str) -> Input:  # noqa: PLR0913, PLR0917 - Input without its number format
    return Input(name, label, value, styles.EXACT_PERCENT, rule, hint, about)


def own_prices(question: Question) -> tuple[Input, ...]:
    """Return the inputs for prices that override those of the Prices worksheet."""
    about = "A price of your own overrides the Prices worksheet. Leave empty to take the price from there."
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
    rule = price_rule(PRICES[per], MOST["price"], empty=True)
    return Input(f"your_usd_per_{per}", label, said.usd if said else None, styles.USD_PRICE, rule, "empty: from Prices", about)


def factors() -> tuple[Input, ...]:
    """Return the inputs for the two what-ifs beside the year as planned."""
    about = "The plan is bought for the workload above; then this many times its volume comes."
    return (
        Input("volume_if_doubled", "If volume is more", Decimal(2), styles.TIMES, FACTOR, "times the volume", about),
        Input("volume_if_halved", "If volume is less", Decimal("0.5"), styles.TIMES, FACTOR, "times the volume", about),
    )


def mix_rows(question: Question) -> int:
    """Return how many rows the mix has room for."""
    return max(MIX_ROWS, len(question.mix))
