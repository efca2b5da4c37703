"""Credit prices on live worksheets: inputs of prices and discount, and the formulas of an order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import day, group_digits
from core.days import MONTHS_IN_YEAR
from core.language import MOST
from core.pricing import credit_rates, items
from core.questions import from_question
from sheets_addin.compare.inputs import DISCOUNT, Input, price_rule
from sheets_addin.compare.workings_steps import Step
from sheets_addin.workbook import Formula, styles
from sheets_addin.worksheets.prices import number_of, source_note

if TYPE_CHECKING:
    from core.context import Context
    from core.language import Question

SAID = "as asked"
OWN = "your_usd_per_action"
EARNED = "Earned by a commitment, so it does not touch a price of your own per action."
MONTHS = Step("months_per_year", "Months in a year", Decimal(MONTHS_IN_YEAR), styles.COUNT, "the basis of a year")
CENTS = Step("cent_places", "Places to which sums are compared", Decimal(2), styles.COUNT, "cents")


def price_input(name: str, item: str, context: Context, said: Decimal | None = None) -> Input:
    """Return a price of the day as an input, or the one in the question. Raises: NoPriceError."""
    about, unit = items()[item], items()[item]["unit"]
    if said is not None:
        return Input(name, about["label"], said, number_of(unit), price_rule(item), SAID, SAID)
    row = context.prices.row(item)
    value = row.value / Decimal(100) if unit == "percent" else row.value
    hint = f"{row.kind} price from {day(row.valid_from)}"
    return Input(name, about["label"], value, number_of(unit), price_rule(item), hint, source_note(row) or hint)


class CreditTerms:
    """The credit prices of a question and its contract."""

    def __init__(self, question: Question, context: Context) -> None:
        """Take the question's and the contract's terms."""
        self._context, self._terms = context, from_question.terms(question, context)
        self._discount = self._terms.discount
        agreed = credit_rates.pack_prices(context.prices, self._terms._replace(discount=Decimal(0), usd_per_action=None))
        self._single, *larger = agreed
        self._sizes = larger if len(credit_rates.pack_prices(context.prices, self._terms)) > 1 else []

    def inputs(self) -> tuple[Input, ...]:
        """Return the prices of a pack, of larger orders and of an action at your own price, and the discount."""
        own, packs = self._terms.usd_per_action, "flex.usd_per_pack"
        said = self._terms.usd_per_pack
        single = price_input("usd_per_pack", packs, self._context, said)
        if said is None and self._single.usd.count != single.value:
            single = price_input("usd_per_pack", packs, self._context, self._single.usd.count)
        tiers = (
            Input(
                f"tier_{place}_usd_per_pack",
                f"… in orders of at least {group_digits(size.from_packs)} packs",
                size.usd.count,
                styles.USD_PRICE,
                price_rule(packs),
                "contract.volume_tiers",
                "The contract's price by the size of the order.",
            )
            for place, size in enumerate(self._sizes, 1)
        )
        action = price_rule("payg.usd_per_action", MOST["price"], empty=True)
        return (
            single,
            *tiers,
            Input("discount", "Discount", self._discount, styles.EXACT_PERCENT, DISCOUNT, "off packs of Flex Credits", EARNED),
            Input(OWN, "Your price per action", own, styles.USD_PRICE, action, "empty: from the price of a pack", EARNED),
            price_input("credits_per_pack", "flex.credits_per_pack", self._context),
            price_input("credits_of_an_action", "action.production", self._context),
        )

    def steps(self) -> tuple[Step, ...]:
        """Return the price of a credit in a single pack, and the order sizes from which other prices apply."""
        single = f'IF({OWN}="",usd_per_pack*(1-discount)/credits_per_pack,{OWN}/credits_of_an_action)'
        tiers = (
            Step(
                f"tier_{place}_packs", "Packs of a larger order", Decimal(size.from_packs), styles.COUNT, "contract.volume_tiers"
            )
            for place, size in enumerate(self._sizes, 1)
        )
        credit = Step("usd_per_credit", "Price of a credit", Formula(single), styles.USD_CREDIT, "price of a pack ÷ its credits")
        return (MONTHS, *((CENTS, *tiers) if self._sizes else ()), credit)

    def cost_of(self, amount: str) -> str:
        """Return the formula for the cost of that many credits, in the cheapest order for them."""
        if not self._sizes:
            return f"{amount}*usd_per_credit"
        larger = ",".join(
            f"MAX({amount},{name}_packs*credits_per_pack)*{name}_usd_per_pack*(1-discount)/credits_per_pack"
            for name in self._tier_names()
        )
        return f'IF({OWN}<>"",{amount}*usd_per_credit,IF({amount}=0,0,MIN({amount}*usd_per_credit,{larger})))'

    def rate_for(self, budget: str) -> str:
        """Return the formula for the price of a credit in the largest order that a budget in dollars pays for."""
        if not self._sizes:
            return "usd_per_credit"
        reached = ",".join(
            f"IF(ROUND({budget}-{name}_packs*{name}_usd_per_pack*(1-discount),cent_places)>=0,"
            f"{name}_usd_per_pack*(1-discount)/credits_per_pack,usd_per_credit)"
            for name in self._tier_names()
        )
        return f'IF({OWN}<>"",usd_per_credit,MIN(usd_per_credit,{reached}))'

    def _tier_names(self) -> list[str]:
        return [f"tier_{place}" for place, _ in enumerate(self._sizes, 1)]
