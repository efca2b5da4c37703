"""The readings of a text: a candidate for each command that can express it, ranked by the commands that its words support."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.errors import QuestionError
from core.language.commands import COMMANDS
from core.language.free_text import lexicon
from core.language.free_text.commands import phrases_of, priced_topic
from core.language.free_text.items import Board, Item, Pattern
from core.language.free_text.slots import find_slots
from core.language.free_text.time_spans import TimeFinder
from core.language.free_text.understood import Understood
from core.language.grammar import read
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.language.free_text.time_spans import TeamCalendar

MAX_SUGGESTIONS = 3
# The lead that the best reading needs over the next. Weights are whole or half points, so this is a clear step.
CLEAR_LEAD = Decimal("0.75")
# A reading needs the weight of one word that is clearly about its command; less is a guess.
MIN_SCORE = Decimal(2)
# The penalty for a content word that does not support a command, in suggestions only.
UNSPOKEN = Decimal(-1)
COMING = frozenset({"will", "will we", "gonna", "gonna be", "going", "goin", "going to be", "wird", "werden"})
ASKS_WHEN = frozenset({"when", "wann", "what day", "which day", "what date"})
# Commands that compare days with the previous ones.
COMPARING = frozenset({"variance", "usage"})
USED_UP = lexicon.phrases_of_tag("run_out") | {"used up", "gone", "aufgebraucht", "verbraucht", "zero", "empty"}
PRICING = ("compare", "recommend", "price", "breakeven")

# Turns of phrase that mean more than their words.
TURNS: tuple[tuple[Pattern, dict[str, int]], ...] = (
    (Pattern("cost_word (?:per|each) unit:actions"), {"breakeven": 7, "use cases": 3}),
    (Pattern("price_word (?:per|each) unit:actions"), {"breakeven": 7, "use cases": 3}),
    (Pattern("unit:actions per_interaction"), {"actions": 6, "breakeven": 1}),
    (Pattern("unit:actions do (?:per_interaction|unit:interactions)"), {"actions": 6}),
    (Pattern("unit:credits (?:do)? (?:per)? unit:actions"), {"explain": 6}),
)


class Interpretation(NamedTuple):
    """A complete reading. question: in the strict language; assumptions: as sentences.

    is_small_talk: whether the text is a greeting or thanks, which gets a one-line answer.
    """

    question: str
    assumptions: tuple[str, ...] = ()
    score: Decimal = Decimal(0)
    is_small_talk: bool = False


def understand(items: list[Item], calendar: TeamCalendar) -> Understood:
    """Return what the items mean, before any command is weighed."""
    board = Board(items)
    turns = _find_turns(board)
    times = TimeFinder(board, calendar)
    times.find()
    if any(item.phrase in COMING for item in items):
        times.look_ahead()
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
    """Whether a number precedes an item, so that the item is its unit: `7 actions per conversation`."""
    return item.index > 0 and "num" in board.items[item.index - 1].tags


def weigh(found: Understood, *, is_forgiving: bool = False) -> None:
    """Add up the words' support for each command; a command that a content word does not support is out.

    is_forgiving: for suggestions, where such a word counts against a command instead.
    """
    turns, found.is_forgiving = found.turns, is_forgiving
    weights = {name: turns.get(name, Decimal(0)) for name in COMMANDS if is_forgiving or not turns or name in turns}
    for item in found.items:
        if item.index not in found.board.taken:
            weights = _weighed(item, weights, is_forgiving=is_forgiving)
    for name, bonus in _evidence(found):
        if name in weights:
            weights[name] += bonus
    found.weights = weights


def _weighed(item: Item, weights: dict[str, Decimal], *, is_forgiving: bool) -> dict[str, Decimal]:
    """Return the weights with one word's support added, without the commands that it does not support."""
    mine = lexicon.intents()[item.phrase] if item.tags & {"intent", "no_place"} else {}
    if item.is_ignorable or item.tags == {"bound"}:  # "under flex": a bound before a number was refused already
        return {name: weight + mine.get(name, Decimal(0)) for name, weight in weights.items()}
    speaks_for = frozenset(mine).union(*(lexicon.commands_of_tag(tag) for tag in item.tags))
    if is_forgiving:
        against = Decimal(0) if "unknown" in item.tags else UNSPOKEN
        return {
            name: weight + (mine.get(name, Decimal(0)) if name in speaks_for else against) for name, weight in weights.items()
        }
    return {name: weight + mine.get(name, Decimal(0)) for name, weight in weights.items() if name in speaks_for}


def _evidence(found: Understood) -> Iterator[tuple[str, Decimal]]:
    """Yield the slots' support for commands, in points."""
    slots, said = found.slots, found.slots.phrases
    has_volume = bool(slots.interactions or slots.actions or "mix" in said)
    is_of_wallet = bool({"by", "agent", "department", "org", "action", "user", "use_case", "environment", "top"} & set(said))
    has_metered = "credits" in said or "packs" in said
    has_terms = bool({"voice_share", "resolved_share", "discount", "growth"} & set(said))
    on_top = bool({"premier", "data_cloud", "major_agents"} & set(said))
    has_free_credits = any("free_credits" in item.tags for item in found.items)
    asks_when = found.says_any(ASKS_WHEN) and found.says_any(USED_UP)
    left = [item for item in found.board.left() if not _follows_number(found.board, item)]
    of_an_interaction = all(any(tag in item.tags for item in left) for tag in ("unit:actions", "per_interaction"))
    rows: tuple[tuple[bool, str, Iterable[str]], ...] = (
        (asks_when, "8", ("forecast",)),
        (has_free_credits, "5", ("foundations",)),
        (found.is_forgiving and not slots.is_priced and priced_topic(found) is not None, "3", ("prices",)),
        (of_an_interaction, "4", ("actions",)),
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
        ("metered" in said, "5", ("price",)),
        (has_metered, "1", ("convert",)),
        ("plans" in said, "1", ("compare", "recommend", "price")),
        (on_top, "3", ("tco",)),
        (has_terms, "1", PRICING),
        ("vendors" in said, "5", ("compare", "vendors")),
    )
    for holds, points, commands in rows:
        if holds:
            yield from ((command, Decimal(points)) for command in commands)


def find_candidates(found: Understood, most: int) -> list[Interpretation]:
    """Return a reading for each command that can express everything, likeliest first.

    Stop after `most`, and before the first that is clearly weaker than the best: further readings cannot change the choice.
    """
    readings: list[Interpretation] = []
    for command, score in sorted(found.weights.items(), key=lambda weight: -weight[1]):
        is_clearly_weaker = bool(readings) and readings[0].score - score >= CLEAR_LEAD
        if score <= 0 or len(readings) == most or (is_clearly_weaker and most > MAX_SUGGESTIONS):
            break
        built = phrases_of(command, found) if not found.is_comparison or command in COMPARING else None
        text = " ".join([command, *built.phrases]) if built else ""
        if built and _is_question(text):
            readings.append(Interpretation(text, (*found.slots.assumptions, *found.times.assumptions, *built.assumptions), score))
    return readings


def ways_of_spend(found: Understood) -> list[Understood]:
    """Return the text with its money per year, and per month; none if the text says which, or has no money."""
    phrases = found.slots.phrases
    if "spend" not in phrases or phrases.get("spend_period") != "unsaid":
        return []
    ways = (("year", f"{phrases['spend']} per year"), ("month", phrases["spend"]))
    return [
        replace(found, slots=replace(found.slots, phrases={**phrases, "spend": spend, "spend_period": period}))
        for period, spend in ways
    ]


def _is_question(text: str) -> bool:
    try:
        read(text)
    except QuestionError:
        return False
    return True
