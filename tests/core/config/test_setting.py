"""A setting is one record: schema, defaults, former names, help and starter file agree."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.config.alerts import AlertSettings
from core.config.contract import price_shape
from core.config.formula_api import FormulaApiSettings
from core.config.loader import config_problems
from core.config.registry import SECTIONS, app, starter_text
from core.config.renamed import RENAMED
from core.config.service import ServiceSettings
from core.config.setting import Number, Setting, SettingGroup, problems_of_texts
from core.config.tickets import TicketSettings
from core.config.wallet import WalletSettings
from core.pricing.price_book import items

if TYPE_CHECKING:
    from collections.abc import Iterator

VALUES = [
    ("alerts", AlertSettings()),
    ("formula_api", FormulaApiSettings()),
    ("service", ServiceSettings()),
    ("tickets", TicketSettings()),
    ("wallet", WalletSettings()),
]
RANGES = st.sampled_from([Number(0), Number(0, maximum=100), Number(1, maximum=100), Number(above=0), Number(above=0, below=100)])


def settings(section: SettingGroup) -> Iterator[Setting]:
    """Yield every setting of a section, and of its nested sections."""
    for setting in section.settings:
        yield setting
        if isinstance(setting.shape, SettingGroup):
            yield from settings(setting.shape)


@pytest.mark.parametrize(("name", "values"), VALUES, ids=[name for name, _ in VALUES])
def test_what_is_read_is_what_the_section_declares(name: str, values: Any) -> None:  # noqa: ANN401 - any section's values
    """Every setting has a value and every value a setting, with the same default."""
    declared = {setting.name: setting.default for setting in SECTIONS[name].settings}
    read = values._asdict()
    assert declared.keys() == read.keys() - {"time_zone"}
    assert {key: default for key, default in declared.items() if default is not None and read[key] != default} == {}


def test_every_default_may_be_written() -> None:
    """Every default is within its setting's range."""
    wrong = []
    for setting in settings(app()):
        value = list(setting.default) if isinstance(setting.default, tuple) else setting.default
        plain = float(value) if isinstance(value, Decimal) else value
        if value is not None and not jsonschema_rs.is_valid(setting.schema(), plain):
            wrong.append(setting.name)
    assert wrong == []


def test_every_setting_says_what_it_means() -> None:
    """Every setting has a description, which states the range only once."""
    assert [one.name for one in settings(app()) if not one.help or one.description.count("whole number") > 1] == []


@given(RANGES, st.decimals(0, 10**12 - 1, places=3))
def test_a_number_is_in_range_as_a_number_and_as_text(shape: Number, value: Decimal) -> None:
    """10.5 and "10.5" are either both accepted or both rejected."""
    section = SettingGroup((Setting("share", shape, "a share"),))
    as_number = jsonschema_rs.is_valid(section.schema(), {"share": float(value)})
    text = format(value, "f")
    as_text = jsonschema_rs.is_valid(section.schema(), {"share": text}) and not [*problems_of_texts(section, {"share": text})]
    assert as_number == as_text == shape.contains(value)


@pytest.mark.parametrize(
    ("section", "name", "text"),
    [
        ("alerts", "spike_times", "0.5"),
        ("alerts", "sandbox_percent", "500"),
        ("wallet", "grain_tolerance_percent", "21"),
        ("tickets", "automation", "100.1"),
    ],
)
def test_quotes_do_not_widen_a_range(section: str, name: str, text: str) -> None:
    """A number that is rejected without quotes is rejected with quotes, in the same words."""
    quoted, plain = ([*config_problems({section: {name: value}})] for value in (text, Decimal(text)))
    assert [problem for problem in quoted if name in problem][:1] == [plain[0].replace(text, f'"{text}"')]


@pytest.mark.parametrize("item", items())
def test_an_item_of_the_price_book_is_a_setting(item: str) -> None:
    """Every priced item can have a contract price: above 0, and below 100 for a percentage."""
    is_percent = items()[item]["unit"] == "percent"
    assert [*config_problems({"contract": {"prices": {item: Decimal("99.5")}}})] == []
    assert price_shape(item).contains(Decimal(100)) != is_percent
    assert bool([*config_problems({"contract": {"prices": {item: Decimal(100)}}})]) == is_percent
    assert [*config_problems({"contract": {"prices": {item: 0}}})] != []


def test_former_names_are_none_of_the_present() -> None:
    """No current setting uses a former name."""
    present = {(name, setting.name) for name, section in SECTIONS.items() for setting in section.settings}
    assert RENAMED
    assert {(one.section, one.old) for one in RENAMED} & present == set()


def test_the_starter_file_shows_every_section() -> None:
    """The starter file shows every section that can be set."""
    shown = [line[2:].split(":")[0] for line in starter_text().splitlines() if line.startswith("# ") and ":" in line]
    assert {setting.name for setting in app().settings} <= {*shown}
