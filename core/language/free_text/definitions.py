"""Whole questions about one thing: what it is, and what one unit costs. `what is an action` does not involve the wallet."""

from __future__ import annotations

import re

from core.language.free_text import lexicon
from core.patterns import compiled

ARTICLE = r"(?:(?:an?|one|the|eine?|eine[nmrs]|die|der|das|den) )?"
LEAD = r"(?:(?:hey|hi|hello|so|and|ok|please|pls|hallo|moin) )*"
# Every text that a pattern matches contains one of its first words; for other texts it is not even compiled.
MEANING = (
    (
        ("what", "was ", "define", "explain", "erklär"),
        rf"(?:what is|what's|whats|what are|was ist|was sind|define|explain|erkläre?) {ARTICLE}(?P<thing>.+)",
    ),
    (("what does", "was "), rf"(?:what does|was bedeutet|was heißt) {ARTICLE}(?P<thing>.+?)(?: mean)?"),
    ((" meaning", " definition"), r"(?P<thing>.+) (?:meaning|definition)"),
)
PRICE = (
    ((" cost",), rf"(?:what does|what do|how much does|how much do) {ARTICLE}(?P<thing>.+?) costs?(?: now| today)?"),
    (("how much ",), rf"how much (?:is|are|for) {ARTICLE}(?P<thing>.+)"),
    (
        ("price ", "cost ", "rate "),
        rf"(?:what is |what's |whats )?(?:the )?(?:current |list )?(?:price|cost|rate) (?:of|for) {ARTICLE}(?P<thing>.+)",
    ),
    (("was kost", "wie"), rf"(?:was kostet|was kosten|wie teuer ist|wie viel kostet|wieviel kostet) {ARTICLE}(?P<thing>.+)"),
    (("preis ", "kosten "), rf"(?:der )?(?:preis|kosten) (?:für|von|einer|eines|pro|je) {ARTICLE}(?P<thing>.+)"),
    (("pric", "preis"), r"(?P<thing>.+?)(?: |-)?(?:price|pricing|preis|list price|listenpreis)"),
)


def definitions(text: str) -> list[str]:
    """Return the questions about the one thing that the whole text asks to explain or price; none for other texts.

    Several if people use one word for several things, such as a licence.
    """
    words = " ".join(re.sub(r"[?!.,;:\"“”]+(?=\s|$)", " ", text.lower().replace("’", "'")).split())
    for patterns, table, command in (
        (MEANING, lexicon.subjects(), "explain"),
        (PRICE, lexicon.price_topics(), "prices"),
    ):
        for first_words, pattern in patterns:
            found = compiled(LEAD + pattern).fullmatch(words) if any(word in words for word in first_words) else None
            if found and found["thing"] in table:
                return [f"{command} {topic}" for topic in table[found["thing"]].split(", ")]
    return []
