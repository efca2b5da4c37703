"""`agentcost simulate`: tickets classified by rules, a year with its seasons, and what agents for it would cost."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from bot.cli.main import main
from core.answer.model import Answer
from core.config.loader import Config, load_config
from core.config.tickets import TicketRule, TicketSettings
from core.context import Context
from core.errors import ConfigError, ExportError, InputError
from core.questions.planning.simulate import Assumed, answer_simulate
from tests.fakes.small_wallet import TODAY

TICKETS = Path(__file__).parents[2] / "data" / "tickets"
RULES = (TicketRule("faq", ("password",)), TicketRule("case_management", ("refund",)))
ZENDESK = ("ID", "Created at", "Subject")


def priced(path: Path, settings: TicketSettings | None = None, **assumed: Any) -> Answer:  # noqa: ANN401 - any of the options
    """Price the tickets of a file at list prices, by rules of two words unless others are given."""
    config = Config(tickets=settings or TicketSettings(rules=RULES))
    return answer_simulate(path, Assumed(**assumed), Context(TODAY, config, lambda: None))  # type: ignore[arg-type, return-value]


def written(headers: tuple[str, ...], *rows: tuple[object, ...], name: str = "tickets.csv", encoding: str = "utf-8") -> Path:
    """Write an export and return its path."""
    path = Path(name)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=";" if "16" in encoding else ",").writerows((headers, *rows))
    return path


def value(answer: Answer, key: str) -> object:
    """Return the value of a figure."""
    return answer.figure(key).value


def taken(answer: Answer) -> dict[object, object]:
    """Return the number of tickets of each use case."""
    return {row[0]: row[1] for row in answer.table("rules").rows}


def every_day(count: int, subject: str = "password", first: date = date(2025, 1, 1)) -> Path:
    """Write one ticket a day for a year, or for that many days."""
    return written(ZENDESK, *((nth, f"{first + timedelta(days=nth)}T10:00:00Z", subject) for nth in range(count)))


def test_a_year_of_tickets_costs_what_its_actions_cost() -> None:
    """365 FAQ tickets, half of them handled, 2.5 actions each, at $0.10."""
    answer = priced(every_day(365))
    assert value(answer, "usd_per_year") == 365 * Decimal("0.5") * Decimal("2.5") * Decimal("0.1")


def test_the_range_takes_both_low_and_both_high_ends() -> None:
    """30% of 365 at 2 actions is the low end, 70% at 3 the high one."""
    answer = priced(every_day(365))
    assert value(answer, "deployment_usd_low") == 365 * Decimal("0.3") * 2 * Decimal("0.1")
    assert value(answer, "deployment_usd_high") == 365 * Decimal("0.7") * 3 * Decimal("0.1")


def test_an_automation_that_is_said_holds_for_all() -> None:
    """A stated share of 80% applies to both ends."""
    answer = priced(every_day(365), automation=Decimal(80), discount=Decimal("0.25"))
    assert value(answer, "deployment_usd_low") == 365 * Decimal("0.8") * 2 * Decimal("0.075")


def test_a_month_that_is_not_in_the_export_is_the_mean_and_said_so() -> None:
    """Thirty-one days of January stand for all months: 365 tickets a year, eleven months of them estimated."""
    answer = priced(every_day(31))
    assert value(answer, "tickets_per_year") == Decimal(365)
    assert any("February" in note.text for note in answer.notes if note.kind == "warning")


def test_a_busy_season_is_the_peak() -> None:
    """Three tickets instead of one on each day of December: December has 93 of the year's 427."""
    rows = [(f"{nth}-{copy}", str(date(2025, 1, 1) + timedelta(days=nth)), "refund") for nth in range(365) for copy in range(3)]
    answer = priced(written(ZENDESK, *(row for row in rows if row[1].startswith("2025-12") or row[0].endswith("-0"))))
    assert value(answer, "peak_calendar_month") == "December"
    assert value(answer, "tickets_per_year") == Decimal(365 + 62)


def test_too_few_tickets_make_no_claim_about_months() -> None:
    """Five tickets in March are too few for a busiest month, and one a day all year has none."""
    few = priced(written(ZENDESK, *((nth, f"2025-03-{nth:02}", "refund") for nth in range(1, 6))))
    assert few.headline.startswith("Too few tickets for a claim about months.")
    assert any("5 tickets on 5 days of 1 calendar month are too few" in note.text for note in few.notes)
    alike = priced(every_day(365))
    assert any("No month stands out beyond chance" in note.text for note in alike.notes)
    assert not any("the peak is" in answer.headline or "peak_calendar_month" in str(answer.figures) for answer in (few, alike))


def test_the_first_rule_that_takes_a_ticket_decides_and_shows_it() -> None:
    """Rules are tried in order, on whole words; the rest is unmatched, each with examples."""
    path = written(
        ZENDESK,
        (1, "2026-01-01", "Refund and PASSWORD"),
        (2, "2026-01-02", "refund"),
        (3, "2026-01-03", "refunding"),
    )
    answer = priced(path)
    assert taken(answer) == {"FAQ": Decimal(1), "Case management": Decimal(1), "(unmatched)": Decimal(1)}
    assert [row[5] for row in answer.table("rules").rows] == ["Refund and PASSWORD", "refund", "refunding"]


def test_salesforce_cases_are_read_in_another_encoding() -> None:
    """A report in UTF-16 with semicolons and American dates: 13 is no month, so the second number is the day."""
    path = written(
        ("Case Number", "Date/Time Opened", "Subject", "Description"),
        ("00001", "1/13/2026 9:05 AM", "No access", "password lost"),
        ("00002", "2/1/2026 9:05 AM", "Refund", "x"),
        encoding="utf-16",
    )
    answer = priced(path)
    assert (value(answer, "first_day"), value(answer, "last_day")) == (date(2026, 1, 13), date(2026, 2, 1))


def test_dates_of_two_readings_are_refused_with_the_setting_that_decides() -> None:
    """1/2 and 3/4 leave the order open; app.yaml may set it."""
    path = written(ZENDESK, (1, "1/2/2026", "refund"), (2, "3/4/2026", "refund"))
    with pytest.raises(ExportError, match=r"tickets\.date_order"):
        priced(path)
    answer = priced(path, TicketSettings(rules=RULES, date_order="day_first"))
    assert (value(answer, "first_day"), value(answer, "last_day")) == (date(2026, 2, 1), date(2026, 4, 3))


def test_bad_rows_are_listed_and_the_rest_counts() -> None:
    """A row without a date and one with a word for a date are left out, with line and reason."""
    path = written(ZENDESK, (1, "2026-01-01", "refund"), (2, "", "refund"), (3, "soon", "refund"))
    answer = priced(path)
    assert value(answer, "bad_rows") == Decimal(2)
    assert answer.table("bad_rows").rows == ((Decimal(3), "it has no date"), (Decimal(4), '"soon" is not a date'))


def test_a_ticket_that_is_exported_twice_counts_once() -> None:
    """The key identifies it."""
    path = written(ZENDESK, (7, "2026-01-01", "refund"), (7, "2026-01-01", "refund"))
    assert value(priced(path), "tickets") == Decimal(1)


def test_a_workbook_is_read_like_a_csv() -> None:
    """The same tickets as .xlsx, with dates as dates."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (ZENDESK, (1, date(2026, 1, 1), "refund"), (2, date(2026, 1, 2), "password")):
        sheet.append(row)
    book.save("tickets.xlsx")
    assert value(priced(Path("tickets.xlsx")), "tickets") == Decimal(2)


def test_another_help_desk_is_mapped() -> None:
    """Headers of another maker are mapped by tickets.columns."""
    path = written(("Nummer", "Eröffnet", "Betreff"), ("A1", "05.01.2026 08:00", "Password"))
    settings = TicketSettings(columns={"id": "nummer", "created": "Eröffnet", "subject": "betreff"}, rules=RULES)
    assert value(priced(path, settings), "first_day") == date(2026, 1, 5)


def test_an_unknown_layout_says_what_was_looked_for() -> None:
    """A file with other columns is refused, with the setting that maps it."""
    with pytest.raises(ExportError, match=r"tickets\.columns"):
        priced(written(("a", "b"), (1, 2)))


def test_tickets_that_no_rule_takes_are_nothing_to_price() -> None:
    """Without a match there is no deployment, and the refusal points to the rules."""
    with pytest.raises(InputError, match=r"tickets\.rules"):
        priced(every_day(3, "hello"))


def test_an_own_use_case_brings_its_own_actions() -> None:
    """Four actions for each of 365 tickets, all handled."""
    settings = TicketSettings(rules=(TicketRule("warranty", ("guarantee",), actions=Decimal(4), automation=Decimal(100)),))
    assert value(priced(every_day(365, "guarantee"), settings), "usd_per_year") == 365 * 4 * Decimal("0.1")


def test_the_settings_are_read_from_app_yaml() -> None:
    """Rules, shares and columns of the file apply."""
    Path("app.yaml").write_text(
        "tickets:\n  automation: 60\n  rules:\n    - {use_case: faq, words: [password], automation: 80.5}\n", encoding="utf-8"
    )
    settings = load_config(Path("app.yaml")).tickets
    assert settings.rules == (TicketRule("faq", ("password",), automation=Decimal("80.5")),)
    assert settings.automation == Decimal(60)


def test_wrong_settings_are_named_all_at_once() -> None:
    """A use case without known actions, and shares in the wrong order."""
    Path("app.yaml").write_text("tickets:\n  automation: 90\n  rules:\n    - {use_case: magic, words: [x]}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(Path("app.yaml"))
    assert [word for word in ("tickets.rules[0].use_case", "tickets.automation") if word not in str(caught.value)] == []


@pytest.mark.parametrize(("name", "tickets"), [("zendesk.csv", 739), ("salesforce_cases.csv", 240)])
def test_an_invented_export_is_priced_from_the_command_line(name: str, tickets: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The operation reads the file and prints every plan; unmatched tickets are shown."""
    main(["simulate", str(TICKETS / name), "--how", "--audience", "customers", "--as-of", "2026-11-21"])
    printed = capsys.readouterr().out
    assert f"{tickets:,}" in printed
    assert [part for part in ("Flex Credits", "Conversations", "(unmatched)") if part not in printed] == []
