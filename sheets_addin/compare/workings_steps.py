"""The steps of the Workings worksheet: one named cell each, with its explanation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from core.config import price_shape
from core.language import MOST
from sheets_addin.workbook import Block, Cell, Formula, styles

if TYPE_CHECKING:
    from sheets_addin.workbook import Content

LABEL, VALUE, HOW = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Step:
    """One named cell with its explanation."""

    name: str
    label: str
    content: Content
    number: str
    how: str


def unless_wrong(formula: str) -> Formula:
    """Return the formula, empty while any input is invalid."""
    return Formula(f'IF(any_input_wrong,"",{formula})')


def block_of(row: int, step: Step) -> Block:
    """Return the step's line, its formula empty while any input is invalid."""
    content = unless_wrong(step.content.text) if isinstance(step.content, Formula) else step.content
    return block_as_is(row, step, content)


def block_as_is(row: int, step: Step, content: Content) -> Block:
    """Return the line of a step with this content, whatever the inputs."""
    cells = {
        (row, LABEL): Cell(step.label, styles.LABEL),
        (row, VALUE): Cell(content, styles.number_format(step.number)),
        (row, HOW): Cell(step.how, styles.HINT),
    }
    return Block(cells, {step.name: ((row, VALUE), (row, VALUE))})


VOLUME = (
    Step(
        "actions_per_interaction",
        "Actions per interaction",
        Formula(
            'IF(COUNT(mix_shares)>0,SUMPRODUCT(mix_shares,mix_actions),IF(AND(actions_per="interaction",actions<>""),actions,""))'
        ),
        styles.AVERAGE,
        "the average of the mix, else the actions as entered",
    ),
    Step(
        "actions_per_month",
        "Actions in the first month",
        Formula(
            'IF(actions_per_interaction<>"",IF(interactions_per_month="","",interactions_per_month*actions_per_interaction),IF(actions="","",IF(actions_per="user",IF(users="","",actions*users),IF(actions_per="year",actions/months_per_year,IF(actions_per="month",actions,"")))))'
        ),
        styles.COUNT,
        "from interactions, users, month or year, as they are counted",
    ),
    Step(
        "billed_actions_per_action",
        "Billed actions per action",
        Formula('IF(tokens_per_action="",1,IF(action_tokens="","",MAX(1,ROUNDUP(tokens_per_action/action_tokens,0))))'),
        styles.COUNT,
        "one per 10,000 tokens, rounded up (Prices), at least one",
    ),
    Step(
        "credits_per_action",
        "Credits per billed action",
        Formula(
            'IF(OR(AND(voice_share<1,sandbox_share>0,action_sandbox=""),AND(voice_share>0,sandbox_share<1,voice_production=""),AND(voice_share>0,sandbox_share>0,voice_sandbox="")),"",(1-voice_share)*((1-sandbox_share)*N(action_production)+sandbox_share*N(action_sandbox))+voice_share*((1-sandbox_share)*N(voice_production)+sandbox_share*N(voice_sandbox)))'
        ),
        "#,##0.00####",
        "voice and sandbox shares weighed in; empty where a price that they need is",
    ),
    Step(
        "months_worth",
        "First months that the year is worth",
        Formula("SUM(volume_factors)"),
        "0.0000##",
        "the sum of the volumes month by month, below",
    ),
    Step(
        "interactions_per_year",
        "Interactions per year",
        Formula('IF(interactions_per_month="","",interactions_per_month*months_worth)'),
        styles.COUNT,
        "interactions per month × first months that the year is worth",
    ),
    Step(
        "resolutions_per_year",
        "Resolutions per year",
        Formula('IF(interactions_per_year="","",interactions_per_year*resolved_share)'),
        styles.COUNT,
        "interactions × resolved share",
    ),
    Step(
        "billed_actions_per_year",
        "Billed actions per year",
        Formula(
            'IF(OR(actions_per_month="",billed_actions_per_action=""),"",actions_per_month*billed_actions_per_action*months_worth)'
        ),
        styles.COUNT,
        "actions per month × billed actions per action × first months",
    ),
    Step(
        "credits_per_year",
        "Credits per year",
        Formula('IF(OR(billed_actions_per_year="",credits_per_action=""),"",billed_actions_per_year*credits_per_action)'),
        styles.COUNT,
        "billed actions × credits per billed action",
    ),
    Step("credits_used", "… as a number", Formula("N(credits_per_year)"), styles.COUNT, "0 where the actions are not known"),
    Step(
        "packs",
        "Whole packs that hold the year's credits",
        Formula('IF(flex_credits_per_pack="","",ROUNDUP(ROUND(credits_used,credit_places)/flex_credits_per_pack,0))'),
        styles.COUNT,
        "credits ÷ credits in a pack, rounded up",
    ),
    Step(
        "conversations_usd_per_year",
        "The year's interactions as conversations",
        Formula(
            'IF(OR(interactions_per_year="",conversation_usd="",usd_per_conversation=""),"",interactions_per_year*usd_per_conversation)'
        ),
        styles.USD_CENTS,
        "what “below conversations” compares with",
    ),
)
PRICES = (
    Step(
        "has_own_flex_price",
        "Your price per action is for Flex Credits",
        Formula('AND(your_usd_per_action<>"",OR(buying="",buying="prepurchase"))'),
        "General",
        "where it is not said to be for pre-commit or pay-as-you-go",
    ),
    Step(
        "usd_per_conversation",
        "Price of a conversation",
        Formula('IF(your_usd_per_conversation="",conversation_usd,your_usd_per_conversation)'),
        styles.USD_PRICE,
        "yours, else in force",
    ),
    Step(
        "usd_per_seat",
        "Price of a seat for a month",
        Formula('IF(your_usd_per_seat="",add_on_usd,your_usd_per_seat)'),
        styles.USD_PRICE,
        "yours, else in force",
    ),
    Step(
        "usd_per_pack_before_discount",
        "Price of a pack before discount",
        Formula('IF(your_usd_per_pack="",flex_usd_per_pack,your_usd_per_pack)'),
        styles.USD_PRICE,
        "yours, else in force",
    ),
    Step(
        "usd_per_pack",
        "Price of a pack",
        Formula(
            'IF(has_own_flex_price,IF(OR(action_production="",flex_credits_per_pack=""),"",your_usd_per_action/action_production*flex_credits_per_pack),IF(usd_per_pack_before_discount="","",usd_per_pack_before_discount*(1-discount)))'
        ),
        styles.USD_PRICE,
        "discount taken off; or your price per action × actions in a pack",
    ),
    Step(
        "usd_per_pack_contracted",
        "Price of a pack that overage is billed at",
        Formula("IF(has_own_flex_price,usd_per_pack,usd_per_pack_before_discount)"),
        styles.USD_PRICE,
        "before discount, which is earned by what is committed",
    ),
    Step(
        "list_usd_per_credit",
        "List price of a credit",
        Formula('IF(OR(flex_usd_per_pack_list="",flex_credits_per_pack=""),"",flex_usd_per_pack_list/flex_credits_per_pack)'),
        styles.USD_CREDIT,
        "the basis of pay-as-you-go, whatever was agreed for packs",
    ),
    Step(
        "payg_saving_low",
        "Saving against pay-as-you-go, at least",
        Formula('IF(payg_saving_percent_contract="",payg_saving_percent_low,payg_saving_percent)'),
        styles.PERCENT,
        "the published range; a contract's figure has none",
    ),
    Step(
        "payg_saving_high",
        "Saving against pay-as-you-go, at most",
        Formula('IF(payg_saving_percent_contract="",payg_saving_percent_high,payg_saving_percent)'),
        styles.PERCENT,
        "the same",
    ),
)
CONSTANTS = (
    Step(
        "cent_places",
        "Places to which years are compared",
        Decimal(2),
        styles.COUNT,
        "plans that cost the same to the cent share a rank",
    ),
    Step(
        "credit_places",
        "Places to which credits are counted for packs",
        Decimal(4),
        styles.COUNT,
        "so that a calculation's last digit does not buy a pack",
    ),
    Step("share_places", "Places to which the mix must add up", Decimal(6), styles.COUNT, "as fractions of 1"),
    Step(
        "most_actions_each",
        "Most actions of an interaction, or of a user and month",
        MOST["actions"],
        styles.COUNT,
        "what a question takes",
    ),
    Step(
        "most_actions_of_a_period",
        "Most actions of a month or year",
        MOST["actions_of_a_period"],
        styles.COUNT,
        "what a question takes",
    ),
    Step("largest_price", "Largest price", price_shape("flex.usd_per_pack").most, styles.COUNT, "what app.yaml takes"),
    Step("volume_as_planned", "Volume of the year as planned", Decimal(1), styles.TIMES, "the factor of the year as planned"),
)
