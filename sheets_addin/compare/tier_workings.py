"""A contract's prices by order size, and the resulting block of whole packs and commitment: steps of Workings."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import group_digits
from sheets_addin.compare.workings_steps import Step
from sheets_addin.workbook import Formula, number_in_formula, styles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.pricing import VolumeTier

OWN_PRICE = 'OR(has_own_flex_price,your_usd_per_pack<>"")'


def tier_names(tiers: int) -> list[str]:
    """Return the names of the tiers' cells, smallest order first."""
    return [f"tier_{place}" for place in range(1, tiers + 1)]


def credits_usd(amount: str, tiers: int) -> str:
    """Return the formula for the cost of that many credits, in the cheapest order under the contract's tiers."""
    if not tiers:
        return f"{amount}*flex_usd_per_credit"
    larger = (
        f"MAX({amount},{name}_from_packs*flex_credits_per_pack)*{name}_usd_per_pack/flex_credits_per_pack"
        for name in tier_names(tiers)
    )
    return f"IF({amount}=0,0,MIN({amount}*usd_per_pack/flex_credits_per_pack,{','.join(larger)}))"


def tier_steps(tiers: Sequence[VolumeTier]) -> tuple[Step, ...]:
    """Return the tiers, then the cheapest block and commitment under them; without tiers those at one price."""
    larger = sizes(tiers)
    names = tier_names(len(larger))
    found = [step for name, tier in zip(names, larger, strict=True) for step in _tier(name, tier)]
    return (*found, *_block(names), *_commitment(names))


def price_steps(steps: Sequence[Step], tiers: Sequence[VolumeTier]) -> tuple[Step, ...]:
    """Return the steps of the prices, with the contract's price of a pack if its tiers price orders from one pack on."""
    agreed = next((tier.usd_per_pack for tier in tiers if tier.packs == 1), None)
    if agreed is None:
        return tuple(steps)
    content = Formula(f'IF(your_usd_per_pack="",{number_in_formula(agreed)},your_usd_per_pack)')
    how = "yours, else contract.volume_tiers"
    return tuple(replace(one, content=content, how=how) if one.name == "usd_per_pack_before_discount" else one for one in steps)


def sizes(tiers: Sequence[VolumeTier]) -> tuple[VolumeTier, ...]:
    """Return the tiers of more than a single pack, smallest order first."""
    return tuple(sorted(tier for tier in tiers if tier.packs > 1))


def _tier(name: str, tier: VolumeTier) -> tuple[Step, ...]:
    packs = f"{group_digits(tier.packs)} packs"
    listed = tier.usd_per_pack
    return (
        Step(f"{name}_from_packs", f"Orders of at least {packs}", Decimal(tier.packs), styles.COUNT, "contract.volume_tiers"),
        Step(f"{name}_contract_usd", "… contract price of a pack", listed, styles.USD_PRICE, "contract.volume_tiers"),
        Step(
            f"{name}_usd_before_discount",
            "… before discount",
            Formula(f"IF({OWN_PRICE},usd_per_pack_contracted,{name}_contract_usd)"),
            styles.USD_PRICE,
            "a price of your own overrides it",
        ),
        Step(
            f"{name}_usd_per_pack",
            "… price of a pack",
            Formula(f"IF({OWN_PRICE},usd_per_pack,{name}_contract_usd*(1-discount))"),
            styles.USD_PRICE,
            "discount taken off",
        ),
    )


def _block(names: list[str]) -> tuple[Step, ...]:
    sizes = [("packs", "usd_per_pack", "usd_per_pack_contracted")]
    sizes += [(f"MAX(packs,{name}_from_packs)", f"{name}_usd_per_pack", f"{name}_usd_before_discount") for name in names]
    cost = f"MIN({','.join(f'{packs}*{usd}' for packs, usd, _ in sizes)})" if names else "packs*usd_per_pack"

    def chosen(place: int) -> str:
        formula = sizes[-1][place]
        for size in reversed(sizes[:-1]):
            formula = f"IF({size[0]}*{size[1]}=block_usd,{size[place]},{formula})"
        return f'IF(packs="","",IF(packs=0,{"0" if place == 0 else sizes[0][place]},{formula}))'

    empty = 'OR(packs="",usd_per_pack="")'
    return (
        Step(
            "block_usd",
            "The cheapest block that holds the year",
            Formula(f'IF({empty},"",IF(packs=0,0,{cost}))'),
            styles.USD_CENTS,
            "whole packs; a larger order where its lower price pays",
        ),
        Step("block_packs", "… packs", Formula(chosen(0)), styles.COUNT, "of that block"),
        Step("block_usd_per_pack", "… price of a pack", Formula(chosen(1)), styles.USD_PRICE, "of that block"),
        Step("contracted_usd_per_pack", "… before discount", Formula(chosen(2)), styles.USD_PRICE, "what overage is billed at"),
    )


def _commitment(names: list[str]) -> tuple[Step, ...]:
    """Return the pre-commitment of the year: its starting base price, and the credits committed."""
    sizes = [("credits_used", "usd_per_pack/flex_credits_per_pack")]
    sizes += [
        (f"MAX(credits_used,{name}_from_packs*flex_credits_per_pack)", f"{name}_usd_per_pack/flex_credits_per_pack")
        for name in names
    ]

    def cost(size: tuple[str, str]) -> str:
        committed, base = size
        return f"{committed}*({base}+(payg_usd_per_credit-{base})*precommit_share_of_payg_premium_percent)"

    least = f"MIN({','.join(cost(size) for size in sizes)})"

    def chosen(place: int) -> str:
        formula = sizes[-1][place]
        for size in reversed(sizes[:-1]):
            formula = f"IF({cost(size)}=commitment_usd,{size[place]},{formula})"
        return formula

    agreed = 'OR(AND(your_usd_per_action<>"",buying="precommit"),precommit_usd_per_action<>"",payg_usd_per_credit="")'
    single = 'IF(OR(usd_per_pack="",flex_credits_per_pack=""),"",usd_per_pack/flex_credits_per_pack)'
    if not names:
        base, committed = Formula(single), Formula("credits_used")
        found: tuple[Step, ...] = ()
    else:
        is_single = f"OR({agreed},credits_used=0)"
        base, committed = Formula(f"IF({is_single},{single},{chosen(1)})"), Formula(f"IF({is_single},credits_used,{chosen(0)})")
        largest = Formula(f'IF({agreed},"",{least})')
        found = (Step("commitment_usd", "The cheapest pre-commitment that holds the year", largest, styles.USD_CENTS, "by size"),)
    return (
        *found,
        Step(
            "precommit_base_usd_per_credit", "Price of a credit that pre-commit starts from", base, styles.USD_CREDIT, "by size"
        ),
        Step("committed_credits", "Credits committed to", committed, styles.COUNT, "the year's, or more where a tier pays"),
    )
