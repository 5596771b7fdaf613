"""The normal form in which texts are compared and searched; each of its characters knows where it came from.

Text is only ever compared in this form; what is shown and cited is the source, found again through the offsets. Used by
retrieval (search tokens), by answering (quotes) and by grounding (is this in the source?).
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_APOSTROPHES = "’‘‛ʼʻʹʽˈʾʿ`´′‵＇՚ꞌ"
_QUOTES = "“”„‟«»″‶〃＂"
_DASHES = "‐‑‒–—―−⁃﹘﹣－˗"
_SAME_LENGTH = (
    dict.fromkeys(map(ord, _APOSTROPHES), "'")
    | dict.fromkeys(map(ord, _QUOTES), '"')
    | dict.fromkeys(map(ord, _DASHES), "-")
    | {0x2044: "/"}  # the fraction slash that NFKC makes of ½
)
# Invisible characters: soft hyphen, joiners, direction marks, variation selectors, byte order mark, tags.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
_INVISIBLE_RUN = re.compile(f"[{_INVISIBLE}]+")
# Starters that compose with the character before them although they are no combining marks (UAX 15; Hangul and Indic).
_SECOND = re.compile(
    "[\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e\u1160-\u11ff\u1b35"
    "\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930\ud7b0-\ud7ff]"
)
# An ASCII run stops before its last character where a non-ASCII one follows, which might combine with it.
_PLAIN_RUN = re.compile(r"[!-~]+(?![^\x00-\x7f])|\s+")
# Lower-case Cyrillic, Arabic letters, ideographs and Hangul syllables are their own normal form.
_SAME_RUN = re.compile("[а-яё\u0621-\u064a\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]+(?![^\\x00-\\x7f])")
_PLAIN = str.maketrans("`", "'")

_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0981-\u0983\u09bc-\u09cd"
    "\u0a3c-\u0a4d\u0abc-\u0acd\u0b3c-\u0b4d\u0bbe-\u0bcd\u0c3e-\u0c4d\u0cbc-\u0ccd\u0d3e-\u0d4d\u0e31-\u0e4e"
)
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
_CJK = "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_WORD = re.compile(
    rf"{_CJK}|(?:(?!{_CJK}){_LETTER})+"
    rf"(?:'{_LETTER}+|(?<=\d)\.(?=\d){_LETTER}+|(?<=\d)(?<!\d\d\d\d),(?=\d\d\d(?!\d)){_LETTER}+)*"
)
_ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u0591-\u05c7\u064b-\u065f\u0670]")
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "'": "", ",": ""}
)
_ASCII_SPELLING = _SAME_LENGTH | {0xA0: " "}


@dataclass(frozen=True, slots=True)
class Normal:
    """A text in normal form; character `i` of `text` comes from source code points `offsets[i]` to `ends[i]`."""

    text: str
    offsets: array[int]
    ends: array[int]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source span (code points, half open) of `text[start:end]`; that of nothing is a point.

        Raises IndexError unless 0 <= start <= end <= len(text).
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"no span {start}:{end} in a normal form of {len(self.text)} characters")
        if start < end:
            return self.offsets[start], self.ends[end - 1]
        point = self.offsets[start] if start < len(self.text) else (self.ends[-1] if self.ends else 0)
        return point, point


def normalise(text: str) -> Normal:
    """Return the normal form: NFKC, case folded, runs of white space as one space, one form of quote and dash.

    Invisible characters are dropped. Linear in the length of `text`; applying it twice changes nothing.
    """
    pieces: list[str] = []
    offsets = array("q")
    ends = array("q")
    spaced = False
    for piece, start, end, aligned in _pieces(text):
        if spaced and piece == " ":
            ends[-1] = end
            continue
        spaced = piece == " "
        pieces.append(piece)
        if aligned:
            offsets.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            offsets.extend([start] * len(piece))
            ends.extend([end] * len(piece))
    return Normal("".join(pieces), offsets, ends)


def find(needle: str, haystack: str | Normal) -> tuple[int, int] | None:
    """Return the source span in `haystack` where the normal form of `needle` first occurs, None where it does not.

    White space around the needle is ignored; an empty needle is found nowhere. Pass a `Normal` to search a text often.
    """
    wanted = normalise(needle).text.strip()
    normal = normalise(haystack) if isinstance(haystack, str) else haystack
    at = normal.text.find(wanted) if wanted else -1
    return None if at < 0 else normal.source_span(at, at + len(wanted))


def words(text: str) -> list[tuple[str, int, int]]:
    """Return the search tokens of `text`, each with its source span in code points, in order.

    Case and accents are folded, apostrophes inside a word and thousands commas removed, a possessive 's dropped (and
    outside the span), hyphens separate; a Chinese or Japanese character is a token of its own.
    """
    ascii_text = text.translate(_ASCII_SPELLING)
    if ascii_text.isascii():
        return [(_token(m[0]), m.start(), _word_end(m)) for m in _WORD.finditer(ascii_text.lower())]
    normal = normalise(text)
    found = []
    for match in _WORD.finditer(normal.text):
        if token := _token(match[0]):
            found.append((token, *normal.source_span(match.start(), _word_end(match))))
    return found


def _pieces(text: str) -> Iterator[tuple[str, int, int, bool]]:
    """Yield normalised pieces, the source span of each, and whether they match it character by character.

    A space comes as a piece of its own, so that it can merge with its neighbours.
    """
    at, size = 0, len(text)
    while at < size:
        if plain := _PLAIN_RUN.match(text, at) or _SAME_RUN.match(text, at):
            end = plain.end()
            blank = plain[0][0].isspace()
            yield " " if blank else plain[0].lower().translate(_PLAIN), at, end, not blank
        elif hidden := _INVISIBLE_RUN.match(text, at):
            end = hidden.end()
        else:
            end = at + 1
            while end < size and _joins(text[end]):
                end += 1
            for part in _parts(text[at:end]):
                yield part, at, end, False
        at = end


@lru_cache(maxsize=8192)
def _parts(cluster: str) -> list[str]:
    """Return a folded cluster, apart from the spaces that NFKC puts into some characters (´, ﷺ)."""
    return re.findall(" |[^ ]+", _fold(_INVISIBLE_RUN.sub("", cluster)))


@lru_cache(maxsize=4096)
def _joins(char: str) -> bool:
    """Tell whether `char` belongs to the combining sequence before it."""
    if char.isascii():
        return False
    if _INVISIBLE_RUN.match(char):
        return True
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.combining(first) != 0 or _SECOND.match(first) is not None


def _fold(cluster: str) -> str:
    # Folding case can undo NFKC and the reverse, for a handful of characters: repeat until nothing changes.
    for _ in range(4):
        before = cluster
        cluster = unicodedata.normalize("NFKC", cluster.translate(_SAME_LENGTH)).casefold()
        cluster = re.sub(r"\s", " ", _INVISIBLE_RUN.sub("", unicodedata.normalize("NFKC", cluster)))
        if cluster == before:
            break
    return cluster


def _word_end(match: re.Match[str]) -> int:
    return match.end() - 2 if match[0].endswith("'s") else match.end()


@lru_cache(maxsize=65536)
def _token(word: str) -> str:
    """Return a matched word without possessive, apostrophes, thousands commas and accents."""
    word = word.removesuffix("'s").translate(_UNDECOMPOSED)
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word)))
