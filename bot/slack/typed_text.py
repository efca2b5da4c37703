"""What a person typed, from the form in which Slack hands it on: links, dates, markup, bullets and emoji undone.

What is in quotation marks is data, such as a name of the wallet, and stays as it is but for Slack's own links and escapes.
"""

from __future__ import annotations

import re

from bot.slack.blocks.text import unescape
from core.language import command_of

ENTITY = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|„[^“\n]*“|«[^»\n]*»")
FENCES = re.compile(r"```")
LINE_START = re.compile(r"^\s*(?:(?:>{1,3}|[•◦▪‣∙·–*-])\s+|>{1,3}(?=\S))+", re.MULTILINE)
NUMBERED = re.compile(r"^\s*\d{1,2}[.)]\s+(?=\S)", re.MULTILINE)
_EDGE = r"\s*_~`\"'.,;:!?\ue010\ue011\-"
PAIRED = re.compile(rf"(?<![^{_EDGE}(\[{{])([*_`]{{1,3}})(?=[^\s*_~`])(.*?[^\s])\1(?![^{_EDGE})\]}}])", re.DOTALL)
# What is struck through is taken back, unless it is all that there is: a part of a question is left for the language to refuse.
STRUCK_WHOLE = re.compile(r"\A([\s*_`\ue010\ue011,:]*)~(?=[^\s~])([^~]*[^\s~])~([\s*_`\ue010.!?]*)\Z")
_NAME = r":(?=[a-z0-9_+'-]*[a-z+1])[a-z0-9_+'-]+:(?::skin-tone-[2-6]:)?"
_PICTURE = "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U000e0020-\U000e007f]+"
FACES = re.compile(rf"(?:(?<![\w\"“”]){_NAME}(?![\w\"“”])|{_PICTURE})+")
SIGNS = re.compile(r"\A[\ue010\s,:;–—-]+")
# What keyboards make of the strokes in days and between them.
_STROKE = "[–—−‑-]"
_DAY = rf"(\d{{4}}){_STROKE}(\d{{2}}){_STROKE}(\d{{2}})"
DAY = re.compile(rf"(?<![\w–—−‑-]){_DAY}(?![\d–—−‑-])")
DAY_RANGE = re.compile(rf"(?<![\w–—−‑-])(?:from\s+)?{_DAY}\s?{_STROKE}\s?{_DAY}(?![\d–—−‑-])")


def as_typed(text: str) -> str:
    """Return what a person typed: entities of Slack's as they are shown, its escapes undone."""
    return unescape(ENTITY.sub(lambda found: _shown(found[1], found[2]), text)).strip()


def plain_text(text: str) -> str:
    """Return the words that a person typed, without what the composer or the person put around them for looks."""
    found = as_typed(text)
    pieces, place = [], 0
    for quoted in QUOTED.finditer(found):
        pieces += [found[place : quoted.start()], quoted[0]]
        place = quoted.end()
    marks = {f"\ue000{number}\ue001": piece for number, piece in enumerate(pieces) if number % 2}
    bare = "".join(f"\ue000{number}\ue001" if number % 2 else piece for number, piece in enumerate([*pieces, found[place:]]))
    bare = _unmarked(bare)
    for mark, quoted_text in marks.items():
        bare = bare.replace(mark, quoted_text)
    return bare


def _unmarked(text: str) -> str:
    text = LINE_START.sub("", FENCES.sub(" ", text))
    text = NUMBERED.sub(lambda found: "" if command_of(SIGNS.sub("", text[found.end() :])) else found[0], text)
    text = STRUCK_WHOLE.sub(r"\1\2\3", text)
    before = ""
    while before != text:
        before, text = text, PAIRED.sub(lambda found: found[2], text)
    text = FACES.sub(_without_faces, text)
    text = DAY.sub(r"\1-\2-\3", DAY_RANGE.sub(r"from \1-\2-\3 to \4-\5-\6", text))
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def _without_faces(found: re.Match[str]) -> str:
    """Return what stays of emoji: a space, or they themselves where two numbers would else become one."""
    before, after = found.string[: found.start()].rstrip(), found.string[found.end() :].lstrip()
    return found[0] if before[-1:].isdigit() and after[:1].isdigit() else " "


def _shown(what: str, label: str | None) -> str:
    """Return how Slack shows an entity: a link by its words, a person, channel or group by name, else by id."""
    if what.startswith("!date^"):
        return label or what
    if what.startswith("!"):
        return label or f"@{what.removeprefix('!').partition('^')[2] or what[1:]}"
    if what[:1] in {"@", "#"}:
        return f"{what[0]}{label.lstrip('@#')}" if label else what
    return label or what


def without_bullet(text: str) -> str:
    """Return the text without what the composer puts at the start of a line."""
    return _unmarked(text) if LINE_START.match(text) or NUMBERED.match(text) else text
