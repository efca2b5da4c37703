"""Free text to a question of the strict language: one complete reading is answered, anything else is asked back.

text → tokens → items → slots and times → a candidate for each command that the whole text supports → the one that is clearly
meant. A candidate must use every content word; an unknown word, a bound, a negation or a number without a unit leaves no
candidate.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from core.errors import REASON_LIMIT
from core.language.commands import COMMANDS
from core.language.free_text import lexicon
from core.language.free_text.definitions import definitions
from core.language.free_text.items import NO_NAMES, Item, Names, items_of
from core.language.free_text.metered_slots import kinds_of
from core.language.free_text.nearest import AMOUNTS, find_nearest, find_sources
from core.language.free_text.readings import (
    MAX_SUGGESTIONS,
    MIN_SCORE,
    Interpretation,
    find_candidates,
    understand,
    ways_of_spend,
    weigh,
)
from core.language.grammar import read
from core.language.phrases import write_grouped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.language.free_text.time_spans import TeamCalendar
    from core.language.free_text.understood import Understood

ASKS_FOR_HELP = frozenset({"help", "hilfe", "what can you do", "was kannst du", "how does this work"})
ABOUT_COSTS = "I answer what agents cost: prices, plans, use, forecasts"
DOLLARS_ONLY = "I take amounts in US dollars; display_currency in app.yaml shows others beside them:"
DAYS_A_YEAR, WORKING_DAYS_A_YEAR, MONTHS = 365, 260, 12
# Commands whose answers to the same workload agree: choosing either changes no figure.
SAME_ANSWER = frozenset({"compare", "recommend"})
MOST_QUOTED = 8

# Our own, and a cost: only such a text means the wallet's costs over some period.
OUR_COST = (
    frozenset({"my", "our", "we", "us", "uns", "unsere", "wir", "are we", "do we", "meine"}),
    frozenset({"cost", "costs", "paying", "pay", "bill", "kosten", "kostet", "zahlen", "expenses"}),
)


class AskBack(Exception):  # noqa: N818 - not a failure: the answer is a question
    """The text has no reading, or several.

    reason: why, a clause; readings: complete questions to choose from; start, end: the half-open range in the text.
    """

    def __init__(self, reason: str, readings: Sequence[str] = (), place: tuple[int, int] = (0, 0)) -> None:
        """Keep the parts; `str()` is the reason."""
        self.reason, self.readings, (self.start, self.end) = reason, tuple(readings), place
        super().__init__(reason)


def interpret(text: str, calendar: TeamCalendar, names: Names = NO_NAMES) -> Interpretation:
    """Return the one reading of a text.

    Raises: AskBack, if there is none or more than one; no part of the text is ever dropped to get there.
    """
    items = items_of(text, names)
    if _is_small_talk(items):
        return Interpretation("help", is_small_talk=not any(item.phrase in ASKS_FOR_HELP for item in items))
    defined = definitions(text)
    if len(defined) > 1:
        raise AskBack("There is more than one", defined)
    if defined:
        return Interpretation(defined[0])
    found = understand(items, calendar)
    found = _as_comparison(found)
    _refuse_what_is_not_understood(found, text)
    weigh(found)
    return _choose(found, text)


def _as_comparison(found: Understood) -> Understood:
    """Return a text that compares a period with the previous one as a text about the later period."""
    times = (
        found.times.compared(is_bridge=found.says_any(frozenset({"bridge"})))
        if found.says_any(lexicon.comparing_words())
        else None
    )
    return replace(found, times=times, is_comparison=True) if times else found


def _is_small_talk(items: Sequence[Item]) -> bool:
    """Whether the text is nothing but a greeting, thanks or a question mark."""
    greetings = lexicon.greetings()
    said = [item for item in items if item.phrase not in {"!", ".", ","}]
    is_greeting = [item.phrase in greetings for item in said]
    return any(is_greeting) and all(one or item.is_ignorable for one, item in zip(is_greeting, said, strict=True))


# --- what the strict language cannot express


def _refuse_what_is_not_understood(found: Understood, text: str) -> None:
    """Raise AskBack for words, numbers and dates that no reading can use."""
    _refuse_undecided_dates(found, text)
    problems = list(_problems(found))
    _refuse_two_readings(found, text)
    if problems:
        items = [item for _, some in problems for item in some]
        told = "; ".join(_tell(reason, some) for reason, some in problems)
        raise _asked_back(told, found, text, items)
    for item in _loose_numbers(found):
        _refuse_unsaid_kind(found, text, item)
        raise _asked_back(f"“{item.said}” of what?", found, text, [item])
    if found.slots.conflicts:
        told = f"Two values for one thing ({found.slots.conflicts[0].replace('_', ' ')})"
        raise _one_at_a_time(told, found, text)
    if len(found.times.spans) > 1:
        raise _one_at_a_time("Two spans of time in one question; ask for one at a time", found, text)
    if _asks_for_oneself(found):
        raise AskBack("I don't know which user of the export you are", ["usage by user", "wallet"])


def _refuse_unsaid_kind(found: Understood, text: str, number: Item) -> None:
    """Raise AskBack for an amount of something with several kinds at different prices, such as prompts or rows."""
    counted = next((item for item in found.board.left() if item.index > number.index and item.values("counted")), None)
    kinds = kinds_of(counted.values("counted")[0]) if counted else []
    if counted is None or len(kinds) < 2:  # noqa: PLR2004 - several
        return
    start, end = _place([counted])
    ways = []
    for kind in kinds:
        try:
            ways.append(interpret(f"{text[:start]}{kind} {text[start:]}", found.times.calendar).question)
        except AskBack:
            continue
    if ways:
        said = f"“{counted.said}” of which kind: {', '.join(kinds[:-1])} or {kinds[-1]}?"
        raise AskBack(said, ways[-MAX_SUGGESTIONS:], (start, end))


def _problems(found: Understood) -> Iterator[tuple[str, list[Item]]]:
    """Yield each problem that no reading can resolve, with its items."""
    left = found.board.left()
    bounds = [item for item in found.items if "bound" in item.tags and _stands_before_number(found.items, item)]
    rows = (
        (DOLLARS_ONLY, [item for item in found.items if "foreign" in item.tags]),
        ("I don't know", [item for item in left if "unknown" in item.tags]),
        ("No command can say", [item for item in left if "no_place" in item.tags]),
        ("I cannot leave out things by:", [item for item in left if "negation" in item.tags]),
        ("I cannot calculate with several scales at once:", [item for item in left if "multiple" in item.tags]),
        ("I take amounts as they stand, without a bound:", bounds),
    )
    yield from ((reason, items) for reason, items in rows if items)


def _tell(reason: str, items: Sequence[Item]) -> str:
    more = f" and {len(items) - MOST_QUOTED} more words" if len(items) > MOST_QUOTED else ""
    return f"{reason} {', '.join(f'“{item.said}”' for item in items[:MOST_QUOTED])}{more}"


def _asked_back(reason: str, found: Understood, text: str, told: Sequence[Item] = ()) -> AskBack:
    """Return an AskBack with the nearest questions; what they leave out is reported, beyond what the reason already reports.

    Without any, suggest the help of the command that most of the words support: it says how to ask, and leaves nothing out.
    """
    place = _place(told) if told else (0, 0)
    if any("negation" in item.tags for item in told) and found.slots.phrases.get("environment") == "sandbox":
        return AskBack(reason, _of_production(found), place)
    nearest = find_nearest(found)
    others = [item for item in nearest.left_out if item not in told and not item.is_ignorable]
    if nearest.questions:
        leaving = f"; without {_quoted_parts(others, found, text)} I could answer" if others else ""
        if len(reason + leaving) > REASON_LIMIT:  # it would be cut off, and hide what is left out
            every = sorted((*told, *others), key=lambda item: item.index)
            return AskBack(f"Without {_quoted_and_counted(every)} I could answer", nearest.questions, place)
        return AskBack(f"{reason}{leaving}", nearest.questions, place)
    helped = _help_of_likeliest(found)
    is_about_costs = helped or any("intent" in item.tags for item in found.items)
    return AskBack(reason if is_about_costs else f"{ABOUT_COSTS}. {reason}", helped, place)


def _quoted_parts(items: Sequence[Item], found: Understood, text: str) -> str:
    """Return the items' words as written in the text; items with no content between them are quoted together."""
    parts: list[list[Item]] = []
    for item in items:
        between = found.items[parts[-1][-1].index + 1 : item.index] if parts else []
        if parts and all(one.tags == {"function"} for one in between):
            parts[-1].append(item)
        else:
            parts.append([item])
    said = [f"“{' '.join(text[part[0].tokens[0].start : part[-1].tokens[-1].end].split())}”" for part in parts]
    return ", ".join(said)


def _quoted_and_counted(items: Sequence[Item]) -> str:
    """Return as many of the items as fit into a reason, and how many more there are."""
    said = [f"“{item.said}”" for item in items]
    while len(said) > 1 and len(", ".join(said)) > REASON_LIMIT - len("Without  and 100 more I could answer"):
        said.pop()
    return ", ".join(said) + (f" and {len(items) - len(said)} more" if len(said) < len(items) else "")


def _of_production(found: Understood) -> list[str]:
    """Return the question without the sandbox: production only, excluding usage in no known environment."""
    way = replace(found, slots=replace(found.slots, phrases={**found.slots.phrases, "environment": "production"}))
    weigh(way, is_forgiving=True)
    return [one.question for one in find_candidates(way, MAX_SUGGESTIONS)]


def _one_at_a_time(reason: str, found: Understood, text: str) -> AskBack:
    """Return an AskBack with one reading per value, if one thing has several values."""
    ways: list[Understood] = []
    if len(found.slots.others) == 1 and len(found.times.spans) < 2:  # noqa: PLR2004 - one at least
        [(name, values)] = found.slots.others.items()
        ways = [replace(found, slots=replace(found.slots, phrases={**found.slots.phrases, name: value})) for value in values]
    elif not found.slots.conflicts:
        ways = [replace(found, times=found.times.with_span(span)) for span in found.times.spans]
    readings = []
    for way in ways:
        weigh(way, is_forgiving=True)
        readings += [one.question for one in find_candidates(way, 1)]
    if ways and len(readings) == len(ways):
        return AskBack(reason, list(dict.fromkeys(readings))[:MAX_SUGGESTIONS])
    return _asked_back(reason, found, text)


def _refuse_undecided_dates(found: Understood, text: str) -> None:
    for one in found.times.undecided:
        both = " or ".join(f"{day:%-d %B %Y}" for day in one.readings)
        reason = f"“{one.said}” can be {both}; write the day as {one.readings[0]}, or set wallet.date_order in app.yaml"
        raise AskBack(reason, [text.replace(one.said, f"{day}") for day in one.readings])


def _loose_numbers(found: Understood) -> list[Item]:
    return [item for item in found.board.left() if item.tags & AMOUNTS]


def _refuse_two_readings(found: Understood, text: str) -> None:
    for item in _loose_numbers(found):
        if item.number.readings:
            both = [write_grouped(value) for value in item.number.readings]
            start, end = _place([item])
            ways = [f"{text[:start]}{one}{text[end:]}" for one in both]
            raise AskBack(f"“{item.said}” can be read as {' or '.join(both)}", ways, (start, end))


def _stands_before_number(items: Sequence[Item], item: Item) -> bool:
    after = [one for one in items[item.index + 1 :] if one.tags != {"function"}]
    return bool(after) and bool(after[0].tags & {"num", "money", "pct"})


USES = frozenset("use used spend spent usage verbraucht verbrauch burn burned".split())  # noqa: SIM905 - a list of words


def _asks_for_oneself(found: Understood) -> bool:
    """Whether the text asks for `my usage` or `did i use`; `I need the usage` and `my team's usage` are about others."""
    said = [item for item in found.items if item.phrase not in {"have", "'ve"}]
    pairs = {(one.phrase, other.phrase) for one, other in pairwise(said)}
    is_mine = any(one in {"i", "i've", "my", "ich", "mein", "meine"} and other in USES for one, other in pairs)
    phrases = {item.phrase for item in said}
    return is_mine or ({"ich", "habe"} <= phrases and bool(phrases & USES))


def _place(items: Sequence[Item]) -> tuple[int, int]:
    return items[0].tokens[0].start, items[0].tokens[-1].end


# --- which command


def _choose(found: Understood, text: str) -> Interpretation:
    """Return the reading that is clearly meant. Raises: AskBack."""
    candidates = find_candidates(found, len(COMMANDS))
    if not candidates:
        ends = [replace(found, slots=slots) for slots in found.slots.ends]
        if by_end := [one.question for end in ends for one in find_candidates(end, 1)]:
            raise AskBack("I answer this for one end of a range at a time", by_end)
        whose = [replace(found, slots=replace(found.slots, actions_per=per)) for per in ("user", "all")]
        if found.slots.users is not None and found.slots.actions is not None:
            of_whom = list(dict.fromkeys(one.question for way in whose for one in find_candidates(way, 1)))
            if len(of_whom) > 1:
                raise AskBack("Are the actions those of each user, or of all together?", of_whom)
        if by_spend := list(dict.fromkeys(one.question for way in ways_of_spend(found) for one in find_candidates(way, 1))):
            raise AskBack("Is the amount that of a year, or of a month?", by_spend)
        if by_day := _of_each_user_a_day(found):
            raise AskBack("Are the actions of a day those of calendar days, or of working days?", by_day)
        raise _asked_back("I don't know how to answer all of this in one question", found, text)
    best, *rivals = candidates
    if best.score < MIN_SCORE and found.says_any(OUR_COST[0]) and found.says_any(OUR_COST[1]) and not found.slots.is_priced:
        raise AskBack("Which costs are meant", ["usage by month", "wallet", "forecast"])
    if best.score < MIN_SCORE:
        raise AskBack("I don't know what is asked", [one.question for one in candidates][:MAX_SUGGESTIONS])
    if not rivals or all(_command_of(one) in SAME_ANSWER for one in candidates):
        return best
    raise AskBack("This can be read in more than one way", [one.question for one in candidates][:MAX_SUGGESTIONS])


def _of_each_user_a_day(found: Understood) -> list[str]:
    """Return readings of actions per user and day: by 365 calendar days a year, and by 260 working days."""
    said = found.slots.actions
    if said is None or said.period != "day" or found.slots.users is None or said.high is not None:
        return []
    readings = []
    for days in (DAYS_A_YEAR, WORKING_DAYS_A_YEAR):
        a_month = (said.amount * days / MONTHS).quantize(Decimal("0.01")).normalize()
        way = replace(found.slots, actions=said._replace(amount=a_month, period="month"), actions_per="user")
        readings += [one.question for one in find_candidates(replace(found, slots=way), 1)]
    return readings


def _command_of(reading: Interpretation) -> str:
    return read(reading.question).command


def _help_of_likeliest(found: Understood) -> list[str]:
    weigh(found, is_forgiving=True)
    command, score = max(found.weights.items(), key=lambda weight: weight[1], default=("help", Decimal(0)))
    speaks = any(lexicon.intents()[item.phrase].get(command, 0) > 1 for item in found.items if "intent" in item.tags)
    if command == "explain" and (sources := find_sources(found)):
        return sources
    return [f"help {command}"] if score >= MIN_SCORE and speaks and command != "help" else []
