"""Names that a question spells in another way than the documents do: "Al-Kaim" for "al-Qaim"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.store.catalog import Catalog
from rag.text.names import COUNTRIES, names
from rag.text.normal import words
from rag.text.stem import stem
from rag.text.terms import STOPWORDS

_LEAST = 4  # letters of a name; shorter ones are alike by chance
_MOST_NAMES = 8  # of one question
_MOST_TERMS, _MOST_CHUNKS = 5, 5  # words looked at for one name, and chunks for one word
_LINKS = frozenset("al el de la bin ibn abu van von".split())
_CLASSES = (("c", "k", "q"), ("e", "i", "y"), ("o", "u"), ("f", "p"))
_SAME_SOUND = str.maketrans({"q": "k", "c": "k"})
_NEAR_VOWELS = str.maketrans({"e": "i", "y": "i", "u": "o"})
_BARE = str.maketrans(dict.fromkeys("aeiouyh"))


@dataclass(frozen=True, slots=True)
class Spelling:
    """A question as it is looked up.

    Attributes:
        text: the question, its names as the documents spell them where that is safe.
        taken: {name as asked: as looked up instead}.
        suggested: {name as asked: the names of the documents that are alike, but may well be others}.
    """

    text: str
    taken: dict[str, str]
    suggested: dict[str, tuple[str, ...]]


def respell(catalog: Catalog, question: str, documents: Sequence[str] | None = None) -> Spelling:
    """Look the question's unknown names up in the spelling of the documents, all or those named (ids).

    Only a capitalised word that no chunk holds is looked at, and only names of the documents are set against it. One is taken
    for another if they differ in nothing but how a consonant is written, as transliterations do (c, k or q; ph or f; single or
    double; a last h; "ou" for "u"), or also in a vowel (e, i or y; o or u; one more or less) where the name beside it stands
    beside it in the documents too: "Barham Saleh" is "Barham Salih". Other names with near vowels are suggested, since Colombia
    is not Columbia; and so are all where several fit.
    """
    taken: dict[str, str] = {}
    suggested: dict[str, tuple[str, ...]] = {}
    places = _unknown(catalog, question)
    for asked in list(dict.fromkeys(question[start:end] for start, end in places))[:_MOST_NAMES]:
        beside = _beside(question, [place for place in places if question[slice(*place)] == asked])
        sure, near = _written(catalog, asked, beside, documents)
        if len(sure) == 1:
            taken[asked] = sure[0]
        elif sure or near:
            suggested[asked] = (*sure, *near)[:3]
    for start, end in reversed(places):
        if question[start:end] in taken:
            question = question[:start] + taken[question[start:end]] + question[end:]
    return Spelling(question, taken, suggested)


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


def _beside(text: str, places: Sequence[tuple[int, int]]) -> set[str]:
    """Return the stems of the capitalised words right before and after some places of a text."""
    found = [item for item in words(text) if item[0] not in _LINKS]
    at = [number for number, (_, start, end) in enumerate(found) if (start, end) in set(places)]
    near = {number for place in at for number in (place - 1, place + 1) if 0 <= number < len(found)} - set(at)
    return {stem(found[n][0]) for n in near if text[found[n][1]].isupper()} - STOPWORDS


def _written(
    catalog: Catalog, asked: str, beside: set[str], documents: Sequence[str] | None
) -> tuple[list[str], list[str]]:
    """Return the names of the documents that are the one asked for in another spelling, and those that only may be."""
    wanted = _letters(asked)
    sure: Counter[str] = Counter()
    near: Counter[str] = Counter()
    for term in _alike_terms(catalog, wanted):
        for name, neighbours in _names(catalog, term, documents):
            if _sound(_letters(name)) == _sound(wanted) or (
                beside & neighbours and _vowels_alike(wanted, _letters(name))
            ):
                sure[name] += 1
            elif _vowels_alike(wanted, _letters(name)):
                near[name] += 1
    return _apart(sure), _apart(near)


def _apart(found: Counter[str]) -> list[str]:
    """Return the names that do not sound the same, each as it is written most often."""
    kept: dict[str, str] = {}
    for name, _ in found.most_common():
        kept.setdefault(_sound(_letters(name)), name)
    return list(kept.values())


def _alike_terms(catalog: Catalog, wanted: str) -> list[str]:
    """Return indexed words with the same consonants, those with the same vowels and the commonest first."""
    first, second = (
        [letter for group in _CLASSES for letter in group if wanted[at] in group] or [wanted[at]] for at in (0, 1)
    )
    heads = sorted({a + b for a in first for b in second} | {"ph"} & {a + "h" for a in first})
    part = "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ?"  # one OR of them would scan the whole
    rows = catalog.rows(
        " UNION ALL ".join([part] * len(heads)),
        [bound for head in heads for bound in (head, head[:-1] + chr(ord(head[-1]) + 1))],
    )
    bare, stemmed = _bare(stem(wanted)), stem(wanted)
    found = sorted(
        (not (_vowels_alike(wanted, term) or _vowels_alike(stemmed, term)), -int(count), str(term))
        for term, count in rows
        if _bare(term) == bare
    )
    return [term for *_, term in found[:_MOST_TERMS]]


def _names(catalog: Catalog, term: str, documents: Sequence[str] | None) -> Iterator[tuple[str, set[str]]]:
    """Yield the names that chunks write a term as, with the stems of the capitalised words beside them."""
    ids = catalog.rows(
        "SELECT c.id, c.document FROM words JOIN chunks c ON c.key = words.rowid WHERE words MATCH ?", [f'"{term}"']
    )
    kept = [str(key) for key, document in ids if documents is None or document in documents]
    for chunk in catalog.chunks(kept[:_MOST_CHUNKS]).values():
        found = words(chunk.text)
        certain = [(name.start, name.end) for name in names(chunk.text, found=found) if name.certain]
        for word, start, end in found:
            if stem(word) == term and any(first <= start and end <= last for first, last in certain):
                name = chunk.text[start:end]
                yield (name.capitalize() if name.isupper() else name), _beside(chunk.text, [(start, end)])


def _vowels_alike(one: str, other: str) -> bool:
    """Tell whether two words sound alike but for vowels near each other, or one vowel within that the other lacks."""
    first, second = (_sound(word).translate(_NEAR_VOWELS) for word in (one, other))
    if first == second:
        return True
    longer, shorter = sorted((first, second), key=len, reverse=True)
    inside = range(1, len(longer) - 1) if len(longer) - len(shorter) == 1 else ()
    return any(longer[at] in "aio" and longer[:at] + longer[at + 1 :] == shorter for at in inside)


def _letters(word: str) -> str:
    return "".join(filter(str.isalpha, word.lower()))


@lru_cache(maxsize=65536)
def _sound(word: str) -> str:
    """Return a word with its consonants as they sound, a doubled one as one, and without a last h."""
    sounds = word.replace("ph", "f").replace("ou", "u").translate(_SAME_SOUND).removesuffix("h")
    return re.sub(r"([^aeiou])\1+", r"\1", sounds)


def _bare(word: str) -> str:
    """Return the consonants of a stem as they sound, a last s left out as stems do."""
    return re.sub(r"(.)\1+", r"\1", word.replace("ph", "f").translate(_SAME_SOUND).translate(_BARE).removesuffix("s"))
