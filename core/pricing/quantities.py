"""Amounts that do not mix: adding credits to dollars is an error, for mypy and at run time.

All are exact decimals and are rounded only when a person reads them. A non-terminating quotient is carried to 28 significant
digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, overload

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact number of one thing; adds to, compares with and divides by its own kind only."""

    count: Decimal

    def __lt__(self, other: Self) -> bool:
        """Whether this is less of the same thing."""
        # By exact class, not isinstance: all amounts are Quantities, and dollars must not compare with credits.
        return self.count < other.count if other.__class__ is self.__class__ else NotImplemented

    def __add__(self, other: Self) -> Self:
        """Return the sum of two amounts of one kind."""
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self.__class__(self.count + other.count)

    def __sub__(self, other: Self) -> Self:
        """Return the difference of two amounts of one kind."""
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self.__class__(self.count - other.count)

    def __mul__(self, times: Decimal | int) -> Self:
        """Return this amount multiplied by a number."""
        return self.__class__(self.count * times)

    @overload
    def __truediv__(self, other: Self) -> Decimal: ...
    @overload
    def __truediv__(self, other: Decimal | int) -> Self: ...
    def __truediv__(self, other: Self | Decimal | int) -> Self | Decimal:
        """Return the ratio to another amount, or this amount divided by a number."""
        if isinstance(other, Quantity):
            if other.__class__ is not self.__class__:
                return NotImplemented
            return self.count / other.count
        return self.__class__(self.count / other)

    def __bool__(self) -> bool:
        """Whether the amount is not zero."""
        return bool(self.count)


class Usd(Quantity):
    """US dollars."""

    __slots__ = ()

    def for_credits(self, credits_bought: Credits) -> UsdPerCredit:
        """Return the price of one credit when these dollars buy so many."""
        return UsdPerCredit(self.count / credits_bought.count)


class Interactions(Quantity):
    """Exchanges with a customer or employee, start to end."""

    __slots__ = ()


class Seats(Quantity):
    """Per-user licences."""

    __slots__ = ()


class Credits(Quantity):
    """Flex Credits."""

    __slots__ = ()

    def at(self, rate: UsdPerCredit) -> Usd:
        """Return what these credits cost at a rate, unrounded."""
        return Usd(self.count * rate.usd)


class Actions(Quantity):
    """Actions: the metered unit under Flex Credits."""

    __slots__ = ()

    def burn(self, credits_per_action: Decimal) -> Credits:
        """Return the credits that these actions take out of the wallet."""
        return Credits(self.count * credits_per_action)


@dataclass(frozen=True, order=True, slots=True)
class UsdPerCredit:
    """A price of Flex Credits."""

    usd: Decimal
