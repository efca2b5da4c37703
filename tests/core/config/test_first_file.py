"""A team's first app.yaml: it contains the answers, is valid, and reads back as intended."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.config import first_file, first_questions, load_config
from core.errors import InputError

QUESTIONS = {question.key: question for question in first_questions("Europe/Berlin")}


def written(**said: str) -> str:
    """Return the file for the given answers."""
    return first_file({key: QUESTIONS[key].write(text) for key, text in said.items()})


def test_answers_are_read_back_as_they_were_meant(tmp_path: Path) -> None:
    """Fiscal year, time zone, term including its last day, price, credits and teams are read back."""
    path = tmp_path / "app.yaml"
    text = written(
        fiscal_year_start="February",
        time_zone="America/New_York",
        term="2026-07-01 to 2027-06-30",
        price="$450.50",
        grants="6m",
        teams="Service, Field Service, Service",
    )
    path.write_text(text, encoding="utf-8")
    config = load_config(path)
    contract = config.contract
    assert (config.fiscal_year_start, config.time_zone) == (2, "America/New_York")
    assert (contract.start, contract.end) == (date(2026, 7, 1), date(2027, 7, 1))
    assert contract.prices.values["flex.usd_per_pack"] == Decimal("450.50")
    assert [grant.credits for grant in contract.grants] == [6_000_000]
    assert [(team.name, team.watches.departments) for team in config.teams] == [
        ("Service", ("Service",)),
        ("Field Service", ("Field Service",)),
    ]


def test_no_answers_are_a_valid_file(tmp_path: Path) -> None:
    """List prices and defaults apply; the file says where to find the rest."""
    path = tmp_path / "app.yaml"
    path.write_text(first_file({}), encoding="utf-8")
    assert load_config(path).contract.prices.values == {}
    assert "agentcost init --every-setting" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("key", "said", "line"),
    [
        ("time_zone", "Berlin", "time_zone: Europe/Berlin"),
        ("time_zone", "new york", "time_zone: America/New_York"),
        ("term", "1.7.2026 - 30.6.2027", "  start: 2026-07-01\n  end: 2027-07-01  # the day after the last"),
        ("price", "450,50", "  prices:\n    flex.usd_per_pack: 450.50"),
        ("price", "$1,450.5", "  prices:\n    flex.usd_per_pack: 1450.5"),
        ("grants", "5 million", "  grants:\n    - {credits: 5000000, label: Order 1}"),
        ("grants", "6.000.000", "  grants:\n    - {credits: 6000000, label: Order 1}"),
        ("grants", "1.5m credits", "  grants:\n    - {credits: 1500000, label: Order 1}"),
        ("grants", "450,000", "  grants:\n    - {credits: 450000, label: Order 1}"),
    ],
)
def test_answers_are_taken_as_people_write_them(key: str, said: str, line: str) -> None:
    """A city stands for its time zone; days with dots, decimal commas and millions in words are accepted."""
    assert QUESTIONS[key].write(said) == line


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("fiscal_year_start", "13"),
        ("fiscal_year_start", "J"),
        ("fiscal_year_start", "Ju"),
        ("time_zone", "Springfield"),
        ("term", "2026-07-01"),
        ("term", "2026-07-01 to 2026-06-30"),
        ("term", "2026-02-30 to 2026-06-30"),
        ("price", "0"),
        ("price", "450 EUR"),
        ("price", "cheap"),
        ("price", "450.000"),
        ("grants", "6.000"),
        ("grants", "6m 5"),
        ("term", "1/7/2026 to 30/6/2027"),
        ("grants", "1.5"),
        ("grants", "-6m"),
    ],
)
def test_what_cannot_be_read_is_asked_again(key: str, said: str) -> None:
    """Nothing is guessed: the error repeats the input."""
    with pytest.raises(InputError) as refused:
        QUESTIONS[key].write(said)
    assert said.rsplit(maxsplit=1)[-1] in str(refused.value)


@given(st.text(min_size=1, max_size=40))
def test_whatever_is_typed_is_yaml_or_a_sentence(said: str) -> None:
    """No answer breaks the file: names with YAML syntax in them stay names."""
    for question in QUESTIONS.values():
        try:
            lines = question.write(said.strip())
        except InputError:
            continue
        yaml.safe_load(first_file({question.key: lines}))
