"""Whole questions about one thing: what it is, and what one of it costs. `what is an action` is about no wallet."""

from __future__ import annotations

import re

from core.language.free_text import lexicon

ARTICLE = r"(?:(?:an?|one|the|eine?|eine[nmrs]|die|der|das|den) )?"
LEAD = r"(?:(?:hey|hi|hello|so|and|ok|please|pls|hallo|moin) )*"
MEANING = tuple(
    re.compile(LEAD + pattern)
    for pattern in (
        rf"(?:what is|what's|whats|what are|was ist|was sind|define|explain|erkläre?) {ARTICLE}(?P<thing>.+)",
        rf"(?:what does|was bedeutet|was heißt) {ARTICLE}(?P<thing>.+?)(?: mean)?",
        r"(?P<thing>.+) (?:meaning|definition)",
    )
)
PRICE = tuple(
    re.compile(LEAD + pattern)
    for pattern in (
        rf"(?:what does|what do|how much does|how much do) {ARTICLE}(?P<thing>.+?) costs?(?: now| today)?",
        rf"how much (?:is|are|for) {ARTICLE}(?P<thing>.+)",
        rf"(?:what is |what's |whats )?(?:the )?(?:current |list )?(?:price|cost|rate) (?:of|for) {ARTICLE}(?P<thing>.+)",
        rf"(?:was kostet|was kosten|wie teuer ist|wie viel kostet|wieviel kostet) {ARTICLE}(?P<thing>.+)",
        rf"(?:der )?(?:preis|kosten) (?:für|von|einer|eines|pro|je) {ARTICLE}(?P<thing>.+)",
        r"(?P<thing>.+?)(?: |-)?(?:price|pricing|preis|list price|listenpreis)",
    )
)


def definitions(text: str) -> list[str]:
    """Return the questions about the one thing that the whole text asks to have explained or priced; none for other texts.

    Several where people use one word for several things, such as a licence.
    """
    words = " ".join(re.sub(r"[?!.,;:\"“”]+(?=\s|$)", " ", text.lower().replace("’", "'")).split())
    for patterns, table, command in (
        (MEANING, lexicon.subjects(), "explain"),
        (PRICE, lexicon.price_topics(), "prices"),
    ):
        for pattern in patterns:
            found = pattern.fullmatch(words)
            if found and found["thing"] in table:
                return [f"{command} {topic}" for topic in table[found["thing"]].split(", ")]
    return []
