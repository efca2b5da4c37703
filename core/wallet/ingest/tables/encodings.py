"""Finds the encoding of a text that is not Unicode: the reading that makes words wins, and if several do, all are named.

A file does not state its encoding, and the same bytes are letters in many. So every encoding that Salesforce and Excel write
is tried. A reading is valid if its words are of one script and its letters are ones in use; among valid readings, one
with the labels of an export wins, then one whose letters are all of one language or all common. Any remaining doubt is reported.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING

from core.config import ENCODINGS
from core.records import NamedTuple
from core.wallet.export_tables import TRANSLATED_LABELS, normal_header

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

SEARCH_BYTES = 4 * 1024 * 1024
SAMPLE_BYTES = 64 * 1024
MAX_SIGNS_PER_LATIN = 6  # at most so many bytes of text per zero byte
MAX_SHOWN = 30
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose byte order mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CODECS = {"shift_jis": "cp932", "euc-kr": "cp949"}  # the Windows variants, which include the standard
# The letters beyond a to z in languages written in these encodings.
ALPHABETS = {
    "windows-1252": (
        *("äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "ãáàâçéêíõóôúü", "àèéìîòóù", "áéëïóöüè", "æøåéôò", "åäöé", "áðéíóúýþæö"),
        *("àçèéíïòóúü", "äöõüšž"),
    ),
    "windows-1250": (*("áčďéěíňóřšťúůýž", "áäčďéíľňóôšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "ăâîşţ", "čćđšž", "äöüß", "ëç"),),
}
RARE_LETTERS = frozenset("ĺŕƒĳŀŉѓќљњћџјѕґ")  # so rare that a misreading is likelier
PUNCTUATION = frozenset("’‘‚“”„–—…€£¥§°©®™·•«»‹›¿¡ªº¼½¾×´、。「」『』（）・ー～〜：；，！？《》【】々〇 \u00a0")
DECLARED = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
BETWEEN_WORDS = re.compile(r"\w[«»•§¡¿…„—©™£¥]+\w")
CASE_TURNED = re.compile(r"[а-яёіїєўґ][А-ЯЁІЇЄЎҐ]|[a-zß-öø-ÿ][À-ÖØ-ÞŠŽŒŸ](?![a-zß-öø-ÿ])")
JAPANESE = frozenset({"shift_jis", "euc-jp"})
TWO_PLANES = frozenset({"shift_jis", "big5"})  # whose second bytes may be ASCII
MAX_ACCENTS_IN_A_ROW = 2
# The first bytes of characters in common use. Source: GB 2312 level 1, Big5 level 1, JIS X 0208 level 1, KS X 1001 syllables.
COMMON = {
    "gb18030": (0xB0, 0xD7),
    "big5": (0xA4, 0xC6),
    "shift_jis": (0x88, 0x97),
    "euc-jp": (0xB0, 0xCF),
    "euc-kr": (0xB0, 0xC8),
}
FIRST_OF_PLANE = 0xA1
KANA_ELSEWHERE = 0.8
NEAR = 0.25  # readings whose scores differ by less than this are equally good
PIECE = re.compile(r"[^\x00-@\[-`{-\x7f\s]+")


class Guess(NamedTuple):
    """The likeliest encoding of a text, a foreign word of it, and its alternatives, with that word in their reading."""

    encoding: str
    word: str = ""
    rivals: tuple[tuple[str, str], ...] = ()


def guess_encoding(lines: Iterable[bytes]) -> Guess:
    """Return the likeliest encoding of a text that is not Unicode. lines: those of its lines that are not ASCII."""
    sample = b"".join(lines)
    readings = {name: text for name in ENCODINGS if (text := _decode(sample, name)) is not None}
    held = {name: score for name, text in readings.items() if (score := _score(name, text))}
    if not held:
        return Guess("windows-1252", *_words(sample, "windows-1252", ENCODINGS))
    labels = {name: _count_labels(readings[name]) for name in held}
    held = {name: score for name, score in held.items() if labels[name] == max(labels.values())}
    near = [name for name in sorted(held, key=held.__getitem__, reverse=True) if held[name] > max(held.values()) - NEAR]
    best = near[0]
    rivals = [name for name in near if readings[name] != readings[best]]
    return Guess(best, *_words(sample, best, rivals))


def reads_as_one_language(text: str) -> bool:
    """Whether all foreign letters of a text are in words, and the Latin ones occur together in some language."""
    pieces = [piece for piece in PIECE.findall(text) if not piece.isascii()]
    letters = {sign for sign in "".join(pieces).lower() if _script(sign) == "accented"}
    return all(map(_is_word, pieces)) and any(letters <= {*alphabet} for group in ALPHABETS.values() for alphabet in group)


def codec_of(encoding: str) -> str:
    """Return Python's name for an encoding of `ENCODINGS`."""
    return CODECS.get(encoding, encoding)


def encoding_of_unicode(head: bytes) -> str:
    """Return the Unicode encoding that a text's first bytes prove, other than UTF-8; empty for any other text."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark) and encoding != "utf-8":
            return encoding
    return _utf16_order(head)


def declared_encoding(head: bytes) -> str:
    """Return the encoding that a web page, such as Salesforce's `.xls`, declares; empty for an unknown one and other texts."""
    found = DECLARED.search(head) if head.lstrip()[:1] == b"<" else None
    try:
        name = codecs.lookup(found[1].decode()).name if found else ""
    except LookupError:
        return ""
    return {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-8": ""}.get(name, name)  # as browsers do


def foreign_lines(path: Path) -> Iterator[bytes]:
    """Yield the first lines of a file that are not ASCII, as many as a guess needs, wherever they are."""
    size = 0
    with path.open("rb") as file:
        while block := file.read(SEARCH_BYTES) + file.readline(SEARCH_BYTES):
            for line in [] if block.isascii() else block.splitlines(keepends=True):
                if not line.isascii():
                    size += len(line)
                    yield line
                    if size > SAMPLE_BYTES:
                        return


def _decode(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(codec_of(encoding))
    except UnicodeDecodeError:
        return None


def _words(sample: bytes, best: str, others: Iterable[str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the first foreign word as the best encoding reads it, and as each encoding with another reading does."""
    for found in re.finditer(rb"[^\x00-/:-@\[-`{-\x7f]+(?: [^\x00-/:-@\[-`{-\x7f]+)*", sample):
        if found[0].isascii():
            continue
        word = found[0].decode(codec_of(best), errors="replace")[:MAX_SHOWN]
        rivals = [(name, text[:MAX_SHOWN]) for name in others if (text := _decode(found[0], name)) and text[:MAX_SHOWN] != word]
        if rivals:
            return word, tuple(rivals)
    return "", ()


def _utf16_order(head: bytes) -> str:
    """Return the byte order of UTF-16 without a mark, empty for other text: half of its Latin text is zeros, all on one side."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * MAX_SIGNS_PER_LATIN < len(head) or min(even, odd):
        return ""
    return "utf-16-be" if even else "utf-16-le"


def _score(encoding: str, text: str) -> float:
    """Return how well a text reads in an encoding, up to 1; 0 if it has something that no text has."""
    pieces = [piece for piece in PIECE.findall(text) if not piece.isascii()]
    pieces += [sign for sign in text if not sign.isascii() and sign.isspace() and sign not in PUNCTUATION]
    if not all(map(_is_word, pieces)):
        return 0
    scripts = [(_script(sign), sign) for piece in pieces for sign in piece]
    signs = [sign for script, sign in scripts if script in {"han", "hangul"}]
    # A Japanese text may be in a Chinese encoding: less likely, but not less than that it is not Japanese at all.
    likely = KANA_ELSEWHERE if encoding not in JAPANESE and any(script == "kana" for script, _ in scripts) else 1
    if signs:
        return likely * sum(_is_common(sign, encoding) for sign in signs) / len(signs)
    letters = {sign for sign in "".join(pieces).lower() if _script(sign) == "accented"}
    alphabets = ALPHABETS.get(encoding)
    return likely if not letters or not alphabets or any(letters <= {*alphabet} for alphabet in alphabets) else 1 - NEAR


def _count_labels(text: str) -> int:
    """Return the number of translated export labels in a text."""
    plain = normal_header(text)
    return sum(label in plain for label in TRANSLATED_LABELS if not label.isascii())


def _is_word(piece: str) -> bool:
    """Whether a run of letters reads as words: one script beside Latin, and no character that occurs in no word."""
    if BETWEEN_WORDS.search(piece) or CASE_TURNED.search(piece):
        return False
    runs = [(script, sum(1 for _ in signs)) for script, signs in groupby(piece, _script)]
    scripts = {script for script, _ in runs}
    if "none" in scripts or scripts >= {"han", "hangul"} or ("cyrillic" in scripts and scripts & {"latin", "accented"}):
        return False
    tests: dict[str, Callable[[int, int], bool]] = {
        "accented": lambda _, length: length <= MAX_ACCENTS_IN_A_ROW,
        "han": lambda place, length: length > 1 or not _touches_latin(runs, place),
        "hangul": lambda place, length: length > 1 or not _touches_latin(runs, place),
    }
    return all(tests[script](place, length) for place, (script, length) in enumerate(runs) if script in tests)


def _touches_latin(runs: list[tuple[str, int]], place: int) -> bool:
    beside = [script for script, _ in (*runs[max(0, place - 1) : place], *runs[place + 1 : place + 2])]
    return bool({"latin", "accented"} & {*beside})


def _script(sign: str) -> str:
    """Return the script of a letter, "mark" for what may occur in any text, "none" for what occurs in none."""
    if sign.isascii() or sign in PUNCTUATION:
        return "latin" if sign.isalpha() else "mark"
    name = unicodedata.name(sign, "")
    if name.startswith("LATIN") and sign.lower() not in RARE_LETTERS:
        return "accented"
    prefixes = {"CYRILLIC": "cyrillic", "HIRAGANA": "kana", "KATAKANA": "kana", "CJK UNIFIED": "han", "HANGUL": "hangul"}
    return next((script for prefix, script in prefixes.items() if name.startswith(prefix)), "none")


def _is_common(sign: str, encoding: str) -> bool:
    first, last = COMMON.get(encoding, (0, 0))
    encoded = sign.encode(codec_of(encoding), errors="replace")
    return first <= encoded[0] <= last and (encoding in TWO_PLANES or encoded[-1] >= FIRST_OF_PLANE)
