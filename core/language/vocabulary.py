"""The vocabulary of the language: every terminal of the grammar, as plain words or as a pattern."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.answer import FIGURES
from core.pricing import METERS, price_book, vendor_prices
from core.pricing import PLANS as PRICED_PLANS
from core.warehouse import statement_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NUMBER = r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\s?[kKmM](?!\w)|\s?(?:thousand|million)(?!\w))?"
END = r"(?![\w.]|,\d)"

KEYWORDS: Mapping[str, tuple[str, ...]] = {
    "USERS": ("users", "user", "seats", "seat", "employees", "people", "licences", "licenses"),
    "INTERACTIONS": ("interactions", "interaction", "conversations", "conversation", "chats", "chat", "sessions", "session"),
    "ACTIONS": ("actions", "action"),
    "USE_CASE": ("use case",),
    "CREDITS": ("credits", "credit"),
    "PACKS": ("packs", "pack"),
    "TOKENS": ("tokens", "token"),
    "PER": ("per", "a", "an"),
    "MONTH": ("month", "mo"),
    "YEAR": ("year", "yr"),
    "MONTHLY": ("monthly",),
    "YEARLY": ("yearly", "annually"),
    "DISCOUNT": ("discount",),
    "OFF": ("off",),
    "PREMIER": ("premier",),
    "DATA": ("data",),
    "CLOUD": ("cloud",),
    "SANDBOX": ("sandbox",),
    "PRODUCTION": ("production",),
    "UNKNOWN": ("unknown",),
    "VOICE": ("voice",),
    "RESOLVED": ("resolved",),
    "VOLUME": ("volume",),
    "GROWTH": ("growth", "growing"),
    "AGENTS": ("agents", "agent"),
    "AT": ("at", "with"),
    "JOINT": ("and", "with", "for", "plus", "at"),
    "EACH": ("each",),
    "SUPPORT": ("support",),
    "LAST": ("last",),
    "DAYS": ("days", "day"),
    "WEEKS": ("weeks", "week"),
    "MONTHS": ("months", "month"),
    "SINCE": ("since",),
    "FROM": ("from",),
    "TO": ("to", "until"),
    "AS": ("as",),
    "OF": ("of",),
    "TOP": ("top",),
    "BY": ("by",),
    "THEN": ("then",),
    "GRAIN": ("grain",),
    "SEED": ("seed",),
    "ORG": ("org",),
    "CARD": ("card",),
    "AGENT": ("agent",),
    "DEPARTMENT": ("department",),
    "TEAM": ("team",),
    "ONLY": ("only",),
    "TIER": ("tier",),
    "PROMPTS": ("prompts", "prompt"),
    "FOUNDATIONS": ("foundations",),
    "LEFT": ("left", "remaining"),
    "UNUSED": ("unused",),
    "OVERLAP": ("overlap",),
    "NO": ("no", "without"),
    "VENDORS": ("vendors", "vendor", "other vendors", "competitors"),
    "MESSAGES": ("messages", "message"),
}

WAYS_TO_BUY = tuple(key for key, plan in PRICED_PLANS.items() if plan.buying)
PLANS: Mapping[str, tuple[str, ...]] = {key: plan.words for key, plan in PRICED_PLANS.items() if not plan.buying}
OFFERED: Mapping[str, tuple[str, ...]] = {**PLANS, **{key: PRICED_PLANS[key].words for key in WAYS_TO_BUY}}
BUYING: Mapping[str, tuple[str, ...]] = {
    "payg": ("payg", "pay-as-you-go", "pay as you go"),
    "prepurchase": ("prepurchase", "pre-purchase", "prepurchased"),
    "precommit": ("precommit", "pre-commit"),
}
AUDIENCES: Mapping[str, tuple[str, ...]] = {
    "customers": ("customers", "customer-facing"),
    "employees": ("employees", "employee-facing", "staff"),
}
GROUPINGS: Mapping[str, tuple[str, ...]] = {
    "agent": ("agent", "agents"),
    "action": ("action", "actions"),
    "department": ("department", "departments"),
    "use case": ("use case", "use cases"),
    "environment": ("environment", "environments"),
    "org": ("org", "orgs"),
    "user": ("user", "users"),
    "type": ("type", "types"),
    "day": ("day", "days"),
    "week": ("week", "weeks"),
    "month": ("month", "months"),
    "quarter": ("quarter", "quarters"),
}
GRAINS: Mapping[str, tuple[str, ...]] = {"event": ("event", "events"), "hour": ("hour", "hourly"), "day": ("day", "daily")}
STATES: Mapping[str, tuple[str, ...]] = {state: (state,) for state in ("open", "acknowledged", "snoozed", "recovered", "closed")}
TOPICS: Mapping[str, tuple[str, ...]] = {topic: (topic,) for topic in price_book.topics()}
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    **{key: (key,) for key in (*FIGURES, *price_book.topics(), *price_book.claims(), *WAYS_TO_BUY)},
    **{key: (key, *(word for word in said if word not in price_book.topics())) for key, said in PLANS.items()},
}
CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "TOPIC": TOPICS,
    "SUBJECT": SUBJECTS,
    "QUERY": {name: (name,) for name in statement_names("queries") or ("none",)},
    "PLAN": PLANS,
    "OFFERED": OFFERED,
    "BUYING": BUYING,
    "AUDIENCE": AUDIENCES,
    "GROUPING": GROUPINGS,
    "GRAIN_NAME": GRAINS,
    "STATE": STATES,
    "METERED": {meter.key: meter.words for meter in METERS.values()},
    "VENDOR": vendor_prices.vendor_words(),
}


def pattern_of(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, longest first, whole words only, spaces as people type them."""
    longest_first = sorted(words, key=len, reverse=True)
    choices = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first)
    return rf"(?:{choices})(?![\w-])"


PATTERNS: Mapping[str, str] = {
    "NUMBER.1": NUMBER + END,
    "PERCENT.3": NUMBER + r"\s?(?:%|percent(?!\w))",
    "MONEY.3": r"[-−]?\$\s?" + NUMBER + END + "|" + NUMBER + r"\s?(?:usd|dollars?)(?!\w)",
    "DATE.4": r"\d{4}-\d{2}-\d{2}(?![\w-])",
    # Before a user's id; `200 user` is a number of people.
    "USER.5": r"user(?=\s+(?:[\"“]|005[a-z0-9]{12}|[^\s,;]+@))",
    "TIMES": r"[x×*](?=\s?\d)",
    "AND_MONTH.2": r"and\s+" + pattern_of(KEYWORDS["MONTH"]),
    "ALSO.5": r"(?:,\s*(?:and\s+|or\s+)?|(?:and|or|plus)\s+)" + pattern_of(name for names in OFFERED.values() for name in names),
    "SLASH": r"\/",
    "COMMA": r",",
    "ASKED": r"\?",
    "NAME": r"[^\s,;\"“”«»]+|\"[^\"\n]+\"|“[^”\n]+”",
}


def choice(terminal: str, text: str) -> str:
    """Return the key of the choice that the words stand for."""
    said = " ".join(text.lower().split())
    if terminal == "COMMAND":
        return said
    return next(key for key, words in CHOICES[terminal].items() if said in (word.lower() for word in words))


def vocabulary() -> frozenset[str]:
    """Return every single word that any rule accepts."""
    phrases = [word for words in KEYWORDS.values() for word in words]
    phrases += [word for choices in CHOICES.values() for words in choices.values() for word in words]
    return frozenset(word for phrase in phrases for word in phrase.split() if len(word) > 1)
