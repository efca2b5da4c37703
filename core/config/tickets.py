"""How tickets are read and classified: the `tickets` section of app.yaml as a value."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.config.setting import ListOf, Number, OneOf, Setting, SettingGroup, Text
from core.pricing import use_cases
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.config.wallet import DateOrder

USUAL_RULES = Path(__file__).parents[1] / "tickets" / "rules.toml"
NO_COLUMNS: Mapping[str, str] = MappingProxyType({})


SHARE = Number(0, maximum=100)
A_RULE = SettingGroup(
    (
        Setting(
            "use_case",
            Text(),
            "a use case of the price book, or a name of your own with its actions or agent",
            is_required=True,
        ),
        Setting(
            "words",
            ListOf(Setting("word", Text(), "a word or a phrase"), minimum=1),
            "words or phrases, found whole and without regard to case",
            is_required=True,
        ),
        Setting("actions", Number(above=0, maximum=1_000_000), "actions that one such ticket takes"),
        Setting("agent", Text(), "the wallet's agent whose actions per interaction such a ticket takes"),
        Setting("automation", SHARE, "percent of such tickets that agents handle"),
    )
)
COLUMNS = SettingGroup(
    (
        Setting("id", Text(), "the ticket's own key; a key seen twice counts once"),
        Setting("created", Text(), "when it was opened", is_required=True),
        Setting("subject", Text(), "its subject"),
        Setting("text", Text(), "its text"),
        Setting("tags", Text(), "its tags or reason"),
        Setting("type", Text(), "its type"),
        Setting("status", Text(), "its state, such as solved"),
        Setting("handler", Text(), "who handled it, by the name of the wallet's agent where one did"),
    )
)
TICKETS = SettingGroup(
    (
        Setting(
            "automation",
            SHARE,
            "percent of the tickets that a rule takes which agents handle",
            Decimal(50),
            starter="50",
            remark="percent of them that agents handle, and its range",
        ),
        Setting("automation_low", SHARE, "the same, at least", Decimal(30), starter="30"),
        Setting("automation_high", SHARE, "the same, at most", Decimal(70), starter="70"),
        Setting(
            "rules",
            ListOf(
                Setting("rule", A_RULE, "a rule has use_case and words, and may have actions, agent and automation"), minimum=1
            ),
            "a list of rules; the first whose words occur in a ticket takes it",
            usual="the usual rules",
            starter="""
  - {use_case: faq, words: [opening hours, password], automation: 80}
  - {use_case: warranty, words: [warranty, guarantee], actions: 4}""",
            remark="the first whose words occur in a ticket takes it",
        ),
        Setting(
            "export",
            Text(),
            "a help desk's export, relative to app.yaml; `unit cost` counts the tickets in it that agents resolved",
            starter="tickets.csv",
            remark="whose tickets `unit cost` counts as resolved, where an agent is their assignee",
        ),
        Setting(
            "columns",
            COLUMNS,
            "our field → the header in the file, where it is neither Zendesk's nor Salesforce's",
            starter="{id: Number, created: Opened, subject: Title}",
            remark="an export of neither Zendesk nor Salesforce",
        ),
        Setting(
            "date_order",
            OneOf(("day_first", "month_first")),
            "how 07/08/2026 is read in tickets",
            usual="decided from the file",
        ),
    )
)


class TicketRule(NamedTuple):
    """Which tickets belong to a use case: those that contain one of the words, as whole words, ignoring case.

    actions: per ticket, if neither the price book nor an agent of the wallet defines them. agent: the wallet's agent whose
    observed actions per interaction apply. automation: percent of these tickets that an agent handles.
    """

    use_case: str
    words: tuple[str, ...]
    actions: Decimal | None = None
    agent: str | None = None
    automation: Decimal | None = None


class TicketSettings(NamedTuple):
    """How tickets are classified and priced; the defaults need no app.yaml.

    export: the file whose resolved tickets are counted.
    columns: our field (id, created, subject, text, …) → the file's header, matched without case, spaces or underscores.
    automation, automation_low, automation_high: percent of the tickets that an agent handles, if a rule does not state it.
    """

    export: Path | None = None
    columns: Mapping[str, str] = NO_COLUMNS
    date_order: DateOrder | None = None
    rules: tuple[TicketRule, ...] = ()
    automation: Decimal = TICKETS.default("automation")
    automation_low: Decimal = TICKETS.default("automation_low")
    automation_high: Decimal = TICKETS.default("automation_high")

    @property
    def sorting_rules(self) -> tuple[TicketRule, ...]:
        """The team's rules, or the default ones if it has none; the first rule that matches a ticket decides."""
        return self.rules or usual_rules()


@cache
def usual_rules() -> tuple[TicketRule, ...]:
    """Return the rules that apply if app.yaml has none."""
    import tomllib  # noqa: PLC0415 - only tickets are sorted by them

    return tuple(map(_rule, tomllib.loads(USUAL_RULES.read_text(encoding="utf-8"))["rule"]))


def ticket_settings(raw: Mapping[str, Any], folder: Path = Path()) -> TicketSettings:
    """Return the settings from app.yaml. folder: the folder of app.yaml."""
    shares = {key: Decimal(str(raw[key])) for key in ("automation", "automation_low", "automation_high") if key in raw}
    return TicketSettings(
        export=folder / Path(raw["export"]).expanduser() if "export" in raw else None,
        columns=dict(raw.get("columns", {})),
        date_order=raw.get("date_order"),
        rules=tuple(map(_rule, raw.get("rules", ()))),
        **shares,
    )


def _rule(raw: Mapping[str, Any]) -> TicketRule:
    numbers = {key: Decimal(str(raw[key])) for key in ("actions", "automation") if key in raw}
    return TicketRule(use_case=raw["use_case"], words=tuple(raw["words"]), agent=raw.get("agent"), **numbers)


def ticket_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield the section's problems beyond its shape: a use case with unknown actions, shares out of order."""
    known = {case.key for case in use_cases()}
    rules: Iterable[Any] = raw.get("rules") or ()
    for index, rule in enumerate(rules):
        if isinstance(rule, dict) and rule.get("use_case") not in known and not ({"actions", "agent"} & rule.keys()):
            yield (
                f'tickets.rules[{index}].use_case is "{rule.get("use_case")}", which the price book does not know: '
                f"write its actions, an agent of the wallet, or one of {', '.join(sorted(known))}."
            )
    yield from _share_problems(raw)


def _share_problems(raw: Mapping[str, Any]) -> Iterator[str]:
    try:
        found = ticket_settings({key: value for key, value in raw.items() if key.startswith("automation")})
    except (ArithmeticError, ValueError):
        return
    if not found.automation_low <= found.automation <= found.automation_high:
        yield (
            f"tickets.automation is {found.automation}, outside tickets.automation_low and automation_high "
            f"({found.automation_low} to {found.automation_high}): write all three."
        )
