"""The phrases of the language, declared once: how each is worded, read, checked and printed.

The grammar, the help, the suggestions and the documentation are all generated from this table.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from core.answer import plain_number
from core.days import DAYS_IN_YEAR, MONTHS_IN_YEAR, NoDayError, day_written
from core.language import vocabulary
from core.language.question import ActionsInput, Days, Last, MeteredSaid, MixPart, PerPeriod, PriceInput
from core.language.value_limits import MILLION, MOST
from core.patterns import compiled
from core.pricing import METERS
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from core.language.parsing_tables import ParsedToken
    from core.language.question import Per, Period, PriceOf, SpanUnit

CENT = Decimal("0.01")
SCALES = {"k": Decimal(1000), "thousand": Decimal(1000), "m": MILLION, "million": MILLION}
EVERY_VENDOR = tuple(vocabulary.CHOICES["VENDOR"])
TWO_READINGS = r"[1-9]\d{0,2}(?:\.\d{3})+"


class BadValueError(Exception):
    """A readable value that makes no sense; `str()` is the reason, `instead` are texts that make sense."""

    def __init__(self, reason: str, instead: Sequence[str] = ()) -> None:
        """Keep the alternatives to write instead."""
        self.instead = tuple(instead)
        super().__init__(reason)


class Phrase(NamedTuple):
    """One thing that a question can say.

    name: the field of Question that it fills. rule: its grammar. read: tokens to value, raising BadValueError.
    say: value to text that parses to the same value. about: what it means, for help.
    """

    name: str
    rule: str
    examples: tuple[str, ...]
    about: str
    read: Callable[[Sequence[ParsedToken]], Any]
    say: Callable[[Any], str]


def decimal_of(text: str) -> Decimal:
    """Return the number in a token such as `10,000`, `10k`, `$1.5m` or `25%`."""
    plain = text.lower().replace(",", "").replace("−", "-")
    found = re.search(r"(-?)\$?\s?(-?)(\d+(?:\.\d+)?)\s?(thousand|million|k|m)?", plain)
    if found is None:
        raise BadValueError(f'I can\'t read a number in "{text}"')
    sign, inner_sign, digits, scale = found.groups()
    value = Decimal(digits) * SCALES.get(scale or "", Decimal(1))
    return -value if sign or inner_sign else value


def read_count(token: ParsedToken, what: str, most: Decimal, *, whole: bool = False) -> Decimal:
    """Return a number above 0 and up to `most`. Raises: BadValueError, also if it has two readings."""
    number = re.sub(r"[^\d.]", "", token)
    if compiled(TWO_READINGS).fullmatch(number):
        dotless = f"{int(number.replace('.', '')):,}"
        readings = [dotless, plain_number(Decimal(number))] if number.count(".") == 1 else [dotless]
        raise BadValueError(f'"{token}" can be read in more than one way; write {" or ".join(readings)}', readings)
    value = decimal_of(token)
    if value <= 0:
        raise BadValueError(f"the number of {what} must be more than 0, not {token}")
    if value > most:
        raise BadValueError(f"{token} {what} is out of range; the maximum is {most:,f}")
    if whole and value != value.to_integral_value():
        come = "comes" if what.startswith("a ") else "come"
        raise BadValueError(f"{what} {come} whole, not as {token}", [f"{value.to_integral_value():,f}"])
    return value


def percent(token: ParsedToken, what: str, below: Decimal = Decimal(100), *, inclusive: bool = True) -> Decimal:
    """Return a percentage from 0 to `below`. Raises: BadValueError."""
    value = decimal_of(token)
    if not (0 <= value < below or (inclusive and value == below)):
        raise BadValueError(f"{what} is from 0 to {'' if inclusive else 'under '}{below:f}%, not {token}")
    return value


def money(token: ParsedToken, what: str, most: Decimal) -> Decimal:
    """Return dollars above 0. Raises: BadValueError."""
    return read_count(token, f"dollars {what}", most)


def day(token: ParsedToken) -> date:
    """Return the day written as 2026-09-01. Raises: BadValueError."""
    try:
        return day_written(token)
    except NoDayError as error:
        raise BadValueError(str(error)) from None


def _kinds(tokens: Sequence[ParsedToken]) -> set[str]:
    return {token.type for token in tokens}


def _of(kind: str, tokens: Sequence[ParsedToken]) -> ParsedToken:
    return next(token for token in tokens if token.type == kind)


def _period(tokens: Sequence[ParsedToken]) -> Period:
    return "year" if _kinds(tokens) & {"YEAR", "YEARLY"} else "month"


def _per_period(token: str, what: str, most: Decimal) -> Callable[[Sequence[ParsedToken]], PerPeriod]:
    def read(tokens: Sequence[ParsedToken]) -> PerPeriod:
        amount = read_count(_of(token, tokens), what, most)
        return PerPeriod(amount * DAYS_IN_YEAR, "year") if "DAYS" in _kinds(tokens) else PerPeriod(amount, _period(tokens))

    return read


def _count(what: str, most: Decimal, *, whole: bool = True) -> Callable[[Sequence[ParsedToken]], Decimal]:
    return lambda tokens: read_count(_of("NUMBER", tokens), what, most, whole=whole)


def _share(what: str, below: Decimal = Decimal(100), *, inclusive: bool = True) -> Callable[[Sequence[ParsedToken]], Decimal]:
    return lambda tokens: percent(_of("PERCENT", tokens), what, below, inclusive=inclusive)


def _choose_word(terminal: str) -> Callable[[Sequence[ParsedToken]], str]:
    return lambda tokens: vocabulary.choice(terminal, _of(terminal, tokens))


def _plans(tokens: Sequence[ParsedToken]) -> tuple[str, ...]:
    said = {vocabulary.choice("OFFERED", re.sub(r"^(?:,|\s|and\s|or\s|plus\s)+", "", token.lower())) for token in tokens[1:]}
    return tuple(key for key in vocabulary.OFFERED if key in said)


def _vendors(tokens: Sequence[ParsedToken]) -> tuple[str, ...]:
    """Return the named vendor, or all vendors."""
    named = [token for token in tokens if token.type == "VENDOR"]
    return tuple(vocabulary.choice("VENDOR", token) for token in named) or EVERY_VENDOR


def _say_vendors(keys: tuple[str, ...]) -> str:
    return "vendors" if keys == EVERY_VENDOR else ", ".join(vocabulary.CHOICES["VENDOR"][key][0] for key in keys)


def _overlap(tokens: Sequence[ParsedToken]) -> Decimal:
    return Decimal(0) if tokens[0].type == "NO" else _count("months", Decimal(24))(tokens)


def _read_name(tokens: Sequence[ParsedToken]) -> str:
    return tokens[-1].strip('"“”')


def _actions(tokens: Sequence[ParsedToken]) -> ActionsInput:
    kinds = _kinds(tokens)
    per = "interaction" if "INTERACTIONS" in kinds else "user" if "USERS" in kinds else None
    if per is None:
        per = _period(tokens) if kinds & {"MONTH", "YEAR", "MONTHLY", "YEARLY"} else "interaction"
    most = MOST["actions_of_a_period" if per in {"month", "year"} else "actions"]
    if "DAYS" in kinds and per == "interaction":
        return ActionsInput(read_count(_of("NUMBER", tokens), "actions", MOST["actions_of_a_period"]) * DAYS_IN_YEAR, "year")
    if "DAYS" in kinds or (per == "user" and kinds & {"YEAR", "YEARLY"}):
        raise BadValueError("actions per user are those of a month")
    return ActionsInput(read_count(_of("NUMBER", tokens), "actions", most), cast("Per", per))


def _metered(tokens: Sequence[ParsedToken]) -> MeteredSaid:
    meter = vocabulary.choice("METERED", _of("METERED", tokens))
    count = read_count(_of("NUMBER", tokens), METERS[meter].name, MILLION * MILLION)
    kinds = _kinds(tokens)
    if "DAYS" in kinds:
        return MeteredSaid(count * DAYS_IN_YEAR, meter, "year")
    return MeteredSaid(count, meter, _period(tokens) if kinds & {"MONTH", "YEAR", "MONTHLY", "YEARLY"} else None)


def _say_metered(said: MeteredSaid) -> str:
    period = f" per {said.period}" if said.period else ""
    return f"{write_grouped(said.count)} {METERS[said.meter].name}{period}"


def _tier(tokens: Sequence[ParsedToken]) -> Decimal:
    return read_count(_of("NUMBER", tokens), "a tier", Decimal(4), whole=True)


def _mix_part(tokens: Sequence[ParsedToken]) -> MixPart:
    share = percent(_of("PERCENT", tokens), "a share of the mix")
    return MixPart(share, read_count(_of("NUMBER", tokens), "actions", MOST["actions"]))


def _price(per: PriceOf) -> Callable[[Sequence[ParsedToken]], PriceInput]:
    return lambda tokens: PriceInput(money(tokens[0], f"per {per}", MOST["price"]), per)


def _seat_price(tokens: Sequence[ParsedToken]) -> PriceInput:
    said = money(tokens[0], "per seat", MOST["price"])
    if "DAYS" in _kinds(tokens):
        raise BadValueError("a seat's price is that of a month or a year")
    if _period(tokens) == "month":
        return PriceInput(said, "seat")
    month = (said / MONTHS_IN_YEAR).quantize(CENT)
    if month * MONTHS_IN_YEAR != said:
        raise BadValueError(f"{tokens[0]} a year is no whole number of cents a month", [f"${plain_number(month)} per seat"])
    return PriceInput(month, "seat")


def _data_cloud(tokens: Sequence[ParsedToken]) -> Decimal | str:
    return percent(_of("PERCENT", tokens), "data cloud") if "PERCENT" in _kinds(tokens) else "typical"


def _growth(tokens: Sequence[ParsedToken]) -> PerPeriod:
    if "DAYS" in _kinds(tokens):
        raise BadValueError("growth is that of a month or a year", [f"growth {_of('PERCENT', tokens)} per month"])
    return PerPeriod(percent(_of("PERCENT", tokens), "growth", MOST["growth_percent"]), _period(tokens))


def _last(tokens: Sequence[ParsedToken]) -> Last:
    units: Mapping[str, SpanUnit] = {"DAYS": "day", "WEEKS": "week", "MONTHS": "month"}
    unit = units[tokens[-1].type]
    many = [token for token in tokens if token.type == "NUMBER"]
    if not many:  # `free_text` reads it as people mean it: the calendar period
        raise BadValueError(f'"last {unit}" is the {unit} before this one, by the calendar', [f"last 1 {unit}s"])
    return Last(int(read_count(many[0], f"{unit}s", Decimal(3660), whole=True)), unit)


def _span(tokens: Sequence[ParsedToken]) -> Last | Days:
    if tokens[0].type == "LAST":
        return _last(tokens)
    days = [day(token) for token in tokens if token.type == "DATE"]
    if len(days) == 1:
        return Days(days[0])
    if days[1] < days[0]:
        raise BadValueError(f"{days[1]} is before {days[0]}", [f"from {days[1]} to {days[0]}"])
    return Days(days[0], days[1])


def _say_period(said: PerPeriod) -> str:
    return "" if said.period == "month" else " per year"


def _say_interactions(said: PerPeriod) -> str:
    return f"{write_grouped(said.amount)} interactions{_say_period(said)}"


def _say_actions(said: ActionsInput) -> str:
    return f"{write_grouped(said.count)} actions" + ("" if said.per == "interaction" else f" per {said.per}")


def _say_to(say: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda said: f"to {say(said)}"


def _say_mix(mix: tuple[MixPart, ...]) -> str:
    return ", ".join(f"{plain_number(part.percent)}% x {plain_number(part.actions)}" for part in mix)


def _say_price(said: PriceInput) -> str:
    return f"${plain_number(said.usd)} per {said.per}"


def _say_span(said: Last | Days) -> str:
    if isinstance(said, Last):
        return f"last {said.count} {said.unit}s"
    return f"from {said.first} to {said.last}" if said.last else f"since {said.first}"


def _say_named(what: str) -> Callable[[str], str]:
    return lambda name: f'{what} "{name}"'


def _say_share(what: str) -> Callable[[Decimal], str]:
    return lambda value: f"{what} {plain_number(value)}%"


def _say_count(what: str) -> Callable[[Decimal], str]:
    return lambda value: f"{write_grouped(value)} {what}"


def write_grouped(value: Decimal) -> str:
    """Return a number in full, such as 10,000.5: grouped, with all decimals, so that it parses back to the same value only."""
    whole, _, places = plain_number(value).partition(".")
    return f"{int(whole):,}" + (f".{places}" if places else "")


PERIODS = "PER DAYS | PER MONTH | PER YEAR | SLASH MONTH | SLASH YEAR | MONTHLY | YEARLY"
PHRASES: Mapping[str, Phrase] = {
    phrase.name: phrase
    for phrase in (
        Phrase(
            "users",
            "NUMBER USERS",
            ("200 users", "50 seats"),
            "how many people",
            _count("users", MOST["users"]),
            _say_count("users"),
        ),
        Phrase(
            "users_to",
            "TO NUMBER USERS",
            ("to 60 users",),
            "the high end of a range of people, after its low one: 40 users to 60 users",
            _count("users", MOST["users"]),
            _say_to(_say_count("users")),
        ),
        Phrase(
            "interactions",
            "NUMBER INTERACTIONS _period?",
            ("10000 interactions", "120k interactions per year"),
            "exchanges, start to end; per month unless a day or year is named",
            _per_period("NUMBER", "interactions", MOST["interactions"]),
            _say_interactions,
        ),
        Phrase(
            "interactions_to",
            "TO NUMBER INTERACTIONS _period?",
            ("to 20000 interactions",),
            "the high end of a range of interactions, after its low one",
            _per_period("NUMBER", "interactions", MOST["interactions"]),
            _say_to(_say_interactions),
        ),
        Phrase(
            "actions",
            "NUMBER ACTIONS EACH? | NUMBER ACTIONS PER INTERACTIONS | NUMBER ACTIONS _period"
            " | NUMBER ACTIONS PER USERS (_period | AND_MONTH)?",
            ("5.3 actions", "1250 actions per user", "53000 actions per month"),
            "actions per interaction unless a user, month or year is named",
            _actions,
            _say_actions,
        ),
        Phrase(
            "actions_to",
            "TO NUMBER ACTIONS EACH? | TO NUMBER ACTIONS PER INTERACTIONS | TO NUMBER ACTIONS _period"
            " | TO NUMBER ACTIONS PER USERS (_period | AND_MONTH)?",
            ("to 5 actions",),
            "the high end of a range of actions, after its low one: 3 actions to 5 actions",
            _actions,
            _say_to(_say_actions),
        ),
        Phrase(
            "mix",
            "PERCENT (TIMES | AT) NUMBER ACTIONS?",
            ("60% x 3, 30% x 7, 10% x 14",),
            "shares of the interactions by how many actions they take; must add to 100%",
            _mix_part,
            _say_mix,
        ),
        Phrase(
            "credits",
            "NUMBER CREDITS",
            ("2m credits",),
            "Flex Credits",
            _count("credits", MOST["credits"], whole=False),
            _say_count("credits"),
        ),
        Phrase(
            "packs",
            "NUMBER PACKS",
            ("3 packs",),
            "packs of 100,000 Flex Credits",
            _count("packs", MOST["packs"]),
            _say_count("packs"),
        ),
        Phrase(
            "metered",
            "NUMBER METERED _period?",
            ("10000 standard prompts", "40 hours of speech to text", "2m rows unified per month"),
            "one metered thing: prompts, speech, translation, voice minutes, Data 360, resolutions, round trips; once, unless a"
            " day, month or year is named",
            _metered,
            _say_metered,
        ),
        Phrase(
            "prompt_tokens",
            "NUMBER TOKENS PER PROMPTS | NUMBER TOKENS EACH PROMPTS?",
            ("6500 tokens per prompt",),
            "tokens that a prompt takes; billed per 2,000, rounded up",
            _count("tokens", MOST["tokens"]),
            lambda value: f"{write_grouped(value)} tokens per prompt",
        ),
        Phrase("tier", "TIER NUMBER", ("tier 4",), "the monthly tier of Data 360", _tier, lambda value: f"tier {value:f}"),
        Phrase(
            "foundations",
            "FOUNDATIONS",
            ("foundations",),
            "with the free credits of Foundations, once in the year",
            lambda _: True,
            lambda _: "foundations",
        ),
        Phrase(
            "spend",
            "MONEY _period?",
            ("$200,000 per year",),
            "what the agents cost; per month unless a year is named",
            _per_period("MONEY", "dollars", MOST["spend"]),
            lambda said: f"${write_grouped(said.amount)}{_say_period(said)}",
        ),
        Phrase(
            "only",
            "ONLY OFFERED ALSO*",
            ("only flex, conversations",),
            "the plans to keep to; the others are left out",
            _plans,
            lambda keys: "only " + ", ".join(vocabulary.OFFERED[key][0] for key in keys),
        ),
        Phrase(
            "plan",
            "PLAN",
            ("flex", "conversations", "add-on"),
            "a plan",
            _choose_word("PLAN"),
            lambda key: vocabulary.PLANS[key][0],
        ),
        Phrase(
            "buying",
            "BUYING",
            ("payg", "prepurchase", "precommit"),
            "how credits are bought",
            _choose_word("BUYING"),
            str,
        ),
        Phrase(
            "discount",
            "DISCOUNT OF? PERCENT | PERCENT OFF | PERCENT DISCOUNT",
            ("discount 25%",),
            "off the price of Flex Credits bought with a commitment",
            _share("a discount", inclusive=False),
            _say_share("discount"),
        ),
        Phrase(
            "action_price",
            "MONEY (PER | SLASH) ACTIONS",
            ("$0.08 per action",),
            "your price of a production action",
            _price("action"),
            _say_price,
        ),
        Phrase(
            "conversation_price",
            "MONEY (PER | SLASH) INTERACTIONS",
            ("$1.80 per conversation",),
            "your price of a conversation",
            _price("conversation"),
            _say_price,
        ),
        Phrase(
            "seat_price",
            "MONEY (PER | SLASH) USERS _period?",
            ("$110 per seat", "$1,320 per seat per year"),
            "your price of an Agentforce Add-on seat; for a month unless a year is named",
            _seat_price,
            _say_price,
        ),
        Phrase("pack_price", "MONEY (PER | SLASH) PACKS", ("$450 per pack",), "your price of a pack", _price("pack"), _say_price),
        Phrase(
            "audience",
            "AUDIENCE",
            ("customers", "employees"),
            "whom the agents serve: conversations are for customers, seats for employees",
            _choose_word("AUDIENCE"),
            str,
        ),
        Phrase(
            "sandbox_share",
            "SANDBOX PERCENT | PERCENT SANDBOX",
            ("sandbox 10%",),
            "the share of actions that run in a sandbox",
            _share("the sandbox share"),
            _say_share("sandbox"),
        ),
        Phrase(
            "voice_share",
            "VOICE PERCENT | PERCENT VOICE",
            ("voice 20%",),
            "the share of actions that are voice actions",
            _share("the voice share"),
            _say_share("voice"),
        ),
        Phrase(
            "resolved_share",
            "RESOLVED PERCENT | PERCENT RESOLVED",
            ("resolved 60%",),
            "the share of interactions that count as resolutions",
            _share("the resolved share"),
            _say_share("resolved"),
        ),
        Phrase(
            "messages",
            "NUMBER MESSAGES EACH? | NUMBER MESSAGES PER INTERACTIONS",
            ("8 messages",),
            "messages of an interaction, sent and received; some vendors bill by them",
            _count("messages", MILLION, whole=False),
            lambda value: f"{write_grouped(value)} messages",
        ),
        Phrase(
            "vendors",
            "VENDORS | VENDOR",
            ("vendors", "intercom"),
            "beside other vendors' agents: all that the price book knows, or those that are named",
            _vendors,
            _say_vendors,
        ),
        Phrase(
            "tokens",
            "NUMBER TOKENS | NUMBER TOKENS PER ACTIONS",
            ("15000 tokens per action",),
            "tokens that an action takes; billed as one action per 10,000, rounded up",
            _count("tokens", MOST["tokens"]),
            lambda value: f"{write_grouped(value)} tokens per action",
        ),
        Phrase(
            "growth",
            "GROWTH BY? PERCENT _period? | PERCENT GROWTH _period?",
            ("growth 5%", "growth 60% per year"),
            "growth of the volume; per month unless a year is named",
            _growth,
            lambda said: f"growth {plain_number(said.amount)}%{_say_period(said)}",
        ),
        Phrase(
            "volume",
            "VOLUME PERCENT | PERCENT VOLUME",
            ("volume 200%",),
            "how much is used compared with today: 200% is twice as much",
            lambda tokens: read_count(_of("PERCENT", tokens), "percent of today's volume", Decimal(100_000)),
            _say_share("volume"),
        ),
        Phrase("premier", "PREMIER SUPPORT?", ("premier",), "with Premier support", lambda _: True, lambda _: "premier"),
        Phrase(
            "data_cloud",
            "DATA CLOUD PERCENT? | PERCENT DATA CLOUD",
            ("data cloud 40%",),
            "Data Cloud beside the agents, as a share of the spend",
            _data_cloud,
            lambda said: "data cloud" if said == "typical" else f"data cloud {plain_number(said)}%",
        ),
        Phrase(
            "major_agents",
            "NUMBER AGENTS",
            ("2 agents",),
            "major agents to develop and maintain",
            _count("agents", MOST["major_agents"]),
            _say_count("agents"),
        ),
        Phrase(
            "months",
            "NUMBER MONTHS",
            ("12 months",),
            "how many months to look ahead",
            _count("months", Decimal(60)),
            _say_count("months"),
        ),
        Phrase(
            "months_left",
            "NUMBER MONTHS LEFT",
            ("7 months left",),
            "how long the current contract still runs",
            _count("months", Decimal(120), whole=False),
            lambda value: f"{write_grouped(value)} months left",
        ),
        Phrase(
            "unused",
            "UNUSED MONEY | MONEY UNUSED",
            ("unused $12,000",),
            "what is prepaid under the current contract and would be lost",
            lambda tokens: money(_of("MONEY", tokens), "unused", MILLION * MILLION),
            lambda value: f"unused ${write_grouped(value)}",
        ),
        Phrase(
            "overlap",
            "OVERLAP NUMBER MONTHS | NUMBER MONTHS OVERLAP | NO OVERLAP",
            ("overlap 2 months", "no overlap"),
            "months in which both contracts are paid; one unless named",
            _overlap,
            lambda value: f"overlap {write_grouped(value)} months" if value else "no overlap",
        ),
        Phrase(
            "weeks",
            "NUMBER WEEKS",
            ("8 weeks",),
            "how many weeks to look ahead",
            _count("weeks", Decimal(104), whole=True),
            _say_count("weeks"),
        ),
        Phrase(
            "seed",
            "SEED NUMBER",
            ("seed 7",),
            "another draw of the simulated days; without one, the data decides it",
            _count("a seed", MILLION * MILLION),
            lambda value: f"seed {value:f}",
        ),
        Phrase("topic", "TOPIC", ("foundations", "sandbox action"), "a part of the price book", _choose_word("TOPIC"), str),
        Phrase(
            "subject",
            "SUBJECT",
            ("actions_per_user_month", "payg"),
            "a figure, price, plan or published claim",
            _choose_word("SUBJECT"),
            str,
        ),
        Phrase("query", "QUERY", ("usage_by_name",), "the name of a query", _choose_word("QUERY"), str),
        Phrase("about", "COMMAND", ("compare",), "a command", _choose_word("COMMAND"), str),
        Phrase(
            "span",
            "LAST NUMBER? (DAYS | WEEKS | MONTHS) | SINCE DATE | FROM DATE TO DATE",
            ("last 30 days", "since 2026-09-01", "from 2026-09-01 to 2026-09-30"),
            "days of the wallet; both ends count",
            _span,
            _say_span,
        ),
        Phrase(
            "as_of",
            "AS OF DATE",
            ("as of 2026-09-01",),
            "the day to look back to",
            lambda tokens: day(_of("DATE", tokens)),
            lambda said: f"as of {said}",
        ),
        Phrase(
            "by",
            "BY GROUPING",
            ("by agent", "by department", "by day"),
            "what to group by",
            _choose_word("GROUPING"),
            lambda key: f"by {key}",
        ),
        Phrase(
            "then_by",
            "THEN BY GROUPING",
            ("then by month",),
            "what to group by besides: a row for each pair",
            _choose_word("GROUPING"),
            lambda key: f"then by {key}",
        ),
        Phrase("top", "TOP NUMBER", ("top 10",), "only the biggest", _count("rows", Decimal(10_000)), lambda v: f"top {v:f}"),
        Phrase(
            "grain",
            "GRAIN GRAIN_NAME",
            ("grain day",),
            "only rows of one grain",
            _choose_word("GRAIN_NAME"),
            lambda key: f"grain {key}",
        ),
        Phrase(
            "environment",
            "PRODUCTION | SANDBOX | UNKNOWN",
            ("production", "sandbox", "unknown"),
            "where it ran",
            lambda tokens: str(tokens[0]).lower(),
            str,
        ),
        Phrase("org", "ORG NAME", ("org EMEA",), "one org", _read_name, _say_named("org")),
        Phrase("card", "CARD NAME", ("card FlexCredits",), "one consumption card", _read_name, _say_named("card")),
        Phrase("agent", "AGENT NAME", ("agent Sales_SDR",), "one agent", _read_name, _say_named("agent")),
        Phrase("action", "ACTIONS NAME", ("action Answer_FAQ",), "one action", _read_name, _say_named("action")),
        Phrase(
            "user",
            "USER NAME",
            ("user jane@acme.com",),
            "one person, by the id that the events name",
            _read_name,
            _say_named("user"),
        ),
        Phrase(
            "use_case",
            "USE_CASE NAME",
            ("use case Refunds",),
            "one use case, as the tags of agents and actions name it",
            _read_name,
            _say_named("use case"),
        ),
        Phrase("team", "TEAM NAME", ("team Service",), "one team of app.yaml", _read_name, _say_named("team")),
        Phrase("state", "STATE", ("open", "acknowledged"), "the state of an alert", _choose_word("STATE"), str),
        Phrase("department", "DEPARTMENT NAME", ("department Sales",), "one department", _read_name, _say_named("department")),
    )
}
