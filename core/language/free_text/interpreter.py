"""Free words to a question of the strict language: one complete reading is answered, anything else is asked back.

text → tokens → items → slots and times → a candidate for each command that all of it speaks for → the one that is clearly
meant. A candidate must use every content word; a word that is not understood, a bound, a negation or a number without a unit
leaves none.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from core.errors import QuestionError
from core.language.commands import COMMANDS
from core.language.free_text import lexicon
from core.language.free_text.commands import phrases_of
from core.language.free_text.definitions import definitions
from core.language.free_text.items import NO_NAMES, Board, Item, Names, Pattern, items_of
from core.language.free_text.slots import find_slots
from core.language.free_text.time_spans import TimeFinder
from core.language.free_text.understood import Understood
from core.language.grammar import read
from core.language.phrases import write_grouped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.language.free_text.time_spans import TeamCalendar

MAX_SUGGESTIONS = 3
# How much stronger than the next reading the best one must be. Weights are whole or half points, so this is a clear step.
CLEAR_LEAD = Decimal("0.75")
# A reading needs as much as one word that is clearly about its command; less is a guess.
MIN_SCORE = Decimal(2)
# What a content word that does not speak for a command takes from it, in suggestions only.
UNSPOKEN = Decimal(-1)
ASKS_FOR_HELP = frozenset({"help", "hilfe", "what can you do", "was kannst du", "how does this work"})
ABOUT_COSTS = "I answer what agents cost: prices, plans, use, forecasts"
DAYS_A_YEAR, WORKING_DAYS_A_YEAR, MONTHS = 365, 260, 12
AMOUNTS = frozenset({"num", "money", "pct", "foreign", "multiple"})
# Commands whose answers to one workload agree: which of them is taken changes no figure.
SAME_ANSWER = frozenset({"compare", "recommend"})
PRICING = ("compare", "recommend", "price", "breakeven")

# Whose cost, and that it is one: of such a text alone the wallet's costs are meant, of some time.
OUR_COST = (
    frozenset({"my", "our", "we", "us", "uns", "unsere", "wir", "are we", "do we", "meine"}),
    frozenset({"cost", "costs", "paying", "pay", "bill", "kosten", "kostet", "zahlen", "expenses"}),
)

# Turns of phrase that mean more than their words do.
TURNS: tuple[tuple[Pattern, dict[str, int]], ...] = (
    (Pattern("cost_word (?:per|each) unit:actions"), {"breakeven": 7, "use cases": 3}),
    (Pattern("price_word (?:per|each) unit:actions"), {"breakeven": 7, "use cases": 3}),
    (Pattern("unit:actions per_interaction"), {"actions": 6, "breakeven": 1}),
    (Pattern("unit:actions do (?:per_interaction|unit:interactions)"), {"actions": 6}),
    (Pattern("unit:credits (?:do)? (?:per)? unit:actions"), {"explain": 6}),
)


class Interpretation(NamedTuple):
    """A complete reading. question: in the strict language; assumptions: what was taken for granted, as sentences.

    is_small_talk: a greeting or thanks, to which one line is the answer.
    """

    question: str
    assumptions: tuple[str, ...] = ()
    score: Decimal = Decimal(0)
    is_small_talk: bool = False


class AskBack(Exception):  # noqa: N818 - not a failure: the answer is a question
    """More or less than one reading.

    reason: why, a clause; readings: complete questions to choose from; start, end: the half-open place in the text.
    """

    def __init__(self, reason: str, readings: Sequence[str] = (), place: tuple[int, int] = (0, 0)) -> None:
        """Keep the parts; `str()` is the reason."""
        self.reason, self.readings, (self.start, self.end) = reason, tuple(readings), place
        super().__init__(reason)


def interpret(text: str, calendar: TeamCalendar, names: Names = NO_NAMES) -> Interpretation:
    """Return the one reading of a text.

    Raises: AskBack, where there is none or more than one; nothing of the text is ever dropped to get there.
    """
    items = items_of(text, names)
    if _is_small_talk(items):
        return Interpretation("help", is_small_talk=not any(item.phrase in ASKS_FOR_HELP for item in items))
    defined = definitions(text)
    if len(defined) > 1:
        raise AskBack("There is more than one", defined)
    if defined:
        return Interpretation(defined[0])
    found = _understand(items, calendar)
    _refuse_what_is_not_understood(found, text)
    _weigh(found)
    return _choose(found)


def _understand(items: list[Item], calendar: TeamCalendar) -> Understood:
    board = Board(items)
    turns = _find_turns(board)
    times = TimeFinder(board, calendar)
    times.find()
    slots = find_slots(board)
    times.find_lengths()
    return Understood(items, board, slots, times, turns)


def _find_turns(board: Board) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for pattern, weights in TURNS:
        if board.first(pattern, "turn", lambda match: not _follows_number(board, match.items[0])):
            for command, weight in weights.items():
                found[command] = found.get(command, Decimal(0)) + weight
    return found


def _follows_number(board: Board, item: Item) -> bool:
    """Whether a number stands before an item, so that it is the number's unit: `7 actions per conversation`."""
    return item.index > 0 and "num" in board.items[item.index - 1].tags


def _is_small_talk(items: Sequence[Item]) -> bool:
    """Whether the text is nothing but a greeting, thanks or a question mark."""
    greetings = lexicon.greetings()
    said = [item for item in items if item.phrase not in {"!", ".", ","}]
    is_greeting = [item.phrase in greetings for item in said]
    return any(is_greeting) and all(
        one or item.tags <= {"function", "comma"} for one, item in zip(is_greeting, said, strict=True)
    )


# --- what cannot be said


def _refuse_what_is_not_understood(found: Understood, text: str) -> None:
    """Raise AskBack for words, numbers and dates of which no reading can make use."""
    left = found.board.left()
    _refuse(
        [item for item in found.items if "foreign" in item.tags], "Prices are in US dollars, and I convert no currencies", found
    )
    _refuse_undecided_dates(found)
    _refuse([item for item in left if "unknown" in item.tags], "I don't know", found)
    _refuse([item for item in left if "negation" in item.tags], "I cannot leave out things by", _without_sandbox(found))
    _refuse([item for item in left if "multiple" in item.tags], "I cannot calculate with several scales at once", found)
    bounds = [item for item in found.items if "bound" in item.tags and _stands_before_number(found.items, item)]
    _refuse(bounds, "I take amounts as they stand, without a bound", found)
    _refuse_loose_numbers(left, found, text)
    if found.slots.conflicts:
        raise AskBack(f"Two values for one thing ({found.slots.conflicts[0].replace('_', ' ')})", _one_at_a_time(found))
    if len(found.times.spans) > 1:
        raise AskBack("Two spans of time in one question; ask for one at a time", _one_at_a_time(found))
    if _asks_for_oneself(found):
        raise AskBack("I don't know which user of the export you are", ["usage by user", "wallet"])


def _without_sandbox(found: Understood) -> Understood:
    """Return what a negation leaves to suggest: production where the sandbox is left out, else nothing that can be told."""
    phrases = found.slots.phrases
    if phrases.get("environment") == "sandbox":
        return replace(found, slots=replace(found.slots, phrases={**phrases, "environment": "production"}))
    return replace(found, slots=replace(found.slots, phrases={**phrases, "negated": "what is left out"}))


def _one_at_a_time(found: Understood) -> list[str]:
    """Return a reading for each of several values of the one thing that has several."""
    ways: list[Understood] = []
    if len(found.slots.others) == 1 and len(found.times.spans) < 2:  # noqa: PLR2004 - one at least
        [(name, values)] = found.slots.others.items()
        ways = [replace(found, slots=replace(found.slots, phrases={**found.slots.phrases, name: value})) for value in values]
    elif not found.slots.conflicts:
        ways = [replace(found, times=found.times.with_span(span)) for span in found.times.spans]
    readings = []
    for way in ways:
        _weigh(way)
        readings += [one.question for one in _candidates(way, 1)]
    return list(dict.fromkeys(readings))[:MAX_SUGGESTIONS] if len(readings) == len(ways) else []


def _refuse(items: Sequence[Item], reason: str, found: Understood) -> None:
    if items:
        readings = _suggestions(found)
        told = f"{reason}: {_quoted(items)}" if " " in reason[8:] else f"{reason} {_quoted(items)}"
        is_about_costs = readings or any("intent" in item.tags for item in found.items)
        raise AskBack(told if is_about_costs else f"{ABOUT_COSTS}. {told}", readings, _place(items))


def _refuse_undecided_dates(found: Understood) -> None:
    for one in found.times.undecided:
        first, second = one.readings
        both = f"{first:%-d %B %Y} or {second:%-d %B %Y}"
        raise AskBack(f"“{one.said}” can be {both}; write the day as {first}, or set wallet.date_order in app.yaml")


def _refuse_loose_numbers(left: Sequence[Item], found: Understood, text: str) -> None:
    for item in left:
        if item.tags & {*AMOUNTS, "date", "ordinal"}:
            if item.number.readings:
                both = [write_grouped(value) for value in item.number.readings]
                start, end = _place([item])
                raise AskBack(
                    f"“{item.said}” can be read as {' or '.join(both)}",
                    [f"{text[:start]}{one}{text[end:]}" for one in both],
                    (start, end),
                )
            raise AskBack(f"“{item.said}” of what?", _suggestions(found), _place([item]))


def _stands_before_number(items: Sequence[Item], item: Item) -> bool:
    after = [one for one in items[item.index + 1 :] if one.tags != {"function"}]
    return bool(after) and bool(after[0].tags & {"num", "money", "pct"})


def _asks_for_oneself(found: Understood) -> bool:
    phrases = {item.phrase for item in found.items}
    is_use = phrases & {"use", "used", "spend", "spent", "usage", "verbraucht", "verbrauch", "burn", "burned"}
    return bool(is_use and phrases & {"i", "my", "ich", "mein", "meine"})


def _quoted(items: Sequence[Item]) -> str:
    return ", ".join(f"“{item.said}”" for item in items[:MAX_SUGGESTIONS])


def _place(items: Sequence[Item]) -> tuple[int, int]:
    return items[0].tokens[0].start, items[0].tokens[-1].end


# --- which command


def _weigh(found: Understood, *, is_forgiving: bool = False) -> None:
    """Add up what the words say for each command; a command for which a content word does not speak is out.

    is_forgiving: for suggestions, where such a word counts against a command instead.
    """
    turns = found.turns
    weights = {name: turns.get(name, Decimal(0)) for name in COMMANDS if is_forgiving or not turns or name in turns}
    for item in found.items:
        if item.index not in found.board.taken:
            weights = _weighed(item, weights, is_forgiving=is_forgiving)
    for name, bonus in _evidence(found):
        if name in weights:
            weights[name] += bonus
    found.weights = weights


def _weighed(item: Item, weights: dict[str, Decimal], *, is_forgiving: bool) -> dict[str, Decimal]:
    """Return the weights with what one word says, without the commands for which it does not speak."""
    mine = lexicon.intents()[item.phrase] if "intent" in item.tags else {}
    if item.is_ignorable or item.tags == {"bound"}:  # "under flex": before a number it was refused
        return {name: weight + mine.get(name, Decimal(0)) for name, weight in weights.items()}
    speaks_for = frozenset(mine).union(*(lexicon.commands_of_tag(tag) for tag in item.tags))
    if is_forgiving:
        against = Decimal(0) if "unknown" in item.tags else UNSPOKEN
        return {
            name: weight + (mine.get(name, Decimal(0)) if name in speaks_for else against) for name, weight in weights.items()
        }
    return {name: weight + mine.get(name, Decimal(0)) for name, weight in weights.items() if name in speaks_for}


def _evidence(found: Understood) -> Iterator[tuple[str, Decimal]]:
    """Yield what the slots say for commands, in points."""
    slots, said = found.slots, found.slots.phrases
    has_volume = bool(slots.interactions or slots.actions or "mix" in said)
    is_of_wallet = bool({"by", "agent", "department", "org", "action", "user", "environment", "top"} & set(said))
    has_metered = "credits" in said or "packs" in said
    has_terms = bool({"voice_share", "resolved_share", "discount", "growth"} & set(said))
    on_top = bool({"premier", "data_cloud", "major_agents"} & set(said))
    rows: tuple[tuple[bool, str, Iterable[str]], ...] = (
        (has_volume, "2", PRICING),
        (has_volume, "1.5", ("compare",)),
        (has_volume, "1", ("plan purchase", "negotiate", "tco")),
        (slots.users is not None, "1.5", ("compare", "recommend")),
        (slots.users is not None, "1", ("breakeven", "price")),
        (is_of_wallet, "2", ("usage",)),
        (is_of_wallet, "0.5", ("forecast", "variance")),
        ("adverb" in said, "1", ("usage",)),
        (bool(found.times.spans), "2", ("usage", "variance")),
        (bool(found.times.spans), "0.5", ("pilot", "sandbox", "users", "overhead", "actions")),
        (bool(found.times.horizons), "1.5", ("forecast",)),
        (bool(found.times.horizons), "1", ("plan purchase",)),
        (has_metered, "3", ("price",)),
        (has_metered, "1", ("convert",)),
        ("plans" in said, "1", ("compare", "recommend", "price")),
        (on_top, "3", ("tco",)),
        (has_terms, "1", PRICING),
    )
    for holds, points, commands in rows:
        if holds:
            yield from ((command, Decimal(points)) for command in commands)


def _candidates(found: Understood, most: int) -> list[Interpretation]:
    """Return a reading for each command that can say everything, the likeliest first.

    They end after `most`, and before the first that is clearly weaker than the best: neither could change the choice.
    """
    readings: list[Interpretation] = []
    for command, score in sorted(found.weights.items(), key=lambda weight: -weight[1]):
        is_clearly_weaker = bool(readings) and readings[0].score - score >= CLEAR_LEAD
        if score <= 0 or len(readings) == most or (is_clearly_weaker and most > MAX_SUGGESTIONS):
            break
        built = phrases_of(command, found)
        text = " ".join([command, *built.phrases]) if built else ""
        if built and _is_question(text):
            readings.append(Interpretation(text, (*found.slots.assumptions, *found.times.assumptions, *built.assumptions), score))
    return readings


def _is_question(text: str) -> bool:
    try:
        read(text)
    except QuestionError:
        return False
    return True


def _choose(found: Understood) -> Interpretation:
    """Return the reading that is clearly meant. Raises: AskBack."""
    candidates = _candidates(found, len(COMMANDS))
    if not candidates:
        ends = [replace(found, slots=slots) for slots in found.slots.ends]
        if by_end := [one.question for end in ends for one in _candidates(end, 1)]:
            raise AskBack("I answer this for one end of a range at a time", by_end)
        whose = [replace(found, slots=replace(found.slots, actions_per=per)) for per in ("user", "all")]
        if found.slots.users is not None and found.slots.actions is not None:
            of_whom = list(dict.fromkeys(one.question for way in whose for one in _candidates(way, 1)))
            if len(of_whom) > 1:
                raise AskBack("Are the actions those of each user, or of all together?", of_whom)
        if by_day := _of_each_user_a_day(found):
            raise AskBack("Are the actions of a day those of calendar days, or of working days?", by_day)
        raise AskBack("I don't know how to answer all of this in one question", _suggestions(found))
    best, *rivals = candidates
    if best.score < MIN_SCORE and found.says_any(OUR_COST[0]) and found.says_any(OUR_COST[1]) and not found.slots.is_priced:
        raise AskBack("Which costs are meant", ["usage by month", "wallet", "forecast"])
    if best.score < MIN_SCORE:
        raise AskBack("I don't know what is asked", [one.question for one in candidates][:MAX_SUGGESTIONS])
    if not rivals or all(_command_of(one) in SAME_ANSWER for one in candidates):
        return best
    raise AskBack("This can be read in more than one way", [one.question for one in candidates][:MAX_SUGGESTIONS])


def _of_each_user_a_day(found: Understood) -> list[str]:
    """Return readings of so many actions of each user a day: by 365 calendar days a year, and by 260 working days."""
    said = found.slots.actions
    if said is None or said.period != "day" or found.slots.users is None or said.high is not None:
        return []
    readings = []
    for days in (DAYS_A_YEAR, WORKING_DAYS_A_YEAR):
        a_month = (said.amount * days / MONTHS).quantize(Decimal("0.01")).normalize()
        way = replace(found.slots, actions=said._replace(amount=a_month, period="month"), actions_per="user")
        readings += [one.question for one in _candidates(replace(found, slots=way), 1)]
    return readings


def _command_of(reading: Interpretation) -> str:
    return read(reading.question).command


def _suggestions(found: Understood) -> list[str]:
    """Return complete readings of what was understood, for a text of which something was not; none that leaves out an amount.

    Without any, the help of the command that most of the words speak for: it says how to ask, and leaves nothing out.
    """
    is_amount_left = any(
        item.tags & AMOUNTS or (item.tags & {"unknown"} and any(map(str.isdigit, item.said))) for item in found.board.left()
    )
    _weigh(found, is_forgiving=True)
    readings = [] if is_amount_left else [reading.question for reading in _candidates(found, MAX_SUGGESTIONS)]
    return list(dict.fromkeys(readings)) or _help_of_likeliest(found)


def _help_of_likeliest(found: Understood) -> list[str]:
    command, score = max(found.weights.items(), key=lambda weight: weight[1], default=("help", Decimal(0)))
    speaks = any(lexicon.intents()[item.phrase].get(command, 0) > 1 for item in found.items if "intent" in item.tags)
    return [f"help {command}"] if score >= MIN_SCORE and speaks and command != "help" else []
