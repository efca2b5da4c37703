"""How each command expresses a text's content in the strict language; a command that cannot express all of it is out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import plain_number
from core.days import DAYS_IN_WEEK
from core.language.commands import COMMANDS
from core.language.free_text import lexicon
from core.language.free_text.finance_commands import FINANCE_WAYS, speaks_clearly_for
from core.language.free_text.time_spans import Horizon
from core.language.free_text.understood import Built

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from core.language.free_text.items import Item
    from core.language.free_text.slots import StatedRate
    from core.language.free_text.understood import Understood

WEEKS_A_YEAR, QUARTERS_A_YEAR = 52, 4
DAYS_A_MONTH = Decimal("30.4")
MAX_WEEKS = 104
# Actions per interaction of the published mix: 60% × 3 + 30% × 7 + 10% × 14. Source: Agentforce pricing analysis, early 2026.
PUBLISHED_ACTIONS = Decimal("5.3")
CREDITS_PER_ACTION = Decimal(20)
# From this number on, a bare number of actions is a volume, not the actions per interaction.
# With so few actions per user, it is ambiguous whether an amount is for one user or for all.
FEW_A_USER = 10
MIN_VOLUME, LARGEST_PER_INTERACTION = 1000, 100
WITH_VOLUME = frozenset(
    {"compare", "recommend", "price", "plan purchase", "negotiate", "tco", "portfolio", "foundations", "switch"}
)
NOT_PHRASES = frozenset({"plans", "adverb", "spend_period", "credits_period"})
WAYS_TO_BUY = frozenset({"flex_pre_purchase", "flex_pre_commit", "flex_pay_as_you_go"})
PLAN_WORDS = {
    "per_conversation": "conversations",
    "flex_credits": "flex",
    "per_user_add_on": "add-on",
    "per_user_industries": "industries",
    "edition_sales": "sales edition",
    "edition_service": "service edition",
    "user_license": "user licence",
    "per_resolution": "resolutions",
    "flex_pre_purchase": "prepurchase",
    "flex_pre_commit": "precommit",
    "flex_pay_as_you_go": "payg",
}
# The plans that a text may name for a command without a phrase for plans: those that its answer covers anyway.
MAY_NAME: Mapping[str, frozenset[str]] = {
    "breakeven": frozenset({"flex_credits", "per_conversation", "per_user_add_on"}),
    "switch": frozenset({"flex_credits", "per_conversation"}),
    **dict.fromkeys(
        ("plan purchase", "negotiate", "convert", "users", "pilot"), WAYS_TO_BUY | {"flex_credits", "per_user_add_on"}
    ),
}


def phrases_of(command: str, found: Understood) -> Built | None:
    """Return the phrases with which a command expresses everything found; None if it cannot."""
    built = Built(
        {name: phrase for name, phrase in found.slots.phrases.items() if name not in NOT_PHRASES}, users=found.slots.users
    )
    if not (_says_how_often(command, found) and _is_as_long_as("month", found) and _is_as_long_as("week", found)):
        return None
    own_way = OWN_WAYS.get(command)
    if own_way is not None:
        outcome = own_way(found, built)
        if outcome is not None:
            return built if outcome else None
    steps = (_say_environment, _say_credits, _say_workload, _say_time, _say_plans, _say_spend)
    if not all(step(command, found, built) for step in steps) or not set(built.said) <= set(COMMANDS[command].takes):
        return None
    built.phrases.extend(built.said.values())
    return built


def _is_as_long_as(before: str, found: Understood) -> bool:
    """Whether the requested days are as long as the `month before` that they are compared with."""
    if not found.says_any(frozenset({f"{before} before"})) or not found.times.spans:
        return True
    first, last = found.times.spans[0][:2]
    days = (last - first).days + 1 if first and last else 0
    return days == DAYS_IN_WEEK if before == "week" else 28 <= days <= 31  # noqa: PLR2004 - days of a month


ABOUT_PERIODS = frozenset({"usage", "digests", "forecast", "budget", "unit cost", "showback"})


def _says_how_often(command: str, found: Understood) -> bool:
    """Whether an answer covers what `weekly` or `monthly` asks for: usage by that period, prices per month."""
    adverb = found.slots.phrases.get("adverb")
    return adverb is None or command in ABOUT_PERIODS or (adverb == "month" and command in lexicon.PRICE_FAMILY)


# --- workloads


def _say_environment(command: str, found: Understood, built: Built) -> bool:
    """Express where a workload runs as its sandbox share; prices are for production by default."""
    takes, environment = COMMANDS[command].takes, built.said.get("environment")
    is_workload = bool(found.slots.interactions or found.slots.actions or "mix" in built.said) and "metered" not in built.said
    if (
        environment in {"sandbox", "production"}
        and is_workload
        and "sandbox_share" in takes
        and "sandbox_share" not in built.said
    ):
        del built.said["environment"]
        if environment == "sandbox":
            built.said["sandbox_share"] = "sandbox 100%"
    return True


def _say_credits(command: str, found: Understood, built: Built) -> bool:
    """Express credits per month or year as the standard actions that they buy."""
    period = found.slots.phrases.get("credits_period")
    if period is None or "credits" not in built.said:
        return True
    if command not in {"compare", "recommend", "plan purchase", "negotiate"} or period not in {"month", "year"}:
        return False
    credits_said = Decimal(built.said.pop("credits").split()[0])
    built.phrases.append(f"{plain_number(credits_said / CREDITS_PER_ACTION)} actions per {period}")
    built.assumptions.append(f"{credits_said:,f} credits a {period} are taken as standard actions of 20 credits each.")
    return True


def _say_workload(command: str, found: Understood, built: Built) -> bool:
    slots, takes = found.slots, COMMANDS[command].takes
    given = {"users": built.users, "interactions": slots.interactions, "actions": slots.actions}
    if any(value is not None and name not in takes for name, value in given.items()):
        return False
    highs = [slots.users_high, *(rate.high for rate in (slots.interactions, slots.actions) if rate)]
    if any(high is not None for high in highs) and "actions_to" not in takes:
        return False  # about only one end of the range
    if built.users is not None:
        built.phrases.append(f"{plain_number(built.users)} users")
        if slots.users_high is not None:
            built.phrases.append(f"to {plain_number(slots.users_high)} users")
    return _say_interactions(command, found, built) and _say_actions(command, found, built)


def _say_interactions(command: str, found: Understood, built: Built) -> bool:
    rate = found.slots.interactions
    if rate is None:
        return True
    each = rate.each
    if not each and built.users is not None and rate.period == "day" and rate.amount < built.users:
        each = True
        built.assumptions.append(f"{plain_number(rate.amount)} interactions a day are taken as those of each user.")
    if each and (built.users is None or found.slots.users_high is not None):
        return False
    if "bare_rate" in found.slots.kinds:
        built.assumptions.append(f"{plain_number(rate.amount)} a {rate.period} are taken as interactions.")
    if "calls" in found.slots.kinds and "voice_share" in COMMANDS[command].takes and "voice_share" not in built.said:
        built.said["voice_share"] = "voice 100%"
        built.assumptions.append("Calls are taken as voice: every action is a voice action.")
    for end, before in ((rate.amount, ""), (rate.high, "to ")):
        if end is not None:
            built.phrases.append(before + _interactions(rate._replace(amount=end), built, each=each))
    return True


def _interactions(rate: StatedRate, built: Built, *, each: bool) -> str:
    """Return the phrase for interactions; interactions per user are multiplied, and the product is reported."""
    amount, period = _in_period(rate)
    if each and built.users is not None:
        of_all = built.users * amount
        a_period = f" a {period}" if period else ""
        built.assumptions.append(
            f"{plain_number(built.users)} × {plain_number(amount)} = {plain_number(of_all)} interactions{a_period}."
        )
        amount = of_all
    return f"{plain_number(amount)} interactions{f' per {period}' if period not in {'', 'month'} else ''}"


def _say_actions(command: str, found: Understood, built: Built) -> bool:
    slots = found.slots
    if slots.actions is not None:
        for end, before in ((slots.actions.amount, ""), (slots.actions.high, "to ")):
            written = None if end is None else _actions(slots.actions._replace(amount=end), found, built)
            if written is not None:
                built.phrases.append(before + written)
            elif end is not None:
                return False
        return True
    is_by_interaction = command == "price" and slots.phrases.get("plans") in {"per_conversation", "per_resolution"}
    if slots.interactions is not None and "mix" not in built.said and command in WITH_VOLUME and not is_by_interaction:
        built.phrases.append(f"{plain_number(PUBLISHED_ACTIONS)} actions")
        built.assumptions.append(
            "5.3 actions per interaction are assumed, the mean of the published mix; real agents take 2 to 15."
        )
    return True


def _in_period(rate: StatedRate) -> tuple[Decimal, str]:
    """Return an amount in a period of the strict language: day, month or year; empty if none was given."""
    if rate.period == "week":
        return rate.amount * WEEKS_A_YEAR, "year"
    if rate.period == "quarter":
        return rate.amount * QUARTERS_A_YEAR, "year"
    return rate.amount, rate.period


def _actions(rate: StatedRate, found: Understood, built: Built) -> str | None:
    """Return the phrase for actions: per interaction, per user, or in total for a period; None if there is no such phrase."""
    slots, (amount, period) = found.slots, _in_period(rate)
    count, users = plain_number(amount), built.users
    of_each_user = slots.actions_per == "each" and users is not None and slots.interactions is None
    if slots.actions_per == "user" or rate.each or of_each_user:
        return f"{count} actions per user" if users is not None and period in {"", "month"} else None
    if period and slots.actions_per == "each" and users is None and slots.interactions is None:
        return None  # per user, but how many users?
    if period:
        is_of_whom = users is not None and slots.interactions is None and slots.actions_per != "all"
        return None if users is not None and is_of_whom and amount < users * FEW_A_USER else f"{count} actions per {period}"
    if slots.actions_per == "each" or slots.interactions is not None or "mix" in slots.phrases:
        return f"{count} actions"
    if users is not None and amount > LARGEST_PER_INTERACTION:
        return None  # per user, or for all? per day, or per month?
    return f"{count} actions" if amount < MIN_VOLUME else _volume(count, found, built)


def _volume(count: str, found: Understood, built: Built) -> str:
    """Return a number of actions as per month, unless the text is about a year."""
    unit = "year" if found.says_any(lexicon.phrases_of_tag("each_period:year")) else "month"
    if unit == "month":
        built.assumptions.append(f"{count} actions are taken as those of a month.")
    return f"{count} actions per {unit}"


# --- time, plans and money


def _say_time(command: str, found: Understood, built: Built) -> bool:
    times = found.times
    if times.asks_for_term_end and command not in {"forecast", "wallet", "switch"}:
        return False
    if times.spans:
        span = times.spans[0]
        end = span.ahead or (span.last if span.last and span.last > times.calendar.today else None)
        if command == "forecast" and end and not times.horizons:
            return _say_horizon(command, Horizon(end), found, built)
        if "span" not in COMMANDS[command].takes:
            return False
        built.phrases.append(times.spans[0].phrase())
    if not times.horizons:
        return True
    if len(times.horizons) > 1:
        return False
    return _say_horizon(command, times.horizons[0], found, built)


def _say_horizon(command: str, horizon: Horizon, found: Understood, built: Built) -> bool:
    ahead = (horizon.last - found.times.calendar.today).days
    if command in {"plan purchase", "switch"}:
        left = " left" if command == "switch" else ""
        built.phrases.append(f"{max(round(ahead / DAYS_A_MONTH), 1)} months{left}")
        return True
    if command != "forecast":
        return False
    if found.says_any(lexicon.phrases_of_tag("run_out")):
        built.assumptions.append(f"Compare {horizon.last:%-d %b %Y} with the day on which the credits run out.")
        return True
    weeks = -(-ahead // DAYS_IN_WEEK)
    if not 1 <= weeks <= MAX_WEEKS:
        return False
    built.phrases.append(f"{weeks} weeks")
    if ahead % DAYS_IN_WEEK:
        built.assumptions.append(f"{weeks} weeks reach past {horizon.last:%-d %b %Y}.")
    return True


def _say_plans(command: str, found: Understood, built: Built) -> bool:
    plans = [plan for plan in found.slots.phrases.get("plans", "").split(",") if plan]
    if command == "price":
        return _say_price_plans(plans, built)
    if command in {"compare", "recommend"}:
        ways = [plan for plan in plans if plan in WAYS_TO_BUY]
        if len(plans) > 1 and ways == plans:
            built.phrases.append("only " + ", ".join(PLAN_WORDS[plan] for plan in plans))
            return True
        return not ways  # all plans are compared, so named plans are covered; a way to buy has no phrase here
    return set(plans) <= MAY_NAME.get(command, frozenset({"flex_credits"}))


def _say_price_plans(plans: Sequence[str], built: Built) -> bool:
    """Name the one plan to price, and how its credits are bought."""
    ways = [plan for plan in plans if plan in WAYS_TO_BUY]
    others = [plan for plan in plans if plan not in WAYS_TO_BUY]
    if not others and ("credits" in built.said or "packs" in built.said):
        others = ["flex_credits"]
    if "metered" in built.said:
        return not ways and set(others) <= {"flex_credits"}  # metered usage is paid in Flex Credits
    if len(others) > 1 or len(ways) > 1 or not (others or ways):
        return False
    built.phrases.extend(PLAN_WORDS[plan] for plan in (*others, *ways))
    return True


def _say_spend(_: str, found: Understood, built: Built) -> bool:
    """Express an amount of money with its period; without one, the asker is asked whether it is per month or per year."""
    return "spend" not in built.said or found.slots.phrases.get("spend_period") != "unsaid"


# --- commands with their own rules: True if the question is complete, False if it cannot be said, None to go on


# With one of these, a question about changes needs no days.
ASKS_WHY = frozenset({"why", "warum", "weshalb", "wieso", "reason", "grund", "cause", "drivers", "treiber", "driver", "driving"})


def _purchase(found: Understood, _: Built) -> bool | None:
    return None if speaks_clearly_for("plan purchase", found) else False


OURS = frozenset({"we", "us", "our", "wir", "uns", "unser", "unsere", "should we", "are we", "did we", "do we"})


def _recommend(found: Understood, built: Built) -> bool | None:
    """Without a workload the wallet's own usage applies, so the question must be about the asker's company."""
    slots = found.slots
    is_said = slots.interactions or slots.actions or built.users is not None or "mix" in built.said or "credits" in built.said
    return None if is_said or found.is_forgiving or found.says_any(OURS) else False


def _usage(found: Understood, built: Built) -> bool | None:
    if not (found.times.spans or built.said or "adverb" in found.slots.phrases or speaks_clearly_for("usage", found)):
        return False
    adverb = found.slots.phrases.get("adverb")
    if "by" not in built.said:
        built.said["by"] = f"by {adverb or _default_grouping(found, built)}"
        if not adverb:
            built.assumptions.append(f"Grouped {built.said['by']}; say for example `by department`, `by day`.")
    elif adverb and built.said["by"] != f"by {adverb}":
        if "then_by" in built.said:
            return False
        built.said["then_by"] = f"then by {adverb}"
    return None


def _default_grouping(found: Understood, built: Built) -> str:
    if found.says_any(lexicon.phrases_of_tag("over_time")):
        return "week"
    if found.says_any(frozenset({"who", "wer", "whom"})):
        return "user"
    return "action" if "agent" in built.said and "action" not in built.said else "agent"


def _actions_taken(_: Understood, built: Built) -> bool | None:
    if built.said.get("by") == "by agent":
        del built.said["by"]  # its rows are agents
    return None


def _overhead(_: Understood, built: Built) -> bool | None:
    if built.said.get("by") == "by action":
        del built.said["by"]  # its rows are actions
    return None


def _users(_: Understood, built: Built) -> bool | None:
    if built.said.get("by") == "by user":
        del built.said["by"]  # its rows are users
    return None


def _sandbox(_: Understood, built: Built) -> bool | None:
    if built.said.get("environment") == "sandbox":
        del built.said["environment"]
    return False if "by" in built.said else None


def _wallet(found: Understood, _: Built) -> bool | None:
    return False if "adverb" in found.slots.phrases else None


STATES = {"open": "open", "offen": "open", "offene": "open", "offenen": "open", "active": "open"}


def _alerts(found: Understood, built: Built) -> bool | None:
    said = {STATES.get(item.phrase, item.phrase) for item in found.items}
    built.phrases.extend(said & {"open", "acknowledged", "snoozed", "recovered"})
    if "department" in built.said and "team" not in built.said:
        built.said["team"] = "team" + built.said.pop("department").removeprefix("department")
    return None


def _variance(found: Understood, built: Built) -> bool | None:
    if "by" in built.said or not (found.times.spans or found.says_any(ASKS_WHY)):
        return False
    if not found.times.spans:
        built.assumptions.append("No days are named: the answer says which it compares.")
    return None


def _breakeven(_: Understood, built: Built) -> bool | None:
    if built.said.get("by") == "by user" and built.users is None:
        del built.said["by"]
        built.users = Decimal(1)
        built.assumptions.append("Calculated for one user.")
    return None


def _explain(found: Understood, built: Built) -> bool | None:
    priced = PRICED.get(next(iter(built.said), "")) if len(built.said) == 1 else None
    if priced is not None:
        subject, price = priced, built.said.popitem()[1]
        built.assumptions.append(f"The price in force is explained, whether or not it is {price}.")
    else:
        subject = _subject(found) or ""
    if subject:
        built.phrases.append(subject)
    return bool(subject)


def _prices(found: Understood, built: Built) -> bool | None:
    if found.says_any(frozenset({"edition", "editions"})):
        built.phrases.append("edition")
        return True
    topic = None if found.slots.is_priced else priced_topic(found)
    if topic is not None and set(built.said) <= {"by", "environment"} and not found.times.spans:
        built.phrases.append(topic)
        return True
    return not found.slots.phrases and built.users is None and not (found.slots.interactions or found.slots.actions)


def priced_topic(found: Understood) -> str | None:
    """Return the one part of the price book that the words name, longest name first; None for none or several."""
    said = f" {' '.join(item.phrase for item in found.items if not item.is_ignorable)} "
    named = {phrase: topic for phrase, topic in lexicon.price_topics().items() if " " in phrase and f" {phrase} " in said}
    named = named or {item.phrase: "headless" for item in found.items if item.phrase == "headless"}
    if "sandbox" in said and " action " in said:
        named["sandbox action"] = "sandbox action"
    return named.popitem()[1] if len(set(named.values())) == 1 else None


# What each kind of price applies to.
PRICED = {"action_price": "action", "conversation_price": "conversation", "seat_price": "add-on", "pack_price": "pack"}
ONE_ORG = "one org seats and use"
CROSSOVER, CROSSOVER_TALK = (
    "actions_per_interaction",
    {"plan:per_conversation", "plan:flex_credits", "unit:credits", "unit:interactions"},
)


def _subject(found: Understood) -> str | None:
    """Return the one subject that all words name, except those of the intent."""
    subjects = lexicon.subjects()
    speaking = {
        item.index
        for item in found.items
        if "intent" in item.tags and item.index not in found.board.taken and item.phrase not in subjects
    }
    named = [item for item in found.items if item.index not in speaking and not item.tags <= {"function", "comma"}]
    words = " ".join(item.phrase for item in named)
    for written in (words, words.removeprefix("per "), words.removesuffix(" per")):
        if written in subjects:
            return subjects[written]
    kinds = {subjects[item.phrase] for item in named if item.phrase in subjects}
    if ONE_ORG in kinds:
        return ONE_ORG  # the answer covers which plans combine, whichever are named
    if kinds == {"action"} and found.turns:
        return "action"
    talk = CROSSOVER_TALK if CROSSOVER in kinds else set()
    kinds = kinds & {CROSSOVER} or kinds
    rest = [item for item in named if item.phrase not in subjects and not item.tags & {"function", "each", "by", *talk}]
    return kinds.pop() if len(kinds) == 1 and not rest else None


def _switch(found: Understood, built: Built) -> bool | None:
    """Name the target plan; without a workload, the question must be about our change, or about the change itself."""
    target = _switched_to(found)
    if target is None or built.users is not None or not (found.says_any(THE_SWITCH) or _recommend(found, built) is not False):
        return False
    built.phrases.append(PLAN_WORDS[target])
    return None


THE_SWITCH = frozenset({"switching", "umstieg", "wechsel", "changeover", "umstellung", "migration"})
OTHER_MODEL = {"flex_credits": "per_conversation", "per_conversation": "flex_credits"}
TO, AWAY = frozenset({"to", "auf", "zu", "zum", "zur"}), frozenset({"from", "von", "vom", "off"})


def _switched_to(found: Understood) -> str | None:
    """Return the plan named after `to`; if only `from` is given, the other plan; None without either."""
    places = [(item, plan) for item in found.items for plan in _models(item)]
    after = {word: plan for item, plan in places for word in (_word_before(found, item),)}
    for word, plan in after.items():
        if word in TO:
            return plan
    gone = [OTHER_MODEL[plan] for word, plan in after.items() if word in AWAY]
    if gone:
        return gone[0]
    named = {plan for item, plan in places if not item.values("unit")}
    return named.pop() if len(named) == 1 else None


def _models(item: Item) -> list[str]:
    """Return those of the two switchable plans that an item names."""
    named = [plan for plan in item.values("plan") if plan in OTHER_MODEL]
    of_units = {"credits": "flex_credits", "interactions": "per_conversation"}
    return named or [of_units[unit] for unit in item.values("unit") if unit in of_units]


def _word_before(found: Understood, item: Item) -> str:
    """Return the word before an item, skipping articles, prices and the words of its name."""
    for before in reversed(found.items[: item.index]):
        if before.phrase not in PAST and "money" not in before.tags:
            return before.phrase
    return ""


PAST = frozenset({"the", "a", "our", "per", "unsere", "unseren", "den", "die", "das", "agentforce", "salesforce"})


def _vendors(_: Understood, built: Built) -> bool | None:
    if built.said.get("vendors") == "vendors":
        del built.said["vendors"]  # its rows are all of them
    return None


OWN_WAYS: Mapping[str, Callable[[Understood, Built], bool | None]] = {
    "usage": _usage,
    "plan purchase": _purchase,
    "recommend": _recommend,
    "sandbox": _sandbox,
    "actions": _actions_taken,
    "overhead": _overhead,
    "users": _users,
    "wallet": _wallet,
    "alerts": _alerts,
    "variance": _variance,
    "breakeven": _breakeven,
    "explain": _explain,
    "prices": _prices,
    **FINANCE_WAYS,
    "vendors": _vendors,
    "switch": _switch,
}
