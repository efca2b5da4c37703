"""Who may ask over HTTP: the `formula_api` section of app.yaml as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

AccessLevel = Literal["pricing", "wallet"]


class FormulaApiSettings(NamedTuple):
    """Without a section only tokens open anything.

    audience, domains: client ids and Workspace domains whose Google identity tokens are taken; none where empty.
    identity_scope: what an identity token opens. requests_per_minute: of one caller.
    """

    allow_pricing_without_token: bool = False
    audience: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    identity_scope: AccessLevel = "pricing"
    requests_per_minute: int = 600


def formula_api_settings(raw: Mapping[str, Any]) -> FormulaApiSettings:
    """Return the settings of a section that its schema has passed."""
    known: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    return FormulaApiSettings(**known)


def formula_api_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what no schema can say: identity tokens need both the scripts and the domains that they may come from."""
    for named, missing in (("audience", "domains"), ("domains", "audience")):
        if raw.get(named) and not raw.get(missing):
            yield (
                f"formula_api.{named} is set and formula_api.{missing} is not: Google's identity tokens are taken "
                f"only where both are named (docs/formulas.md)."
            )
