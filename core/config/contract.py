"""What a contract of app.yaml may say: the `contract` section's settings, a price for each item of the price book among them."""

from __future__ import annotations

from core.config.currency import CODES
from core.config.setting import Day, ListOf, Number, OneOf, Setting, SettingGroup, Text, Whole
from core.pricing import items

POSITIVE = Number(above=0)
FIRST_DAY, DAY_AFTER_LAST = Day("2026-07-01"), Day("2027-07-01")
UNITS = {"usd": "dollars"}


def price_shape(item: str) -> Number:
    """Return what may be written for an item's price: above 0 and, where it is a percentage of something, below all of it."""
    return Number(above=0, below=100) if items()[item]["unit"] == "percent" else POSITIVE


def _price(item: str) -> Setting:
    unit = items()[item]["unit"]
    return Setting(item, price_shape(item), f"{items()[item]['label']}, as agreed, in {UNITS.get(unit, unit)}")


GRANT = SettingGroup(
    (
        Setting("credits", POSITIVE, "the credits granted", is_required=True),
        Setting("start", FIRST_DAY, "the first day on which the credits can be used", usual="the contract's start"),
        Setting("end", DAY_AFTER_LAST, "the day from which they can no longer be used", usual="the contract's end"),
        Setting("card", Text(), "the consumption card, by its developer name", "FlexCredits"),
        Setting("label", Text(), "a name for people"),
        Setting("usd", Number(0), "what was paid for the grant, in dollars, 0 for free credits"),
        Setting(
            "kind",
            OneOf(("free", "bought")),
            "what the credits are",
            usual="free if the label has Foundations in it, else bought",
        ),
    )
)
TIER = SettingGroup(
    (
        Setting("packs", Whole(1, 1_000_000), "the least packs in one order that this price holds for", is_required=True),
        Setting("usd_per_pack", POSITIVE, "what each pack of such an order costs, in dollars", is_required=True),
    )
)


def contract() -> SettingGroup:
    """Return the settings of the section; a new item of the price book is one of them."""
    return SettingGroup(
        (
            Setting("start", FIRST_DAY, "the first day of the term", starter="2026-07-01", remark="first day of the term"),
            Setting(
                "end", DAY_AFTER_LAST, "the day after the term's last", starter="2027-07-01", remark="the day after its last"
            ),
            Setting(
                "currency",
                OneOf(("USD", *CODES)),
                "the currency of every amount of this section, whatever its name says of dollars",
                "USD",
                starter="EUR",
                remark="of every amount here (default: USD); needs exchange_rates",
            ),
            Setting(
                "prices",
                SettingGroup(tuple(map(_price, items()))),
                "your own prices by item of the price book, in force during the term; `agentcost prices --json` lists the items",
                starter="""
  flex.usd_per_pack: 450.00
  payg.usd_per_action: 0.12""",
                remark="what you negotiated, by item; `agentcost prices --json` lists the items",
            ),
            Setting(
                "volume_tiers",
                ListOf(Setting("tier", TIER, "a tier has packs and usd_per_pack")),
                "a list of prices of a pack by the size of the order, each with packs and usd_per_pack",
                starter="""
  - {packs: 10, usd_per_pack: 450.00}""",
                remark="what a pack costs in an order of at least so many",
            ),
            Setting(
                "grants",
                ListOf(Setting("grant", GRANT, "a grant has credits and may have start, end, card, label, usd and kind")),
                "a list of grants of credits, each with credits, start and end",
                starter="""
  - {credits: 1000000, usd: 4500, label: "Order 1"}
  - {credits: 200000, end: 2026-12-31, label: Foundations, kind: free}""",
                remark="credits bought or given, where no ledger export says so",
            ),
        )
    )
