"""Who may ask over HTTP: the `formula_api` section of app.yaml as a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from core.config.setting import Flag, ListOf, OneOf, Setting, SettingGroup, Text, Whole
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

AccessLevel = Literal["pricing", "wallet"]


FORMULA_API = SettingGroup(
    (
        Setting(
            "allow_pricing_without_token",
            Flag(),
            "whether anyone who reaches the service may ask about prices, your contract's included",
            default=False,
            starter="true",
            remark="prices for whoever reaches the service, your contract's included",
        ),
        Setting(
            "audience",
            ListOf(Setting("client id", Text(), "a client id such as 123-abc.apps.googleusercontent.com")),
            "client ids of the Apps Script projects whose Google identity tokens are taken",
            starter="[123-abc.apps.googleusercontent.com]",
            remark="Apps Script projects whose Google identity tokens are taken …",
        ),
        Setting(
            "domains",
            ListOf(Setting("domain", Text("^[a-z0-9.-]+\\.[a-z]{2,}$"), "a Workspace domain such as example.com, in lower case")),
            "Workspace domains whose people are taken by their Google identity tokens",
            starter="[example.com]",
            remark="… of people in these Workspace domains",
        ),
        Setting(
            "identity_scope",
            OneOf(("pricing", "wallet")),
            "what a Google identity token opens",
            "pricing",
            starter="wallet",
            remark="what identity tokens open (default: pricing)",
        ),
        Setting(
            "requests_per_minute",
            Whole(1),
            "how many requests a minute one caller may make",
            600,
            starter="600",
            remark="of one caller",
        ),
    )
)


class FormulaApiSettings(NamedTuple):
    """Settings of the formula API; without a section, only API tokens give access.

    audience, domains: client ids and Workspace domains whose Google identity tokens are accepted; none if empty.
    identity_scope: what an identity token gives access to. requests_per_minute: per caller.
    """

    allow_pricing_without_token: bool = FORMULA_API.default("allow_pricing_without_token")
    audience: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    identity_scope: AccessLevel = FORMULA_API.default("identity_scope")
    requests_per_minute: int = FORMULA_API.default("requests_per_minute")


def formula_api_settings(raw: Mapping[str, Any]) -> FormulaApiSettings:
    """Return the settings of a section that fits the schema."""
    return FormulaApiSettings(**FORMULA_API.read(raw))


def formula_api_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a schema cannot express: identity tokens need both the allowed scripts and the allowed domains."""
    for named, missing in (("audience", "domains"), ("domains", "audience")):
        if raw.get(named) and not raw.get(missing):
            yield (
                f"formula_api.{named} is set and formula_api.{missing} is not: Google's identity tokens are taken "
                f"only where both are named (docs/formulas.md)."
            )
