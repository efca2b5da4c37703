"""The question language: a question is read, printed and read again; what is not understood is never skipped."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import QuestionError
from core.language.commands import COMMANDS
from core.language.grammar import print_question
from core.language.parser import parse
from core.language.parsing_tables import Node
from core.language.phrases import EVERY_VENDOR, PHRASES
from core.language.question import ActionsInput, Days, Last, MeteredSaid, MixPart, PerPeriod, PriceInput, Question
from core.language.vocabulary import OFFERED
from core.pricing.metering import METERS
from core.warehouse.statements import statement_names

COUNTS = st.integers(1, 10**6).map(Decimal)
EXACT = st.decimals(min_value="0.001", max_value=10**6, places=3, allow_nan=False).map(abs).filter(bool)
SHARES = st.decimals(0, 100, places=2, allow_nan=False)
DISCOUNTS = st.decimals(0, "99.99", places=2, allow_nan=False)
PERIODS = st.sampled_from(["month", "year"])
NAMES = (
    st.text(st.characters(categories=["L", "N"], include_characters=" _-.<>!*=+"), min_size=1, max_size=20)
    .map(str.strip)
    .filter(bool)
)
DAYS = st.dates()
MIXES = st.tuples(st.integers(1, 99), EXACT, EXACT).map(
    lambda drawn: (MixPart(Decimal(drawn[0]), drawn[1]), MixPart(Decimal(100 - drawn[0]), drawn[2]))
)
VALUES = {
    "users": COUNTS,
    "interactions": st.builds(PerPeriod, EXACT, PERIODS),
    "actions": st.builds(ActionsInput, EXACT, st.sampled_from(["interaction", "user", "month", "year"])),
    "users_to": COUNTS,
    "interactions_to": st.builds(PerPeriod, EXACT, PERIODS),
    "actions_to": st.builds(ActionsInput, EXACT, st.sampled_from(["interaction", "user", "month", "year"])),
    "mix": MIXES,
    "credits": EXACT,
    "packs": COUNTS,
    "metered": st.builds(MeteredSaid, EXACT, st.sampled_from(list(METERS)), st.sampled_from([None, "month", "year"])),
    "prompt_tokens": COUNTS,
    "tier": st.integers(1, 4).map(Decimal),
    "foundations": st.just(True),  # noqa: FBT003 - the value said
    "spend": st.builds(PerPeriod, EXACT, PERIODS),
    "only": st.sets(st.sampled_from(list(OFFERED)), min_size=1).map(lambda keys: tuple(key for key in OFFERED if key in keys)),
    "plan": st.sampled_from(["flex_credits", "per_conversation", "edition_sales"]),
    "buying": st.sampled_from(["payg", "prepurchase", "precommit"]),
    "discount": DISCOUNTS,
    "action_price": st.builds(PriceInput, EXACT, st.just("action")),
    "conversation_price": st.builds(PriceInput, EXACT, st.just("conversation")),
    "seat_price": st.builds(PriceInput, EXACT, st.just("seat")),
    "pack_price": st.builds(PriceInput, EXACT, st.just("pack")),
    "audience": st.sampled_from(["customers", "employees"]),
    "sandbox_share": SHARES,
    "voice_share": SHARES,
    "resolved_share": SHARES,
    "messages": EXACT,
    "vendors": st.sets(st.sampled_from(EVERY_VENDOR), min_size=1).map(
        lambda keys: tuple(key for key in EVERY_VENDOR if key in keys)
    ),
    "tokens": COUNTS,
    "volume": SHARES.filter(bool),
    "growth": st.builds(PerPeriod, SHARES, PERIODS),
    "premier": st.just(True),  # noqa: FBT003 - the value said
    "data_cloud": SHARES | st.just("typical"),
    "major_agents": st.integers(1, 10**4).map(Decimal),
    "months": st.integers(1, 60).map(Decimal),
    "months_left": st.decimals("0.1", 120, places=1).map(abs),
    "unused": EXACT,
    "overlap": st.integers(0, 24).map(Decimal),
    "weeks": st.integers(1, 104).map(Decimal),
    "seed": COUNTS,
    "topic": st.sampled_from(["foundations", "sandbox action", "edition"]),
    "subject": st.sampled_from(["actions_per_user_month", "payg", "flex_credits", "42_per_working_day"]),
    "query": st.sampled_from(statement_names("queries")),
    "about": st.sampled_from(["compare", "use cases", "breakeven"]),
    "span": st.builds(Last, st.integers(1, 3660), st.sampled_from(["day", "week", "month"]))
    | st.tuples(DAYS, DAYS).map(lambda days: Days(min(days), max(days)))
    | DAYS.map(Days),
    "as_of": DAYS,
    "by": st.sampled_from(["agent", "use case", "day"]),
    "then_by": st.sampled_from(["agent", "use case", "month"]),
    "action": NAMES,
    "top": st.integers(1, 10**4).map(Decimal),
    "grain": st.sampled_from(["event", "hour", "day"]),
    "environment": st.sampled_from(["production", "sandbox", "unknown"]),
    "org": NAMES,
    "card": NAMES,
    "agent": NAMES,
    "department": NAMES,
    "user": NAMES,
    "use_case": NAMES,
    "team": NAMES,
    "state": st.sampled_from(["open", "acknowledged", "snoozed", "recovered", "closed"]),
}


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Draw any question that a command accepts, sensible or not."""
    command = draw(st.sampled_from(sorted(COMMANDS)))
    names = draw(st.lists(st.sampled_from(COMMANDS[command].takes), unique=True)) if COMMANDS[command].takes else []
    said: dict[str, Any] = {name: draw(VALUES[name]) for name in names}
    return Question(command=command, **said)


def test_every_phrase_is_drawn() -> None:
    """The property tests cover every phrase of the language."""
    assert VALUES.keys() == PHRASES.keys()


SCRAPS = (
    "breakeven",
    "compare",
    "200",
    "users",
    "% x",
    "3",
    ",",
    "$",
    "per",
    "10k",
    "🙂",
    "-5",
    "a",
    "?",
    "by agent",
    "last 7 days",
    "portfolio",
    "org A:",
    ";",
    "3 interactions 2 actions",
)


def outcome(text: str) -> Question | QuestionError:
    """Return the question, or what is wrong with the text; anything else raised is a failure of the test."""
    try:
        return parse(text)
    except QuestionError as error:
        return error


@settings(max_examples=300, deadline=None)
@given(questions())
def test_a_question_printed_and_read_again_is_the_same(question: Question) -> None:
    """A printed question parses back to exactly that question, or is refused, but never gives a different one."""
    once = outcome(print_question(question))
    assert isinstance(once, QuestionError) or once == question


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80) | st.lists(st.sampled_from(SCRAPS), max_size=12).map(" ".join))
def test_no_text_raises_anything_but_the_question_error(text: str) -> None:
    """Any text is a question or a question error whose range lies in the text and whose suggestions work."""
    read = outcome(text)
    if isinstance(read, QuestionError):
        assert 0 <= read.start <= read.end <= max(1, len(text))
        assert [suggestion for suggestion in read.suggestions if isinstance(outcome(suggestion), QuestionError)] == []


@pytest.mark.parametrize(
    "example", [example for command in COMMANDS.values() for example in command.examples] + [f"help {name}" for name in COMMANDS]
)
def test_every_documented_example_is_a_question(example: str) -> None:
    """Every example in the help can be asked."""
    assert parse(example).command in COMMANDS


@pytest.mark.parametrize("phrase", PHRASES.values(), ids=lambda phrase: phrase.name)
def test_every_phrase_is_understood_by_some_command_as_shown(phrase: object) -> None:
    """A phrase's examples are read as that phrase, alone after a command that accepts it."""
    from core.language.grammar import _tables  # noqa: PLC0415 - the grammar alone, without what a command needs besides

    name, examples = phrase.name, phrase.examples  # type: ignore[attr-defined]
    command = next(command for command in COMMANDS.values() if name in command.takes)
    trees = [_tables().parse(f"{command.name} {example}") for example in examples]
    assert all(name in [child.data for child in tree.children[0].children if isinstance(child, Node)] for tree in trees)


@pytest.mark.parametrize(
    ("text", "same_as"),
    [
        ("BREAKEVEN 200 Users", "breakeven 200 users"),
        ("breakeven 200 seats?", "breakeven 200 users"),
        ("break-even for 200 people", "breakeven 200 users"),
        ("compare 10k interactions with 18 actions", "compare 10000 interactions 18 actions"),
        ("compare 18 actions, 10,000 conversations", "compare 10000 interactions 18 actions"),
        ("compare 120000 interactions a year 18 actions", "compare 120000 interactions per year 18 actions"),
        ("compare 10000 interactions 60%x3 30% at 7 actions 10% × 14", "compare 10000 interactions 60% x 3, 30% x 7, 10% x 14"),
        ("breakeven 25% off", "breakeven discount 25%"),
        ("tco $200k/year premier", "tco $200000 per year premier"),
        ("convert 1,000,000 credits", "convert 1m credits"),
        ("breakeven 200 users $1,320 per seat per year", "breakeven 200 users $110 per seat"),
        ("convert 20 seats $1500 per seat yearly", "convert 20 seats $125 per seat"),
        ("compare 1250 actions per user and 200 users", "compare 200 users 1250 actions per user"),
        ("compare 200 users 1250 actions per user and 10% discount", "compare 200 users 1250 actions per user 10% discount"),
        ("compare 200 users 1250 actions per user and month", "compare 200 users 1250 actions per user"),
        ("compare 10000 interactions 5 actions 1k employees", "compare 10000 interactions 5 actions 1000 users employees"),
        ("convert 200 employees", "convert 200 users"),
        (
            "portfolio org A: 50 employees 10 actions per user; org B: 10000 interactions 25 actions 2000 users",
            "portfolio org A: 50 users 10 actions per user employees; org B: 2000 users 10000 interactions 25 actions",
        ),
        ("breakeven\u00a0200\u2009users", "breakeven 200 users"),
        ("`/agentcost breakeven 200 users!`", "breakeven 200 users"),
        ("“breakeven 200 users”", "breakeven 200 users"),
        ('wallet card "data services credits".', 'wallet card "data services credits"'),
        ("breakeven 10 k users", "breakeven 10000 users"),
        ("breakeven $110/user/month", "breakeven $110 per seat"),
        ("break even 200 seats at $110 per seat", "breakeven 200 users $110 per seat"),
        ("compare 500 interactions a day 3 actions", "compare 182500 interactions per year 3 actions"),
        (
            "compare 100 interactions at 3 actions each, and with a 25% discount",
            "compare 100 interactions 3 actions discount 25%",
        ),
        (
            "compare 10k interactions 3 actions, sandbox 10%, growth 5%",
            "compare 10000 interactions 3 actions 10% sandbox 5% growth",
        ),
        ("tco $200k per year with premier support and data cloud", "tco $200000 per year premier data cloud"),
        ("recommend 5000 employees 3 actions 100 interactions", "recommend 5000 users 3 actions 100 interactions employees"),
        ("price 1m credits", "price 1000000 credits"),
    ],
)
def test_ways_to_say_the_same(text: str, same_as: str) -> None:
    """Case, order, commas, synonyms and short numbers do not change the question."""
    assert parse(text) == parse(same_as)


SAME_PER_MONTH = "compare 10000 interactions 5 actions growth 5% per month"


@pytest.mark.parametrize(
    ("text", "reason", "suggestion"),
    [
        ("brakeven 200 users", 'I don\'t know the command "brakeven"', "breakeven 200 users"),
        ("breakeven 2oo users", 'I don\'t know "2oo"', "breakeven 200 users"),
        ("breakeven 200 usres", 'I don\'t know "usres"', "breakeven 200 users"),
        ("breakeven 200users", 'I don\'t know "200users"', "breakeven 200 users"),
        ("breakeven users", '"users" needs its value', "breakeven 200 users"),
        ("breakeven discount", 'ends after "discount"', "breakeven discount 25%"),
        ("breakeven 200", '"200" of what', "breakeven 200 users"),
        ("breakeven -5 users", "must be more than 0, not -5", "breakeven 5 users"),
        ("compare 10000 interactions 5 actions growth 5% per day", "growth is that of a month", SAME_PER_MONTH),
        ("breakeven $1000 per seat per year", "no whole number of cents a month", "breakeven $83.33 per seat"),
        ("breakeven $4 per seat per day", "a seat's price is that of a month or a year", "breakeven $110 per seat"),
        ("breakeven 0 users", "must be more than 0, not 0", "breakeven 200 users"),
        ("breakeven 1000000000000000000 users", "is out of range; the maximum is", "breakeven 200 users"),
        ("breakeven 10¹⁸ users", 'I don\'t know "10¹⁸"', "breakeven 200 users"),
        ("breakeven 200 users 300 users", "Two values for one thing", "breakeven 200 users"),
        ("breakeven 200 users by agent", '"by agent" has no place in a question about breakeven', "breakeven 200 users"),
        ("breakeven 2.5 users", "users come whole", "breakeven 2 users"),
        ("compare 10.000 interactions 3 actions", "more than one way", "compare 10,000 interactions 3 actions"),
        ("compare 100 interactions 60% x 3, 30% x 7", "adds to 90%", "compare 100 interactions 60% x 3, 40% x 7"),
        ("compare 100 interactions 3 actions 100% x 7", "exclude each other", "compare 100 interactions 3 actions"),
        ("compare 100 interactions", "needs a workload", "compare 100 interactions 5.3 actions"),
        ("price 1000 interactions", "needs a plan", "price 1000 interactions conversations"),
        ("breakeven payg discount 10%", "no discount applies", "breakeven payg"),
        ("breakeven discount 100%", "under 100%", "breakeven discount 25%"),
        ("200 users", 'command "200"', "breakeven 200 users"),
        ("breakeven 10 000 users", "as 10,000", "breakeven 10,000 users"),
        ("breakeven users 200", '"users" needs its value', "breakeven 200 users"),
        ("tco 200000 per year", '"200000" of what', "tco $200000 per year"),
        (
            "recommend a plan for 10k interactions with 3 actions",
            'I don\'t know "a"',
            "recommend for 10k interactions with 3 actions",
        ),
        ("what would 200 users cost?", 'command "what"', "breakeven 200 users"),
        ("breakeven €0.08 per action", "I take amounts in US dollars", "breakeven 200 users"),
        ("breakeven 200 users customers", "seats are for employees only", "breakeven 200 users"),
        ("breakeven 53000 actions per month", "takes actions per interaction only", "breakeven 200 users"),
        ("tco $200000 per year discount 25%", "exclude each other", "tco $200,000 per year"),
        ("price add-on 50 users discount 25%", "takes a discount for what is paid in Flex Credits", "price flex 100k credits"),
        ("price industries 50 users $110 per seat", "takes a price per seat for the add-on only", "price flex 100k credits"),
        ("recommend 50 users", "needs interactions with their actions", "recommend 50 users 53000 actions per month"),
        ('compare "x', "I don't know '\"x'", "compare 10000 interactions 18 actions"),
        ("wallet as of 9999-12-31", "the day 9999-12-31 is not in the years 2000 to 2100", "wallet as of 2026-09-01"),
        ("usage by day since 0001-01-01", "the day 0001-01-01 is not in the years 2000 to 2100", "usage by day last 30 days"),
        ("wallet as of 2026-02-30", "there is no day 2026-02-30", "wallet as of 2026-09-01"),
        ("forecast seed 0.5", "A seed comes whole", "forecast seed 7"),
        ("", "The question is empty", "breakeven 200 users"),
        ("🙂", 'I don\'t know the command "🙂"', "help"),
        ("цена 200", 'I don\'t know the command "цена"', "breakeven 200 users"),
        ("価格", 'I don\'t know the command "価格"', "help"),
    ],
)
def test_a_bad_question_says_what_is_wrong_and_what_works(text: str, reason: str, suggestion: str) -> None:
    """One sentence names the position and the reason, and at least one suggestion is what was meant."""
    with pytest.raises(QuestionError) as caught:
        parse(text)
    assert reason.lower() in caught.value.reason.lower()
    assert suggestion in caught.value.suggestions


@pytest.mark.parametrize("text", ["breakeven 2oo users", "compare 10000 interactions  18 actoins"])
def test_the_error_echoes_the_question_and_marks_the_place(text: str) -> None:
    """The sentence contains the whole question, and the marked range is the faulty word."""
    with pytest.raises(QuestionError) as caught:
        parse(text)
    assert " ".join(text.split()) in str(caught.value)
    assert text[caught.value.start : caught.value.end] in {"2oo", "actoins"}


def test_a_question_of_five_thousand_characters_is_refused_short() -> None:
    """A very long text is refused with a sentence of readable length."""
    with pytest.raises(QuestionError, match="5,000 characters") as caught:
        parse("breakeven" + " " * 4_990 + "5")
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    "text",
    [
        "breakeven 200-300 users",
        "compare 10k interactions 3-5 actions",
        "compare 500 interactions a week 3 actions",
        "tco $200k p.a.",
        "recommend 1e5 interactions 3 actions",
        "compare 10x5 interactions 3 actions",
    ],
)
def test_no_suggestion_quietly_changes_an_amount(text: str) -> None:
    """A suggestion keeps every stated amount, currency and period, or is clearly marked as an example."""
    with pytest.raises(QuestionError) as caught:
        parse(text)
    assert set(caught.value.suggestions) <= set(COMMANDS[text.split(maxsplit=1)[0]].examples)


def test_at_most_three_suggestions() -> None:
    """There are at most three suggestions: more would be a list to search, not a hint."""
    with pytest.raises(QuestionError) as caught:
        parse("compare")
    assert 1 <= len(caught.value.suggestions) <= 3


def test_every_seed_that_an_answer_names_can_be_said() -> None:
    """The data's own seed has up to 32 bits; typing the seed that an answer names gives the same draw."""
    assert parse(f"forecast seed {2**32 - 1}").seed == Decimal(2**32 - 1)


def test_a_year_is_kept_as_it_was_said() -> None:
    """An amount per year is not converted to rounded months."""
    assert parse("compare 100 interactions per year 3 actions").interactions == PerPeriod(Decimal(100), "year")


def test_printing_leaves_out_what_was_not_said() -> None:
    """The canonical text contains only what was asked."""
    question = parse("compare 10000 interactions 18 actions 50 users")
    assert print_question(question._replace(users=None)) == "compare 10,000 interactions 18 actions"


@pytest.mark.parametrize(("said", "meant"), [("breakevn", "breakeven"), ("recmend", "recommend")])
def test_a_word_is_suggested_from_seven_tenths_of_its_letters_on(said: str, meant: str) -> None:
    """`recmend` shares 14 of 16 letters with recommend: a limit of nine tenths would exclude every typo of two keys."""
    with pytest.raises(QuestionError) as caught:
        parse(f"{said} 10 users")
    assert meant in " ".join(caught.value.suggestions)
