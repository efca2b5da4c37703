"""The app's own page: what it shows, what is pressed there, and that Slack takes it."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bot.slack.blocks.alert import AlertPost, OpenAlert
from bot.slack.blocks.home import PRICE_QUESTIONS, WALLET_QUESTIONS, Home, bars, home_view
from bot.slack.blocks.limits import view_problems
from bot.slack.blocks.notification import alert_message
from bot.slack.client import SlackClient
from bot.slack.connection.app import asgi, create_app
from core.answer.model import Chart, Figure, Series
from core.config.slack import Allowed, SlackRules
from core.errors import InputError, NothingImportedError
from core.language.parser import parse
from tests.fakes.alert_book import LEVEL, SPIKE, WrittenBook
from tests.fakes.slack.homes import STEPS, homes
from tests.fakes.slack.messages import hostile_answer, news
from tests.fakes.slack.rules import view_refusals
from tests.fakes.slack.workspace import Workspace, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.slack.listeners import questions
    from bot.slack.settings import SlackSettings
    from core.answer.model import Answer
    from core.digests.next_steps import NextStep
    from tests.fakes.asking import Ask
    from tests.fakes.slack.server import Sent, SlackServer


RULES, ONLY_OTHER = SlackRules("Dana Roe"), Allowed(users=("U0OTHER",))


@contextmanager
def home_of(
    ask: questions.Ask, settings: SlackSettings, slack: SlackServer, book: WrittenBook, rules: SlackRules = RULES
) -> Iterator[Workspace]:
    """Serve an app with a book of alerts under rules."""
    with served(asgi(create_app(ask, settings, lambda: rules, alerts=book))) as url:
        yield Workspace(slack, url, settings.signing_secret or "")


def labels(page: dict[str, Any]) -> list[str]:
    """Return what stands on a page's buttons."""
    return [one["text"]["text"] for block in page["blocks"] for one in block.get("elements", ()) if "action_id" in one]


def words(page: dict[str, Any]) -> str:
    """Return everything that a page says."""
    return json.dumps(page, ensure_ascii=False)


def test_home_shows_the_wallet(workspace: Workspace, slack: SlackServer, ask: Ask) -> None:
    """Whoever opens the page sees the sentence that answers `wallet`."""
    workspace.open_home()
    assert ask("wallet", with_wallet=True).headline in words(slack.wait_for_view())


def test_only_the_home_tab_is_published(workspace: Workspace, slack: SlackServer) -> None:
    """Opening the messages renews nothing: a home page opened afterwards is the first one that Slack gets."""
    workspace.open_home(tab="messages")
    workspace.open_home()
    slack.wait_for_view()
    assert slack.calls.count("views.publish") == 1


def test_question_on_the_page_is_answered_directly(workspace: Workspace, slack: SlackServer) -> None:
    """A page has no conversation, so the answer comes as a direct message."""
    workspace.open_home()
    workspace.press_at_home("Who used it", slack.wait_for_view())
    [sent] = slack.wait_for(1)
    asked = "Asked: usage by agent last 30 days" in sent.text
    assert (sent.to, sent.body["channel"], asked) == ("chat.postMessage", "U0ASKER", True)


def test_scenario_opens_from_the_page(workspace: Workspace, slack: SlackServer) -> None:
    """The form is one press away."""
    workspace.open_home()
    workspace.press_at_home("Price a scenario", slack.wait_for_view())
    assert slack.wait_for_view(2)["callback_id"] == "scenario"


def test_who_may_not_read_the_wallet_sees_prices_only(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """Without the right the page says whom to ask, offers questions about prices, and holds neither figure nor alert."""
    with home_of(ask, settings, slack, WrittenBook(LEVEL), RULES._replace(wallet=ONLY_OTHER)) as workspace:
        workspace.open_home()
        page = slack.wait_for_view()
    assert ("Please ask Dana Roe." in words(page), labels(page)) == (True, [*PRICE_QUESTIONS, "Price a scenario"])


def test_home_without_a_wallet_says_how_to_import(slack: SlackServer, settings: SlackSettings) -> None:
    """Before the first import the page says how to come by a wallet, and offers what needs none."""

    def ask(question: str, *, with_wallet: bool, who: str) -> Answer:
        raise NothingImportedError(str((question, with_wallet, who)))

    with home_of(ask, settings, slack, WrittenBook()) as workspace:
        workspace.open_home()
        page = slack.wait_for_view()
    assert ("agentcost import FILE" in words(page), labels(page)) == (True, [*PRICE_QUESTIONS, "Price a scenario"])


def test_home_that_fails_says_so_under_a_reference(
    slack: SlackServer, settings: SlackSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours stands on the page, not in a message each time that the page is opened."""

    def ask(question: str, *, with_wallet: bool, who: str) -> Answer:
        raise ZeroDivisionError(question, with_wallet, who)

    with home_of(ask, settings, slack, WrittenBook()) as workspace:
        workspace.open_home()
        said = words(slack.wait_for_view())
    reference = said.partition("(ref ")[2][:4]
    assert [record for record in caplog.records if f"ref {reference}: ZeroDivisionError" in record.getMessage()]
    assert slack.sent == []


def test_acknowledged_alert_stays_with_its_name(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """Who acknowledges is written down and shown, and the alert stays until its cause is gone."""
    book = WrittenBook(LEVEL)
    with home_of(ask, settings, slack, book) as workspace:
        workspace.open_home()
        workspace.press_at_home("I'm on it", slack.wait_for_view())
        page = slack.wait_for_view(2)
    assert book.written == [("acknowledged", LEVEL.key, "U0ASKER", UTC)]
    assert ("I'm on it" in labels(page), {"type": "user", "user_id": "U0ASKER"} in elements(page)) == (False, True)


def elements(page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the pieces of rich text of a page."""
    rich = [part for block in page["blocks"] if block["type"] == "rich_text" for part in block["elements"]]
    return [element for part in rich for element in part["elements"]]


def sent_alert(slack: SlackServer, settings: SlackSettings) -> Sent:
    """Post an alert of the book to the channel, and return it as Slack has it."""
    message = alert_message(replace(news()["alert"], headline=LEVEL.sentence), LEVEL.key)
    asyncio.run(SlackClient(settings).post("C0TEAM", message))
    return slack.wait_for(1)[0]


@pytest.mark.parametrize(
    ("label", "length"), [("Snooze 1 day", "day"), ("Snooze 1 week", "week"), ("Snooze until renewal", "term")]
)
def test_alert_is_snoozed_for_so_long(slack: SlackServer, settings: SlackSettings, ask: Ask, label: str, length: str) -> None:
    """A day, a week, or until the term is over; its message says so in its place, for everyone."""
    book = WrittenBook(LEVEL)
    with home_of(ask, settings, slack, book) as workspace:
        workspace.choose(label, sent_alert(slack, settings))
        told = slack.wait_for(2)[1]
    assert (book.written, told.to, told.ts) == ([("snoozed", LEVEL.key, "U0ASKER", length)], "chat.update", slack.sent[0].ts)
    assert ("snoozed this until" in json.dumps(told.blocks), slack.refused) == (True, [])


def test_alert_that_somebody_takes_says_so_in_its_place(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """Everyone who saw the alert sees who has it; the button to take it is gone, and who presses an old one hears who has it."""
    book = WrittenBook(LEVEL)
    with home_of(ask, settings, slack, book) as workspace:
        alert = sent_alert(slack, settings)
        workspace.press("I'm on it", alert)
        taken = slack.wait_for(2)[1]
        workspace.press("I'm on it", alert, user="U0OTHER")
        second = slack.wait_for(3)[2]
    assert (taken.to, taken.ts, list(taken.buttons()), slack.refused) == ("chat.update", alert.ts, ["Why?"], [])
    assert {"type": "user", "user_id": "U0ASKER"} in elements({"blocks": taken.blocks})
    assert (second.body["response_type"], {"type": "user", "user_id": "U0ASKER"} in elements({"blocks": second.blocks})) == (
        "ephemeral",
        True,
    )
    assert book.written == [("acknowledged", LEVEL.key, "U0ASKER", UTC)]


def test_a_press_rewrites_the_alert_wherever_it_was_told(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """In another channel what stands there stays, who has it stands below, in the team's time, and nobody can take it twice."""
    book = WrittenBook(LEVEL)
    alert = sent_alert(slack, settings)
    elsewhere = alert_message(replace(news()["alert"], headline=LEVEL.sentence), LEVEL.key)
    slack.channels.add("C0OTHER")
    slack.member_of.add("C0OTHER")
    ts = asyncio.run(SlackClient(settings).post_once("C0OTHER", elsewhere, {"event_type": "e", "event_payload": {}}))
    book.posts = [AlertPost("C0GONE", "1.0"), AlertPost("C0OTHER", ts), AlertPost("C0TEAM", alert.ts)]
    with home_of(ask, settings, slack, book) as workspace:
        workspace.press("I'm on it", alert)
        updates = [one for one in slack.wait_for(4) if one.to == "chat.update"]
    assert [(one.body["channel"], one.ts) for one in updates] == [("C0TEAM", alert.ts), ("C0OTHER", ts)]
    for told in updates:
        said = "".join(str(part.get("text", "")) for part in elements({"blocks": told.blocks}))
        assert (list(told.buttons()), LEVEL.sentence in said, " has it since " in said) == (["Why?"], True, True)
        assert re.search(r" has it since \d+ \w+ \d{4}, \d\d:\d\d CES?T", said)
        assert "A colleague has it since" in told.text
    assert slack.refused == ["channel_not_found"]


def test_a_press_on_the_page_rewrites_the_alert_too(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """Whoever takes an alert on the app's page is named where it was told."""
    book = WrittenBook(LEVEL)
    book.posts = [AlertPost("C0TEAM", sent_alert(slack, settings).ts)]
    with home_of(ask, settings, slack, book) as workspace:
        workspace.open_home()
        workspace.press_at_home("I'm on it", slack.wait_for_view())
        told = slack.wait_for(2)[1]
    assert (told.to, {"type": "user", "user_id": "U0ASKER"} in elements({"blocks": told.blocks})) == ("chat.update", True)


def test_alert_that_is_gone_is_not_acknowledged(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """A page may be old: the press changes nothing, the page is renewed, and the presser learns why."""
    book = WrittenBook(LEVEL)
    with home_of(ask, settings, slack, book) as workspace:
        workspace.open_home()
        page = slack.wait_for_view()
        book.snooze(LEVEL.key, "day", "U0OTHER", datetime.now(UTC))
        workspace.press_at_home("I'm on it", page)
        told = slack.wait_for(1)[0].text
    assert (told, len(slack.views), len(book.written)) == ("This alert is closed or snoozed already.", 2, 1)


def test_only_who_may_acknowledges(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """Without the right nothing is written, and the refusal says whom to ask."""
    book = WrittenBook(LEVEL)
    with home_of(ask, settings, slack, book, RULES._replace(acknowledge=ONLY_OTHER)) as workspace:
        workspace.open_home()
        workspace.press_at_home("I'm on it", slack.wait_for_view())
        told = slack.wait_for(1)[0]
    assert (book.written, told.body["channel"], "Please ask Dana Roe." in told.text) == ([], "U0ASKER", True)


@pytest.mark.parametrize("question", [*WALLET_QUESTIONS.values(), *PRICE_QUESTIONS.values()])
def test_every_button_asks_what_can_be_asked(question: str) -> None:
    """The page offers no question that the language does not take."""
    assert parse(question)


@pytest.mark.parametrize("page", homes().items(), ids=lambda page: page[0])
def test_slack_takes_the_page(page: tuple[str, Home]) -> None:
    """Normal, empty, huge or hostile: Slack refuses nothing of the page, and no limit comes near."""
    view = home_view(page[1])
    assert (view_refusals(view), view_problems(view)) == ([], [])


def test_page_is_state_chart_three_things_to_do_and_alerts(ask: Ask) -> None:
    """The state in two facts, the chart, three things to do and each alert with one button at most; at the end what to ask."""
    page = home_view(Home(ask("wallet", with_wallet=True, who=""), alerts=(LEVEL, SPIKE), steps=(*STEPS, *STEPS)))
    facts = [one for block in page["blocks"] for one in block.get("fields", ())]
    rows = [len(block["elements"]) for block in page["blocks"] if block["type"] == "actions"]
    beside = [block["accessory"]["text"]["text"] for block in page["blocks"] if "accessory" in block]
    assert (len(facts) <= 2, rows, beside) == (True, [1, 3], ["Why?"] * 3)
    assert labels(page)[-3:] == [*WALLET_QUESTIONS, "Price a scenario"]
    shown = words(page)
    told = ["preformatted", *(step.words for step in STEPS), LEVEL.sentence, "What to ask"]
    assert [shown.count(one) for one in told] == [1] * 6
    assert [shown.index(one) for one in told] == sorted(shown.index(one) for one in told)


def test_why_something_is_to_be_done_is_one_press_away(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """The button beside a thing to do asks the question that shows why."""
    book = WrittenBook()
    book.steps = STEPS[1:]
    with home_of(ask, settings, slack, book) as workspace:
        workspace.open_home()
        workspace.press_at_home("Why?", slack.wait_for_view())
        told = slack.wait_for(1)[0].text
    assert f"Asked: {STEPS[1].question}" in told


def test_page_stands_where_nobody_can_say_what_to_do(slack: SlackServer, settings: SlackSettings, ask: Ask) -> None:
    """A wallet of which only a part may be summed up has its state, and nothing to do."""

    class Unsure(WrittenBook):
        def list_next_steps(self) -> tuple[NextStep, ...]:
            raise InputError("Ask about a part.")

    with home_of(ask, settings, slack, Unsure(LEVEL)) as workspace:
        workspace.open_home()
        said = words(slack.wait_for_view())
    assert (LEVEL.sentence in said, "What to do" in said) == (True, False)


def test_bars_are_as_long_as_their_share() -> None:
    """Half of the most is half as long a bar, with its number beside it; nothing has none."""
    chart = Chart(
        "w",
        "Credits by week",
        "bar",
        ("5 Oct", "12 Oct", "19 Oct"),
        (Series("", (Decimal(50), Decimal(100), Decimal(0))),),
        "credits",
    )
    assert bars(chart).splitlines() == ["5 Oct    50  " + "█" * 8, "12 Oct  100  " + "█" * 16, "19 Oct    0"]


def test_outlook_is_told_once_it_can_be_said() -> None:
    """The sentence of the forecast stands on the page as soon as it has a day on which the pool runs out."""
    wallet = hostile_answer()
    outlook = replace(wallet, headline="Runs out about 3 Feb 2027.", figures=(Figure("depletion_day", "", Decimal(1), "day"),))
    said = [words(home_view(Home(wallet, outlook=one))) for one in (outlook, replace(outlook, figures=()))]
    assert ["Runs out about" in text for text in said] == [True, False]


def test_alerts_beyond_what_a_page_holds_are_counted() -> None:
    """Eight alerts are shown, and the rest are said to be there."""
    alerts = [OpenAlert(f"a{number}", f"Alert {number}", SPIKE.since) for number in range(30)]
    assert "22 more alerts are open." in words(home_view(Home(hostile_answer(), alerts=alerts)))
