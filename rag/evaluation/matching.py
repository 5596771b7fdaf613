"""Does this passage hold that gold quote, is that quotation exact, is this short answer right: comparisons of texts."""

from __future__ import annotations

import hashlib
import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from rag.evaluation.records import Gold, Quotation
from rag.text.normal import normalise, words
from rag.text.sentences import enclosing

Text = Callable[[str], str | None]

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_MOST_AROUND = 3
_PARAGRAPH = 100  # words
_LEAST_WORDS = 4  # of a part of a gold quote that states something
_PUNCTUATION = str.maketrans("", "", string.punctuation)


class GoldMatcher:
    """Matches quotations of any system with gold quotes by their words, in normal form.

    `strict`: documents must have the gold's names. Else a document counts only if it is among `documents`: another system may
    name them in its own way.
    """

    def __init__(self, documents: Iterable[str], *, strict: bool = False) -> None:
        self._documents = frozenset(documents)
        self._strict = strict

    def holds(self, passage: Quotation, gold: Gold) -> bool:
        """Tell whether the whole gold quote stands in the passage."""
        return self._same_document(passage, gold) and _contains(passage.text, gold.quote)

    def touches(self, quotation: Quotation, gold: Gold, answers: Sequence[str] = ()) -> bool:
        """Tell whether the quotation holds the gold quote and not much else, or is a part of it that says as much.

        A part, cut at words, says as much if it has most of the gold's words, or holds one of the short `answers` and more.
        Whoever quotes a page has not found the sentence: a paragraph, or three times the gold's words, is the most.
        """
        if not self._same_document(quotation, gold):
            return False
        said, whole = len(words(quotation.text)), len(words(gold.quote))
        if _contains(quotation.text, gold.quote):
            return said <= max(_MOST_AROUND * whole, _PARAGRAPH)
        if not _contains(gold.quote, quotation.text):
            return False
        return 2 * said > whole or (said >= _LEAST_WORDS and mentions(quotation.text, answers))

    def rank(self, passages: Sequence[Quotation], gold: Gold) -> int | None:
        """Return the rank, from 1, of the first passage that holds the quote; None if none does."""
        return next((rank for rank, passage in enumerate(passages, start=1) if self.holds(passage, gold)), None)

    def _same_document(self, quotation: Quotation, gold: Gold) -> bool:
        unknown = gold.document is None or not (self._strict or quotation.document in self._documents)
        return unknown or quotation.document == gold.document


class Exactness:
    """Holds quotations against the documents as they are in the index."""

    def __init__(self, text: Text | None) -> None:
        """`text` gives a document's extracted text, None if there is none; `text` None = there is no index to hold against."""
        self._text = text
        self._hashes: dict[str, str] = {}

    def fault(self, citation: Quotation, passages: Sequence[Quotation]) -> str | None:
        """Return in words why a citation is not exact, None if it is.

        Without an index the quote must stand word for word in one of the answer's own passages, of the same document.
        """
        if self._text is None:
            same = (passage.text for passage in passages if passage.document == citation.document)
            return None if any(citation.text in text for text in same) else "no passage of the answer reads as quoted"
        found = self._text(citation.document) if citation.document is not None else None
        if citation.document is None or found is None:
            return (
                f"the document {citation.document!r} is not in the index"
                if citation.document
                else "it names no document"
            )
        if citation.start is None or citation.end is None:
            return None if citation.text in found else "the document does not read as quoted anywhere"
        inside = 0 <= citation.start < citation.end <= len(found)
        if not inside or found[citation.start : citation.end] != citation.text:
            return f"characters {citation.start} to {citation.end} do not read as quoted"
        if citation.sha256 is not None and citation.sha256 != self._hash(citation.document, found):
            return "the document has changed since, though not at this place"
        return None

    def evidence(self, claim: str, citation: Quotation) -> str:
        """Return what an exact citation says for a claim that is not the quotation itself: the whole sentences it stands in.

        "The minister resigned", cut out of "he denied that the minister resigned", supports nothing.
        """
        found = self._text(citation.document) if self._text and citation.document is not None else None
        if found is None or citation.start is None or citation.end is None or claim.strip() == citation.text.strip():
            return citation.text
        start, end = enclosing(found, citation.start, citation.end)
        return found[start:end]

    def _hash(self, document: str, text: str) -> str:
        if document not in self._hashes:
            self._hashes[document] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return self._hashes[document]


def exact_match(given: str | None, right: Sequence[str]) -> float:
    """Return 1 if `given` equals one of `right`, else 0, as SQuAD compares (Rajpurkar et al. 2016); None matches nothing."""
    return float(given is not None and any(_squad(given) == _squad(answer) for answer in right))


def says_something(answer: str) -> bool:
    """Tell whether anything of a short answer is left to compare once articles and punctuation are gone."""
    return bool(_squad(answer))


def token_f1(given: str | None, right: Sequence[str]) -> float:
    """Return the best F1 of words (0 to 1) between `given` and one of `right`, as SQuAD reckons it; None scores 0."""
    return max((_f1(_squad(given), _squad(answer)) for answer in right), default=0.0) if given is not None else 0.0


def mentions(text: str, right: Sequence[str]) -> bool:
    """Tell whether a text holds one of the short answers, as whole words, articles and punctuation apart.

    In scripts that put no spaces between words, as it stands.
    """
    plain = f" {_squad(text)} "
    return any(f" {_squad(answer)} " in plain or _contains(text, answer) for answer in right if says_something(answer))


@lru_cache(maxsize=16384)
def _normal(text: str) -> str:
    return normalise(text).text.strip()


def _contains(text: str, part: str) -> bool:
    """Tell whether `part` stands in `text` as whole words, in normal form."""
    whole, wanted = _normal(text), _normal(part)
    at = whole.find(wanted) if wanted else -1
    while at >= 0:
        before, after = whole[max(at - 1, 0) : at], whole[at + len(wanted) : at + len(wanted) + 1]
        if not (_joined(before, wanted[0]) or _joined(wanted[-1], after)):
            return True
        at = whole.find(wanted, at + 1)
    return False


def _joined(left: str, right: str) -> bool:
    return left.isalnum() and right.isalnum() and left.isascii() and right.isascii()


@lru_cache(maxsize=16384)
def _squad(text: str) -> str:
    return " ".join(_ARTICLES.sub(" ", _normal(text).lower().translate(_PUNCTUATION)).split())


def _f1(given: str, right: str) -> float:
    given_words, right_words = given.split(), right.split()
    if not given_words or not right_words:
        return float(given_words == right_words)
    common = sum((Counter(given_words) & Counter(right_words)).values())
    return 2 * common / (len(given_words) + len(right_words))
