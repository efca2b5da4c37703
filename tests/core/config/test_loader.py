"""app.yaml: all problems at once, in words that say what belongs there."""

import json
import os
import re
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.config.loader import SCHEMA, Config, GrantInput, load_config
from core.days import PeriodCalendar
from core.errors import ConfigError
from core.pricing import price_book
from core.wallet.ingest.profiles import generic_profile

STARTER = SCHEMA.with_name("app.starter.yaml")


def problems(tmp_path: Path, text: str) -> tuple[str, ...]:
    """Return the reported problems of a configuration."""
    path = tmp_path / "app.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    return caught.value.problems


def uncommented(text: str) -> str:
    """Return the starter file with its settings uncommented."""
    lines = text.splitlines()[5:]
    return "\n".join(line.removeprefix("# ") if line.startswith("# ") else line for line in lines)


def test_without_a_file_the_defaults_hold() -> None:
    """A missing configuration is valid."""
    assert load_config(None) == Config()


def test_the_starter_changes_nothing(tmp_path: Path) -> None:
    """Everything in the starter file is commented out."""
    path = tmp_path / "app.yaml"
    path.write_text(STARTER.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_config(path) == Config(path=path)


def test_the_starter_uncommented_is_sound(tmp_path: Path) -> None:
    """The schema accepts what the comments suggest."""
    path = tmp_path / "app.yaml"
    path.write_text(uncommented(STARTER.read_text(encoding="utf-8")), encoding="utf-8")
    config = load_config(path)
    assert [generic_profile(entry).name for entry in config.wallet.profiles] == ["helpdesk"]
    assert config.contract.prices.values == {"flex.usd_per_pack": Decimal("450.00"), "payg.usd_per_action": Decimal("0.12")}
    assert config.contract.grants[1] == GrantInput(
        Decimal(200_000), date(2026, 7, 1), date(2026, 12, 31), label="Foundations", kind="free"
    )


def test_a_tolerance_may_be_a_whole_number(tmp_path: Path) -> None:
    """1 percent is accepted just like 0.5, and is exact."""
    path = tmp_path / "app.yaml"
    path.write_text("wallet:\n  grain_tolerance_percent: 1\n", encoding="utf-8")
    assert repr(load_config(path).wallet.grain_tolerance_percent) == "Decimal('1')"


def test_the_repository_s_own_configuration_is_the_starter() -> None:
    """The file in the repository is the one that `agentcost init` writes."""
    own = SCHEMA.parent.parent / "app.yaml"
    assert own.read_text(encoding="utf-8") == STARTER.read_text(encoding="utf-8")


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    """A single load reports everything that is wrong."""
    text = "time_zone: Europe/Berln\ncontract:\n  start: 2026-07-01\n  end: 2026-06-01\n  prise: 3\nwallet:\n  decimal: ';'\n"
    found = problems(tmp_path, text)
    assert found == (
        "app.yaml: there is no setting contract.prise; did you mean contract.prices?",
        'app.yaml: wallet.decimal is ";": the decimal mark of exports: "," or "." (default: decided from the file).',
        'app.yaml: time_zone is "Europe/Berln": a time zone is a name such as Europe/Berlin or America/New_York.',
        "app.yaml: contract.end is 2026-06-01: the end is the day after the last, so it comes after the start, 2026-07-01.",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- 1", "it must be a list of settings"),
        ("time_zone: [", "is not YAML: line 1"),
        ("time_zone: UTC\ntime_zone: UTC", "“time_zone” appears twice"),
        ("contract: {grants: [{start: 2026-07-01}]}", "contract.grants[0] lacks credits"),
        ("contract: {prices: {flex.usd_per_pack: -1}}", "contract.prices.flex.usd_per_pack is -1"),
        ("contract: {prices: {flex.usd_per_pack: .nan}}", 'contract.prices.flex.usd_per_pack is ".nan"'),
        ("contract: {prices: {flex.usd_per_pack: '0'}}", 'contract.prices.flex.usd_per_pack is "0"'),
        ("contract: {prices: {payg.saving_percent: 100}}", "contract.prices.payg.saving_percent is 100"),
        ("contract: {prices: {flex.usd_per_pack: " + "9" * 400 + "}}", "contract.prices.flex.usd_per_pack is 999"),
        ("a: " + "[" * 3_000, "is not YAML: it is nested too deep"),
        ("contract: {start: 2026-02-31}", 'contract.start is "2026-02-31": there is no such day'),
        ("contract: 3", "contract is 3: what you agreed"),
        ("formula_api: {audience: [a]}", "formula_api.audience is set and formula_api.domains is not"),
        ("formula_api: {identity_scope: all}", 'formula_api.identity_scope is "all": what a Google identity token opens'),
        ("formula_api: {domains: [Example]}", 'formula_api.domains[0] is "Example": a Workspace domain'),
        ("time_zone:", "time_zone is empty: a time zone is a name"),
    ],
)
def test_a_problem_says_what_and_what_instead(tmp_path: Path, text: str, said: str) -> None:
    """Each sentence names the setting, the value and what belongs there."""
    assert said in " ".join(problems(tmp_path, text))


def test_prices_are_exact(tmp_path: Path) -> None:
    """A price in app.yaml never becomes a binary fraction."""
    path = tmp_path / "app.yaml"
    path.write_text("contract: {prices: {payg.usd_per_action: 0.1}}", encoding="utf-8")
    assert load_config(path).contract.prices.values == {"payg.usd_per_action": Decimal("0.1")}


def test_the_schema_offers_every_item_of_the_price_book() -> None:
    """Every priced item can have a contract price, and editors complete it."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert list(schema["properties"]["contract"]["properties"]["prices"]["properties"]) == list(price_book.items())


def test_a_leading_zero_is_no_octal(tmp_path: Path) -> None:
    """0450 is four hundred and fifty, as its writer means it."""
    path = tmp_path / "app.yaml"
    path.write_text("contract: {prices: {flex.usd_per_pack: 0450}}", encoding="utf-8")
    assert load_config(path).contract.prices.values == {"flex.usd_per_pack": Decimal(450)}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A named but missing configuration is an error, not the defaults."""
    with pytest.raises(ConfigError, match=r"missing\.yaml cannot be read: No such file"):
        load_config(tmp_path / "missing.yaml")


LAUGHS = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{nth}: &a{nth} [{','.join([f'*a{nth - 1}'] * 9)}]\n" for nth in range(1, 10)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{nth}: &a{nth} {{<<: [{','.join([f'*a{nth - 1}'] * 9)}]}}\n" for nth in range(1, 10))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LAUGHS, "more than 100,000 values"),
        (MERGES, "more than 100,000 values"),
        ("a: &a [*a]", "leads back into itself"),
        ("a: " + "[" * 60 + "]" * 60, "nested more than 50 deep"),
        ("a0: &a0 [x]\n" + "".join(f"a{nth}: &a{nth} [*a{nth - 1}]\n" for nth in range(1, 60)), "nested more than 50 deep"),
        ("a: " + "[" * 5_000, "nested too deep"),
    ],
    ids=["laughs", "merges", "circle", "depth", "depth by aliases", "depth without an end"],
)
def test_a_few_lines_do_not_grow_without_bound(tmp_path: Path, text: str, said: str) -> None:
    """Aliases and nesting are limited before any value is built from them."""
    assert said in " ".join(problems(tmp_path, text))


def test_aliases_may_be_used(tmp_path: Path) -> None:
    """An alias may reuse a value."""
    path = tmp_path / "app.yaml"
    path.write_text("teams:\n  A: &a {channels: [C0123ABCDEF]}\n  B: *a\n", encoding="utf-8")
    assert [team.channels for team in load_config(path).teams] == [("C0123ABCDEF",)] * 2


def test_a_file_is_read_again_only_when_it_has_changed(tmp_path: Path) -> None:
    """A settled file is parsed once; a change takes effect at once, even if it keeps size and time."""
    path = tmp_path / "app.yaml"
    path.write_text("time_zone: Europe/Berlin", encoding="utf-8")
    past = time.time_ns() - 10**10
    os.utime(path, ns=(past, past))
    time.sleep(1.1)  # the file is new, so it might still change within a tick of the file system's clock
    first = load_config(path)
    assert load_config(path) is first
    path.write_text("time_zone: Europe/Prague", encoding="utf-8")
    os.utime(path, ns=(past, past))
    assert load_config(path).time_zone == "Europe/Prague"


def test_the_calendar_and_words_of_a_team(tmp_path: Path) -> None:
    """Weeks from Sunday, a fiscal year from February, and a team's own words are settings."""
    path = tmp_path / "app.yaml"
    path.write_text("week_starts: sunday\nfiscal_year_start: 2\nwords: {squads: department}\n", encoding="utf-8")
    config = load_config(path)
    assert (config.period_calendar, config.words) == (PeriodCalendar(6, 2), (("squads", "department"),))


@pytest.mark.parametrize("text", ["week_starts: friday\n", "fiscal_year_start: 13\n", "words: {squads: ''}\n"])
def test_a_calendar_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    """A week must begin on Monday or Sunday, a year has twelve months, and a word must have a meaning."""
    assert problems(tmp_path, text)[0].startswith(f"app.yaml: {text.split(':', maxsplit=1)[0]}")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("pace_pct", "did you mean alerts.pace_percent?"),
        ("stale_day", "did you mean alerts.stale_days?"),
        ("palette", "there are "),
    ],
)
def test_a_setting_is_suggested_from_seven_tenths_of_its_letters_on(tmp_path: Path, written: str, said: str) -> None:
    """pace_pct shares 16 of 20 letters with pace_percent; a name that resembles none gets the list instead."""
    [problem] = problems(tmp_path, f"alerts: {{{written}: 5}}")
    assert said in problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sources: {lake: {engine: oracle, table: t}}\n", "sources.lake.engine"),
        ("sources: {lake: {engine: trino}}\n", "table"),
        (
            "sources: {lake: {engine: trino, table: t, profile: mine}}\n",
            'sources.lake.profile is "mine": wallet.profiles has no such',
        ),
        ("sources: {lake: {engine: trino, table: t, first_day: 2026-02-30}}\n", "there is no such day"),
        ("sources: {lake: {engine: trino, table: t}, LAKE: {engine: trino, table: t}}\n", "2 sources are called LAKE"),
    ],
)
def test_sources_that_cannot_be_are_named(text: str, said: str, tmp_path: Path) -> None:
    """Engines, tables, profiles, days and names are checked before any connection."""
    path = tmp_path / "app.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(said)):
        load_config(path)
