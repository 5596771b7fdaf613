"""Names that a question spells in another way than the documents do: "Al-Kaim" for "al-Qaim"."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.store.catalog import Catalog
from rag.text.names import COUNTRIES
from rag.text.normal import words
from rag.text.stem import stem
from rag.text.terms import STOPWORDS

_LEAST = 4  # letters of a name; shorter ones are alike by chance
_CONSONANTS = 3  # that two names must share if one has a vowel that the other lacks
_CLASSES = (("c", "k", "q"), ("e", "i", "y"), ("o", "u"), ("f", "p"))
_ONE_SOUND = str.maketrans({"q": "k", "c": "k", "e": "i", "y": "i", "u": "o"})
_BARE = str.maketrans({"q": "k", "c": "k"} | dict.fromkeys("aeiouyh"))
_EXAMPLES = 3  # chunks in which a word must be seen with a capital to pass for a name


def respell(catalog: Catalog, question: str) -> tuple[str, dict[str, str]]:
    """Return the question with names spelt as the documents spell them, and what was changed: {as asked: as written}.

    Only a capitalised word that no chunk holds is changed, and only where a name of the documents differs from it by nothing
    but how a sound is written, as transliterations do: c, k or q; e, i or y; o or u; ph or f; a doubled letter; a last h; or,
    with three consonants alike, one vowel more or less. "Salem" and "Saleh" are two names.
    """
    unknown = _unknown(catalog, question)
    changed: dict[str, str] = {}
    for start, end in reversed(unknown):
        asked = question[start:end]
        written = changed.get(asked) or _as_written(catalog, asked)
        if written:
            changed[asked] = written
            question = question[:start] + written + question[end:]
    return question, dict(reversed(changed.items()))


def _unknown(catalog: Catalog, question: str) -> list[tuple[int, int]]:
    """Return the places of the capitalised words that no chunk holds."""
    found = {
        (start, end): stem(word)
        for word, start, end in words(question)
        if question[start].isupper() and end - start >= _LEAST and word.isascii() and word.isalpha()
        and word not in COUNTRIES and stem(word) not in STOPWORDS
    }  # fmt: skip
    if not found:
        return []
    marks = ",".join("?" * len(found))
    held = {term for (term,) in catalog.rows(f"SELECT term FROM vocabulary WHERE term IN ({marks})", [*found.values()])}
    return [place for place, term in found.items() if term not in held]


def _as_written(catalog: Catalog, asked: str) -> str | None:
    """Return the commonest name of the documents that is alike, as they write it; None = there is none."""
    wanted = asked.lower()
    heads, bare = _heads(wanted), _bare(stem(wanted))
    part = "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ?"  # one OR of them would scan the whole
    rows = catalog.rows(
        " UNION ALL ".join([part] * len(heads)),
        [bound for head in heads for bound in (head, head[:-1] + chr(ord(head[-1]) + 1))],
    )
    for term, _ in sorted(rows, key=lambda row: (-int(row[1]), str(row[0]))):
        name = _seen_as_name(catalog, term) if _bare(term) == bare else None
        if name and _alike(wanted, "".join(filter(str.isalpha, name.lower()))):
            return name
    return None


def _heads(word: str) -> list[str]:
    """Return the first two letters of what may be alike: the whole vocabulary takes a hundred times as long to look through."""
    first, second = (
        [letter for group in _CLASSES for letter in group if word[at] in group] or [word[at]] for at in (0, 1)
    )
    return sorted({a + b for a in first for b in second} | {"ph"} & {a + "h" for a in first})


def _bare(word: str) -> str:
    """Return the consonants of a stem, those of one sound as one, a last s left out as stems do."""
    return re.sub(r"(.)\1+", r"\1", word.replace("ph", "f").translate(_BARE).removesuffix("s"))


def _alike(one: str, other: str) -> bool:
    if len(other) < _LEAST or abs(len(one) - len(other)) > 3 or not other.isalpha():
        return False
    first, second = _sound(one), _sound(other)
    if first == second:
        return True
    longer, shorter = sorted((first, second), key=len, reverse=True)
    if len(longer) - len(shorter) != 1 or len(re.sub("[aeiouy]", "", shorter)) < _CONSONANTS:
        return False
    inside = range(1, len(longer) - 1)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in inside if longer[at] in "aio")


@lru_cache(maxsize=65536)
def _sound(word: str) -> str:
    sounds = word.replace("ph", "f").translate(_ONE_SOUND)
    return re.sub(r"(.)\1+", r"\1", sounds.removesuffix("h"))


def _seen_as_name(catalog: Catalog, term: str) -> str | None:
    """Return a term as chunks write it, if they write it with a capital."""
    ids = catalog.rows(
        "SELECT c.id FROM words JOIN chunks c ON c.key = words.rowid WHERE words MATCH ? LIMIT ?",
        [f'"{term}"', _EXAMPLES],
    )
    for chunk in catalog.chunks([str(key) for (key,) in ids]).values():
        for word, start, end in words(chunk.text):
            if stem(word) == term and chunk.text[start].isupper():
                return chunk.text[start:end]
    return None
