"""Inflection taken off English words: steps 1 and 5 of the Porter2 stemmer, so that "kill" finds "killed"."""

from __future__ import annotations

import re
from functools import lru_cache

_VOWELS = "aeiouy"
_IRREGULAR = {"dying": "die", "lying": "lie", "tying": "tie", "goes": "go", "does": "do", "freed": "free"}
_IRREGULAR |= {"buses": "bus", "men": "man", "women": "woman", "news": "news"}
_DOUBLE = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
_MEASURE = re.compile("[aeiouy][^aeiouy]")
_SHORT = re.compile("(?:.*[^aeiouy])?[aeiouy][^aeiouywx]")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of a lower-case search token; a token with a digit or a non-ASCII letter comes back unchanged.

    A stem is a key to compare, not a word: "parties" and "party" both give "parti".
    """
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    return _without_e(_y_to_i(_without_ed(_without_s(word))))


def _without_s(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ies", "ied")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")) and _has_vowel(word[:-2]):
        return word[:-1]
    return word


def _without_ed(word: str) -> str:
    if word.endswith(("eed", "eedly")):
        return word[: word.rindex("eed") + 2] if _MEASURE.search(word[: word.rindex("eed")]) else word
    for suffix in ("ingly", "edly", "ing", "ed"):
        if word.endswith(suffix) and _has_vowel(word[: -len(suffix)]):
            return _repaired(word[: -len(suffix)])
    return word


def _repaired(base: str) -> str:
    """Give back the e that "based" and "using" lost, and undo the doubling of "stopped"."""
    if base.endswith(("at", "bl", "iz")):
        return base + "e"
    if base.endswith(_DOUBLE) and len(base) > 3:
        return base[:-1]
    return base + "e" if _is_short(base) else base


def _y_to_i(word: str) -> str:
    return word[:-1] + "i" if len(word) > 2 and word.endswith("y") and word[-2] not in _VOWELS else word


def _without_e(word: str) -> str:
    base = word[:-1]
    if word.endswith("e") and len(base) > 2:
        measure = len(_MEASURE.findall(base))
        return base if measure > 1 or (measure == 1 and not _is_short(base)) else word
    return base if word.endswith("ll") and len(_MEASURE.findall(base)) > 1 else word


def _has_vowel(part: str) -> bool:
    return any(letter in _VOWELS for letter in part)


def _is_short(base: str) -> bool:
    """Tell whether `base` is one short syllable: "bas", "us", "hop"."""
    return len(_MEASURE.findall(base)) == 1 and _SHORT.fullmatch(base) is not None
