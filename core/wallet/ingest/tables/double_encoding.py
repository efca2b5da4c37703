"""Text that was encoded twice: UTF-8 that a program read as an older encoding and wrote as UTF-8 again, so that Für is FÃ¼r.

Spreadsheets do that to exports that are opened by a double click. It can be undone: the characters map back to bytes, and bytes
are rarely valid UTF-8 by chance. It is undone if all foreign text of a file maps back to letters, and does not read as words now.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from core.records import NamedTuple
from core.wallet.ingest.tables.encodings import PUNCTUATION, RARE_LETTERS, reads_as_one_language
from core.wallet.ingest.values import file_reasons as reasons

if TYPE_CHECKING:
    from collections.abc import Iterable

# The encodings that programs mistake UTF-8 for, each with its name; the likeliest first.
MISTAKEN_FOR = {
    "cp1252": "windows-1252",
    "cp1250": "windows-1250",
    "cp1251": "windows-1251",
    "mac-roman": "Mac OS Roman",
    "cp850": "code page 850",
    "cp437": "code page 437",
}
FOREIGN = re.compile(r"[^\x00-\x7f]+")
WORD = re.compile(r"[^\x00-@\[-`{-\x7f\s]*[^\x00-\x7f]+[^\x00-@\[-`{-\x7f]*")
BESIDE_LATIN = frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL"})
OTHER_SCRIPTS = frozenset({"CYRILLIC", "GREEK", "HEBREW", "ARABIC", "ARMENIAN", "GEORGIAN", "THAI"})
CASED = ("Lu", "Ll")
BYTE_ORDER_MARK = "\ufeff"
MOST_TIMES = 3
MAX_SHOWN = 30


class DoubleEncoding(NamedTuple):
    """The encoding a text was mistaken for, a word as it is and as intended, and whether all of the text was affected."""

    codec: str
    word: str
    meant: str
    is_certain: bool

    @property
    def sentence(self) -> str:
        """What was done about it, or what to do."""
        taken_for = f"UTF-8 that was taken for {MISTAKEN_FOR[self.codec]}"
        if self.is_certain:
            return f"Its text was encoded twice ({taken_for}): {self.word} is read as {self.meant}."
        return reasons.ENCODED_TWICE_IN_PART.tell(word=self.word, meant=self.meant, taken_for=taken_for)


def find_double_encoding(texts: Iterable[str]) -> DoubleEncoding | None:
    """Return how texts were encoded twice; None if nothing suggests it."""
    words = dict.fromkeys(
        found[0] for text in texts if not text.isascii() for found in WORD.finditer(text.lstrip(BYTE_ORDER_MARK))
    )
    found = [tried for codec in MISTAKEN_FOR if words and (tried := _try_codec(words, codec))]
    # Of several ways back, the one with the fewest characters leads to the original.
    return min(
        found, key=lambda tried: (not tried.is_certain, sum(len(decode_again(word, tried.codec)) for word in words)), default=None
    )


def _try_codec(words: Iterable[str], codec: str) -> DoubleEncoding | None:
    mended = {word: decode_again(word, codec) for word in words}
    broken = {word: meant for word, meant in mended.items() if meant != word and _is_better(meant, word)}
    if not broken:
        return None
    word, meant = next(iter(broken.items()))
    is_certain = all(_is_whole(word, codec) for word in mended)
    return DoubleEncoding(codec, word[:MAX_SHOWN], meant[:MAX_SHOWN], is_certain)


def _is_better(meant: str, word: str) -> bool:
    """Whether a word is made of letters once decoded again, but not as it is: half of FÃ¼r's ü is not a letter."""
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in meant if sign.isalpha() and sign not in PUNCTUATION}
    is_of_one_script = scripts <= BESIDE_LATIN if "LATIN" in scripts else scripts <= BESIDE_LATIN | OTHER_SCRIPTS
    is_word = is_of_one_script and all(map(_is_of_text, meant))
    return is_word and (_has_sign_after_letter(word) or not reads_as_one_language(word))


def _is_of_text(sign: str) -> bool:
    """Whether a character is common in names; by chance, bytes turn into phonetic and rare letters."""
    is_rare = "\u0250" <= sign < "\u0300" or sign.lower() in RARE_LETTERS
    return sign.isascii() or sign in PUNCTUATION or (sign.isalpha() and not is_rare)


def _has_sign_after_letter(word: str) -> bool:
    kinds = ["" if sign.isascii() else unicodedata.category(sign) for sign in word]
    return any(first in CASED and second not in {"", *CASED} for first, second in pairwise(kinds))


def _is_whole(word: str, codec: str) -> bool:
    """Whether all foreign characters of a word map back to text."""
    return all(_decode_run(run, codec) is not None for run in FOREIGN.findall(word))


def decode_again(text: str, codec: str) -> str:
    """Return a text with everything that was encoded twice, or more often, as intended; what maps to no text stays."""
    found = text
    for _ in range(MOST_TIMES):
        mended = FOREIGN.sub(lambda run: _decode_run(run[0], codec) or run[0], found)
        if mended == found:
            break
        found = mended
    return found if text.startswith(BYTE_ORDER_MARK) else found.lstrip(BYTE_ORDER_MARK)


def _decode_run(run: str, codec: str) -> str | None:
    """Return a run of foreign characters as it was before the second encoding; None if it maps to no text."""
    try:
        return b"".join(_byte(sign, codec) for sign in run).decode()
    except UnicodeError:
        return None


def _byte(sign: str, codec: str) -> bytes:
    """Return the byte that a program read as a character; bytes that an encoding lacks are read as controls."""
    return sign.encode("latin-1") if "\x80" <= sign < "\xa0" else sign.encode(codec)
