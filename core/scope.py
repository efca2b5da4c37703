"""Which part of the wallet is open: one org, some departments, some agents."""

from __future__ import annotations

from typing import NamedTuple


class WalletFilter(NamedTuple):
    """The part of the wallet that is open; names as the exports spell them, empty leaves all in."""

    org: str = ""
    departments: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()

    @property
    def by_phrase(self) -> dict[str, tuple[str, ...]]:
        """The names that are open, by the phrase that asks for one; phrases that are not limited are left out."""
        names = {"org": (self.org,) if self.org else (), "department": self.departments, "agent": self.agents}
        return {phrase: said for phrase, said in names.items() if said}

    def words(self) -> str:
        """Return the filter for a sentence; nothing where everything is open."""
        return ", ".join(f"{phrase} {' or '.join(names)}" for phrase, names in self.by_phrase.items())


EVERYTHING = WalletFilter()


def plain_name(name: str) -> str:
    """Return a name without what people write differently: case, spaces, underscores."""
    return name.lower().replace(" ", "").replace("_", "")
