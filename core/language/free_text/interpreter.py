"""Free words to a question of the strict language: one complete reading is answered, anything else is asked back.

text → tokens → items → slots and times → a candidate for each command that all of it speaks for → the one that is clearly meant.
A candidate must use every content word; a word that is not understood, a bound, a negation or a number without a unit leaves none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from core.answer import plain_number
from core.errors import QuestionError
from core.language.free_text import lexicon
from core.language.free_text.items import NO_NAMES, Board, Item, Names, Pattern, items_of
from core.language.free_text.slots import PUBLISHED_ACTIONS, QUARTERS_A_YEAR, WEEKS_A_YEAR, Rate, Slots, find_slots
from core.language.free_text.time_spans import Horizon, Times
from core.questions.commands import COMMANDS
from core.questions.grammar import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from core.language.free_text.time_spans import TeamCalendar

MAX_SUGGESTIONS = 3
CLEAR_LEAD = Decimal("0.75")
PRICE_FAMILY = ("compare", "recommend", "price", "breakeven")
WORKLOAD_COMMANDS = {"compare", "recommend", "price", "plan purchase", "negotiate", "tco", "portfolio"}
WALLET_ONLY = {"usage", "wallet", "forecast", "variance", "users", "sandbox", "dear", "alerts", "reconcile", "actions", "pilot", "digests", "scorecard"}


class Reading(NamedTuple):
    """A complete reading. question: in the strict language; assumptions: what was taken for granted, as sentences."""

    question: str
    assumptions: tuple[str, ...] = ()
    score: Decimal = Decimal(0)


class AskBack(Exception):  # noqa: N818 - not a failure: the answer is a question
    """More or less than one reading. reason: why, a clause; readings: complete ones to choose from; start, end: the place."""

    def __init__(self, reason: str, readings: Sequence[str] = (), start: int = 0, end: int = 0) -> None:
        self.reason, self.readings, self.start, self.end = reason, tuple(readings), start, end
        super().__init__(reason)


@dataclass(slots=True)
class _Understood:
    """What was found in a text, before a command is chosen."""

    items: list[Item]
    board: Board
    slots: Slots
    times: Times
    turns: dict[str, Decimal] = field(default_factory=dict)
    weights: dict[str, Decimal] = field(default_factory=dict)
    speaking: list[Item] = field(default_factory=list)


def interpret(text: str, cal: TeamCalendar, names: Names = NO_NAMES) -> Reading:
    """Return the one reading of a text.

    Raises: AskBack, where there is none or more than one; nothing of the text is ever dropped to get there.
    """
    items = items_of(text, names)
    if _is_small_talk(items):
        return Reading("help")
    board = Board(items)
    turns = _pattern_intents(board)
    times = Times(board, cal)
    times.find()
    slots = find_slots(board)
    times.find_lengths()
    found = _Understood(items, board, slots, times, turns)
    _refuse_what_is_not_understood(found, text)
    if _asks_for_myself(found):
        raise AskBack("I don't know which user of the export you are", ["usage by user", "wallet"])
    _weigh(found)
    return _choose(found, list(_candidates(found)), text)


def _is_small_talk(items: Sequence[Item]) -> bool:
    said = [item for item in items if item.phrase.isalpha() or " " in item.phrase]
    if not said:
        return all(item.phrase in {"?", "!", "."} for item in items)
    return all(item.phrase in lexicon.GREETINGS or (item.tags <= {"function", "comma"} and any(one.phrase in lexicon.GREETINGS for one in said)) for item in said)


# --- what cannot be said


def _refuse_what_is_not_understood(found: _Understood, text: str) -> None:
    left = found.board.left()
    for item in found.items:
        if "foreign" in item.tags:
            raise AskBack(f"Prices are in US dollars, and I convert no currencies: “{item.said}”", _readings_without(found), *_place([item]))
    if found.times.undecided:
        one = found.times.undecided[0]
        first, second = one.readings
        readings = [f"{first:%-d %B %Y} ({first})", f"{second:%-d %B %Y} ({second})"]
        raise AskBack(f"“{one.said}” can be {' or '.join(readings)}; write the day as {first}, or set wallet.date_order in app.yaml", ())
    unknown = [item for item in left if "unknown" in item.tags]
    if unknown:
        raise AskBack(f"I don't know {_quoted(unknown)}", _readings_without(found), *_place(unknown))
    for tag, why in (("negation", "I cannot leave out things by"), ("multiple", "I cannot reckon with several scales at once:")):
        said = [item for item in left if tag in item.tags]
        if said:
            raise AskBack(f"{why} {_quoted(said)}", _readings_without(found), *_place(said))
    bounds = [item for item in found.items if "bound" in item.tags and _stands_before_number(found.items, item)]
    if bounds:
        raise AskBack(f"{_quoted(bounds)} sets a bound, and I take amounts as they stand", _readings_without(found), *_place(bounds))
    numbers = [item for item in left if item.tags & {"num", "money", "pct", "date", "ordinal"}]
    if numbers:
        one = numbers[0]
        if one.number.readings:
            both = " or ".join(f"{value:,f}" for value in one.number.readings)
            raise AskBack(f"“{one.said}” can be read as {both}", _both(text, one), *_place([one]))
        raise AskBack(f"{_quoted([one])} of what?", _readings_without(found), *_place([one]))
    if found.slots.conflicts:
        raise AskBack(f"Two values for one thing ({found.slots.conflicts[0].replace('_', ' ')})", ())
    if len(found.times.spans) > 1:
        raise AskBack("Two spans of time in one question", _one_span_each(found))


def _both(text: str, item: Item) -> list[str]:
    start, end = item.tokens[0].start, item.tokens[-1].end
    return [f"{text[:start]}{value:,f}{text[end:]}" for value in item.number.readings]


def _stands_before_number(items: Sequence[Item], item: Item) -> bool:
    after = [one for one in items[item.index + 1 :] if one.tags != {"function"}]
    return bool(after) and bool(after[0].tags & {"num", "money", "pct"})


def _quoted(items: Sequence[Item]) -> str:
    return ", ".join(f"“{item.said}”" for item in items[:MAX_SUGGESTIONS])


def _place(items: Sequence[Item]) -> tuple[int, int]:
    return items[0].tokens[0].start, items[0].tokens[-1].end


# --- which command


# Turns of phrase that say more than their words: pattern, commands they speak for.
TURNS: tuple[tuple[Pattern, dict[str, int]], ...] = tuple(
    (Pattern(pattern), weights)
    for pattern, weights in (
        ("cost_word (?:per|each) (?:function)? unit:actions", {"breakeven": 7, "use cases": 3}),
        ("price_word (?:per|each) (?:function)? unit:actions", {"breakeven": 7, "use cases": 3}),
        ("unit:actions per_interaction", {"actions": 6}),
        ("unit:credits (?:do)? (?:per)? unit:actions", {"explain": 6}),
    )
)


def _pattern_intents(board: Board) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for pattern, weights in TURNS:
        if board.first(pattern, "turn"):
            for command, weight in weights.items():
                found[command] = found.get(command, Decimal(0)) + weight
    return found


def _weigh(found: _Understood) -> None:
    """Add up what the words say for each command; a command for which a content word does not speak is out."""
    speaking = lexicon.intents()
    turns = found.turns
    weights = {name: turns.get(name, Decimal(0)) for name in COMMANDS if not turns or name in turns}
    found.speaking = []
    for item in found.items:
        if "intent" not in item.tags:
            if item.index not in found.board.taken and not item.is_ignorable:
                speaks_for = frozenset[str]().union(*(lexicon.LEFT_OVER.get(tag, frozenset()) for tag in item.tags))
                weights = {name: weight for name, weight in weights.items() if name in speaks_for}
                found.speaking.append(item)
            continue
        is_content = item.index not in found.board.taken and not item.is_ignorable
        mine = speaking[item.phrase]
        if is_content:
            found.speaking.append(item)
            left_over = frozenset[str]().union(*(lexicon.LEFT_OVER.get(tag, frozenset()) for tag in item.tags))
            weights = {
                name: weight + Decimal(str(mine.get(name, 0))) for name, weight in weights.items() if name in mine or name in left_over
            }
        elif item.index not in found.board.taken:
            weights = {name: weight + Decimal(str(mine.get(name, 0))) for name, weight in weights.items()}
    for name, bonus in _evidence(found).items():
        if name in weights:
            weights[name] += bonus
    found.weights = weights


def _evidence(found: _Understood) -> dict[str, Decimal]:
    """Return what the slots say for commands."""
    slots, said = found.slots, found.slots.phrases
    evidence: dict[str, Decimal] = {}

    def add(bonus: str, *commands: str) -> None:
        for command in commands:
            evidence[command] = evidence.get(command, Decimal(0)) + Decimal(bonus)

    if slots.interactions or slots.actions or "mix" in said:
        add("2", *PRICE_FAMILY)
        add("0.5", "compare")
        add("1", "plan purchase", "negotiate", "tco")
        add("1", "compare")
    if slots.users is not None:
        add("1.5", "compare", "recommend")
        add("1", "breakeven", "price")
    if {"by", "agent", "department", "org", "user", "environment", "top"} & set(said):
        add("2", "usage")
        add("0.5", "forecast", "variance")
    if found.times.spans:
        add("2", "usage", "variance")
        add("0.5", "pilot", "sandbox", "users", "dear", "actions")
    if found.times.horizons:
        add("2", "forecast")
        add("1", "plan purchase")
    if "credits" in said or "packs" in said:
        add("3", "price")
        add("1", "convert")
    if "plans" in said:
        add("1", "compare", "recommend", "price")
    if "premier" in said or "data_cloud" in said or "major_agents" in said:
        add("3", "tco")
    if "voice_share" in said or "resolved_share" in said or "discount" in said or "growth" in said:
        add("1", *PRICE_FAMILY)
    return evidence


def _candidates(found: _Understood) -> Iterator[Reading]:
    for command, score in found.weights.items():
        if score <= 0:
            continue
        for phrases, assumptions, bonus in _phrased(command, found):
            text = " ".join([command, *phrases])
            reading = _valid(text)
            if reading is not None:
                yield Reading(reading, (*found.slots.assumptions, *found.times.assumptions, *assumptions), score + bonus)


def _valid(text: str) -> str | None:
    """Return the question's text if the strict language takes it."""
    try:
        read(text)
    except QuestionError:
        return None
    return text


Built = tuple[list[str], list[str], Decimal]


def _phrased(command: str, found: _Understood) -> Iterator[Built]:
    """Yield the phrases in which a command says all of the slots; nothing where it cannot."""
    takes, slots = set(COMMANDS[command].takes), found.slots
    said = {name: phrase for name, phrase in slots.phrases.items() if name not in {"plans", "adverb", "spend_period", "credits_period"}}
    assumptions: list[str] = []
    phrases: list[str] = []
    special = _SPECIAL.get(command)
    outcome = special(found, said, phrases, assumptions) if special else None
    if outcome is False:
        return
    if outcome:
        yield phrases, assumptions, Decimal(0)
        return
    workload = _workload(command, found, said, assumptions)
    if workload is None:
        return
    if not _time(command, found, takes, phrases, assumptions):
        return
    if not _plans(command, found, said, phrases):
        return
    if "credits_period" in slots.phrases and "credits" in said and not _credits_as_actions(command, slots, said, phrases, assumptions):
        return
    if slots.phrases.get("spend_period") == "unsaid" and "spend" in said and command != "tco":
        return
    if not set(said) <= takes:
        return
    yield [*phrases, *workload, *said.values()], assumptions, Decimal(0)


def _credits_as_actions(command: str, slots: Slots, said: dict[str, str], phrases: list[str], assumptions: list[str]) -> bool:
    """Say credits a month or year as the standard actions that they buy; whether the command takes that."""
    period = slots.phrases["credits_period"]
    if command not in {"compare", "recommend", "plan purchase", "negotiate"} or period not in {"month", "year"}:
        return False
    credits_said = Decimal(said.pop("credits").split()[0])
    phrases.append(f"{plain_number(credits_said / CREDITS_PER_ACTION)} actions per {period}")
    assumptions.append(f"{credits_said:,f} credits a {period} are taken as standard actions of 20 credits each.")
    return True


# --- workloads


def _scaled(rate: Rate, found: _Understood) -> tuple[Decimal, str]:
    """Return an amount in a period that the strict language takes: day, month or year."""
    amount, period = rate.amount, rate.period
    if period == "week":
        return amount * WEEKS_A_YEAR, "year"
    if period == "quarter":
        return amount * QUARTERS_A_YEAR, "year"
    return amount, period


def _workload(command: str, found: _Understood, said: dict[str, str], assumptions: list[str]) -> list[str] | None:
    """Return the phrases of users, interactions and actions for a command; None where it cannot say them."""
    slots, takes = found.slots, COMMANDS[command].takes
    phrases: list[str] = []
    users, interactions, actions = slots.users, slots.interactions, slots.actions
    if any(rate and rate.high is not None for rate in (interactions, actions)):
        return None
    if users is not None:
        if "users" not in takes:
            return None
        phrases.append(f"{plain_number(users)} users")
    if interactions is not None:
        if "interactions" not in takes:
            return None
        amount, period = _scaled(interactions, found)
        each = interactions.each
        if not each and users is not None and period == "day" and interactions.amount < users:
            each = True
            assumptions.append(f"{plain_number(interactions.amount)} interactions a day are taken as those of each user.")
        if each:
            if users is None:
                return None
            assumptions.append(f"{plain_number(users)} × {plain_number(amount)} = {plain_number(users * amount)} interactions{f' a {period}' if period else ''}.")
            amount *= users
        if "bare_rate" in slots.kinds:
            assumptions.append(f"{plain_number(interactions.amount)} a {interactions.period} are taken as interactions.")
        if "calls" in slots.kinds and "voice_share" not in said and "voice_share" in takes:
            said["voice_share"] = "voice 100%"
            assumptions.append("Calls are taken as voice: every action is a voice action.")
        phrases.append(f"{plain_number(amount)} interactions{f' per {period}' if period and period != 'month' else ''}")
    if actions is not None:
        if "actions" not in takes:
            return None
        written = _actions(actions, slots, found, assumptions)
        if written is None:
            return None
        phrases.append(written)
    if interactions is not None and actions is None and "mix" not in said and command in WORKLOAD_COMMANDS and not _is_conversation_price(command, found):
        phrases.append(f"{plain_number(PUBLISHED_ACTIONS)} actions")
        assumptions.append("5.3 actions per interaction are assumed, the mean of the published mix; real agents take 2 to 15.")
    return phrases


def _is_conversation_price(command: str, found: _Understood) -> bool:
    return command == "price" and found.slots.phrases.get("plans") in {"per_conversation", "per_resolution"}


LARGE = 100
CREDITS_PER_ACTION = Decimal(20)


def _actions(actions: Rate, slots: Slots, found: _Understood, assumptions: list[str]) -> str | None:
    amount, period = _scaled(actions, found)
    count, per = plain_number(amount), slots.actions_per
    if per == "user" or actions.each or (per == "each" and slots.users is not None and slots.interactions is None):
        if slots.users is None or period not in {"", "month"}:
            return None
        return f"{count} actions per user"
    if period == "day":
        return f"{count} actions per day"
    if period:
        return f"{count} actions per {period}"
    if per == "each" or slots.interactions is not None:
        return f"{count} actions"
    if slots.users is not None and amount > LARGE and slots.interactions is None:
        return None
    if amount >= LARGE * 10 and "mix" not in slots.phrases:
        year = any(item.phrase in _YEARLY for item in found.items)
        if not year:
            assumptions.append(f"{count} actions are taken as those of a month.")
        return f"{count} actions per {'year' if year else 'month'}"
    return f"{count} actions"


_YEARLY = frozenset(lexicon.TAGS["each_period:year"])


# --- time and plans


def _time(command: str, found: _Understood, takes: set[str], phrases: list[str], assumptions: list[str]) -> bool:
    times = found.times
    if times.asks_for_term_end and command not in {"forecast", "wallet"}:
        return False
    if times.spans:
        if "span" not in takes:
            return False
        phrases.append(times.spans[0].phrase())
    if times.horizons:
        if len(times.horizons) > 1:
            return False
        return _ahead(command, times.horizons[0], found, phrases, assumptions)
    return True


def _ahead(command: str, horizon: Horizon, found: _Understood, phrases: list[str], assumptions: list[str]) -> bool:
    today = found.times.cal.today
    if command == "forecast":
        is_run_out = any(item.phrase in _RUN_OUT for item in found.items)
        if is_run_out:
            assumptions.append(f"You asked about {horizon.last:%-d %b %Y}: compare it with the day on which the credits run out.")
            return True
        weeks = -(-(horizon.last - today).days // 7)
        if not 1 <= weeks <= 104:  # noqa: PLR2004 - the language's own bound
            return False
        phrases.append(f"{weeks} weeks")
        if (horizon.last - today).days % 7:
            assumptions.append(f"{weeks} weeks reach past {horizon.last:%-d %b %Y}.")
        return True
    if command == "plan purchase":
        months = round((horizon.last - today).days / 30.4)
        phrases.append(f"{max(months, 1)} months")
        return True
    return command == "alerts"


_RUN_OUT = frozenset(
    phrase for words, commands in lexicon.INTENTS if commands.get("forecast") == 5 for phrase in (w.replace("_", " ") for w in words.split())  # noqa: PLR2004 - the row of running out
)

PLAN_WORDS = {
    "per_conversation": "conversations", "flex_credits": "flex", "per_user_add_on": "add-on", "per_user_industries": "industries",
    "edition_sales": "sales edition", "edition_service": "service edition", "user_license": "user licence", "per_resolution": "resolutions",
    "flex_pre_purchase": "prepurchase", "flex_pre_commit": "precommit", "flex_pay_as_you_go": "payg",
}  # fmt: skip


def _plans(command: str, found: _Understood, said: dict[str, str], phrases: list[str]) -> bool:
    plans = [plan for plan in found.slots.phrases.get("plans", "").split(",") if plan]
    if command == "price":
        metered = "credits" in said or "packs" in said
        ways = [plan for plan in plans if plan in {"flex_pre_purchase", "flex_pre_commit", "flex_pay_as_you_go"}]
        others = [plan for plan in plans if plan not in ways]
        if metered and not others:
            others = ["flex_credits"]
        if len(others) != 1 and not ways:
            return False
        phrases.extend(PLAN_WORDS[plan] for plan in others)
        phrases.extend(PLAN_WORDS[plan] for plan in ways)
        return len(others) <= 1 and len(ways) <= 1
    if not plans:
        return True
    if command in {"compare", "recommend"}:
        if len(plans) > 1:
            chosen = [PLAN_WORDS[plan] for plan in plans]
            phrases.append("only " + ", ".join(chosen)) if _are_all_of_a_kind(plans) else None
        return True
    if command == "breakeven":
        return set(plans) <= {"flex_credits", "per_conversation", "per_user_add_on"}
    if command in {"plan purchase", "negotiate", "explain", "prices", "convert", "users", "pilot"}:
        return set(plans) <= {"flex_credits", "flex_pre_purchase", "flex_pre_commit", "flex_pay_as_you_go", "per_user_add_on"}
    return set(plans) <= {"flex_credits"}


def _are_all_of_a_kind(plans: Sequence[str]) -> bool:
    return all(plan.startswith("flex_pre") or plan == "flex_pay_as_you_go" for plan in plans)


# --- commands with ways of their own


def _usage(found: _Understood, said: dict[str, str], phrases: list[str], assumptions: list[str]) -> bool | None:
    if found.slots.users is not None or found.slots.interactions or found.slots.actions:
        return False
    if "by" not in said:
        adverb = found.slots.phrases.get("adverb")
        said["by"] = f"by {adverb or _default_grouping(found, said)}"
        if not adverb:
            assumptions.append(f"Grouped {said['by']}; say for example `by department`, `by day`.")
    elif "adverb" in found.slots.phrases and said["by"] != f"by {found.slots.phrases['adverb']}":
        return False
    return None


def _asks_for_myself(found: _Understood) -> bool:
    words = [item.phrase for item in found.items]
    return any(one in {"i", "my", "ich", "mein", "meine"} and any(w in {"use", "used", "spend", "spent", "usage", "verbraucht"} for w in words) for one in words)


def _default_grouping(found: _Understood, said: dict[str, str]) -> str:
    phrases = {item.phrase for item in found.items}
    if phrases & {"trend", "trends", "verlauf", "entwicklung", "over time"}:
        return "week"
    if phrases & {"who", "wer", "whom"}:
        return "user"
    return "action" if "agent" in said else "agent"


def _sandbox(found: _Understood, said: dict[str, str], phrases: list[str], assumptions: list[str]) -> bool | None:
    if said.get("environment") == "sandbox":
        del said["environment"]
    return None if not said.get("by") else False


def _wallet(found: _Understood, said: dict[str, str], phrases: list[str], assumptions: list[str]) -> bool | None:
    return False if "adverb" in found.slots.phrases else None


def _alerts(found: _Understood, said: dict[str, str], phrases: list[str], assumptions: list[str]) -> bool | None:
    states = {"open": "open", "offen": "open", "offene": "open", "offenen": "open", "active": "open", "acknowledged": "acknowledged", "snoozed": "snoozed", "recovered": "recovered"}
    for item in found.items:
        if item.phrase in states:
            phrases.append(states[item.phrase])
    if "department" in said and "team" not in said:
        name = said.pop("department").removeprefix("department ")
        said["team"] = f"team {name}"
    return None


def _variance(found: _Understood, said: dict[str, str], phrases: list[str], assumptions: list[str]) -> bool | None:
    return None if found.times.spans and "by" not in said else False


def _breakeven(found: _Understood, said: dict[str, str], phrases: list[str], assumptions: list[str]) -> bool | None:
    if said.get("by") == "by user" and found.slots.users is None:
        del said["by"]
        phrases.append("1 users")
        assumptions.append("Reckoned for one user.")
    return None


def _explain(found: _Understood, said: dict[str, str], phrases: list[str], assumptions: list[str]) -> bool | None:
    """Explain or list prices of the one subject that is named; nothing else may be said."""
    subject = _subject(found, lexicon.SUBJECTS)
    if subject is None:
        return False
    said.clear()
    phrases.append(subject)
    return True


def _prices(found: _Understood, said: dict[str, str], phrases: list[str], assumptions: list[str]) -> bool | None:
    topics = {item.phrase for item in found.items} & {"edition", "editions"}
    if topics:
        phrases.append("edition")
        return True
    if not said and not found.slots.phrases and found.slots.users is None:
        return True
    return False


def _subject(found: _Understood, subjects: Mapping[str, str]) -> str | None:
    """Return the subject that all words but those of the intent name."""
    speaking = {item.index for item in found.items if "intent" in item.tags and item.index not in found.board.taken and item.phrase not in subjects}
    named = [item for item in found.items if item.index not in speaking and (not item.is_ignorable or item.tags & {"per"})]
    words = " ".join(item.phrase for item in named)
    for written in (words, words.removeprefix("per "), words.removesuffix(" per")):
        if written in subjects:
            return subjects[written]
    kinds = {subjects[item.phrase] for item in named if item.phrase in subjects}
    if kinds == {"action"} and found.turns:
        return "action"
    context = {"plan:per_conversation", "unit:credits", "unit:interactions", "plan:flex_credits"} if "actions_per_interaction" in kinds else set()
    rest = [item for item in named if item.phrase not in subjects and not item.tags & {"function", "each", "by", *context}]
    if context:
        kinds &= {"actions_per_interaction"}
    return kinds.pop() if len(kinds) == 1 and not rest else None


def _needs_intent(found: _Understood, said: dict[str, str], phrases: list[str], assumptions: list[str]) -> bool | None:
    return None


_SPECIAL = {
    "usage": _usage, "sandbox": _sandbox, "wallet": _wallet, "alerts": _alerts, "variance": _variance, "breakeven": _breakeven,
    "explain": _explain, "prices": _prices,
}  # fmt: skip


# --- the choice


def _choose(found: _Understood, candidates: list[Reading], text: str) -> Reading:
    ranked = sorted(candidates, key=lambda reading: -reading.score)
    best_by_command: list[Reading] = []
    for reading in ranked:
        if reading.question not in {one.question for one in best_by_command}:
            best_by_command.append(reading)
    if not best_by_command:
        raise AskBack(_why_none(found), _readings_without(found))
    best, rest = best_by_command[0], best_by_command[1:]
    rivals = [one for one in rest if best.score - one.score < CLEAR_LEAD]
    if not rivals or _is_same_family(best, rivals):
        return _preferred([best, *rivals])
    raise AskBack("This can be read in more than one way", [one.question for one in (best, *rivals)][:MAX_SUGGESTIONS])


def _command_of(reading: Reading) -> str:
    return next(name for name in sorted(COMMANDS, key=len, reverse=True) if reading.question.startswith(name))


def _is_same_family(best: Reading, rivals: Sequence[Reading]) -> bool:
    """Whether the readings are of the questions that price one workload, whose answers agree."""
    return all(_command_of(one) in {"compare", "recommend"} for one in (best, *rivals))


def _preferred(readings: Sequence[Reading]) -> Reading:
    return readings[0]


def _why_none(found: _Understood) -> str:
    if not found.weights:
        words = [item for item in found.speaking]
        return f"These words do not go together: {_quoted(words)}" if words else "I don't know what is asked"
    return "I don't know how to answer all of this in one question"


def _one_span_each(found: _Understood) -> list[str]:
    return []


def _readings_without(found: _Understood) -> list[str]:
    """Return complete readings of what was understood, for a text of which something was not; amounts are all kept."""
    _weigh(found)
    ranked = sorted(_candidates(found), key=lambda reading: -reading.score)
    return list(dict.fromkeys(reading.question for reading in ranked))[:MAX_SUGGESTIONS]


def spoken(text: str) -> str:
    """Return the text on one line, for an echo."""
    return re.sub(r"\s+", " ", text).strip()
