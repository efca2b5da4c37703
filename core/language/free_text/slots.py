"""Slots: a text's amounts, prices, groupings, names and plans, each as a phrase of the strict language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from core.answer import plain_number
from core.language.free_text.items import pattern
from core.language.free_text.metered_slots import find_metered
from core.language.free_text.spelling import is_common
from core.patterns import compiled
from core.pricing import price_book
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.language.free_text.items import Board, Item, PatternMatch


class StatedRate(NamedTuple):
    """An amount with its period (day, week, month, quarter, year; empty if none was given), per user if `each`."""

    amount: Decimal
    period: str = ""
    each: bool = False
    high: Decimal | None = None

    def at_end(self, *, is_high: bool) -> StatedRate:
        """Return the rate at one end of its range."""
        return self._replace(amount=self.high if is_high and self.high is not None else self.amount, high=None)


@dataclass(slots=True)
class Slots:
    """What was understood, by phrase of the strict language; `phrases` are complete, the rest is assembled at the end.

    others: every value of a phrase that was given several values, in order.
    """

    phrases: dict[str, str] = field(default_factory=dict)
    assumptions: list[str] = field(default_factory=list)
    users: Decimal | None = None
    users_high: Decimal | None = None
    interactions: StatedRate | None = None
    actions: StatedRate | None = None
    actions_per: str = ""
    conflicts: list[str] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)

    @property
    def ends(self) -> tuple[Slots, ...]:
        """The same slots at the low and at the high end of their ranges; none without a range."""
        if self.users_high is None and not any(rate and rate.high is not None for rate in (self.interactions, self.actions)):
            return ()
        low, high = (
            replace(
                self,
                phrases=dict(self.phrases),
                users=self.users_high if is_high and self.users_high is not None else self.users,
                users_high=None,
                interactions=self.interactions and self.interactions.at_end(is_high=is_high),
                actions=self.actions and self.actions.at_end(is_high=is_high),
            )
            for is_high in (False, True)
        )
        return low, high

    @property
    def is_priced(self) -> bool:
        """Whether the text gives an amount that can be priced."""
        amounts = {"mix", "spend", "credits", "packs", "metered"} & set(self.phrases)
        return bool(amounts or self.interactions or self.actions or self.users is not None)

    def put(self, name: str, phrase: str) -> None:
        """Keep a phrase; a second, different value is a conflict, and the asker is asked."""
        if self.phrases.setdefault(name, phrase) != phrase:
            self.conflicts.append(name)
            self.others.setdefault(name, [self.phrases[name]]).append(phrase)


def _number(item: Item) -> str:
    """Return an item's number in full. Raises: ValueError, if the item is not a number: no pattern may capture one as such."""
    if item.number.value is None:
        raise ValueError(f"{item.phrase} is not a number")
    return plain_number(item.number.value)


def _has_one_reading(*names: str) -> Callable[[PatternMatch], bool]:
    """Return a test of matches: whether each of the named numbers has only one reading."""

    def accept(match: PatternMatch) -> bool:
        found = [match.get(name) for name in names]
        return all(not item.number.readings for item in found if item)

    return accept


PERIOD_TAIL = "(?:(?:per|each)? per? p=period:*|e=each_period:*)?"
PERIOD_OF_ALL = "(?:per p=period:*|e=each_period:*)"
EACH = "(?:each=each (?:unit:users|group:user)?|each=each_of|per each=unit:users|per each=group:user)?"
AMOUNT = "(?:from)? n=num (?:to h=num)?"


def find_slots(board: Board) -> Slots:
    """Take every slot of the text. Numbers with two readings stay untaken, so that the asker is asked about them."""
    slots = Slots()
    _find_mix(board, slots)
    _find_top(board, slots)
    _find_vendors(board, slots)
    for name, phrase in find_metered(board):
        slots.put(name, phrase)
    _find_prices(board, slots)
    _find_percentages(board, slots)
    _find_rates(board, slots)
    _find_amounts(board, slots)
    _find_flags(board, slots)
    _find_groupings(board, slots)
    return slots


def _find_top(board: Board, slots: Slots) -> None:
    """Take `top 5`, and its noun if one follows: `top 5 actions`."""
    for text in ("top n=num (?:g=group:*)?", "n=num top (?:g=group:*)?"):
        for match in board.take(pattern(text), "top", _has_one_reading("n")):
            slots.put("top", f"top {_number(match['n'])}")
            if match.get("g"):
                _group(slots, match["g"])


def _find_vendors(board: Board, slots: Slots) -> None:
    """Take the named vendors, or all of them, and the messages per interaction, which some of them bill by."""
    named = [match.items[0].phrase for match in board.take(pattern("vendor:*"), "vendors")]
    if board.first(pattern("vendors"), "vendors") or named:
        slots.put("vendors", ", ".join(dict.fromkeys(named)) or "vendors")
    for match in board.take(pattern("n=num unit:messages (?:each|per_interaction|per unit:interactions)?"), "messages"):
        slots.put("messages", f"{_number(match['n'])} messages")


# --- mixes


def _find_mix(board: Board, slots: Slots) -> None:
    part = "pct function? (?:at|multiple_mark|do)? num (?:unit:actions)?"
    whole = pattern(f"{part}(?: (?:comma|to|plus)* {part})+")
    match = board.first(whole, "mix", lambda m: _adds_up([i for i in m.items if "pct" in i.tags]))
    if match:
        shares = [item for item in match.items if "pct" in item.tags]
        actions = [item for item in match.items if "num" in item.tags]
        slots.put("mix", ", ".join(f"{_number(s)}% x {_number(a)}" for s, a in zip(shares, actions, strict=True)))
        return
    listed = pattern("num per num (?:per num)* (?:pct)? (?:at|do)? num per num (?:per num)* (?:unit:actions)?")
    match = board.first(listed, "mix", _is_list_of_shares)
    if match:
        numbers = [item for item in match.items if "num" in item.tags]
        half = len(numbers) // 2
        slots.put("mix", ", ".join(f"{_number(s)}% x {_number(a)}" for s, a in zip(numbers[:half], numbers[half:], strict=True)))


def _adds_up(shares: list[Item]) -> bool:
    return sum((item.number.value or Decimal(0) for item in shares), Decimal(0)) == Decimal(100)


def _is_list_of_shares(match: PatternMatch) -> bool:
    numbers = [item for item in match.items if "num" in item.tags]
    return len(numbers) % 2 == 0 and _adds_up(numbers[: len(numbers) // 2])


# --- prices and percentages


PRICES = (
    ("unit:actions", "action_price", "action"),
    ("(?:unit:interactions|per_interaction)", "conversation_price", "conversation"),
    ("(?:unit:users|group:user|each)", "seat_price", "seat"),
    ("unit:packs", "pack_price", "pack"),
)
PERIOD = "(?:per p=period:*|e=each_period:*)?"


# Below this, a price "per licence" is not a seat price: the User Licence costs $5, and its usage is metered.
MIN_SEAT_USD = 20


def _is_price_of(name: str) -> Callable[[PatternMatch], bool]:
    """Return a test of matches: whether the money directly precedes the thing priced, and is a plausible price for it."""

    def accept(match: PatternMatch) -> bool:
        money = match["m"]
        follows = match.items[match.items.index(money) + 1].index == money.index + 1
        return follows and (name != "seat_price" or (money.number.value or 0) >= MIN_SEAT_USD)

    return accept


def _find_prices(board: Board, slots: Slots) -> None:
    """Take unit prices: `$0.08 per action`, `$125 seats`, `Lizenzpreis 110 $`."""
    for unit, name, per in PRICES:
        for text in (f"(?:at)? m=money per {unit} {PERIOD}", f"m=money {unit} {PERIOD}"):
            for match in board.take(pattern(text), "price", _is_price_of(name)):
                yearly = " per year" if _period_of(match) == "year" else ""
                slots.put(name, f"${_number(match['m'])} per {per}{yearly}")
    for match in board.take(pattern("price_word (?:at)? (?:per unit:users)? m=money"), "price"):
        slots.put("seat_price", f"${_number(match['m'])} per seat")


DISCOUNTS = (
    "(?:at)? p=pct (?:unit:credits)? discount (?:at|by)* (?:unit:credits)?",
    "discount (?:at|by|to)* p=pct",
)
GROWTHS = (f"growth (?:by|at)* s=pct {PERIOD}", f"s=pct {PERIOD} growth {PERIOD}")
SHARES = (
    ("resolved", "resolved_share", "resolved"),
    ("voice", "voice_share", "voice"),
    ("env:sandbox", "sandbox_share", "sandbox"),
)


def _find_percentages(board: Board, slots: Slots) -> None:
    _find_discounts(board, slots)
    for text in GROWTHS:
        for match in board.take(pattern(text), "growth"):
            period = _period_of(match)
            if period not in {"", "month", "year"}:
                slots.conflicts.append("growth")
            slots.put("growth", f"growth {_number(match['s'])}%{' per year' if period == 'year' else ''}")
    for tag, name, word in SHARES:
        for text in (f"p=pct (?:at|by)* {tag}", f"{tag} (?:at)? p=pct"):
            for match in board.take(pattern(text), name):
                slots.put(name, f"{word} {_number(match['p'])}%")
    for match in board.take(pattern("(?:p=pct)? data_cloud (?:at)? (?:p=pct)?"), "data_cloud"):
        share = match.get("p")
        slots.put("data_cloud", f"data cloud {_number(share)}%" if share else "data cloud")


def _find_discounts(board: Board, slots: Slots) -> None:
    found = [
        match for text in DISCOUNTS for match in board.take(pattern(text), "discount", lambda m: not _is_off_others(board, m))
    ]
    found += board.take(pattern("less p=pct"), "discount", lambda m: _follows_credits(board, m))
    for match in found:
        slots.put("discount", f"discount {_number(match['p'])}%")
    _find_list_beside_discount(board, slots)


def _follows_credits(board: Board, match: PatternMatch) -> bool:
    """Whether `less 18%` is off credits, as in `1.5M credits less 18%`; "less" after other things is not a discount."""
    before = [item for item in board.items[: match.items[0].index] if item.tags != {"function"}][-1:]
    return bool(before) and bool(before[0].tags & {"unit:credits", "unit:packs", "plan:flex_credits"})


def _find_list_beside_discount(board: Board, slots: Slots) -> None:
    """Ask back if the text wants both the list price and a discount: `at list and with 20% off`."""
    if "discount" in slots.phrases and any(item.phrase in LIST for item in board.items):
        slots.conflicts.append("discount")
        slots.others["discount"] = ["", slots.phrases["discount"]]


LIST = frozenset({"list", "list price", "list prices", "listenpreis", "listenpreise", "undiscounted"})
OTHERS = frozenset({"unit:interactions", "unit:users", "plan:per_conversation", "plan:per_user_add_on", "price_word"})


def _is_off_others(board: Board, match: PatternMatch) -> bool:
    """Whether a discount is off something other than credits, as in `10% off conversations`; no command supports that."""
    after = next((item for item in board.items[match.items[-1].index + 1 :] if item.tags != {"function"}), None)
    return after is not None and bool(after.tags & OTHERS) and after.index not in board.taken


def _period_of(match: PatternMatch) -> str:
    for name, kind in (("p", "period"), ("e", "each_period")):
        item = match.get(name)
        if item is not None and item.values(kind):
            return item.values(kind)[0]
    return ""


# --- amounts


INTERACTIONS = (
    f"{EACH} (?:do)* {AMOUNT} (?:v=voice)? (?:c=unit:calls|t=unit:tickets|unit:interactions)"
    f" {EACH} {PERIOD_TAIL} {EACH} (?:per p=period:*|e=each_period:*)?"
)
OF_WHAT = "(?:per_interaction|per (?:unit:interactions|unit:calls)|q=each|per u=unit:users|per u=group:user)?"
ACTIONS = (
    f"(?:(?:q=each|q=each_of) (?:do)*)? {AMOUNT} (?:v=voice)? (?:s=env:sandbox)? unit:actions {OF_WHAT} {PERIOD_TAIL}"
    " (?:q=each|per u=unit:users)? (?:per p=period:*)?"
)


OF_USE_CASE = f"{EACH} {AMOUNT} k=use_case:* (?:unit:interactions|unit:tickets|unit:calls)? {PERIOD_TAIL}"


def _find_use_case(board: Board, slots: Slots) -> None:
    """Take interactions of a published use case, such as `10000 faq` or `faq 10000 a month`, with its actions."""
    match = board.first(pattern(OF_USE_CASE), "interactions", _has_one_reading("n", "h"))
    match = match or board.first(pattern(f"k=use_case:* {AMOUNT} {PERIOD_OF_ALL}"), "interactions", _has_one_reading("n", "h"))
    if match is None:
        return
    slots.interactions = _rate(match, slots)
    _take_actions_of(match["k"], board, slots)


def _take_actions_of(named: Item, board: Board, slots: Slots) -> None:
    """Keep the published actions of a use case, unless the text gives actions of its own."""
    case = next(one for one in price_book.use_cases() if one.key == named.values("use_case")[0])
    low, high = case.actions_low, case.actions_high
    if not any("unit:actions" in item.tags for item in board.items) and "mix" not in slots.phrases:
        slots.actions = StatedRate(Decimal(low), high=Decimal(high) if high > low else None)
        taken = f"{low} to {high}" if high > low else f"{low}"
        slots.assumptions.append(f"{case.label}: {taken} actions per interaction, as published ({case.source.title}).")


def _find_rates(board: Board, slots: Slots) -> None:
    """Take interactions and actions with their subject and period."""
    _find_use_case(board, slots)
    for match in board.take(pattern(INTERACTIONS), "interactions", _has_one_reading("n", "h")):
        if slots.interactions is not None:
            slots.conflicts.append("interactions")
        slots.interactions = _rate(match, slots)
        if match.get("c") or match.get("v"):
            slots.kinds.add("calls")
        if match.get("t"):
            slots.assumptions.append("Each ticket or case is taken as one interaction.")
    for match in board.take(pattern("k=use_case:*"), "use_case", lambda _: slots.interactions is not None):
        _take_actions_of(match["k"], board, slots)  # `AI SDR, 8k leads`
    _find_actions(board, slots)


def _find_actions(board: Board, slots: Slots) -> None:
    for text in (ACTIONS, "s=env:sandbox n=num unit:actions", "unit:actions from n=num to h=num"):
        for match in board.take(pattern(text), "actions", _has_one_reading("n", "h")):
            if slots.actions is not None:
                slots.conflicts.append("actions")
            slots.actions = _rate(match, slots)
            slots.actions_per = "user" if match.get("u") else "each" if match.get("q") else ""
            if match.get("v"):
                slots.put("voice_share", "voice 100%")
            if match.get("s"):
                slots.put("sandbox_share", "sandbox 100%")


def _rate(match: PatternMatch, slots: Slots) -> StatedRate:
    low, high = _ends(match, slots)
    return StatedRate(low, _period_of(match), match.get("each") is not None, high)


SCALED = r"([\d.,']+)\s?([^\W\d_]+\.?)"


def _ends(match: PatternMatch, slots: Slots) -> tuple[Decimal, Decimal | None]:
    """Return the amount, and the high end of a range; `20-30k` is 20,000 to 30,000, and the answer says so."""
    low, high = match["n"].number, match.get("h")
    value = low.value or Decimal(0)
    if high is None or high.number.value is None:
        return value, None
    scaled = compiled(SCALED).fullmatch(high.number.text)
    if scaled and low.text.isdigit():
        scale = high.number.value / Decimal(scaled[1].replace(",", "."))
        if value * scale < high.number.value:
            value *= scale
            slots.assumptions.append(f"{low.text}-{high.number.text} is taken as {value:,f} to {high.number.value:,f}.")
    return value, high.number.value


# Amounts that are one phrase each: pattern, phrase of the strict language, its wording.
AMOUNTS = (
    ("n=num unit:packs", "packs", "{} packs"),
    ("n=num unit:tokens (?:per unit:actions|each)?", "tokens", "{} tokens per action"),
    ("n=num unit:agents", "major_agents", "{} agents"),
)
EMPLOYEES = frozenset({"employees", "mitarbeiter", "mitarbeitern", "mitarbeitende", "staff"})


def _find_amounts(board: Board, slots: Slots) -> None:
    _find_users(board, slots)
    for match in board.take(pattern(f"n=num unit:credits {PERIOD_TAIL}"), "credits", _has_one_reading("n")):
        slots.put("credits", f"{_number(match['n'])} credits")
        if _period_of(match):
            slots.put("credits_period", _period_of(match))
    for match in board.take(pattern("n=num free_credits"), "free_credits", _has_one_reading("n")):
        slots.kinds.add("free_credits")
        slots.assumptions.append(f"You said {match['n'].number.value:,f} free credits; those of Foundations in force are taken.")
    for text, name, written in AMOUNTS:
        for match in board.take(pattern(text), name, _has_one_reading("n")):
            slots.put(name, written.format(_number(match["n"])))
    for match in board.take(pattern(f"(?:at)? m=money {PERIOD_TAIL}"), "spend"):
        period = _period_of(match)
        slots.put("spend", f"${_number(match['m'])}{' per year' if period == 'year' else ''}")
        slots.put("spend_period", period or "unsaid")
    _find_price_of_conversations(slots)
    is_of_interactions = slots.actions is not None or any("unit:interactions" in item.tags for item in board.items)
    if slots.interactions is None and is_of_interactions:  # "9,000 a month": of the text's subject
        bare = board.first(pattern("n=num (?:per p=period:*|e=each_period:*)"), "bare_rate", _has_one_reading("n"))
        if bare:
            slots.interactions = StatedRate(bare["n"].number.value or Decimal(0), _period_of(bare))
            slots.kinds.add("bare_rate")


def _find_price_of_conversations(slots: Slots) -> None:
    """Read a bare `$2` next to interactions as the list price of a conversation, which is what people mean by it."""
    if slots.interactions is not None and slots.phrases.get("spend") == "$2" and slots.phrases.get("spend_period") == "unsaid":
        del slots.phrases["spend"], slots.phrases["spend_period"]
        slots.put("conversation_price", "$2 per conversation")
        slots.assumptions.append("$2 is taken as the price of a conversation.")


def _find_users(board: Board, slots: Slots) -> None:
    """Take users, and the price per user that follows them: `250 seats @ $110`."""
    for match in board.take(pattern(f"{AMOUNT} (?:plan:per_user_add_on)? unit:users"), "users", _has_one_reading("n", "h")):
        if slots.users is not None:
            slots.conflicts.append("users")
        slots.users, slots.users_high = _ends(match, slots)
        if match.items[-1].phrase in EMPLOYEES:
            slots.put("audience", "employees")
    if slots.users is not None:
        for match in board.take(pattern("(?:at)? m=money (?:each|per p=period:*)?"), "money", _is_seat_price):
            slots.put("seat_price", f"${_number(match['m'])} per seat")
            slots.assumptions.append(f"${_number(match['m'])} is taken as the price of a seat for a month.")


def _is_seat_price(match: PatternMatch) -> bool:
    value = match["m"].number.value or Decimal(0)
    return 1 <= value <= 1000 and any(item.phrase in {"@", "at", "zu", "à", "for", "für", "each"} for item in match.items)  # noqa: PLR2004 - dollars a seat


# --- the rest


def _find_loose_shares(board: Board, slots: Slots) -> None:
    """Take a share that other words separate from its percentage: `65% of our 12,000 chats get resolved`."""
    shares = [item for item in board.left() if "pct" in item.tags]
    for tag, name, word in SHARES:
        of_what = [item for item in board.left() if tag in item.tags]
        if len(shares) == len(of_what) == 1 and name not in slots.phrases:
            first, last = sorted(item.index for item in (*shares, *of_what))
            if not any(first < item.index < last and "unit:actions" not in item.tags for item in board.left()):
                board.take_items((*shares, *of_what), name)
                slots.put(name, f"{word} {_number(shares[0])}%")


def _find_flags(board: Board, slots: Slots) -> None:
    _find_loose_shares(board, slots)
    if board.first(pattern("premier"), "premier"):
        slots.put("premier", "premier")
    for match in board.take(pattern("for:*"), "audience"):
        slots.put("audience", match.items[0].values("for")[0])
    if board.first(pattern("voice"), "voice") and "voice_share" not in slots.phrases:
        slots.put("voice_share", "voice 100%")


BOTH_ENVIRONMENTS = "group:environment"


def _find_periods_of_prices(board: Board, slots: Slots) -> None:
    """Take `per month` in "what do we pay per month at 80k actions": answers give both month and year."""
    if slots.is_priced:
        for _ in board.take(pattern("per g=group:*"), "period", lambda m: bool({"month", "year"} & set(m["g"].values("period")))):
            slots.kinds.add("period")


def _find_groupings(board: Board, slots: Slots) -> None:
    """Take wallet names, groupings and plans."""
    _find_periods_of_prices(board, slots)
    for text in (BOTH_ENVIRONMENTS, "env:sandbox (?:to|per)? env:production", "env:production (?:to|per)? env:sandbox"):
        if board.first(pattern(text), "by", lambda match: len(match.items) > 1 or "sandbox" in match.items[0].phrase):
            slots.put("by", "by environment")
    _find_names(board, slots)
    for match in board.take(pattern("by g=group:* (?:to|plus|comma)? (?:by)? h=group:*"), "by", _are_two_groupings):
        _group(slots, match["g"])
        _group(slots, match["h"])
    for match in board.take(pattern("(?:by|per) g=group:*"), "by"):
        _group(slots, match["g"])
    for match in board.take(pattern("(?:which) (?:top)? g=group:*"), "by", lambda m: _is_grouping(board, m)):
        _group(slots, match["g"])
        slots.kinds.add("which")
    for match in board.take(pattern("top g=group:*"), "by"):
        _group(slots, match["g"])
    for match in board.take(
        pattern("e=each_period:*"), "by", lambda m: m["e"].values("each_period")[0] in {"day", "week", "month", "quarter"}
    ):
        slots.put("adverb", match["e"].values("each_period")[0])
    for match in board.take(pattern("env:*"), "environment"):
        slots.put("environment", match.items[0].values("env")[0])
    plans = [match.items[0].values("plan")[0] for match in board.take(pattern("plan:*"), "plan")]
    if plans:
        slots.phrases["plans"] = ",".join(dict.fromkeys(plans))


def _is_grouping(board: Board, match: PatternMatch) -> bool:
    """Whether the text asks which one, as in `what agent`; `what does an action` asks about the thing itself."""
    between = board.items[match.items[0].index + 1 : match["g"].index]
    return not any(item.phrase in {"does", "do", "is", "an", "a"} for item in between)


def _are_two_groupings(match: PatternMatch) -> bool:
    """Whether two adjacent grouping words mean two groupings: `by agent and month`, not `by use case agent`."""
    first, second = match["g"], match["h"]
    return second.index > first.index + 1 and not set(first.values("group")) & set(second.values("group"))


GROUP_ORDER = (
    "department",
    "org",
    "environment",
    "use case",
    "type",
    "action",
    "agent",
    "user",
    "day",
    "week",
    "month",
    "quarter",
)


def _group(slots: Slots, item: Item) -> None:
    """Keep a grouping; a second, different one is added, and the asker is asked about a third."""
    kinds = item.values("group")
    chosen = next((kind for kind in GROUP_ORDER if kind in kinds), kinds[0])
    if item.phrase in {"agent", "agents"}:
        chosen = "agent"
    first = slots.phrases.get("by", f"by {chosen}")
    slots.put("by" if first == f"by {chosen}" else "then_by", f"{'' if first == f'by {chosen}' else 'then '}by {chosen}")


def _find_names(board: Board, slots: Slots) -> None:
    for kind in ("agent", "department", "org", "action", "user", "team", "use case"):
        for text in (f"group:{kind} n=name:{kind}", f"n=name:{kind} group:{kind}"):
            for match in board.take(pattern(text), kind):
                _put_name(slots, kind, match["n"].names[kind])
    for match in board.take(pattern("n=name:*"), "name", lambda m: len(_kinds(m["n"])) == 1):
        kind = _kinds(match["n"])[0]
        _put_name(slots, kind, match["n"].names[kind])
    for match in board.take(pattern("n=name:*"), "name"):
        kinds = [kind for kind in _kinds(match["n"]) if kind != "team"]
        spelled = [kind for kind in kinds if match["n"].names[kind] == match["n"].said]
        chosen = spelled[0] if len(spelled) == 1 else "department" if "department" in kinds else kinds[0]
        _put_name(slots, chosen, match["n"].names[chosen])
        if len(kinds) > 1:
            slots.assumptions.append(f"{match['n'].said} is taken as the {chosen} of that name.")
    for match in board.take(
        pattern("g=group:* u=unknown"),
        "unknown_name",
        lambda m: (
            bool(set(m["g"].values("group")) & {"agent", "department", "org", "user", "use case"}) and _is_like_a_name(m["u"])
        ),
    ):
        kind = next(k for k in ("department", "org", "agent", "user", "use case") if k in match["g"].values("group"))
        _put_name(slots, kind, match["u"].said)
    for match in board.take(pattern("(?:group:user|unit:users)? u=user_id"), "user"):
        slots.put("user", f'user "{match["u"].said}"')
    _find_unknown_agent(board, slots)


def _put_name(slots: Slots, kind: str, name: str) -> None:
    slots.put(kind.replace(" ", "_"), f'{kind} "{name}"')


def _find_unknown_agent(board: Board, slots: Slots) -> None:
    """Take an unknown name with an underscore as an agent's: the answer says that there is none, and lists the known ones."""
    for match in board.take(pattern("u=unknown"), "unknown_name", lambda m: bool(compiled(AGENT_NAME).fullmatch(m["u"].said))):
        slots.put("agent", f'agent "{match["u"].said}"')


def _is_like_a_name(item: Item) -> bool:
    """Whether an unknown word can be a name: written like one, or not a word of English or German."""
    is_written_so = item.said != item.phrase or "_" in item.said
    return not re.fullmatch(r"x\d+", item.phrase) and (is_written_so or not is_common(item.phrase))


AGENT_NAME = r"[^\W\d_]\w*_\w*[^\W_]"


def _kinds(item: Item) -> list[str]:
    return [kind for kind in item.values("name") if not (kind == "team" and "department" in item.names)]
