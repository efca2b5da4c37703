"""The contract's price of a pack by the size of the order: `contract.volume_tiers` of app.yaml as values."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class VolumeTier(NamedTuple):
    """What every pack costs in an order of at least so many packs."""

    packs: int
    usd_per_pack: Decimal


def list_volume_tiers(raw: Iterable[Mapping[str, Any]]) -> tuple[VolumeTier, ...]:
    """Return the tiers as app.yaml writes them, smallest order first."""
    return tuple(sorted(VolumeTier(int(one["packs"]), Decimal(str(one["usd_per_pack"]))) for one in raw))


def tier_problems(raw: object) -> Iterator[str]:
    """Yield what is wrong with the tiers beyond their shape: two prices for one size of order."""
    # The schema reports wrong shapes; here they are passed over, so that one mistake is told once.
    sizes = [one.get("packs") for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []
    for size in sorted({size for size in sizes if isinstance(size, int) and sizes.count(size) > 1}):
        yield f"contract.volume_tiers names {size} packs more than once: each size of order has one price."
