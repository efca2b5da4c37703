"""Slots: the amounts, prices, groupings, names and plans that a text says, each as a phrase of the strict language."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from core.answer import plain_number
from core.language.free_text.items import Pattern

if TYPE_CHECKING:
    from core.language.free_text.items import Board, Item, Match

WEEKS_A_YEAR, QUARTERS_A_YEAR = 52, 4
PUBLISHED_ACTIONS = Decimal("5.3")


class Rate(NamedTuple):
    """An amount with its period (day, week, month, quarter, year; empty where none was said), for each user where `each`."""

    amount: Decimal
    period: str = ""
    each: bool = False
    high: Decimal | None = None


@dataclass(slots=True)
class Slots:
    """What was said, by phrase of the strict language; `phrases` are ready, the others are put together at the end."""

    phrases: dict[str, str] = field(default_factory=dict)
    assumptions: list[str] = field(default_factory=list)
    users: Decimal | None = None
    interactions: Rate | None = None
    actions: Rate | None = None
    actions_per: str = ""
    loose: list[Item] = field(default_factory=list)
    asks: set[str] = field(default_factory=set)
    conflicts: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    def put(self, name: str, phrase: str) -> None:
        """Keep a phrase; a second one that differs is a conflict, which is asked about."""
        if self.phrases.setdefault(name, phrase) != phrase:
            self.conflicts.append(name)


def _number(item: Item) -> str:
    return plain_number(item.number.value or Decimal(0))


def _has_one_reading(*names: str):  # noqa: ANN202 - a predicate for Board.take
    def accept(match: Match) -> bool:
        return all(not match[name].number.readings for name in names if match.get(name))

    return accept


PERIOD_TAIL = "(?:(?:per|each)? per? p=period:*|e=each_period:*)?"
EACH = "(?:each=each (?:unit:users|group:user)?|per each=unit:users|per each=group:user)?"
AMOUNT = "(?:from)? n=num (?:to h=num)?"


def find_slots(board: Board) -> Slots:
    """Take every slot of the text. Numbers with two readings are left where they stand, so that they are asked about."""
    slots = Slots()
    _find_mix(board, slots)
    _find_prices(board, slots)
    _find_rates(board, slots)
    _find_amounts(board, slots)
    _find_flags(board, slots)
    _find_groupings(board, slots)
    return slots


# --- mixes


def _find_mix(board: Board, slots: Slots) -> None:
    part = "pct function? (?:at|multiple_mark|do)? num (?:unit:actions)?"
    whole = Pattern(f"{part}(?: (?:comma|to|plus)* {part})+")
    match = board.first(whole, "mix", lambda m: _adds_up([i for i in m.items if "pct" in i.tags]))
    if match:
        shares = [item for item in match.items if "pct" in item.tags]
        actions = [item for item in match.items if "num" in item.tags]
        slots.put("mix", ", ".join(f"{_number(s)}% x {_number(a)}" for s, a in zip(shares, actions, strict=True)))
        return
    listed = Pattern("num per num (?:per num)* (?:pct)? (?:at|do)? num per num (?:per num)* (?:unit:actions)?")
    match = board.first(listed, "mix", _is_list_of_shares)
    if match:
        numbers = [item for item in match.items if "num" in item.tags]
        half = len(numbers) // 2
        slots.put("mix", ", ".join(f"{_number(s)}% x {_number(a)}" for s, a in zip(numbers[:half], numbers[half:], strict=True)))


def _adds_up(shares: list[Item]) -> bool:
    return sum((item.number.value or Decimal(0) for item in shares), Decimal(0)) == Decimal(100)


def _is_list_of_shares(match: Match) -> bool:
    numbers = [item for item in match.items if "num" in item.tags]
    return len(numbers) % 2 == 0 and _adds_up(numbers[: len(numbers) // 2])


# --- prices and percentages


def _find_prices(board: Board, slots: Slots) -> None:
    usd = "(?:at)? m=money"
    for unit, name, per in (
        ("unit:actions", "action_price", "action"),
        ("(?:unit:interactions|per_interaction)", "conversation_price", "conversation"),
        ("(?:unit:users|group:user|each)", "seat_price", "seat"),
        ("unit:packs", "pack_price", "pack"),
    ):
        for match in board.take(Pattern(f"{usd} per {unit} (?:per p=period:*|e=each_period:*)?"), "price"):
            slots.put(name, f"${_number(match['m'])} per {per}{_yearly(match)}")
        if unit != "unit:packs":
            for match in board.take(Pattern(f"m=money {unit} (?:per p=period:*)?"), "price"):
                slots.put(name, f"${_number(match['m'])} per {per}{_yearly(match)}")
                slots.kinds.add(name)
    for match in board.take(Pattern("price_word (?:at)? (?:per unit:users)? m=money"), "price"):
        slots.put("seat_price", f"${_number(match['m'])} per seat")
    for pattern in (
        "(?:at)? p=pct (?:function)* (?:unit:credits)? discount (?:at|by)* (?:unit:credits)?",
        "discount (?:at|by|to)* p=pct",
        "p=pct (?:unit:credits) discount",
    ):
        for match in board.take(Pattern(pattern), "discount"):
            slots.put("discount", f"discount {_number(match['p'])}%")
    for pattern in ("growth (?:by|at)* p=pct PERIOD", "p=pct PERIOD growth PERIOD", "p=pct growth PERIOD"):
        tail = "(?:per x=period:*|e=each_period:*)?"
        for match in board.take(Pattern(pattern.replace("PERIOD", tail)), "growth"):
            period = _period_of(match)
            if period not in {"", "month", "year"}:
                slots.conflicts.append("growth")
            slots.put("growth", f"growth {_number(match['p'])}%{' per year' if period == 'year' else ''}")
    for tag, name in (("resolved", "resolved_share"), ("voice", "voice_share"), ("env:sandbox", "sandbox_share")):
        word = {"resolved_share": "resolved", "voice_share": "voice", "sandbox_share": "sandbox"}[name]
        for pattern in (f"p=pct (?:at|by)* {tag}", f"{tag} (?:at)? p=pct"):
            for match in board.take(Pattern(pattern), name):
                slots.put(name, f"{word} {_number(match['p'])}%")
    for match in board.take(Pattern("(?:p=pct)? data_cloud (?:at)? (?:p=pct)?"), "data_cloud"):
        share = match.get("p")
        slots.put("data_cloud", f"data cloud {_number(share)}%" if share else "data cloud")


def _yearly(match: Match) -> str:
    return " per year" if _period_of(match) == "year" else ""


def _period_of(match: Match) -> str:
    for name, kind in (("p", "period"), ("e", "each_period"), ("x", "period")):
        item = match.get(name)
        if item is not None and item.values(kind):
            return item.values(kind)[0]
    return ""


# --- amounts


def _find_rates(board: Board, slots: Slots) -> None:
    """Take interactions and actions with what they are of and how often."""
    unit = "(?:c=unit:calls|t=unit:tickets|unit:interactions)"
    tail = f"{EACH} {PERIOD_TAIL} {EACH} (?:per p=period:*|e=each_period:*)?"
    for match in board.take(
        Pattern(f"{EACH} (?:do)* {AMOUNT} (?:v=voice)? {unit} {tail}"), "interactions", _has_one_reading("n", "h")
    ):
        if slots.interactions is not None:
            slots.conflicts.append("interactions")
        slots.interactions = _rate(match)
        if match.get("c") or match.get("v"):
            slots.kinds.add("calls")
        if match.get("t"):
            slots.assumptions.append("Each ticket or case is taken as one interaction.")
    of = "(?:per_interaction|per (?:unit:interactions|unit:calls)|q=each|per u=unit:users|per u=group:user)?"
    pattern = f"(?:q=each)? {AMOUNT} (?:v=voice)? (?:s=env:sandbox)? unit:actions {of} {PERIOD_TAIL} (?:q=each|per u=unit:users)? (?:per p=period:*)?"
    for match in board.take(Pattern(pattern), "actions", _has_one_reading("n", "h")):
        if slots.actions is not None:
            slots.conflicts.append("actions")
        slots.actions = _rate(match)
        if match.get("v"):
            slots.put("voice_share", "voice 100%")
        if match.get("s"):
            slots.put("sandbox_share", "sandbox 100%")
        slots.actions_per = "user" if match.get("u") else "each" if match.get("q") else "month" if slots.actions.period else ""
    for match in board.take(Pattern("s=env:sandbox n=num unit:actions"), "actions", _has_one_reading("n")):
        slots.actions = Rate(match["n"].number.value or Decimal(0))
        slots.put("sandbox_share", "sandbox 100%")


def _rate(match: Match) -> Rate:
    high = match.get("h")
    return Rate(
        match["n"].number.value or Decimal(0),
        _period_of(match),
        match.get("each") is not None,
        high.number.value if high else None,
    )


def _find_amounts(board: Board, slots: Slots) -> None:
    for match in board.take(Pattern("n=num (?:unit:users|plan:per_user_add_on unit:users)"), "users", _has_one_reading("n")):
        if slots.users is not None:
            slots.conflicts.append("users")
        slots.users = match["n"].number.value
        if match.items[-1].phrase in {"employees", "mitarbeiter", "mitarbeitern", "mitarbeitende", "staff"}:
            slots.put("audience", "employees")
    for match in board.take(
        Pattern("(?:at)? m=money (?:each|per? p=period:*)? "), "money", lambda m: slots.users is not None and _is_seat_price(m)
    ):
        slots.put("seat_price", f"${_number(match['m'])} per seat")
        slots.assumptions.append(f"${_number(match['m'])} is taken as the price of a seat for a month.")
    for match in board.take(
        Pattern("n=num unit:credits PERIOD".replace("PERIOD", PERIOD_TAIL)), "credits", _has_one_reading("n")
    ):
        slots.put("credits", f"{_number(match['n'])} credits")
        if _period_of(match):
            slots.phrases["credits_period"] = _period_of(match)
    for match in board.take(Pattern("n=num unit:packs"), "packs", _has_one_reading("n")):
        slots.put("packs", f"{_number(match['n'])} packs")
    for match in board.take(Pattern("n=num unit:tokens (?:per unit:actions|each)?"), "tokens", _has_one_reading("n")):
        slots.put("tokens", f"{_number(match['n'])} tokens per action")
    for match in board.take(Pattern("top n=num"), "top", _has_one_reading("n")):
        slots.put("top", f"top {_number(match['n'])}")
    for match in board.take(Pattern("n=num unit:agents"), "major_agents", _has_one_reading("n")):
        slots.put("major_agents", f"{_number(match['n'])} agents")
    for match in board.take(Pattern("(?:at)? m=money PERIOD".replace("PERIOD", PERIOD_TAIL)), "spend"):
        period = _period_of(match)
        slots.put("spend", f"${_number(match['m'])}{' per year' if period == 'year' else ''}")
        slots.phrases["spend_period"] = period or "unsaid"
    # "9,000 a month": a rate of something that the text names elsewhere.
    if slots.interactions is None:
        for match in board.take(Pattern("n=num (?:per p=period:*|e=each_period:*)"), "bare_rate", _has_one_reading("n")):
            slots.interactions = Rate(match["n"].number.value or Decimal(0), _period_of(match))
            slots.kinds.add("bare_rate")
            break


def _is_seat_price(match: Match) -> bool:
    value = match["m"].number.value or Decimal(0)
    return 1 <= value <= 1000 and any(item.phrase in {"@", "at", "zu", "à", "for", "für", "each"} for item in match.items)  # noqa: PLR2004 - dollars a seat


# --- the rest


PLAN_NAMES = (
    "per_conversation", "flex_credits", "per_user_add_on", "per_user_industries", "edition_sales", "edition_service", "user_license",
    "per_resolution", "flex_pre_purchase", "flex_pre_commit", "flex_pay_as_you_go",
)  # fmt: skip


def _find_flags(board: Board, slots: Slots) -> None:
    if board.first(Pattern("premier"), "premier"):
        slots.put("premier", "premier")
    for match in board.take(Pattern("for:*"), "audience"):
        slots.put("audience", match.items[0].values("for")[0])
    if board.first(Pattern("voice"), "voice") and "voice_share" not in slots.phrases:
        slots.put("voice_share", "voice 100%")


def _find_groupings(board: Board, slots: Slots) -> None:
    """Take names of the wallet, what to group by, and plans."""
    for match in board.take(Pattern("e=group:environment"), "by", lambda m: "sandbox" in m["e"].phrase):
        slots.put("by", "by environment")
    both = board.first(Pattern("env:sandbox (?:to|per|function)? env:production"), "by") or board.first(
        Pattern("env:production (?:to|per|function)? env:sandbox"), "by"
    )
    if both:
        slots.put("by", "by environment")
    _find_names(board, slots)
    for match in board.take(Pattern("(?:by|per) g=group:*"), "by"):
        _group(slots, match["g"])
    for match in board.take(Pattern("(?:which) (?:top)? g=group:*"), "by"):
        _group(slots, match["g"])
        slots.kinds.add("which")
    for match in board.take(Pattern("top g=group:*"), "by"):
        _group(slots, match["g"])
    for match in board.take(
        Pattern("e=each_period:*"), "by", lambda m: m["e"].values("each_period")[0] in {"day", "week", "month"}
    ):
        slots.put("adverb", match["e"].values("each_period")[0])
    for match in board.take(Pattern("env:*"), "environment"):
        slots.put("environment", match.items[0].values("env")[0])
    plans = [match.items[0].values("plan")[0] for match in board.take(Pattern("plan:*"), "plan")]
    if plans:
        slots.phrases["plans"] = ",".join(dict.fromkeys(plans))


GROUP_ORDER = ("department", "org", "environment", "use case", "type", "action", "agent", "user", "day", "week", "month")


def _group(slots: Slots, item: Item) -> None:
    kinds = item.values("group")
    chosen = next((kind for kind in GROUP_ORDER if kind in kinds), kinds[0])
    if item.phrase in {"agent", "agents"}:
        chosen = "agent"
    slots.put("by", f"by {chosen}")


def _find_names(board: Board, slots: Slots) -> None:
    for kind in ("agent", "department", "org", "user", "team"):
        for pattern in (f"group:{kind} n=name:{kind}", f"n=name:{kind} group:{kind}"):
            for match in board.take(Pattern(pattern), kind):
                slots.put(kind, f'{kind} "{match["n"].names[kind]}"')
    for match in board.take(Pattern("n=name:*"), "name", lambda m: len(_kinds(m["n"])) == 1):
        kind = _kinds(match["n"])[0]
        slots.put(kind, f'{kind} "{match["n"].names[kind]}"')
    for match in board.take(Pattern("n=name:*"), "name"):
        kinds = [kind for kind in _kinds(match["n"]) if kind != "team"]
        chosen = "department" if "department" in kinds else kinds[0]
        slots.put(chosen, f'{chosen} "{match["n"].names[chosen]}"')
        if len(kinds) > 1:
            slots.assumptions.append(f"{match['n'].said} is taken as the {chosen} of that name.")
    for match in board.take(
        Pattern("g=group:* u=unknown"),
        "unknown_name",
        lambda m: bool(set(m["g"].values("group")) & {"agent", "department", "org"}),
    ):
        kind = next(k for k in ("department", "org", "agent") if k in match["g"].values("group"))
        slots.put(kind, f'{kind} "{match["u"].said}"')


def _kinds(item: Item) -> list[str]:
    return [kind for kind in item.values("name") if not (kind == "team" and "department" in item.names)]
