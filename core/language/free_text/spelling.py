"""Typing errors: the one known word close to a word of the text, unless that is a real word itself."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

SHORTEST = 4
LONG_ENOUGH_FOR_TWO = 7
# The count in the frequency list from which a word is not a typo. Both lists begin at 50; the English one has names and
# typos at that count ("acton"), the German one ordinary words ("verbrauch").
COMMON_IN_ENGLISH, COMMON_IN_GERMAN = 51, 50


def nearest(word: str, known: Collection[str], is_idle: Callable[[str], bool] = lambda _: False) -> str | None:
    """Return the known word that differs by one typo, or by two for words of seven or more letters.

    None if no known word or several are equally close, or if the word is a real word itself. If all of several candidates are
    idle, and thus carry no content, any will do: the first is returned.
    """
    if len(word) < SHORTEST or not word.replace("-", "").isalpha():
        return None
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - only what is not understood pays for it

    most = 2 if len(word) >= LONG_ENOUGH_FOR_TWO else 1
    distances: dict[int, set[str]] = {}
    for candidate in known:
        if len(candidate) >= SHORTEST - 1 and " " not in candidate and abs(len(candidate) - len(word)) <= most:
            distance = OSA.distance(word, candidate, score_cutoff=most)
            if distance <= most:
                distances.setdefault(distance, set()).add(candidate)
    if not distances or is_common(word):
        return None
    closest = distances[min(distances)]
    same_ends = {candidate for candidate in closest if candidate[0] == word[0]}
    best = same_ends or closest
    if len(best) == 1 or all(map(is_idle, best)):
        return min(best)
    return _by_stem(best)


def nearest_name(word: str, names: Collection[str], words: int = 1) -> str | None:
    """Return the one name that the words are close to, or whose unique word they are close to.

    `lead_qualifer` is one typo from lead qualifier; `concierge` is the last word of service concierge alone. words: how many
    words a name must have, if more than one was written.
    """
    written = " ".join(word.replace("_", " ").replace("-", " ").split())
    if len(written) < SHORTEST:
        return None
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - as above

    most = 2 if len(written) >= LONG_ENOUGH_FOR_TWO else 1
    several = [name for name in names if " " in name and (words == 1 or name.count(" ") + 1 == words)]
    near = {name for name in several if OSA.distance(written, name, score_cutoff=most) <= most}
    if not near and " " not in written and len(written) > SHORTEST:
        slips = 1 if len(written) >= LONG_ENOUGH_FOR_TWO and not is_common(written) else 0
        near = {name for name in several if OSA.distance(written, name.rsplit(" ", 1)[-1], score_cutoff=slips) <= slips}
    return near.pop() if len(near) == 1 else None


def _by_stem(words: set[str]) -> str | None:
    """Return one of several words that differ only in their ending, such as `agent` and `agents`."""
    shortest = min(words, key=len)
    return shortest if all(word.startswith(shortest[: max(len(shortest) - 1, 3)]) for word in words) else None


@cache
def is_common(word: str) -> bool:
    """Whether the word is common in English or German texts, so that it was meant as written."""
    english, german = _word_lists()
    return english.get(word, 0) >= COMMON_IN_ENGLISH or german.get(word, 0) >= COMMON_IN_GERMAN


@cache
def _word_lists() -> tuple[dict[str, int], dict[str, int]]:
    """Return how often each word is in the frequency lists of pyspellchecker (MIT; English and German subtitles)."""
    import gzip  # noqa: PLC0415 - as above
    import json  # noqa: PLC0415
    from importlib.resources import files  # noqa: PLC0415

    resources = files("spellchecker").joinpath("resources")
    english, german = (json.loads(gzip.decompress(resources.joinpath(f"{name}.json.gz").read_bytes())) for name in ("en", "de"))
    return english, german
