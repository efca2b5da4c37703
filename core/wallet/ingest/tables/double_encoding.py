"""Text that was encoded twice: UTF-8 that a program read as an older encoding and wrote as UTF-8 again, so that Für is FÃ¼r.

Spreadsheets do that to exports that are opened by a double click. It can be undone: the signs give back the bytes, and bytes that
are UTF-8 by chance are rare. Where all foreign text of a file gives back letters, and what it is now reads as none, it is undone.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from core.wallet.ingest.tables.encodings import PUNCTUATION, RARE_LETTERS, reads_as_one_language
from core.wallet.ingest.values import file_reasons as reasons

if TYPE_CHECKING:
    from collections.abc import Iterable

# What programs took UTF-8 for, with what it is called; the likeliest first.
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
    """What a text was taken for when it was encoded again, a word as it is and as it was meant, and whether all of it was."""

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
    """Return how texts were encoded twice; None where nothing in them looks so."""
    words = dict.fromkeys(
        found[0] for text in texts if not text.isascii() for found in WORD.finditer(text.lstrip(BYTE_ORDER_MARK))
    )
    found = [tried for codec in MISTAKEN_FOR if words and (tried := _try_codec(words, codec))]
    # Of several ways back the one that leaves fewest signs leads to the start.
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
    """Whether a word is one of letters once it is decoded again, and reads as none as it is: half of FÃ¼r's ü is no letter."""
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in meant if sign.isalpha() and sign not in PUNCTUATION}
    is_of_one_script = scripts <= BESIDE_LATIN if "LATIN" in scripts else scripts <= BESIDE_LATIN | OTHER_SCRIPTS
    is_word = is_of_one_script and all(map(_is_of_text, meant))
    return is_word and (_has_sign_after_letter(word) or not reads_as_one_language(word))


def _is_of_text(sign: str) -> bool:
    """Whether a sign is common in names; phonetic and rare letters are what chance makes of bytes."""
    is_rare = "\u0250" <= sign < "\u0300" or sign.lower() in RARE_LETTERS
    return sign.isascii() or sign in PUNCTUATION or (sign.isalpha() and not is_rare)


def _has_sign_after_letter(word: str) -> bool:
    kinds = ["" if sign.isascii() else unicodedata.category(sign) for sign in word]
    return any(first in CASED and second not in {"", *CASED} for first, second in pairwise(kinds))


def _is_whole(word: str, codec: str) -> bool:
    """Whether all foreign signs of a word give back text."""
    return all(_decode_run(run, codec) is not None for run in FOREIGN.findall(word))


def decode_again(text: str, codec: str) -> str:
    """Return a text with what was encoded twice, or more often, as it was meant; what gives back no text stays."""
    found = text
    for _ in range(MOST_TIMES):
        mended = FOREIGN.sub(lambda run: _decode_run(run[0], codec) or run[0], found)
        if mended == found:
            break
        found = mended
    return found if text.startswith(BYTE_ORDER_MARK) else found.lstrip(BYTE_ORDER_MARK)


def _decode_run(run: str, codec: str) -> str | None:
    """Return what a run of foreign signs was before it was encoded again; None where it gives back no text."""
    try:
        return b"".join(_byte(sign, codec) for sign in run).decode()
    except UnicodeError:
        return None


def _byte(sign: str, codec: str) -> bytes:
    """Return the byte that a program took for a sign; bytes that an encoding does not have are taken for controls."""
    return sign.encode("latin-1") if "\x80" <= sign < "\xa0" else sign.encode(codec)
