"""Every setting of app.yaml: the source of its schema, its starter file and the docs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.config.alerts import ALERTS
from core.config.backup import BACKUP, RETENTION
from core.config.budgets import BUDGETS
from core.config.contract import CODES, EXCHANGE_RATES, contract
from core.config.formula_api import FORMULA_API
from core.config.service import SERVICE
from core.config.setting import Flag, NamedValues, Number, OneOf, Setting, SettingGroup, Text, Whole
from core.config.slack import SLACK
from core.config.spreadsheets import SPREADSHEETS
from core.config.teams import TEAMS
from core.config.tickets import TICKETS
from core.config.wallet import SOURCES, WALLET

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTIONS = {
    "wallet": WALLET,
    "alerts": ALERTS,
    "slack": SLACK,
    "tickets": TICKETS,
    "formula_api": FORMULA_API,
    "service": SERVICE,
    "backup": BACKUP,
    "retention": RETENTION,
}
REMARK_AT = 38
HEAD = """\
# yaml-language-server: $schema=./core/app.schema.json
#
# What agentcost should know about your team. Everything is optional: without it, list prices and sensible defaults apply.
# No secrets here; those are environment variables. `agentcost doctor` checks this file and names every problem at once.

"""


def app() -> SettingGroup:
    """Return the settings of app.yaml."""
    return SettingGroup(
        (
            Setting(
                "time_zone",
                Text(),
                "a time zone is a name such as Europe/Berlin; its days are the days of every answer",
                "UTC",
                starter="Europe/Berlin",
                remark="whose days are the days of every answer (default: UTC)",
            ),
            Setting(
                "week_starts",
                OneOf(("monday", "sunday")),
                "the day on which weeks begin",
                "monday",
                starter="monday",
                remark="or sunday: what a week is in questions and answers",
            ),
            Setting(
                "fiscal_year_start",
                Whole(1, 12),
                "the month in which the fiscal year begins, which is named by the year in which it ends",
                usual="FY27 is the calendar year, and the answer says so",
                starter="2",
                remark="the month in which the fiscal year begins; FY27 is the one that ends in 2027",
            ),
            Setting(
                "words",
                NamedValues(Setting("meaning", Text(), "a word of ours, such as department, or a name of the wallet")),
                "your own words and what they mean, a word of ours or a name of the wallet, for example squads: department",
                starter="{squads: department, helpdesk bot: IT_Helpdesk}",
                remark="your own words, and what they mean",
            ),
            Setting(
                "keep_misses",
                Flag(),
                "whether questions that were not understood are kept, without who asked, so that words can be added",
                default=True,
                starter="true",
                remark="questions that were not understood, for `agentcost misses`; nothing says who asked",
            ),
            Setting(
                "users",
                Text(),
                "a CSV file of people, relative to app.yaml: id, name, email, department, cost_centre",
                usual="answers name people by their ids",
                starter="users.csv",
                remark="a CSV of id, name, email, department, cost_centre: answers then name people",
            ),
            Setting(
                "number_format",
                OneOf(("en", "de")),
                "how numbers are written wherever people read them, 1,234.50 or 1.234,50; worksheets keep numbers as numbers",
                "en",
                starter="de",
                remark="1.234,50 € instead of €1,234.50 (default: en)",
            ),
            Setting(
                "display_currency",
                OneOf(CODES),
                "a currency in which amounts are shown beside dollars, at dated rates",
                usual="dollars alone",
                starter="EUR",
                remark="amounts in it beside dollars; needs exchange_rates",
            ),
            Setting(
                "exchange_rates",
                EXCHANGE_RATES,
                "where the rates of other currencies come from: file or rates, and reach_days",
                remark="for display_currency and contract.currency",
            ),
            Setting(
                "human_cost_per_contact",
                Number(above=0),
                "the dollars that a person's handling of one contact costs, against which `unit cost` says what was saved",
                usual="no savings against people are shown",
                starter="6.50",
                remark="dollars of a person's handling of one contact; `unit cost` says what agents saved",
            ),
            Setting(
                "budgets_file",
                Text(),
                "a CSV file of budgets, relative to app.yaml; its columns are the settings of a budget",
                usual="the budgets of app.yaml alone",
                starter="budgets.csv",
                remark="a CSV of budgets: team, department, agent, org, per, usd, credits, rollover, from",
            ),
            Setting("contract", contract(), "what you agreed with Salesforce: start, end, prices, grants"),
            Setting("wallet", SECTIONS["wallet"], "how exports of the Digital Wallet are read and added up"),
            Setting(
                "sources",
                SOURCES,
                "tables of usage events that stay where they are, by name: engine, table, profile, first_day, overlap_hours and "
                "import_minutes",
                starter="""
  lake:                             # its address: AGENTCOST_SOURCE_LAKE
    engine: snowflake               # or spark, databricks, trino, bigquery, clickhouse, postgresql, duckdb
    table: USAGE.TENANT_ENRICHED_USAGE_EVENT
    first_day: 2026-07-01           # files hold what was before
    import_minutes: 60              # by `agentcost serve`""",
                remark="events that stay in an engine of yours (docs/sources.md)",
            ),
            Setting(
                "alerts",
                SECTIONS["alerts"],
                "when to alert: levels, thresholds, owner",
                remark="when to alert; these are the defaults",
            ),
            Setting(
                "teams",
                TEAMS,
                "who gets alerts and digests, by the team's name",
                starter="""
  Service:
    channels: [C0123ABCDEF]         # conversation ids, never names
    spreadsheets: [1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdef]
    emails: [finops@example.com]    # by AGENTCOST_SMTP (docs/alerts.md)
    departments: [Service, Field Service]   # also org, agents, card; without them, everything
    levels: [60, 80, 95]
    weekly_digest: Mon 08:00        # in the team's time zone
    monthly_digest: 1 08:00         # day of the month
    owner: U012AB3CD                # a member's id, who is mentioned; or a name""",
                remark="who is notified, and of what",
            ),
            Setting(
                "budgets",
                BUDGETS,
                "what may be spent, as a list: of a team, department, agent or org, per month, quarter or fiscal year",
                starter="""
  - {department: Service, per: month, usd: 5000}
  - {team: Service, per: quarter, credits: 3000000, rollover: true}   # what a period leaves is carried into the next
  - {agent: Sales_SDR, per: year, usd: 12000, from: 2026-07-01}
  - {per: year, usd: 60000}         # of everything""",
                remark="what may be spent (docs/budgets.md)",
            ),
            Setting(
                "slack",
                SECTIONS["slack"],
                "who may do what in Slack; questions about prices are free for all",
                remark="who may do what in Slack; prices are free for all",
            ),
            Setting(
                "tickets",
                SECTIONS["tickets"],
                "how `agentcost simulate` reads and sorts a help desk's tickets",
                remark="how `agentcost simulate FILE` sorts a help desk's tickets",
            ),
            Setting(
                "spreadsheets",
                SPREADSHEETS,
                "the Google spreadsheets that `agentcost sync` keeps up to date, as a list",
                starter="""
  - id: 1AbCdEfGhIjKlMnOpQrStUvWxYz # the part of its address between /d/ and /edit
    name: finance                   # what you call it here
    questions: [wallet, usage by agent, compare 10000 interactions 18 actions]
  - id: 2BcDeFgHiJkLmNoPqRsTuVwXyZa
    name: sales
    org: EMEA                       # its readers see the use of this org,
    departments: [Sales, Marketing] # of these departments,
    agents: [Sales_SDR]             # and of these agents only
    on_edit: leave                  # our cells that people overwrite stay so; restore makes them ours again""",
                remark="Google spreadsheets that `agentcost sync` keeps up to date (docs/sheets.md)",
            ),
            Setting(
                "formula_api",
                SECTIONS["formula_api"],
                "who may ask over HTTP, from formulas in spreadsheets; by default only tokens of `agentcost sheet-token`",
                remark="who may ask from formulas (default: only tokens of `agentcost sheet-token`)",
            ),
            Setting(
                "service",
                SECTIONS["service"],
                "what `agentcost serve` does on a schedule: watched_folder, refresh_minutes, refresh_at and poll_seconds",
                remark="what `agentcost serve` does on a schedule (docs/service.md)",
            ),
            Setting(
                "backup",
                SECTIONS["backup"],
                "backups that `agentcost serve` makes on a schedule: to, schedule and keep",
                remark="made by `agentcost serve`; each is opened and checked (docs/service.md)",
            ),
            Setting(
                "retention",
                SECTIONS["retention"],
                "how long events and kept exports are kept, and what happens to the ids of people: events, exports and user_ids",
                remark="what `agentcost serve` folds and deletes; nothing by default (docs/service.md)",
            ),
        )
    )


def schema_text() -> str:
    """Return core/app.schema.json."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "agentcost: app.yaml",
        "description": "the configuration of agentcost; no secrets, those are environment variables",
    }
    return json.dumps(head | app().schema(), ensure_ascii=False, indent=2) + "\n"


def starter_text() -> str:
    """Return core/app.starter.yaml: every section, commented out, with example values."""
    settings = app().settings
    plain = [setting for setting in settings if not isinstance(setting.shape, SettingGroup) and "\n" not in setting.starter]
    blocks = [[line for setting in plain for line in _lines(setting, "")]]
    blocks += [list(_lines(setting, "")) for setting in settings if setting not in plain]
    return HEAD + "\n\n".join("\n".join(f"# {line}" for line in block) for block in blocks) + "\n"


def _lines(setting: Setting, indent: str) -> Iterator[str]:
    """Yield the lines of a setting and of its nested settings."""
    value, *more = setting.starter.split("\n")
    inner = setting.shape.settings if isinstance(setting.shape, SettingGroup) and not setting.starter else ()
    below = [line for one in inner for line in _lines(one, f"{indent}  ")]
    if setting.starter or below:
        line = f"{indent}{setting.name}:{f' {value}' if value else ''}"
        yield f"{line.ljust(REMARK_AT - 5)}   # {setting.remark}" if setting.remark else line
        yield from (f"{indent}{one}" for one in more)
        yield from below
