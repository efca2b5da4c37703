"""Formulas as cells show them: the real project files, using the real API over HTTP."""

from __future__ import annotations

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from core.answer.model import plain
from core.questions.asking import ask
from sheets_addin.api.limits import MAX_BODY_BYTES
from tests.fakes.apps_script import NEEDS_NODE, AppsScript, ScriptError
from tests.fakes.moody_service import moody, statuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.context import Context
    from tests.fakes.formula_api import Api

pytestmark = NEEDS_NODE

MIX = "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users"


def test_one_figure_is_a_number(sheet: AppsScript) -> None:
    """200 seats at $125 each."""
    assert sheet.cell("AGENTCOST", "breakeven 200 users", "seats_usd_per_month") == 200 * 125


def test_without_a_figure_the_table_spills(sheet: AppsScript, invented: Context) -> None:
    """Headers first, then a row for each plan, without details; numbers are numbers."""
    table = ask(MIX, invented).table("plans")
    shown = [place for place, column in enumerate(table.columns) if not column.is_detail]
    heads, *rows = sheet.cell("AGENTCOST", MIX)
    assert heads == [table.columns[place].label for place in shown]
    assert [row[:3] for row in rows] == [[row[1], *(float(str(plain(cell))) for cell in row[2:4])] for row in table.rows]


def test_without_a_table_the_figures_spill(sheet: AppsScript) -> None:
    """100,000 credits: five thousand actions for $500."""
    rows = sheet.cell("AGENTCOST", "price flex 100k credits")
    assert rows[:3] == [["Price", 500], ["Credits", 100_000], ["Actions", 5_000]]


def test_a_question_at_fault_is_the_cell_s_error(sheet: AppsScript) -> None:
    """The cell shows core's sentence."""
    with pytest.raises(ScriptError) as shown:
        sheet.cell("AGENTCOST", "breakeven 2oo users")
    assert str(shown.value) == 'I don\'t know "2oo" in: breakeven 2oo users. Did you mean: breakeven 200 users?'


def test_a_range_is_one_call(sheet: AppsScript) -> None:
    """A thousand cells, one of them empty, one wrong and some equal: one request, with each question once."""
    questions = [[f"breakeven {1 + row % 500} users"] for row in range(998)] + [[""], ["breakeven 2oo users"]]
    shown = sheet.cell("AGENTCOST", questions, "seats_usd_per_month")
    [asked] = sheet.asked
    assert [row[0] for row in shown[:998]] == [125 * (1 + row % 500) for row in range(998)]
    assert (shown[998], shown[999][0].startswith("⚠ I don't know"), len(asked)) == ([""], True, 501)


def test_a_range_of_figures_goes_with_a_range_of_questions(sheet: AppsScript) -> None:
    """Each cell has its own figure; ranges of different sizes are refused."""
    keys = [["seats_usd_per_month"], ["seats_usd_per_year"]]
    assert sheet.cell("AGENTCOST", [["breakeven 200 users"], ["breakeven 1 users"]], keys) == [[25_000], [1_500]]
    with pytest.raises(ScriptError, match="differ in size"):
        sheet.cell("AGENTCOST", [["help"]] * 3, keys)


def test_a_range_without_a_figure_shows_the_answers_sentences(sheet: AppsScript, invented: Context) -> None:
    """Each cell is the headline of its answer."""
    assert sheet.cell("AGENTCOST", [["breakeven 200 users"]]) == [[ask("breakeven 200 users", invented).headline]]


def test_rows_of_numbers_are_compared_under_their_units(sheet: AppsScript) -> None:
    """The first row names the units; each row below gets its cheapest plan and cost."""
    rows = sheet.cell("AGENTCOST_COMPARE", [["interactions", "actions"], [10_000, 18], [10_000, 30], ["", ""]])
    assert rows == [["Flex Credits", 18_000, 216_000], ["Conversations", 20_000, 240_000], ["", "", ""]]


def test_a_phrase_beside_a_headed_range_goes_with_each_row(sheet: AppsScript) -> None:
    """A discount of 25% in one cell applies to every workload, and the header above the numbers stays a header."""
    rows = sheet.cell("AGENTCOST_COMPARE", [["interactions", "actions"], [10_000, 18], [10_000, 30]], "discount 25%")
    assert rows == [["Flex Credits", 13_500, 162_000], ["Help Agent resolutions", 15_000, 180_000]]


def test_columns_with_other_heads_are_labels(sheet: AppsScript) -> None:
    """A column Team is returned beside its row's answer, wherever it is."""
    table = [["Team", "interactions", "actions", "Region"], ["Sales", 10_000, 18, "EMEA"], ["Service", 10_000, 30, "AMER"]]
    assert sheet.cell("AGENTCOST_COMPARE", table) == [
        ["Sales", "EMEA", "Flex Credits", 18_000, 216_000],
        ["Service", "AMER", "Conversations", 20_000, 240_000],
    ]


def test_labels_are_given_back_as_they_are(sheet: AppsScript) -> None:
    """A cost centre stays a number and a day stays a day, even in several columns."""
    day = {"date": "2026-11-21T00:00:00.000Z"}
    table = [["Cost centre", "Start", "interactions", "actions"], [4711, day, 10_000, 18], [12, "open", 10_000, 30]]
    assert sheet.cell("AGENTCOST_COMPARE", table) == [
        [4711, day, "Flex Credits", 18_000, 216_000],
        [12, "open", "Conversations", 20_000, 240_000],
    ]


def test_a_day_in_a_cell_is_asked_as_a_day(sheet: AppsScript) -> None:
    """A cell with a day is sent as YYYY-MM-DD in the spreadsheet's time zone, wherever text is accepted."""
    with pytest.raises(ScriptError):
        sheet.cell("AGENTCOST_BREAKEVEN", {"date": "2026-11-21T00:00:00.000Z"})
    assert sheet.asked[0][0]["q"] == "breakeven 2026-11-21"


@pytest.mark.parametrize("discount", [0.25, "25%", 25])
@pytest.mark.parametrize("head", ["discount", "Discount (%)", "Rabatt"])
def test_a_column_of_discounts_is_in_percent(sheet: AppsScript, head: str, discount: object) -> None:
    """A cell that shows 25% contains 0.25; 25 and the text mean the same. Without a discount there is none."""
    table = [["interactions", "actions", head], [10_000, 18, discount], [10_000, 18, 0]]
    assert sheet.cell("AGENTCOST_COMPARE", table) == [["Flex Credits", 13_500, 162_000], ["Flex Credits", 18_000, 216_000]]


def test_a_share_of_one_is_asked_back(sheet: AppsScript) -> None:
    """1 in a column of shares may be 1% or 100%: the row says so, and the others are answered."""
    rows = sheet.cell("AGENTCOST_COMPARE", [["interactions", "actions", "voice"], [10_000, 18, 1], [10_000, 18, 0]])
    assert ("may be 1% or 100%" in str(rows[0][0]), rows[1]) == (True, ["Flex Credits", 18_000, 216_000])


def test_german_heads_are_understood(sheet: AppsScript) -> None:
    """The headers in the German guide name the same units."""
    table = [["Anwendungsfall", "Interaktionen", "Aktionen pro Interaktion"], ["FAQ", 10_000, 18], ["Fälle", 10_000, 30]]
    assert sheet.cell("AGENTCOST_COMPARE", table) == [
        ["FAQ", "Flex Credits", 18_000, 216_000],
        ["Fälle", "Conversations", 20_000, 240_000],
    ]


@pytest.mark.parametrize(
    "ranges",
    [
        ([["users"], [10], [20]], [["actions per user"], [100], [200], [300]]),
        ([["users"], [10]], [["interactions"], [1000], [2000]], [["actions"], [3], [4]]),
    ],
)
def test_ranges_of_unequal_height_are_no_workloads(sheet: AppsScript, ranges: tuple[list[list[object]], ...]) -> None:
    """A row without its other half would be another workload."""
    with pytest.raises(ScriptError, match="differ in size"):
        sheet.cell("AGENTCOST_COMPARE", *ranges)


def test_one_workload_is_compared_in_full(sheet: AppsScript) -> None:
    """Ranges side by side are one workload, and the whole comparison spills."""
    assert sheet.cell("AGENTCOST_COMPARE", [["10000 interactions"]], [["18 actions"]]) == sheet.cell(
        "AGENTCOST", "compare 10000 interactions 18 actions"
    )


@pytest.mark.parametrize(
    ("formula", "arguments", "shown"),
    [
        ("AGENTCOST_BREAKEVEN", [200], 200 * 1_250),
        ("AGENTCOST_BREAKEVEN", [200, "$0.08 per action", "actions_per_interaction"], 25),
        ("AGENTCOST_BREAKEVEN", [[[200], [""]]], [[250_000], [""]]),
        ("AGENTCOST_PRICE", ["flex", "10000 interactions 3 actions"], 3_000),
        (
            "AGENTCOST_PRICE",
            [[["flex"], ["conversations"]], [["10000 interactions 3 actions"], ["10000 interactions"]]],
            [[3_000], [20_000]],
        ),
        ("AGENTCOST_PRICE", ["flex", "100k credits", "actions"], 5_000),
        ("AGENTCOST", ["breakeven 1e3 users".replace("1e3", "1000"), "seats_usd_per_month"], 125_000),
    ],
)
def test_the_short_formulas_ask_the_same_questions(
    sheet: AppsScript, formula: str, arguments: list[object], shown: object
) -> None:
    """They only combine words and compute nothing."""
    assert sheet.cell(formula, *arguments) == shown


@pytest.mark.parametrize("count", [1e21, 1.5e-7])
def test_numbers_are_asked_without_exponent(sheet: AppsScript, count: float) -> None:
    """A cell's number is sent in full, however large or small."""
    with pytest.raises(ScriptError):
        sheet.cell("AGENTCOST_BREAKEVEN", count)
    assert sheet.asked[0][0]["q"] == f"breakeven {count:.8f}".rstrip("0").rstrip(".") + " users"


def test_the_wallet_s_figures(sheet: AppsScript, invented: Context) -> None:
    """Credits left and credits used are those of the wallet's answer."""
    answer = ask("wallet", invented)
    expected = [[float(answer.figure(key).value)] for key in ("used_credits", "remaining_credits")]  # type: ignore[arg-type]
    assert sheet.cell("AGENTCOST_WALLET", [["used_credits"], ["remaining_credits"]]) == expected
    assert sheet.cell("AGENTCOST_WALLET") == expected[1][0]


def test_an_answer_is_asked_for_once_until_the_stamp_changes(sheet: AppsScript) -> None:
    """Cached as long as the service allows; another stamp asks again."""
    for stamp in ("↻ 1", "↻ 1", "↻ 2"):
        sheet.cell("AGENTCOST", "breakeven 200 users", "seats_usd_per_month", stamp)
    assert len(sheet.asked) == 2


def test_what_rests_on_the_wallet_is_not_kept(sheet: AppsScript) -> None:
    """The next import may come before the next calculation."""
    for _ in range(2):
        sheet.cell("AGENTCOST_WALLET")
    assert (len(sheet.asked), sheet.state["cached"]) == (2, [])


def test_what_is_kept_shows_neither_question_nor_token_in_its_name(sheet: AppsScript, api: Api) -> None:
    """Keys are hashes; another token finds nothing that belongs to this one."""
    sheet.cell("AGENTCOST", "breakeven 200 users")
    [[name, _]] = sheet.state["cached"]
    sheet.order("keep", name="agentcost_token", value=api.token("pricing"))
    sheet.cell("AGENTCOST", "breakeven 200 users")
    assert (len(name), len(sheet.asked)) == (44, 2)


@pytest.mark.parametrize(("text", "kept"), [("short", 500), ("long " * 10_000, 0)])
def test_what_the_cache_would_refuse_is_told_all_the_same(fresh: AppsScript, text: str, kept: int) -> None:
    """Too large answers are not cached, and seven hundred answers at once do not push out all others."""
    with moody(text=text) as address:
        fresh.settings(address)
        shown = fresh.cell("AGENTCOST", [[f"breakeven {count} users"] for count in range(700)])
    assert (len(shown), len(fresh.state["cached"])) == (700, kept)


@pytest.mark.parametrize(("count", "kept"), [(900, 500), (901, 0)])
def test_a_range_that_google_s_cache_cannot_hold_is_not_kept(fresh: AppsScript, count: int, kept: int) -> None:
    """The cache has a thousand entries: a larger range is requested each time, without a cache key."""
    with moody() as address:
        fresh.settings(address)
        fresh.cell("AGENTCOST", [[f"breakeven {number} users"] for number in range(count)])
    assert len(fresh.state["cached"]) == kept


def test_ranges_ask_for_what_their_cells_show(sheet: AppsScript) -> None:
    """Sentences and figures for a range; a table for one question or one compared workload."""
    sheet.cell("AGENTCOST", [["breakeven 200 users"], ["help"]])
    sheet.cell("AGENTCOST_COMPARE", [["10000 interactions 18 actions"], ["10000 interactions 30 actions"]])
    sheet.cell("AGENTCOST", "breakeven 200 users")
    sheet.cell("AGENTCOST_COMPARE", [["10000 interactions 18 actions"]])
    assert [[one.get("brief", False) for one in call] for call in sheet.asked] == [[True, True], [True, True], [False], [False]]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(fresh: AppsScript, status: int) -> None:
    """A service that fails twice is asked a third time, after growing pauses."""
    with moody(*statuses(status, status)) as address:
        fresh.settings(address)
        assert fresh.cell("AGENTCOST", [["help"]]) == [["Here it is."]]
    first, second = fresh.state["slept"]
    assert 200 <= first <= 600 <= 2 * second <= 2400


def test_a_service_that_says_when_to_come_back_is_heard(fresh: AppsScript) -> None:
    """Retry-After takes precedence over our own pauses."""
    with moody((429, "3")) as address:
        fresh.settings(address)
        fresh.cell("AGENTCOST", [["help"]])
    [pause] = fresh.state["slept"]
    assert 3000 <= pause <= 3600


def test_what_stays_broken_ends_in_a_sentence(fresh: AppsScript) -> None:
    """After four attempts the cell says so; no proxy's page is shown."""
    with moody(*statuses(*[502] * 9)) as address:
        fresh.settings(address)
        with pytest.raises(ScriptError, match=r"answered with 502. Check AgentCost → Settings\.$"):
            fresh.cell("AGENTCOST", "help")
    assert len(fresh.asked) == 4


def test_a_pause_beyond_the_time_allowed_is_not_made(fresh: AppsScript) -> None:
    """A cell may take half a minute; a longer Retry-After is not waited for."""
    with moody((503, "60")) as address:
        fresh.settings(address)
        with pytest.raises(ScriptError, match="503"):
            fresh.cell("AGENTCOST", "help")
    assert fresh.state["slept"] == []


def test_any_number_of_questions_ends_in_time(fresh: AppsScript) -> None:
    """If requests take nine seconds, eight thousand questions get two attempts: a third could end too late."""
    fresh.order("set", values={"latency": 9_000})
    with moody() as address:
        fresh.settings(address)
        shown = fresh.cell("AGENTCOST", [[f"breakeven {count} users"] for count in range(26_000)], "one")
    assert [row[0] for row in shown].count(1) == 16_000
    assert shown[-1] == ["⚠ 10000 of these questions were not asked: there was no time for more. Split the range."]


def test_where_nothing_answers_the_cell_says_so(fresh: AppsScript) -> None:
    """The address is in the sentence."""
    fresh.settings("http://127.0.0.1:9")
    with pytest.raises(ScriptError, match=r"Nothing answers at http://127\.0\.0\.1:9"):
        fresh.cell("AGENTCOST", "help")


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("Service invoked too many times for one day: urlfetch.", "used up for today"),
        ("Bandwidth quota exceeded: https://a.example. Try reducing the rate of data transfer.", "used up for today"),
        ("You do not have permission to call UrlFetchApp.fetchAll.", "Open AgentCost → Settings and allow"),
        ("https://a.example is not in urlFetchWhitelist.", "does not list it"),
    ],
)
def test_what_google_lets_nobody_fetch_is_told_at_once(fresh: AppsScript, refusal: str, said: str) -> None:
    """A limit of Google's is reported as such, and not retried."""
    fresh.settings("https://a.example")
    fresh.order("set", values={"refusal": refusal})
    with pytest.raises(ScriptError, match=said):
        fresh.cell("AGENTCOST", "help")
    assert fresh.state["slept"] == []


def test_without_settings_the_cell_says_where_to_set_them(fresh: AppsScript) -> None:
    """The first formula in a new spreadsheet."""
    with pytest.raises(ScriptError, match="menu AgentCost → Settings"):
        fresh.cell("AGENTCOST", "help")


def test_a_refused_token_is_told_as_the_service_tells_it(fresh: AppsScript, address: str) -> None:
    """The sentence of the 401."""
    fresh.settings(address, "agentcost_0_0")
    with pytest.raises(ScriptError, match="This needs a valid token"):
        fresh.cell("AGENTCOST", "help")


def test_long_questions_are_split_over_calls(fresh: AppsScript) -> None:
    """Requests stay within the service's limit, even with long questions beyond ASCII."""
    with moody() as address:
        fresh.settings(address)
        fresh.cell("AGENTCOST", [[f"explain {'é' * 1_990}{row}"] for row in range(400)])
    assert len(fresh.asked) == 2
    assert all(len(payload.encode()) < MAX_BODY_BYTES for _, payload in fresh.state["calls"])


@pytest.mark.parametrize("text", ["", "plain", "é", "€ 5", "𝄞 and é", "ü" * 50])
def test_bytes_are_counted_as_they_are_sent(fresh: AppsScript, text: str) -> None:
    """Characters of every width of UTF-8 are counted in bytes."""
    assert fresh.menu("bytes_", text) == len(text.encode())


def test_the_menu_is_put_up_by_a_simple_trigger(fresh: AppsScript) -> None:
    """Opening the spreadsheet needs no authorisation; each item has its function."""
    fresh.menu("onOpen", mode="simple")
    assert [name for _, name, _ in fresh.state["menu"]] == ["Ask", "Scenario", "Refresh", "Settings", "Help"]


def test_refresh_bumps_the_stamp_and_syncs(sheet: AppsScript) -> None:
    """The stamp is a named cell on a hidden worksheet; the service's report of the sync is shown."""
    sheet.menu("refreshFromMenu")
    first = sheet.state
    sheet.order("set", values={"later": 1_000})
    sheet.menu("refreshFromMenu")
    stamps = [state["cells"][0][3] for state in (first, sheet.state)]
    assert (first["names"], first["hidden"], stamps[0] != stamps[1]) == (["agentcost_stamp"], ["AgentCost stamp"], True)
    assert first["toasts"][0].endswith("or run `agentcost sync` where they are written.")
    assert json.loads(first["calls"][0][1]) == {"spreadsheet_id": "1AbcdefghijklmnopqrstuvwxyZ"}


def test_refresh_shows_what_changed(sheet: AppsScript, api: Api) -> None:
    """A report of several lines is shown in the sidebar and kept for it; one sentence is only a toast."""
    api.api.refresh = lambda _: "Team: brought up to date.\nSummary: 2 cells (Left 21,438 → 20,900)"
    assert sheet.menu("lastRefresh", mode="page") == "Nothing was refreshed here yet."
    sheet.menu("refreshFromMenu")
    assert sheet.state["sidebars"] == ["AgentCost · Refresh"]
    assert sheet.menu("lastRefresh", mode="page").endswith("date.\nSummary: 2 cells (Left 21,438 → 20,900)")
    api.api.refresh = lambda _: "Team: already up to date."
    sheet.menu("refreshFromMenu")
    assert (len(sheet.state["sidebars"]), sheet.state["toasts"][-1].endswith("already up to date.")) == (1, True)


def test_an_identity_is_shown_where_there_is_no_token(fresh: AppsScript, address: str) -> None:
    """From the menu Google's identity token is sent; a cell has no access to it and sends nothing."""
    fresh.settings(address)
    fresh.order("set", values={"identity": "a.b.c"})
    assert fresh.menu("service_")["authorization"] == "Bearer a.b.c"
    with pytest.raises(ScriptError, match="valid token"):
        fresh.cell("AGENTCOST", "help")


@contextmanager
def page_of(body: bytes) -> Iterator[str]:
    """Answer every request with a body and 200, like a proxy's login page; return the address."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>login</html>", "is not agentcost. Check the address in AgentCost"),
        (b"", "is not agentcost"),
        (b"[]", "is not agentcost"),
        (b"null", "is not agentcost"),
        (b'{"answers": "all"}', "is not agentcost"),
        (b'{"answers": []}', "Of 1 questions 0 were answered"),
    ],
)
def test_an_answer_of_somebody_else_is_told_in_a_sentence(fresh: AppsScript, body: bytes, said: str) -> None:
    """A proxy's page, or half an answer, is never shown as a JavaScript error."""
    with page_of(body) as address:
        fresh.settings(address, "token")
        with pytest.raises(ScriptError, match=said):
            fresh.cell("AGENTCOST", "breakeven 200 users")


@pytest.mark.parametrize(
    ("heads", "cells", "asked"),
    [
        (["Gespräche pro Monat", "Aktionen je Gespräch"], [10_000, 3], "compare 10000 interactions 3 actions per interaction"),
        (
            ["Interaktionen pro Monat", "Aktionen", "Rabatt in %"],
            [10_000, 3, 25],
            "compare 10000 interactions 3 actions discount 25%",
        ),
        (["Anzahl Interaktionen", "Anzahl Aktionen"], [10_000, 3], "compare 10000 interactions 3 actions"),
        (["Interactions (per month)", "Actions (avg):"], [10_000, 3], "compare 10000 interactions 3 actions"),
        (["Monthly chats", "Actions / chat"], [10_000, 3], "compare 10000 interactions 3 actions per interaction"),
        (["Annual conversations", "actions"], [120_000, 3], "compare 120000 interactions per year 3 actions"),
        (["# users", "actions per user and month"], [50, 1200], "compare 50 users 1200 actions per user and month"),
        (
            ["interactions", "actions", "growth per year"],
            [10_000, 3, 0.6],
            "compare 10000 interactions 3 actions growth 60% per year",
        ),
        (
            ["interactions", "actions", "Wachstum pro Monat"],
            [10_000, 3, "2,5 %"],
            "compare 10000 interactions 3 actions growth 2.5% per month",
        ),
        (["interactions", "actions", "price per pack"], [10_000, 3, 450], "compare 10000 interactions 3 actions $450 per pack"),
        (
            ["interactions", "actions", "Price per action"],
            [10_000, 3, "$0.08"],
            "compare 10000 interactions 3 actions $0.08 per action",
        ),
        (["interactions", "actions", "resolved"], [10_000, 3, 0.6], "compare 10000 interactions 3 actions resolved 60%"),
        (["audience", "interactions", "actions"], ["employees", 10_000, 3], "compare employees 10000 interactions 3 actions"),
        (["interactions", "actions"], ["10k", 3], "compare 10k interactions 3 actions"),
    ],
)
def test_heads_as_finance_teams_write_them(sheet: AppsScript, heads: list[str], cells: list[object], asked: str) -> None:
    """Units, periods, prices and shares in the words of people's tables, English and German, become part of the question."""
    sheet.cell("AGENTCOST_COMPARE", [heads, cells])
    assert [call[0]["q"] for call in sheet.asked] == [asked]


@pytest.mark.parametrize("head", ["cost per interaction", "growth rate yoy", "Preisnachlass", "voice minutes", "peak users"])
def test_a_column_about_the_workload_that_is_not_understood_is_no_label(sheet: AppsScript, head: str) -> None:
    """Ignored, it would silently change the figure: the row names the header, and nothing is asked."""
    rows = sheet.cell("AGENTCOST_COMPARE", [["interactions", "actions", head], [10_000, 3, 7], [2_000, 3, ""]])
    assert (head in str(rows[0][0]), rows[1]) == (True, ["Flex Credits", 600, 7_200])


def test_a_title_may_stand_above_the_heads(sheet: AppsScript) -> None:
    """Tables often begin with a title or an empty row; a label may contain digits."""
    table = [["Workloads 2026", "", ""], ["Q1 2026", "interactions", "actions"], ["Sales", 10_000, 3], ["Service", 2_000, 5]]
    assert sheet.cell("AGENTCOST_COMPARE", table) == [
        ["Sales", "Flex Credits", 3_000, 36_000],
        ["Service", "Flex Credits", 1_000, 12_000],
    ]


def test_an_error_in_a_cell_is_said(sheet: AppsScript) -> None:
    """A #N/A of a failed lookup is one row's error, in words."""
    rows = sheet.cell("AGENTCOST_COMPARE", [["interactions", "actions"], ["#N/A", 3], [2_000, 5]])
    assert rows == [["⚠ A cell of this row shows #N/A. Fix it first.", "", ""], ["Flex Credits", 1_000, 12_000]]


@pytest.mark.parametrize(("growth", "said"), [(1.5, "1.5% or 150%"), (-0.05, "not -5%")])
def test_a_growth_that_may_be_two_things_is_asked_back(sheet: AppsScript, growth: float, said: str) -> None:
    """A cell that shows 150% contains 1.5, like one that means 1.5 percent; negative growth is refused as in a question."""
    rows = sheet.cell("AGENTCOST_COMPARE", [["interactions", "actions", "growth"], [10_000, 3, growth], [2_000, 5, 0]])
    assert (said in str(rows[0][0]), rows[1]) == (True, ["Flex Credits", 1_000, 12_000])


def test_words_that_are_read_as_another_question_give_no_figure(sheet: AppsScript) -> None:
    """A German price question that reads as a comparison has no price as its first figure: the cell says so."""
    with pytest.raises(ScriptError, match="read as “compare 10,000 interactions 3 actions”, which is no “price”"):
        sheet.cell("AGENTCOST_PRICE", "flex", "10.000 Interaktionen 3 Aktionen")
