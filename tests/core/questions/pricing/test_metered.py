"""Every row of the price book answers a question: metered things, free credits, seats, and what only a contract says."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cli.main import main
from core.answer.model import Answer
from core.config.loader import Config, Contract
from core.context import Context
from core.errors import QuestionError
from core.language.grammar import print_question
from core.language.parser import parse
from core.pricing import price_book
from core.pricing.metering import METERS, UseOfMeter, burn
from core.pricing.plans import PLANS
from core.pricing.price_book import ContractPrices, NoPriceError, prices_on
from core.questions.asking import ask
from core.warehouse.database import Warehouse

Asked = Callable[..., Answer]
DAY = date(2026, 11, 21)
LIST = prices_on(DAY)

# A question that rests on each item of the book: what is metered and seats that cover use are asked for by their own words.
QUESTIONS = {
    **{meter.item: f"price 1000 {meter.name}" for meter in METERS.values()},
    **{plan.seat_item: f"breakeven {plan.words[0]}" for plan in PLANS.values() if plan.seat_item},
    "conversation.usd": "price conversations 10000 interactions",
    "resolution.credits": "price 500 resolutions",
    "resolution.sandbox_credits": "price 500 resolutions sandbox",
    "flex.usd_per_pack": "price flex 100k credits",
    "flex.credits_per_pack": "price flex 3 packs",
    "action.production": "price 1000 standard actions",
    "action.sandbox": "price 1000 custom actions sandbox",
    "voice.production": "price 1000 voice actions",
    "voice.sandbox": "price 1000 voice actions sandbox",
    "action.tokens": "price flex 1000 interactions 3 actions 15000 tokens",
    "prompt.tokens": "price 1000 basic prompts 6500 tokens",
    "prompt.starter": "price 1000 starter prompts",
    "prompt.basic": "price 1000 basic prompts",
    "prompt.standard": "price 1000 standard prompts",
    "prompt.advanced": "price 1000 advanced prompts",
    "speech_to_text.hour": "price 40 hours of speech to text",
    "text_to_speech.million_characters": "price 5m characters of text to speech",
    "translation.million_characters": "price 2m characters of translation",
    "coworker.round_trip_credits": "price 1000 coworker round trips",
    "data_360.prepare_credits": "price 2m rows prepared",
    "data_360.unify_credits": "price 2m rows unified",
    "data_360.real_time_credits": "price 2m rows in real time",
    "data_360.unstructured_credits": "price 300 MB of unstructured data",
    "data_360.intelligent_credits": "price 300 MB of intelligent processing",
    "data_360.sandbox_percent": "price 2m rows unified sandbox",
    "data_360.tier_4_percent": "price 2m rows unified tier 4",
    "data_360.tier_2_percent": "price 2m rows unified tier 2",
    "data_360.tier_3_percent": "price 2m rows unified tier 3",
    "user_license.usd": "breakeven user licence",
    "add_on.usd": "breakeven add-on",
    "industries.usd": "breakeven industries",
    "edition_sales.usd": "breakeven max edition",
    "edition_service.usd": "breakeven service edition",
    "edition_core.usd": "breakeven core edition",
    "edition_advanced.usd": "breakeven advanced edition",
    "edition.credits": "price sales edition 10 users 1m actions per month customers",
    "foundations.credits": "how long do the free credits last for 10000 interactions with 3 actions",
    "foundations.data_360_credits": "foundations",
    "premier.percent": "tco $200000 per year premier",
    "development.usd": "tco 10000 interactions 5 actions 2 agents",
    "data_cloud.percent": "tco $200000 per year data cloud",
    "data_cloud.usd_per_pack": "price 250k data cloud credits",
    "payg.saving_percent": "price flex 1000 interactions 3 actions payg",
    "payg.usd_per_action": "price flex 1000 interactions 3 actions payg",
    "precommit.share_of_payg_premium_percent": "price flex 1000 interactions 3 actions precommit",
    "precommit.usd_per_action": "price flex 1000 interactions 3 actions precommit",
    "overage.usd_per_action": "compare 10000 interactions 3 actions",
    "volume_discount.percent": "negotiate 50000 interactions 5.3 actions",
    "flex_agreement.usd_of_credits_per_usd_of_seats": "convert 20 seats",
    "voice_minute.credits": "price 3000 voice minutes",
    "slackbot_action.credits": "price 500 slackbot actions",
    "lead_worked.credits": "price 500 leads worked",
    "personalization.credits": "price 500 personalizations",
    "headless_interaction.credits": "price 500 headless interactions",
    "licence_agreement.usd_per_year": "prices agentic enterprise licence",
}
CONTRACT_ONLY = [meter for meter in METERS.values() if meter.item not in price_book.rows_by_item()]


def no_warehouse() -> AbstractContextManager[Warehouse]:
    """Refuse: a pricing question has no business with the wallet."""
    raise AssertionError("a pricing question opened the warehouse")


def answer(text: str, contract: dict[str, str] | None = None) -> Answer:
    """Return the answer at list prices, or with a contract's own."""
    agreed = ContractPrices({item: Decimal(value) for item, value in (contract or {}).items()})
    return ask(text, Context(DAY, Config(contract=Contract(prices=agreed)), no_warehouse))


def numbers(said: Answer) -> list[object]:
    """Return everything in an answer that a price can change: figures and the cells of tables."""
    return [said.figures, [table.rows for table in said.tables]]


def test_every_item_of_the_book_has_a_question() -> None:
    """No row is there only to be looked at."""
    assert QUESTIONS.keys() == price_book.items().keys()


@pytest.mark.parametrize(("item", "question"), QUESTIONS.items(), ids=QUESTIONS)
def test_a_question_rests_on_the_row(item: str, question: str) -> None:
    """Another price in the contract changes the figures of the question that is asked about the row."""
    row = LIST.list_rows.get(item)
    other = str(row.value * Decimal("0.5") if row and row.value else Decimal(7))
    assert numbers(answer(question)) != numbers(answer(question, {item: other}))


@pytest.mark.parametrize("question", dict.fromkeys(QUESTIONS.values()))
def test_each_question_prints_and_answers_on_the_command_line(question: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line answers it, and its canonical text is the same question."""
    assert parse(print_question(parse(question))) == parse(question)
    assert main(["--as-of", "2026-11-21", "--how", question]) == 0
    assert "Asked: " in capsys.readouterr().out


@pytest.mark.parametrize("topic", sorted(price_book.topics()))
def test_every_topic_shows_its_prices_and_all_their_readings(topic: str) -> None:
    """`prices` shows what holds or which setting takes it, and `explain` every reading with who said it and where."""
    shown, explained = answer(f"prices {topic}"), answer(f"explain {topic}")
    items = price_book.topics()[topic]
    rows = [row for item in items for row in price_book.rows_by_item().get(item, ())]
    words = [term for terms in price_book.terms_by_key().values() for term in terms if topic in term.topics]
    assert sum(len(table.rows) for table in explained.tables) == len(rows) + len(words)
    assert {row.source for row in rows} | {term.source for term in words} <= {*explained.sources, *shown.sources}
    missing = [item for item in items if not LIST.has(item)]
    assert all(f"contract.prices.{item}" in " ".join(note.text for note in shown.notes) for item in missing)
    assert "later day" not in shown.headline


@pytest.mark.parametrize("meter", METERS.values(), ids=METERS)
def test_every_way_to_say_a_metered_thing_is_read(meter: object) -> None:
    """Each of its words reads as that thing, whatever the case."""
    said = {parse(f"price 12 {word.upper()}").metered.meter for word in meter.words}  # type: ignore[attr-defined, union-attr]
    assert said == {meter.key}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("question", "credits", "usd"),
    [
        ("price 10000 standard prompts 6500 tokens per prompt", 10_000 * 4 * 4, "800"),
        ("price 10000 standard prompts 2000 tokens per prompt", 10_000 * 4, "200"),
        ("price 10000 standard prompts 2001 tokens per prompt", 10_000 * 2 * 4, "400"),
        ("price 3 starter prompts", 6, "0.03"),
        ("price 90 minutes of speech to text", 225, "1.125"),
        ("price 1.5 hours of speech to text", 225, "1.125"),
        ("price 500k characters of text to speech", 3_000, "15"),
        ("price 2m characters of translation", 8_000, "40"),
        ("price 2m rows unified", 150_000, "750"),
        ("price 2m rows unified sandbox", 120_000, "600"),
        ("price 2m rows unified tier 4", 30_000, "150"),
        ("price 2m rows unified tier 4 sandbox", 24_000, "120"),
        ("price 1m rows prepared", 40, "0.2"),
        ("price 1m rows in real time", 250_000, "1250"),
        ("price 10 MB of unstructured data", 1_500, "7.5"),
        ("price 10 MB of intelligent processing", 6_000, "30"),
        ("price 500 resolutions", 200_000, "1000"),
        ("price help agent 500 resolutions", 200_000, "1000"),
        ("price 500 resolutions sandbox", 0, "0"),
        ("price 1000 coworker round trips", 72_000, "360"),
        ("price 500 headless interactions sandbox", 0, "0"),
        ("price 1000 voice actions sandbox", 24_000, "120"),
        ("price 10000 standard prompts discount 25%", 40_000, "150"),
        ("price flex 10000 standard prompts $450 per pack", 40_000, "180"),
    ],
)
def test_a_metered_thing_costs_its_row(question: str, credits: int, usd: str) -> None:  # noqa: A002 - what is burnt
    """Units, started chunks, tiers and sandboxes times the row of the book, and the dollars of these credits."""
    said = answer(question)
    assert said.figure("metered_credits").value == credits
    assert said.figure("metered_usd").value == Decimal(usd)


def test_a_month_and_a_year_of_it() -> None:
    """What is metered every month is twelve times as much a year; a day is one of 365."""
    month, day = answer("price 1000 advanced prompts per month"), answer("price 1000 advanced prompts per day")
    assert month.figure("metered_credits_per_year").value == 1000 * 16 * 12
    assert day.figure("metered_usd_per_year").value == 365 * 1000 * 16 * Decimal("0.005")


@pytest.mark.parametrize("meter", CONTRACT_ONLY, ids=lambda meter: meter.key)
def test_a_rate_that_only_a_contract_states_is_not_made_up(meter: object) -> None:
    """Without the contract's rate the answer has no dollars and names the setting; with it, the rate is used."""
    word, item = meter.name, meter.item  # type: ignore[attr-defined]
    without = answer(f"price 100 {word}")
    assert [one.key for one in without.figures] == ["metered_units"]
    assert f"contract.prices.{item}" in without.headline
    assert answer(f"price 100 {word}", {item: "6"}).figure("metered_usd").value == 100 * 6 * Decimal("0.005")


def test_started_voice_minutes_are_whole_ones() -> None:
    """12.2 minutes are billed as 13."""
    said = answer("price 12.2 voice minutes", {"voice_minute.credits": "10"})
    assert (said.figure("metered_units").value, said.figure("metered_credits").value) == (13, 130)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("price 100 standard prompts 10 users", "exclude each other"),
        ("price 100 resolutions 6500 tokens per prompt", "takes tokens per prompt for prompts only"),
        ("price 100 standard prompts tier 4", "takes a tier for Data 360 only"),
        ("price 2m rows unified tier 5", "maximum is 4"),
        ("price flex 1000 interactions 3 actions sandbox", "takes production or sandbox for one metered thing"),
        ("price conversations 100 standard prompts", "one plan or one metered thing"),
        ("price 100 standard prompts 100 basic prompts", "Two values for one thing"),
        ("foundations 100 data cloud credits", "what Flex Credits pay for"),
        ("breakeven flex", "takes a plan by seats"),
        ("breakeven industries $110 per seat", "for the add-on only"),
        ("breakeven user licence 100 interactions", "takes users, and no interactions"),
        ("breakeven industries 100 interactions", "needs users beside interactions"),
    ],
)
def test_what_does_not_fit_is_refused(question: str, reason: str) -> None:
    """Nothing that was said is left out of the sum without a word."""
    with pytest.raises(QuestionError, match=reason):
        parse(question)


def test_a_kind_that_is_left_out_is_asked_for() -> None:
    """Prompts have four rates, so which of them is meant is asked back, with questions that work."""
    with pytest.raises(QuestionError, match='Which "prompts" are meant') as caught:
        parse("price 10,000 prompts")
    assert "price 10,000 starter prompts" in caught.value.suggestions


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([meter for meter in METERS.values() if LIST.has(meter.item) and not meter.is_in_usd]),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.booleans(),
    st.sampled_from([1, 4]),
)
def test_burning_adds_up(meter: object, one: int, other: int, in_sandbox: bool, tier: int) -> None:  # noqa: FBT001 - drawn
    """Two amounts burn what their sum burns, a sandbox never more than production, a higher tier never more than the first."""
    use = UseOfMeter(meter, Decimal(one), in_sandbox, tier=tier)  # type: ignore[arg-type]
    both = burn(use._replace(said=Decimal(one + other)), LIST).credits
    assert burn(use, LIST).credits + burn(use._replace(said=Decimal(other)), LIST).credits == both
    assert not burn(use._replace(in_sandbox=False, tier=1), LIST).credits < burn(use, LIST).credits


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**5))
def test_every_started_chunk_of_a_prompt_is_billed(tokens: int) -> None:
    """A prompt of n tokens is the least number of chunks of 2,000 that hold them."""
    metered = burn(UseOfMeter(METERS["standard_prompt"], Decimal(1), tokens=Decimal(tokens)), LIST)
    assert (metered.chunks - 1) * 2000 < tokens <= metered.chunks * 2000


@pytest.mark.parametrize(
    ("question", "figure", "value"),
    [
        ("foundations 10000 interactions 3 actions", "free_months", Decimal(200_000) / 600_000),
        ("foundations 1000 interactions 1 actions", "free_months", Decimal(10)),
        ("foundations 1000 interactions 1 actions", "free_days", Decimal(10) * 365 / 12),
        ("foundations 120000 actions per year", "free_months", Decimal(1)),
        ("foundations 1000 interactions 2 actions sandbox 100%", "free_months", Decimal(200_000) / 32_000),
        ("foundations 5000 standard prompts per month", "free_months", Decimal(10)),
        ("foundations 60000 standard prompts per year", "free_months", Decimal(10)),
        ("foundations 5000 standard prompts", "free_units", Decimal(50_000)),
        ("foundations 2000 interactions 5 actions", "free_interactions", Decimal(2_000)),
        ("foundations", "free_actions", Decimal(10_000)),
        ("how long do the free credits last for 5000 interactions 1 action growth 100%", "free_months", 1 + Decimal(1) / 2),
    ],
)
def test_how_long_the_free_credits_last(question: str, figure: str, value: Decimal) -> None:
    """200,000 credits ÷ the credits of a month; month by month where the volume grows (100,000, then 100,000 of 200,000)."""
    assert answer(question).figure(figure).value == value


def test_free_credits_are_taken_off_once_whatever_the_volume(asked: Asked) -> None:
    """Twice the use is twice the credits less the same free ones; use below them costs nothing; seats and talks stay."""
    free, plain = asked("compare 2000 interactions 3 actions foundations"), asked("compare 2000 interactions 3 actions")
    year = Decimal(2000 * 3 * 20 * 12)

    def cell(said: Answer, plan: str, column: str) -> object:
        table = said.table("plans")
        place = [one.key for one in table.columns].index(column)
        return next(row for row in table.rows if row[0] == plan)[place]

    assert cell(free, "flex_credits", "usd_per_year") == (year - 200_000) * Decimal("0.005")
    assert cell(free, "flex_credits", "usd_per_year_if_doubled") == (2 * year - 200_000) * Decimal("0.005")
    assert cell(free, "per_resolution", "usd_per_year") == (2000 * 12 * 400 - 200_000) * Decimal("0.005")
    assert cell(free, "per_conversation", "usd_per_year") == cell(plain, "per_conversation", "usd_per_year")
    small = asked("compare 200 interactions 3 actions foundations")
    assert cell(small, "flex_credits", "usd_per_year") == 0
    assert cell(small, "flex_credits", "usd_per_year_if_doubled") == (2 * 200 * 3 * 20 * 12 - 200_000) * Decimal("0.005")


@pytest.mark.parametrize(
    ("plan", "usd"),
    [
        ("add-on", 125),
        ("industries", 150),
        ("sales edition", 550),
        ("max edition", 550),
        ("service edition", 550),
        ("core edition", 195),
        ("advanced edition", 395),
    ],
)
def test_every_seat_has_a_break_even(plan: str, usd: int) -> None:
    """The price of the seat ÷ $0.10 actions per user and month; with users, theirs together."""
    one, many = answer(f"breakeven {plan}"), answer(f"breakeven 40 users {plan}")
    assert one.figure("actions_per_user_month").value == usd * 10
    assert many.figure("actions_per_month").value == usd * 10 * 40
    assert many.figure("seats_usd_per_year").value == usd * 40 * 12


def test_a_metered_licence_meets_the_unmetered_seat() -> None:
    """$5 and credits cost as much as $125 at (125 − 5) ÷ 0.10 = 1,200 actions."""
    assert answer("breakeven user licence").figure("actions_per_user_month_at_add_on").value == 1200


@pytest.mark.parametrize("topic", ["overage", "one org", "coworker", "data cloud"])
def test_a_dispute_is_named(topic: str) -> None:
    """Where readings differ, `prices` and `explain` name both sides in a note."""
    for said in (answer(f"prices {topic}"), answer(f"explain {topic}")):
        assert "disputed claim" in {note.kind for note in said.notes}


def test_what_overage_costs_can_be_asked() -> None:
    """`explain overage` says the contracted rate and who disputes it."""
    said = answer("explain overage")
    assert "the contract's own rate" in said.headline
    assert "premium" in " ".join(note.text for note in said.notes)


def test_a_price_that_only_a_contract_has_says_so() -> None:
    """The error names the setting and asks for no later day."""
    with pytest.raises(NoPriceError, match=r"contract\.prices\.overage\.usd_per_action") as caught:
        LIST.row("overage.usd_per_action")
    assert "later day" not in str(caught.value)
