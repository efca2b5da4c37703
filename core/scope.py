"""A part of the wallet: what a team watches, a token opens, a spreadsheet shows or a query counts; and name comparison."""

from __future__ import annotations

import unicodedata
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, cast

from core.errors import InputError
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.language import Question

NameKind = Literal["org", "agent", "department"]

# In the order of sentences and questions.
NAME_KINDS: tuple[NameKind, ...] = ("org", "agent", "department")
SINGLE = ("card", "environment", "grain")


class OutsideScopeError(InputError):
    """A name outside a scope. kind: its kind, such as org or card; name: as asked."""

    def __init__(self, kind: str, name: str, scope: Scope) -> None:
        """Say what is available instead."""
        self.kind, self.name = kind, name
        opened = scope.words("or") if kind in NAME_KINDS else f"{kind} {getattr(scope, kind)}"
        super().__init__(f"Of the wallet only {opened} is open to you, not {kind} {name}.")


class Scope(NamedTuple):
    """A part of the wallet; an empty field does not restrict. Names are as somebody wrote them, or as the exports spell them.

    environment, grain: production, sandbox or unknown, and the rows of one grain; they restrict only queries.
    """

    orgs: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    card: str = ""
    environment: str = ""
    grain: str = ""

    @classmethod
    def of(cls, question: Question) -> Scope:
        """Return the scope of a question, with names as asked."""
        named = {kind: (said,) for kind in NAME_KINDS if (said := getattr(question, kind))}
        limits = cls(card=question.card or "", environment=question.environment or "", grain=question.grain or "")
        return limits.with_names(named)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Scope:
        """Return the scope that app.yaml or a token names: an org, departments and agents, all optional."""
        orgs = (raw["org"],) if raw.get("org") else ()
        return cls(orgs, tuple(raw.get("departments") or ()), tuple(raw.get("agents") or ()))

    def to_json(self) -> dict[str, object]:
        """Return the names of a scope with at most one org, in the format of `from_json`."""
        return {"org": self.org, "departments": self.departments, "agents": self.agents}

    def apply(self, question: Question) -> Question:
        """Return the question about the scope's org, agent and department. Raises: ValueError, if one kind has several names."""
        return question._replace(
            org=self.parameter("org"), agent=self.parameter("agent"), department=self.parameter("department")
        )

    def with_names(self, named: Mapping[NameKind, Iterable[str]]) -> Scope:
        """Return the scope with its names of these kinds replaced by the given ones, without duplicates."""
        fields: dict[str, Any] = {f"{kind}s": tuple(dict.fromkeys(names)) for kind, names in named.items()}
        return self._replace(**fields)

    def names(self, kind: NameKind) -> tuple[str, ...]:
        """Return the names of a kind; none if it is unrestricted."""
        found: tuple[str, ...] = getattr(self, f"{kind}s")
        return found

    @property
    def org(self) -> str:
        """The single named org; empty if there is none."""
        return self.orgs[0] if self.orgs else ""

    @property
    def is_named(self) -> bool:
        """Whether the scope is limited to an org, an agent or a department."""
        return bool(self.orgs or self.departments or self.agents)

    @property
    def is_whole_card(self) -> bool:
        """Whether the scope covers the whole card."""
        return not self.is_named and not self.environment

    def contains(self, kind: NameKind, name: str) -> bool:
        """Whether usage under the name is within the scope, judging only by this name."""
        return not self.names(kind) or bool(find_alike(name, self.names(kind)))

    def covers(self, other: Scope) -> bool:
        """Whether the scope includes everything in the other one."""
        named = all(
            not self.names(kind) or (bool(other.names(kind)) and all(self.contains(kind, name) for name in other.names(kind)))
            for kind in NAME_KINDS
        )
        own = {name: self._single(name) for name in SINGLE}
        return named and all(not said or bool(find_alike(getattr(other, name), said)) for name, said in own.items())

    def narrow(self, asked: Scope) -> Scope:
        """Return the scope restricted to the names asked for, spelled as here; kinds without such names stay unchanged.

        Raises: OutsideScopeError, for the first name outside the scope.
        """
        card, environment, grain = (
            "".join(self._narrow(name, self._single(name), asked._single(name))) for name in ("card", "environment", "grain")
        )
        named = {kind: self._narrow(kind, self.names(kind), asked.names(kind)) for kind in NAME_KINDS}
        return Scope(card=card, environment=environment, grain=grain).with_names(named)

    def _single(self, name: str) -> tuple[str, ...]:
        said: str = getattr(self, name)
        return (said,) if said else ()

    def _narrow(self, kind: str, own: tuple[str, ...], asked: tuple[str, ...]) -> tuple[str, ...]:
        if not own or not asked:
            return own or asked
        outside = next((name for name in asked if not find_alike(name, own)), None)
        if outside is not None:
            raise OutsideScopeError(kind, outside, self)
        return tuple(find_alike(name, own)[0] for name in asked)

    def spell(self, known: Mapping[NameKind, Sequence[str]]) -> Scope:
        """Return the scope with the exports' spellings of its names, each expanded to all; unknown names match nothing."""
        return self.with_names(
            {
                kind: [one for name in self.names(kind) for one in find_alike(name, known.get(kind, ())) or [name]]
                for kind in NAME_KINDS
            }
        )

    def parts(self) -> list[Scope]:
        """Split the scope into disjoint parts with at most one name of each kind."""
        each = product(*([[name] for name in self.names(kind)] or [[]] for kind in NAME_KINDS))
        return [self.with_names(dict(zip(NAME_KINDS, part, strict=True))) for part in each]

    def parameters(self, *names: str) -> dict[str, str | None]:
        """Return the card and the named filters as query parameters, None for all; see `parameter`."""
        return {name: self.parameter(name) for name in ("card", *(names or ("environment", *NAME_KINDS)))}

    def parameter(self, name: str) -> str | None:
        """Return one filter as a query parameter, None for all. Raises: ValueError, for several names."""
        several = self._single(name) if name in SINGLE else self.names(cast("NameKind", name))
        if len(several) > 1:
            raise ValueError(f"a query takes one {name}, not {', '.join(several)}: ask for each of the scope's parts")
        return several[0] if several else None

    def words(self, conjunction: Literal["and", "or"] = "and") -> str:
        """Return the scope in words for a sentence: departments Sales and HR, or department Sales or HR."""
        said = [_write_names(kind, names, conjunction) for kind in NAME_KINDS if (names := self.names(kind))]
        return ", ".join([self.environment, *said] if self.environment else said)


EVERYTHING = Scope()


def _write_names(kind: str, names: tuple[str, ...], conjunction: str) -> str:
    return f"{kind}{'s' if conjunction == 'and' and len(names) > 1 else ''} {f' {conjunction} '.join(names)}"


def plain_name(name: str) -> str:
    """Return a normalised name: without differences in case, spaces, underscores and the encoding of accents."""
    return "".join(unicodedata.normalize("NFC", name.casefold()).split()).replace("_", "")


def find_alike(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that a name stands for: the exact match, otherwise all that are alike; none if there are none."""
    names, wanted = list(known), plain_name(name)
    return [name] if name in names else [one for one in names if wanted and plain_name(one) == wanted]
