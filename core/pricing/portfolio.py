"""Several orgs: the cheapest permitted plans of each, one plan for all, and what blending inside an org would save.

One org's choice does not bind another, so the cheapest portfolio is the cheapest choice of every org: exact for any number.
Inside an org, customers' and employees' use may be paid differently, but conversations and Flex Credits exclude each
other, and seats for some employees with credits for others are not offered. Source: Agentforce pricing analysis,
early 2026, and Flex Credits guide, 2025.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from core.pricing import credit_rates
from core.pricing.plans import NO_CREDITS, PLANS, PackBlock, cheapest_of, usd_per_conversation, whole_packs
from core.pricing.quantities import Credits, Usd
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.pricing.credit_rates import Terms
    from core.pricing.plans import NotOffered, Offer, Plan
    from core.pricing.price_book import Prices
    from core.pricing.purchase import PackPrice
    from core.pricing.workload import Audience

NOTHING = Usd(Decimal(0))


class OrgUse(NamedTuple):
    """One kind of use of an org with the plans offered for it, cheapest first.

    blended: what a mix of plans would cost. credits: of a year; pack_prices: of this org, by the size of the order.
    """

    org: str
    audience: Audience | None
    offered: tuple[Offer, ...]
    refused: tuple[NotOffered, ...] = ()
    blended: Usd | None = None
    credits: Credits | None = None
    pack_prices: tuple[PackPrice, ...] | None = None


class Choice(NamedTuple):
    """What one org buys: a plan for each kind of its use, in the same order."""

    uses: tuple[OrgUse, ...]
    offers: tuple[Offer, ...]

    @property
    def usd(self) -> Usd:
        """What the org pays in a year."""
        return _total(self.offers)

    @property
    def blend_saving(self) -> Usd:
        """What blending would save: the cheapest of everything, even if it is not offered together."""
        # Without the combination rules each kind of usage takes what is cheapest for it.
        freest = (_least(use) for use in self.uses)
        return max(NOTHING, self.usd - sum(freest, NOTHING))


def _least(use: OrgUse) -> Usd:
    cheapest = use.offered[0].cost.assumed
    return min(cheapest, use.blended) if use.blended else cheapest


def _total(offers: Iterable[Offer]) -> Usd:
    return sum((offer.cost.assumed for offer in offers), NOTHING)


def may_combine(chosen: Sequence[tuple[Audience | None, Plan]]) -> bool:
    """Whether one org can have these plans, each for a kind of its use."""
    # One org is billed by conversations or by Flex Credits, for all its agents. Source: Flex Credits guide, 2025.
    if any(plan.family == "conversation" for _, plan in chosen) and any(burns_credits(plan) for _, plan in chosen):
        return False
    of_employees = {plan.family == "seat" for audience, plan in chosen if audience == "employees"}
    # Seats for some employees and credits for others are not offered in one org: either all have seats, or none has.
    return len(of_employees) < len({True, False})


def burns_credits(plan: Plan) -> bool:
    """Whether the plan meters in Flex Credits, or holds some."""
    return "flex.usd_per_pack" in plan.items


def cheapest_choice(uses: Sequence[OrgUse]) -> Choice | None:
    """Return an org's cheapest choice of all plans that can be combined; None if none can."""
    audiences = [use.audience for use in uses]
    combined = (
        offers
        # An org has at most two kinds of use and thirteen plans, so all pairs are tried; because of the rules between plans,
        # sorting by cost would be wrong.
        for offers in product(*(use.offered for use in uses))
        if may_combine([(audience, offer.plan) for audience, offer in zip(audiences, offers, strict=True)])
    )
    best = min(combined, key=lambda offers: _total(offers).count, default=None)
    return Choice(tuple(uses), best) if best else None


def packs_together(uses: Sequence[OrgUse], pack: Credits) -> tuple[int, Usd] | None:
    """Return the whole packs that hold the credits of all orgs, and their cost; None unless each pays the same for a pack."""
    # One block for all is priced only where every org pays the same by size; otherwise it is not known whose tiers would apply.
    by_org = {use.pack_prices for use in uses}
    by_size = by_org.pop() if len(by_org) == 1 else None
    if by_size is None or any(use.credits is None for use in uses):
        return None
    block: PackBlock = cheapest_of(whole_packs(sum((use.credits for use in uses if use.credits), NO_CREDITS), pack), by_size)
    return block.packs, block.cost


def one_plan_for_all(uses: Sequence[OrgUse], block: Usd | None = None) -> list[tuple[Plan, Usd]]:
    """Return the plans that every org can have for all its use with what they cost together, cheapest first.

    block: what one block of whole packs for all costs; without it, each org buys its own.
    """
    by_plan = [{offer.plan.key: offer for offer in use.offered} for use in uses]
    shared = [key for key in PLANS if all(key in offered for offered in by_plan)]
    totals = [(PLANS[key], _total(offered[key] for offered in by_plan)) for key in shared]
    totals = [(plan, block if block and plan.key == "flex_pre_purchase" else cost) for plan, cost in totals]
    return sorted(totals, key=lambda total: total[1].count)


def blend_usd(kinds: Iterable[tuple[Decimal, Decimal]], prices: Prices, terms: Terms) -> Usd:
    """Return what interactions cost if each kind were paid as a conversation or in credits, whichever is less.

    kinds: interactions of a year, and the credits that each of them burns.
    """
    conversation, rate = Usd(usd_per_conversation(prices, terms)), credit_rates.flex_rate(prices, terms)
    return sum((min(conversation, Credits(each).at(rate)) * count for count, each in kinds), NOTHING)
