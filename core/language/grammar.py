"""Text to question: the grammar, generated from the word tables, and parsed with the tables that lark builds from it.

Nothing is ever skipped: a word that fits no rule is an error that marks the position and says what would have worked.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from core.answer import plain_number
from core.errors import QuestionError
from core.language import vocabulary
from core.language.commands import COMMAND_OF_WORD, COMMANDS, Command, Need
from core.language.org_parts import org_ranges, portfolio_of
from core.language.parsing_tables import Node, ParsedToken, ParsingTables, UnreadableError, first_word, make_tables
from core.language.phrases import EVERY_VENDOR, PERIODS, PHRASES, BadValueError, Phrase
from core.language.question import RANGE_ENDS, ActionsInput, MixPart, PerPeriod, Question
from core.paths import cached_json
from core.patterns import compiled
from core.pricing import METERS

if TYPE_CHECKING:
    from collections.abc import Sequence

QUESTION_LIMIT = 4_000
TRAILING = "`.!;…,:?"
OPENING, CLOSING = "\"“'`", "\"”'`"
PROGRAM = "agentcost"
OWN_WORDS = {"topic", "subject", "about", "query"}
EMPLOYEES = "employees"
FOREIGN = "€£¥"
PERIOD_WORD = r"(?i)hour\w*|week\w*|quarter\w*|decades?"
NAMES_NOTHING = {"PER", "AT", "OF", "AS", "TO", "FROM", "BY", "OFF", "JOINT", "MONTH", "YEAR", "EACH", "DAYS", "MONTHS", "AGENTS"}
CONFLICTS = (
    ("mix", "actions", "the mix and the actions per interaction"),
    ("action_price", "discount", "a price per action and a discount"),
    ("action_price", "pack_price", "a price per action and a price per pack"),
    ("spend", "interactions", "a spend and a workload"),
    ("spend", "users", "a spend and a workload"),
    ("spend", "actions", "a spend and a workload"),
    ("spend", "mix", "a spend and a workload"),
    ("spend", "discount", "a spend and a discount on it"),
    ("spend", "growth", "a spend and its growth"),
    ("spend", "action_price", "a spend and a price"),
    ("spend", "pack_price", "a spend and a price"),
    ("credits", "interactions", "credits and a workload"),
    ("credits", "users", "credits and users"),
    ("packs", "interactions", "packs and a workload"),
    ("discount", "pack_price", "a discount and a price of your own"),
    ("credits", "packs", "credits and packs"),
    *(
        ("metered", other, "one metered thing and more")
        for other in ("interactions", "actions", "mix", "users", "credits", "packs", "tokens", "sandbox_share", "voice_share")
    ),
    *(("metered", other, "one metered thing and more") for other in ("resolved_share", "growth", "audience")),
    ("sandbox_share", "environment", "a share in sandboxes and an environment"),
)


class MisplacedError(QuestionError):
    """A part that is understood but misplaced; without it the rest may be a question."""


def read(text: str) -> Question:
    """Return the question, without suggestions if the text is not one. Raises: QuestionError."""
    if not text.strip():
        raise QuestionError("The question is empty; ask for example `breakeven 200 users`, or `help`", text, 0, 0)
    if len(text) > QUESTION_LIMIT:
        reason = f"The question has {len(text):,} characters and I read {QUESTION_LIMIT:,} at most; shorten it"
        raise QuestionError(reason, text, QUESTION_LIMIT, len(text))
    bare = _bare(text)
    ranges = org_ranges(bare)
    return portfolio_of(text, bare, ranges, read_part) if ranges else _read(text, bare)


def read_part(text: str, bare: str) -> Question:
    """Return the question of one part of a longer text, without checking that it is complete. Raises: QuestionError."""
    return _read(text, bare, is_part=True)


def _read(text: str, bare: str, *, is_part: bool = False) -> Question:
    try:
        tree = _tables().parse(bare)
    except UnreadableError as error:
        raise _unreadable(text, error.position) from None
    return _question(text, tree, is_part=is_part)


def print_question(question: Question) -> str:
    """Return the question's single canonical text; parsing it gives the same question."""
    common = _print_phrases(question)
    orgs = "; ".join(" ".join(_print_phrases(part, first="org")) for part in question.parts)
    joint = ";" if common and orgs else ""
    return " ".join([question.command, *common]) + joint + (f" {orgs}" if orgs else "")


def _print_phrases(question: Question, first: str = "") -> list[str]:
    said = sorted(question.stated_values().items(), key=lambda value: value[0] != first)
    return [PHRASES[name].say(value) for name, value in said]


def _bare(text: str) -> str:
    """Return the text with the program's name and words that merely surround a question blanked out, all positions kept."""
    end, start = _end_before_marks(text, len(text)), len(text) - len(text.lstrip())
    if end - start > 1 and text[start] in OPENING and text[end - 1] in CLOSING:
        start, end = start + 1, _end_before_marks(text, end - 1)
    while start < end and (text[start].isspace() or text[start] == "`"):
        start += 1
    said = text[start:end]
    if PROGRAM in said[: len(PROGRAM) + 1].lower():
        called = rf"(?i)^[/@]?{PROGRAM}(?=\s+{vocabulary.pattern_of(COMMAND_OF_WORD)})"
        said = compiled(called).sub(lambda found: " " * len(found[0]), said)
    return f"{said:>{max(start, end)}}{' ' * (len(text) - max(start, end))}"


def _end_before_marks(text: str, end: int) -> int:
    while end and (text[end - 1].isspace() or text[end - 1] in TRAILING):
        end -= 1
    return end


@cache
def _tables() -> ParsingTables:
    text = grammar_text()
    return ParsingTables(cached_json("grammar.3.json", text, lambda: make_tables(text, words_of_terminals())))


def grammar_text() -> str:
    """Return the grammar in lark's notation, generated from the command, phrase and word tables.

    Commands with their own vocabulary have a rule each; the others share one, so that the parser stays small.
    """
    own = [command for command in COMMANDS.values() if _has_own_words(command)]
    shared = [command for command in COMMANDS.values() if command not in own]
    phrases = [name for name in PHRASES if any(name in command.takes for command in shared)]
    rules = [f"start: ({' | '.join(['shared', *map(_rule_name, own)])}) ASKED?"]
    rules += ["shared: SHARED (_joint? _phrase)*", f"_phrase: {' | '.join(phrases)}"]
    rules += [f"{name}: {name.upper()} {command.takes[0]}*" for command in own for name in (_rule_name(command),)]
    rules += [f"{phrase.name}: {phrase.rule}" for phrase in PHRASES.values()]
    rules += ["_joint: COMMA | COMMA? JOINT+ PER? | TIMES", f"_period: {PERIODS}"]
    terminals = {name: vocabulary.pattern_of(said) for name, said in words_of_terminals().items()} | {**vocabulary.PATTERNS}
    lines = [f"{name}: /{pattern}/i" for name, pattern in terminals.items()]
    return "\n".join([*rules, *lines, r"%ignore /\s+/"])


def words_of_terminals() -> dict[str, tuple[str, ...]]:
    """Return the terminals that match only fixed words, each with all its words."""
    own = {_rule_name(command).upper(): command.words for command in COMMANDS.values() if _has_own_words(command)}
    shared = (word for command in COMMANDS.values() if not _has_own_words(command) for word in command.words)
    choices = {name: tuple(word for said in kinds.values() for word in said) for name, kinds in vocabulary.CHOICES.items()}
    return {**own, "SHARED": tuple(shared), "COMMAND": tuple(COMMAND_OF_WORD), **vocabulary.KEYWORDS, **choices}


def _has_own_words(command: Command) -> bool:
    return len(command.takes) == 1 and command.takes[0] in OWN_WORDS


def _rule_name(command: Command) -> str:
    return "own_" + command.name.replace(" ", "_")


def _question(text: str, tree: Node, *, is_part: bool = False) -> Question:
    body = next(child for child in tree.children if isinstance(child, Node))
    command = COMMANDS[COMMAND_OF_WORD[" ".join(str(body.children[0]).lower().split())]]
    values: dict[str, Any] = {}
    served = None
    bare_tokens = False
    for node in body.children:
        if isinstance(node, Node):
            tokens = [token for token in node.children if isinstance(token, ParsedToken)]
            _take(text, values, command, PHRASES[node.data], tokens)
            if node.data == "users" and tokens[-1].lower() == EMPLOYEES and "audience" in command.takes:
                served = EMPLOYEES
            bare_tokens = bare_tokens or (node.data == "tokens" and tokens[-1].type == "TOKENS")
    if bare_tokens and "metered" in values and "prompt_tokens" not in values:
        values["prompt_tokens"] = values.pop("tokens")
    question = Question(command=command.name, **{"audience": served, **values})
    _check(text, question, () if is_part else command.needs)
    return question


def _take(text: str, values: dict[str, Any], command: Command, phrase: Phrase, tokens: Sequence[ParsedToken]) -> None:
    start, end = tokens[0].start_pos, tokens[-1].end_pos
    if phrase.name not in command.takes:
        raise MisplacedError(f'"{text[start:end]}" has no place in a question about {command.name}', text, start, end)
    try:
        value = phrase.read(tokens)
    except BadValueError as error:
        unit = re.sub(r"^[^A-Za-z%/]*", " ", text[start:end])
        instead = [said if " " in said else said + unit for said in error.instead]
        raise QuestionError(_sentence(str(error)), text, start, end, [*instead, phrase.examples[0]]) from None
    if phrase.name == "mix":
        values["mix"] = (*values.get("mix", ()), value)
    elif phrase.name == "vendors":
        said = (*values.get("vendors", ()), *value)
        values["vendors"] = tuple(key for key in EVERY_VENDOR if key in said)
    elif phrase.name in values:
        reason = f'Two values for one thing ({phrase.about}): "{text[start:end]}" is the second'
        apart = [f"; {text[start:end]}"] if (command.name, phrase.name) == ("portfolio", "org") else []
        raise MisplacedError(reason, text, start, end, apart)
    else:
        values[phrase.name] = value


def _check(text: str, question: Question, needs: Sequence[Need]) -> None:
    said = question.stated_values()
    for one, other, both in CONFLICTS:
        if one in said and other in said:
            raise _whole(f"Two values for one thing: {both} exclude each other", text, _without(question, other, one))
    total = sum((part.percent for part in question.mix), Decimal(0))
    if question.mix and total != Decimal(100):
        raise _whole(f"The mix adds to {plain_number(total)}%, not to 100%", text, _mend_mix(question, total))
    if question.buying == "payg" and question.discount:
        reason = "Pay-as-you-go is the price without a commitment, so no discount applies; write the price you were offered"
        raise _whole(reason, text, _without(question, "discount", "buying"))
    if question.actions and question.actions.per == "user" and question.users is None:
        raise _whole(f"Actions per user need the number of users, for example: {PHRASES['users'].examples[0]}", text)
    _check_ranges(question, text)
    for need in needs:
        if not need.holds(question):
            raise _whole(f'"{question.command}" {need.otherwise}', text)


def _check_ranges(question: Question, text: str) -> None:
    for name in question.ranges:
        low, high = getattr(question, name), getattr(question, RANGE_ENDS[name])
        if low is None:
            example = PHRASES[name].examples[0]
            raise _whole(f"A range needs both its ends, for example: {example} {PHRASES[RANGE_ENDS[name]].examples[0]}", text)
        if _of_what(low) != _of_what(high) or _size(low) >= _size(high):
            said = f"{PHRASES[name].say(low)} {PHRASES[RANGE_ENDS[name]].say(high)}"
            raise _whole(f"A range goes from less to more of the same, not from {said}", text)


def _of_what(end: object) -> object:
    return getattr(end, "per", getattr(end, "period", None))


def _size(end: ActionsInput | PerPeriod | Decimal) -> Decimal:
    if isinstance(end, PerPeriod):
        return end.amount
    return end.count if isinstance(end, ActionsInput) else end


def _without(question: Question, *names: str) -> list[str]:
    return [print_question(_without_phrase(question, name)) for name in names]


def _without_phrase(question: Question, name: str) -> Question:
    values: dict[str, Any] = {key: value for key, value in question.stated_values().items() if key != name}
    return Question(command=question.command, **values)


def _whole(reason: str, text: str, instead: Sequence[str] = ()) -> QuestionError:
    return QuestionError(_sentence(reason), text, 0, len(text), instead)


def _mend_mix(question: Question, total: Decimal) -> list[str]:
    last = question.mix[-1]
    rest = Decimal(100) - (total - last.percent)
    return [print_question(question._replace(mix=(*question.mix[:-1], MixPart(rest, last.actions))))] if rest > 0 else []


def _unreadable(text: str, position: int | None) -> QuestionError:
    if position is None:
        return _unfinished_error(text)
    start, end = word_at(text, position)
    said, command = text[start:end], command_of(text)
    if command is None:
        return QuestionError(f"I don't know the command {quote(said)}", text, start, end)
    counted = re.search(rf"(?<!\S)({vocabulary.NUMBER})\s+$", text[:start])
    kinds = [meter.name for meter in METERS.values() if said.lower() in meter.name.lower().split()]
    if counted and kinds:
        reason = f"Which {quote(said)} are meant? Say for example {counted[1]} {kinds[0]}"
        return QuestionError(reason, text, counted.start(1), end, [f"{counted[1]} {kind}" for kind in kinds])
    if counted and is_known(said):
        return _unit_missing_error(text, counted.start(1), counted[1], end)
    return QuestionError(_reason(said, command), text, start, end)


def _reason(said: str, command: Command) -> str:
    """Return why a word is misplaced."""
    if said[0] in FOREIGN:
        return f"I take amounts in US dollars; display_currency in app.yaml shows others beside them: {quote(said)}"
    if compiled(PERIOD_WORD).fullmatch(said):
        return f"Amounts are per day, month or year, not per {quote(said)}"
    if not is_known(said):
        return f"I don't know {quote(said)}"
    phrase = phrase_with(command, said)
    if phrase:
        return f"{quote(said)} needs its value, for example: {phrase.examples[0]}"
    return f"{command.name} does not take {quote(said)} here"


def quote(said: str) -> str:
    """Return the words in quotation marks that they do not contain themselves."""
    return f"'{said}'" if '"' in said else f'"{said}"'


def _unit_missing_error(text: str, start: int, number: str, end: int) -> QuestionError:
    """Return the error for a number without a unit; thousands separated by spaces are reported as such."""
    if re.fullmatch(r"\d{1,3}(?:\s\d{3})+", text[start:end]):
        joined = re.sub(r"\s", ",", text[start:end])
        return QuestionError(f"Write {quote(text[start:end])} as {joined}", text, start, end, [joined])
    return QuestionError(f"{quote(number)} of what? Say for example {number} users", text, start, start + len(number))


def _unfinished_error(text: str) -> QuestionError:
    start, end = word_at(text, len(text.rstrip()) - 1)
    said, command = text[start:end], command_of(text)
    if said[:1].isdigit():
        return QuestionError(f'"{said}" of what? Say for example {said} users', text, start, end)
    phrase = phrase_with(command, said) if command else None
    example = f", for example: {phrase.examples[0]}" if phrase else ""
    return QuestionError(f'The question ends after "{said}" and a value is missing{example}', text, start, end)


def word_at(text: str, position: int) -> tuple[int, int]:
    """Return the half-open range of the word at a position; a comma is a word."""
    if text[position] == ",":
        return position, position + 1
    start = max((text.rfind(mark, 0, position) for mark in " \t\n\r"), default=-1) + 1
    found = re.compile(r"[^\s]+?(?=[,?]?(?:\s|$))").match(text, start)
    return (start, found.end()) if found else (position, position + 1)


def command_of(text: str) -> Command | None:
    """Return the command at the start of the text."""
    first = first_word(text.lstrip())
    words = [word for word in COMMAND_OF_WORD if first_word(word) == first]
    found = compiled(rf"(?i)\s*({vocabulary.pattern_of(words)})").match(text) if words else None
    return COMMANDS[COMMAND_OF_WORD[" ".join(found[1].lower().split())]] if found else None


def is_known(word: str) -> bool:
    """Whether a rule of the language accepts the word."""
    return word.lower() in vocabulary.vocabulary() or bool(re.fullmatch(rf"\$?(?:{vocabulary.NUMBER})\s?%?", word))


def phrase_with(command: Command, word: str) -> Phrase | None:
    """Return the command's phrase that contains the word: the one that the word identifies earliest."""
    terminals = {name for name, said in vocabulary.KEYWORDS.items() if word.lower() in said} - NAMES_NOTHING
    orders = {name: re.findall(r"[A-Z]+", PHRASES[name].rule) for name in command.takes}
    places = {
        name: min(order.index(t) for t in terminals & set(order)) for name, order in orders.items() if terminals & set(order)
    }
    return PHRASES[min(places, key=places.__getitem__)] if places else None


def _sentence(reason: str) -> str:
    return reason[0].upper() + reason[1:]
