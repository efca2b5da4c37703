"""Decides on what people type: whether we were asked, what the question is, and who sees the answer.

A slash command and a message to the app alone are always for us; a mention is where somebody speaks to us and not about us.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.slack.origin import SlackOrigin, place_of
from bot.slack.typed_text import plain_text, without_bullet
from core.errors import QuestionError
from core.language import read
from core.questions import likely_question
from core.records import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

THANKED = "+1"
DIRECT = "im"
# Messages that a person typed, though they have a subtype; all others come from programs or are notes about something else.
TYPED = frozenset({"thread_broadcast", "me_message", "file_share"})
EDITED = "message_changed"

MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")
CALL = re.compile(r"<!(?:subteam\^[A-Z0-9]+|here|channel|everyone)(?:\|([^<>]*))?>")
US, THEM = "\ue010", "\ue011"
_OTHERS = rf"(?:{THEM}[^{THEM}]*{THEM})"

WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_GREETING = (
    r"hey|hi|hello|hallo|moin|servus|grüezi|yo|dear|ok(?:ay)?|so|well|and|please|pls|bitte|there|"
    r"good (?:morning|afternoon|evening)|guten (?:morgen|tag|abend)|"
    r"(?:a )?(?:quick )?question(?: for)?|(?:eine )?frage(?: an)?"
)
_AUDIENCE = r"(?:team|all|everyone|everybody|folks|guys|there|zusammen|alle)"
GREETING = re.compile(rf"(?:(?:{_GREETING})(?: {_AUDIENCE})?\b|{_OTHERS}|[\s,.:;!–—-])*", re.IGNORECASE)
GREETED = re.compile(rf"(?:hey|hi|hello|hallo|moin|servus|guten \w+|good \w+) {_AUDIENCE}\s*[,:!.\n–—-]+\s*", re.IGNORECASE)
# Words that, alone or together, ask nothing.
PLEASANTRY = re.compile(
    r"a|again|all|alright|are|awesome|best|both|bot|cheers|cool|danke?|dir|do|euch|everyone|fine|folks|for|gern|good|got|great|gut|"
    r"haha|helps|is|it|job|k|lol|lot|love|merci|much|my|neat|nice|nope?|noted|np|ok|okay|one|perfekt|perfect|right|schön|sehr|so|"
    r"sounds|super|sure|sweet|team|thanks?|that'?s?|the|there|this|thx|toll|ty|understood|very|vielen|well|will|work|wow|yay|"
    r"yeah|ye[ps]|you",
    re.IGNORECASE,
)
THANKS = re.compile(r"(?:many |vielen |herzlichen )?(?:thanks?(?: you| u)?|thx|ty|danke|dank|merci|cheers)\b", re.IGNORECASE)
THANKED_FOR = re.compile(rf"{THANKS.pattern}(?:\s+(?:so much|a lot|very much|sehr|schön|again|all|both|{US}))*\s*", re.IGNORECASE)
THANKED_AT_THE_END = re.compile(
    rf"(?<=[\w%)\"])\s*[.!?;,–—-]?\s+{THANKS.pattern}"
    rf"(?:\s+(?:in advance|im voraus|so much|a lot|very much|sehr|schön|all|{US}))*[\s.!]*$",
    re.IGNORECASE,
)
# What is about somebody, not to somebody: words before a name, and verbs behind it.
FOR_THE_RECORD = re.compile(r"^\W*(?:fyi|cc|cc'ing|zur info|zk|btw|via|nb|heads[- ]up)\b(?!.*\?\s*$)", re.IGNORECASE | re.DOTALL)
ABOUT_US = re.compile(
    r"\b(?:ask|asked|asking|from|by|via|per|to|with|using|use|used|through|than|like|love|tell|told|about|see|saw|check|that|what|"
    r"fragt?|gefragt|von|laut|mit|bei|says?|said|added|add|invited?|remove[d]?|installed|try|tried|of|is|is this|was)\s*$",
    re.IGNORECASE,
)
SAID_OF_US = re.compile(
    r"^\s*(?:posted|posts|says|said|thinks|told|tells|wrote|writes|showed|shows|sent|sends|answered|answers|reported|reports|replied|"
    r"gave|gives|pinged|alerted|flagged|just|already|looks|seems|works|worked|helps|helped|hat|sagt|sagte|schreibt|schrieb|meint|"
    r"meldet|meldete|zeigt|and|und)\b",
    re.IGNORECASE,
)
SOMETIMES_SAID_OF_US = re.compile(
    r"^\s*(?:is|was|has|had|does|did|can|could|will|would|should|ist|war|kann|wird)\b", re.IGNORECASE
)


class HeardQuestion(NamedTuple):
    """A question and where it was asked. text: as the language takes it; empty asks for help.

    key: the message that asks, None where it cannot be edited. edit: the time of its latest edit, empty where there is none.
    """

    text: str
    place: SlackOrigin
    key: tuple[str, str] | None = None
    edit: str = ""


class Remark(NamedTuple):
    """Something said that asks nothing. reaction: the emoji that fits below it, None where silence fits better."""

    place: SlackOrigin
    timestamp: str
    reaction: str | None


def own_ids(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the app's member ids, as an event's authorizations have them; none where the event does not say."""
    return frozenset(str(one["user_id"]) for one in body.get("authorizations") or () if one.get("is_bot") and one.get("user_id"))


def hear(body: Mapping[str, Any], own: Collection[str]) -> HeardQuestion | Remark | None:
    """Return what somebody asks with a slash command or a message; None where no person says anything to us.

    own: the app's member ids. It reads the text as a question, which takes a millisecond or ten.
    """
    if "event" not in body:
        place = place_of(body)
        return HeardQuestion(question_of(body.get("text", "")), place) if place else None
    event = find_typed_message(body["event"])
    if event is None or event["user"] in own:
        return None
    is_direct = event.get("channel_type") == DIRECT
    if not is_direct and event["type"] != "app_mention":
        return None
    place = place_of({**body, "event": event})
    if place is None:
        return None
    said = event.get("text") or ""
    text = _question_among_others(said, own)
    if text is None:
        return Remark(place, event["ts"], _reaction(said))
    edit = str((event.get("edited") or {}).get("ts", ""))
    return HeardQuestion(text, place, (str(event["channel"]), str(event["ts"])), edit)


def find_typed_message(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a message that a person typed, of an edit the message as it stands now; None for anything else.

    Slack tells of an edit also where it has only added a preview of a link; then nobody typed anything.
    """
    if event.get("subtype") == EDITED:
        now, before = event.get("message") or {}, event.get("previous_message") or {}
        if "edited" not in now or now.get("text") == before.get("text"):
            return None
        return find_typed_message(
            {**now, "type": event["type"], "channel": event["channel"], "channel_type": event.get("channel_type")}
        )
    is_typed = event.get("subtype") is None or event["subtype"] in TYPED
    return dict(event) if is_typed and "bot_id" not in event and event.get("user") else None


def question_of(said: str) -> str:
    """Return the question of a text that is for us alone."""
    text = _named(plain_text(MENTION.sub(lambda found: f"{THEM}@{found[2] or found[1]}{THEM}", said)))
    return _or_help(_without_thanks(GREETED.sub("", text, count=1)))


def _without_thanks(text: str) -> str:
    """Return the text without thanks in a sentence of their own at its end."""
    return THANKED_AT_THE_END.sub("", text)


def _without_us(text: str) -> str:
    """Return the text without our name; two numbers around it do not become one."""
    return re.sub(rf"(?<=\d)\s*{US}\s*(?=\d)", " and ", text).replace(US, " ")


def _or_help(text: str) -> str:
    return text if text.strip(" ?!.,") else ""


def _question_among_others(said: str, own: Collection[str]) -> str | None:
    """Return the question of a message in a conversation, None where it asks us nothing."""
    marked = _marked(said, own)
    text = _without_thanks(plain_text(marked))
    bare = _named(_without_us(text))
    is_a_face = not bare and bool(re.search(rf"[^\s{US}{THEM}?!.,]", _named(marked.replace(US, " "))))
    if is_a_face or _is_pleasantry(text, bare):
        return None
    before, is_named, after = text.partition(US)
    after = _without_us(after)
    if not is_named:
        return _or_help(GREETED.sub("", bare, count=1))
    ours, talk = _named(without_bullet(after.lstrip(" ,:;–—-"))), _without_greeting(before)
    is_called = bool(re.match(r"\s*[,:]", after)) or bool(re.search(r"[.!?\n]\s*$", before))
    if _is_about_us(before, after, bare, is_called=is_called) and not (_is_strict(ours) and not FOR_THE_RECORD.match(before)):
        return None
    if _is_question(ours) and not _holds_content(talk):
        return ours
    if ours and is_called and not _holds_content(talk):
        return ours
    rest = without_bullet(after.lstrip(" ,:;"))
    asked = " ".join(_named(_without_us(f"{talk}{US}{rest}")).split())
    return _or_help(re.sub(r"\s*,\s*\?$", "?", asked.strip(" ,:;–—-")))


def _marked(said: str, own: Collection[str]) -> str:
    """Return the text with our name as one sign, and those of others between two; where ours is not among them, the first is."""
    named = [found[1] for found in MENTION.finditer(said)]
    ours = {name for name in named if name in own} or set(named[:1])

    def sign(found: re.Match[str]) -> str:
        return US if found[1] in ours else f"{THEM}@{found[2] or found[1]}{THEM}"

    return CALL.sub(lambda found: f"{THEM}{found[1] or '@all'}{THEM}", MENTION.sub(sign, said))


def _named(text: str) -> str:
    """Return the text with the names of others as they are shown; those at either end are called upon, and left out."""
    text = re.sub(
        rf"^(?:[\s,:;–—-]*(?:cc\b[\s:]*)?{_OTHERS})+[\s,:;–—-]*|(?:[\s,:;(–—-]*(?:\b(?:cc|fyi)\b[\s:]*)?{_OTHERS})+[\s,:;.!)–—-]*$",
        " ",
        text,
    )
    return text.replace(THEM, "").strip()


def _without_greeting(before: str) -> str:
    """Return what comes before our name, without a greeting at its start."""
    found = GREETING.match(before)
    return before[found.end() :].strip() if found else before.strip()


def _is_pleasantry(text: str, bare: str) -> bool:
    """Whether it is nothing but thanks, praise or assent; a bare name asks for help, a face asks nothing."""
    words = [*WORDS.findall(bare.replace("+1", "yes"))]
    if "?" in bare or not words:
        return False
    if all(map(PLEASANTRY.fullmatch, words)):
        return not all(map(re.compile(_AUDIENCE, re.IGNORECASE).fullmatch, words))
    said = text.strip(f" {US},")
    thanked = THANKED_FOR.match(said)
    return thanked is not None and not re.match(r"\s*[,.!;:\n–—-]", said[thanked.end() :])


def _is_about_us(before: str, after: str, bare: str, *, is_called: bool) -> bool:
    """Whether the message speaks of us: for the record, by a third party, in the third person."""
    if bare.rstrip().endswith("?"):
        return False
    if FOR_THE_RECORD.match(before) or FOR_THE_RECORD.match(after) or SAID_OF_US.match(after):
        return True
    is_spoken_of = bool(ABOUT_US.search(before) or SOMETIMES_SAID_OF_US.match(after))
    return is_spoken_of and not is_called and bool(_without_greeting(before))


def _holds_content(talk: str) -> bool:
    """Whether words before our name belong to a question: a figure, or something that can be asked."""
    return bool(re.search(r"\d", talk)) or _is_question(talk)


def _is_question(text: str) -> bool:
    return bool(text) and likely_question(text) is not None


def _is_strict(text: str) -> bool:
    try:
        read(text)
    except QuestionError:
        return False
    return True


def _reaction(said: str) -> str | None:
    """Return the emoji for thanks, praise and faces."""
    bare = plain_text(MENTION.sub(" ", said))
    return THANKED if not bare or THANKS.search(bare) or _is_pleasantry(bare, bare) else None
