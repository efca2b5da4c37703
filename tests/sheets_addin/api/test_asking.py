"""Questions over HTTP: core's answers in core's shape, cached while they are valid."""

from __future__ import annotations

import itertools
import json
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import anyio
import jsonschema_rs
import pytest

import core
from core.config.loader import Config
from core.context import Context
from core.errors import InputError, MachineError
from core.language.commands import COMMANDS
from core.language.parser import parse
from core.questions.access import is_about_wallet
from core.questions.asking import ask
from sheets_addin.api.access import Access
from sheets_addin.api.app import FormulaApi
from sheets_addin.api.asking import MAX_REPAIRED, AnswerCache, Asked, Snapshot
from tests.fakes.formula_api import api_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.warehouse.database import Warehouse
    from tests.fakes.formula_api import Api

SCHEMA = json.loads((Path(core.__file__).parent / "answer.schema.json").read_text(encoding="utf-8"))
ANSWER = jsonschema_rs.Draft202012Validator(SCHEMA)
EXAMPLES = [example for command in COMMANDS.values() for example in command.examples]
MIX = "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14, 50 users"


def path_of(question: str, figure: str = "") -> str:
    """Return the path of a question."""
    return f"/v1/ask?q={quote(question)}" + (f"&figure={figure}" if figure else "")


@pytest.mark.parametrize("question", EXAMPLES)
def test_every_documented_question_is_answered_as_everywhere(api: Api, invented: Context, question: str) -> None:
    """The answer is core's, complete, in the published shape; where the wallet cannot answer, the sentence is core's."""
    reply = api.get(path_of(question), api.token())
    expected = outcome(question, invented)
    assert (reply.json if reply.status == 200 else reply.json["detail"]) == expected
    assert reply.status == 422 or ANSWER.is_valid(reply.json)


def outcome(question: str, context: Context) -> object:
    """Return core's answer as JSON, or its sentence."""
    try:
        return json.loads(json.dumps(ask(question, context).to_json()))
    except InputError as error:
        return str(error)


def test_one_figure_is_an_answer_with_that_figure(api: Api) -> None:
    """200 seats at $125 are $25,000, and nothing else is sent."""
    answer = api.get(path_of("breakeven 200 users", "seats_usd_per_month"), api.token("pricing")).json
    ANSWER.validate(answer)
    assert [(figure["key"], figure["value"]) for figure in answer["figures"]] == [("seats_usd_per_month", str(200 * 125))]
    assert answer["tables"] == answer["notes"] == []


def test_a_figure_that_an_answer_has_not_is_named_with_those_it_has(api: Api) -> None:
    """A typo in a figure's key gets the right key."""
    reply = api.get(path_of("breakeven 200 users", "seats_usd_per_moth"), api.token())
    assert (reply.status, "seats_usd_per_month" in reply.json["detail"]) == (422, True)


def test_a_question_at_fault_is_told_as_everywhere(api: Api) -> None:
    """The sentence, the position and what would have worked."""
    reply = api.get(path_of("breakeven 2oo users"), api.token())
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json == {
        "type": "about:blank",
        "title": "The question cannot be answered",
        "status": 422,
        "detail": 'I don\'t know "2oo" in: breakeven 2oo users. Did you mean: breakeven 200 users?',
        "question": "breakeven 2oo users",
        "start": 10,
        "end": 13,
        "suggestions": ["breakeven 200 users"],
    }


def test_many_questions_are_answered_in_their_order(api: Api) -> None:
    """A wrong question among them is a problem in its place; the others are answered."""
    questions = [{"q": "breakeven 200 users"}, {"q": "what"}, {"q": MIX, "figure": "cheapest_plan"}, {"q": ""}]
    answers = api.post("/v1/ask", {"questions": questions}, api.token()).json["answers"]
    assert [one.get("status", 200) for one in answers] == [200, 422, 200, 422]
    assert [figure["value"] for figure in answers[2]["figures"]] == ["Flex Credits"]


def test_a_range_opens_the_warehouse_once_and_asks_alike_questions_once(api: Api, invented: Context) -> None:
    """A thousand cells with two different questions cost two questions and one opening."""
    opened = []

    @contextmanager
    def counted() -> Iterator[Warehouse]:
        opened.append(1)
        with invented.open_warehouse() as warehouse:
            yield warehouse

    api.context = replace(invented, open_warehouse=counted)
    questions = [{"q": text} for text in ("usage by agent", "wallet") * 500]
    answers = api.post("/v1/ask", {"questions": questions}, api.token()).json["answers"]
    assert (len(answers), len({json.dumps(one) for one in answers}), len(opened)) == (1000, 2, 1)


@pytest.mark.parametrize("question", ["breakeven 200 users", "wallet", "usage by agent"])
def test_an_answer_asked_again_is_not_sent_again(api: Api, question: str) -> None:
    """A request with the present tag gets no body."""
    token = api.token()
    tag = api.get(path_of(question), token).headers["etag"]
    again = api.get(path_of(question), token, {"if-none-match": f'"other", W/{tag}'})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)


def test_another_answer_has_another_tag(api: Api) -> None:
    """A tag identifies the bytes: the answer for 200 users has another tag than that for 201."""
    token = api.token()
    tag = api.get(path_of("breakeven 200 users"), token).headers["etag"]
    assert api.get(path_of("breakeven 201 users"), token, {"if-none-match": tag}).status == 200


def test_prices_hold_until_the_team_s_day_ends(api: Api, invented: Context) -> None:
    """At noon in UTC, the day in Berlin has eleven hours left."""
    api.context = replace(invented, config=invented.config._replace(time_zone="Europe/Berlin"))
    reply = api.get(path_of("breakeven 200 users"), api.token())
    assert reply.headers["cache-control"] == f"private, max-age={11 * 3600}"


@pytest.mark.parametrize("question", ["wallet", "usage by agent", "breakeven"])
def test_what_rests_on_the_wallet_is_asked_about_each_time(api: Api, question: str) -> None:
    """The next import may come at any moment; this includes price questions that use the wallet's usage."""
    assert api.get(path_of(question), api.token()).headers["cache-control"] == "private, no-cache"


def test_an_answer_is_kept_until_something_changes(api: Api, invented: Context) -> None:
    """A repeated question is answered from memory until the wallet changes."""
    token = api.token()
    api.get(path_of("wallet"), token)
    api.context = replace(invented, open_warehouse=closed)
    held = api.get(path_of("wallet"), token).status
    api.state = 1
    assert (held, api.get(path_of("wallet"), token).status) == (200, 503)


@contextmanager
def closed() -> Iterator[Warehouse]:
    """Stand in for a warehouse that cannot be opened."""
    raise MachineError("the.duckdb is in use by python (process 1). Stop that process, or ask through it.")
    yield


def test_trouble_of_ours_is_told_as_such_and_tried_again(api: Api, invented: Context) -> None:
    """A busy warehouse is 503 with a time to retry, and the next request is answered."""
    token = api.token()
    api.context = replace(invented, open_warehouse=closed)
    busy = api.get(path_of("wallet"), token)
    api.context = invented
    assert (busy.status, "retry-after" in busy.headers, api.get(path_of("wallet"), token).status) == (503, True, 200)


def test_a_handler_that_breaks_is_told_without_its_innards(api: Api, invented: Context, caplog: pytest.LogCaptureFixture) -> None:
    """The answer says that the fault is ours; the log has the rest."""

    def broken() -> None:
        raise ZeroDivisionError("secret innards")

    api.context = replace(invented, open_warehouse=broken)  # type: ignore[arg-type]
    reply = api.get(path_of("wallet"), api.token())
    assert (reply.status, b"innards" in reply.body, "innards" in caplog.text) == (500, False, True)


def test_a_day_later_the_answer_is_that_day_s(api: Api, invented: Context) -> None:
    """Yesterday's answers are not served today."""
    token = api.token()
    api.get(path_of("prices"), token)
    api.context = replace(invented, as_of=invented.as_of + timedelta(days=1))
    assert api.get(path_of("prices"), token).json["as_of"] == "2026-11-22"


def test_commands_are_those_of_the_table(api: Api) -> None:
    """Completion has every command, its examples, and whether it needs the wallet."""
    told = api.get("/v1/commands", api.token()).json["commands"]
    assert [(one["name"], tuple(one["examples"]), one["wallet"]) for one in told] == [
        (command.name, command.examples, all(is_about_wallet(parse(one)) for one in command.examples))
        for command in COMMANDS.values()
    ]


@pytest.mark.parametrize(("question", "kept"), [("help", f"private, max-age={12 * 3600}"), ("wallet", "no-store")])
def test_a_range_of_prices_is_kept_and_one_with_the_wallet_is_not(api: Api, question: str, kept: str) -> None:
    """At noon the day has twelve hours left for prices; with one wallet question the whole response expires at once."""
    reply = api.post("/v1/ask", {"questions": [{"q": "breakeven 200 users"}, {"q": question}]}, api.token())
    assert reply.headers["cache-control"] == kept


def test_a_brief_answer_is_the_sentence_and_the_figures(api: Api) -> None:
    """A brief answer has the same shape without tables, sums, notes and sources; the full one follows on request."""
    asked = [
        {"q": "breakeven 200 users", "brief": True},
        {"q": "breakeven 200 users"},
        {"q": "breakeven 2oo users", "brief": True},
    ]
    brief, full, wrong = api.post("/v1/ask", {"questions": asked}, api.token()).json["answers"]
    empty = ("tables", "charts", "arithmetic", "notes", "sources")
    assert {key: value for key, value in full.items() if key not in empty} == {
        key: value for key, value in brief.items() if key not in empty
    }
    assert ([brief[key] for key in empty], full["sources"] != [], wrong["status"]) == ([[]] * len(empty), True, 422)


def test_a_range_of_nonsense_is_told_in_time(api: Api) -> None:
    """Suggestions are made for a limited amount of text; beyond it the sentence stands alone, and is complete if asked again."""
    token, wrong = api.token(), [f"breakeven 2oo{row} users" for row in range(1_000)]
    answers = api.post("/v1/ask", {"questions": [{"q": text} for text in wrong]}, token).json["answers"]
    suggested = sum(len(text) <= MAX_REPAIRED for text in itertools.accumulate(wrong))
    assert [bool(one["suggestions"]) for one in answers] == [True] * suggested + [False] * (1_000 - suggested)
    assert api.get(path_of(wrong[-1]), token).json["suggestions"] != []


def test_what_there_is_no_time_for_says_so() -> None:
    """If each question takes ten seconds, those after the first are not tried."""
    seconds = itertools.count(0, 10)
    context = Context(date(2026, 11, 21), Config(), closed)
    asker = AnswerCache(clock=lambda: float(next(seconds)))
    asked, until = [Asked("help"), Asked("prices"), Asked("use cases")], asker.until()
    told = asker.tell(asked, Access("somebody", "pricing"), Snapshot(context, None), until)
    assert [one.status for one in told] == [200, 503, 503]


def test_time_spent_waiting_for_a_worker_counts(invented: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that waited twenty seconds for its turn is not computed, so that its caller gets an answer in time."""
    api = api_on(invented, tmp_path)

    async def late(_: FormulaApi, __: str, work: Callable[[], object]) -> object:
        api.seconds += 20
        return await anyio.to_thread.run_sync(work)

    monkeypatch.setattr(FormulaApi, "_in_worker", late)
    answers = api.post("/v1/ask", {"questions": [{"q": "breakeven 200 users"}]}, api.token()).json["answers"]
    assert [one["status"] for one in answers] == [503]
    assert api.get(path_of("breakeven 200 users"), api.token()).status == 503


@pytest.mark.parametrize("question", ["recommend", "plan purchase", "portfolio", "negotiate", "tco", "breakeven", "wallet"])
def test_what_may_rest_on_the_wallet_is_not_kept_before_the_first_import(api: Api, question: str) -> None:
    """A formula that asks again after the first import sees the new data."""
    api.context = replace(api.context, has_warehouse=False)
    reply = api.post("/v1/ask", {"questions": [{"q": question}]}, api.token())
    assert reply.headers["cache-control"] == "no-store"
