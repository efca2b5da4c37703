"""The price of a credit by the way of buying: a table of the Workings worksheet, the same sums as core.pricing.credit_rates."""

from __future__ import annotations

from core.records import NamedTuple
from sheets_addin.compare.tier_workings import credits_usd
from sheets_addin.compare.workings_steps import LABEL, VALUE, unless_wrong
from sheets_addin.workbook import Block, Cell, join_blocks, row_of, styles


class RateFormula(NamedTuple):
    """A way of buying credits: its price as entered by you or in the contract, else the formula for it.

    own: true if your price per action applies to it; None if it never does. agreed: the contract's price per action.
    """

    name: str
    label: str
    own: str | None
    agreed: str | None
    otherwise: tuple[str, str, str]
    how: str


def _payg(saving: str) -> str:
    return f'IF(OR(list_usd_per_credit="",{saving}=""),"",list_usd_per_credit/(1-{saving}))'


def _precommit(end: str) -> str:
    share, base = "precommit_share_of_payg_premium_percent", "precommit_base_usd_per_credit"
    payg = f"payg_usd_per_credit{end}"
    return f'IF(OR({payg}="",{share}="",{base}=""),"",{base}+({payg}-{base})*{share})'


OWN = 'IF(OR(block_usd_per_pack="",flex_credits_per_pack=""),"",block_usd_per_pack/flex_credits_per_pack)'
CONTRACTED = 'IF(OR(contracted_usd_per_pack="",flex_credits_per_pack=""),"",contracted_usd_per_pack/flex_credits_per_pack)'


def _overage(end: str) -> str:
    return f'IF(OR({OWN}="",{CONTRACTED}=""),"",{end}({OWN},{CONTRACTED},payg_usd_per_credit))'


FLEX = 'IF(OR(usd_per_pack="",flex_credits_per_pack=""),"",usd_per_pack/flex_credits_per_pack)'
ENDS = ("_low", "", "_high")
WAYS = (
    RateFormula("flex", "Flex Credits", "has_own_flex_price", None, (FLEX, FLEX, FLEX), "price of a pack ÷ its credits"),
    RateFormula(
        "precommit",
        "Pre-commit",
        'AND(your_usd_per_action<>"",buying="precommit")',
        "precommit_usd_per_action",
        (_precommit("_low"), _precommit(""), _precommit("_high")),
        "from Flex Credits part of the way to pay-as-you-go",
    ),
    RateFormula(
        "payg",
        "Pay-as-you-go",
        'AND(your_usd_per_action<>"",buying="payg")',
        "payg_usd_per_action",
        (_payg("payg_saving_low"), _payg("payg_saving_percent"), _payg("payg_saving_high")),
        "price before discount ÷ (1 − what pre-purchase saves)",
    ),
    RateFormula(
        "overage",
        "Overage beyond packs",
        None,
        "overage_usd_per_action",
        (_overage("MIN"), CONTRACTED, _overage("MAX")),
        "the contract's price, else the rate of the block before discount; at most pay-as-you-go",
    ),
)


def _ways(tiers: int) -> tuple[RateFormula, ...]:
    """Return the ways, with Flex Credits at the price of the year's credits in the cheapest order under a contract's tiers."""
    if not tiers:
        return WAYS
    year = f"IF(credits_used=0,{FLEX},{credits_usd('credits_used', tiers)}/credits_used)"
    priced = f'IF(OR(usd_per_pack="",flex_credits_per_pack=""),"",{year})'
    return (WAYS[0]._replace(otherwise=(priced, priced, priced)), *WAYS[1:])


def rates(row: int, tiers: int) -> Block:
    """Return a line for each way of buying: its lowest, assumed and highest price of a credit."""
    head = join_blocks(
        row_of(row, LABEL, ("Price of a credit",), styles.HEADER_LEFT),
        row_of(row, VALUE, ("Low", "Assumed", "High"), styles.HEADER),
        row_of(row, VALUE + 3, ("How", None), styles.HEADER_LEFT),
    )
    return join_blocks(head, *(_rate(row + 1 + index, way) for index, way in enumerate(_ways(tiers))))


def _rate(row: int, way: RateFormula) -> Block:
    cells = {(row, LABEL): Cell(way.label, styles.LABEL), (row, VALUE + 3): Cell(way.how, styles.HINT)}
    names = {}
    for index, (end, otherwise) in enumerate(zip(ENDS, way.otherwise, strict=True)):
        place = (row, VALUE + index)
        cells[place] = Cell(unless_wrong(_rate_formula(way, otherwise)), styles.number_format(styles.USD_CREDIT))
        names[f"{way.name}_usd_per_credit{end}"] = (place, place)
    return Block(cells, names)


def _rate_formula(way: RateFormula, otherwise: str) -> str:
    agreed = f'IF({way.agreed}<>"",{way.agreed}/action_production,{otherwise})' if way.agreed else otherwise
    priced = f"IF({way.own},your_usd_per_action/action_production,{agreed})" if way.own else agreed
    return f'IF(action_production="","",{priced})'
