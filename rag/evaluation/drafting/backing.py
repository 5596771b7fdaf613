"""What documents say about a question: their sentences, found by the words that they share with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field

from rag.ingestion.boilerplate import classify
from rag.store.records import Kind
from rag.text.dates import Date, dates
from rag.text.markup import plain
from rag.text.quantities import Quantity, quantities
from rag.text.sentences import sentences
from rag.text.terms import content_terms

_ASKED = frozenset({"mani", "year"})  # of "how many" and "in what year"
_ASIDE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]{1,20}\])")
_DATELINE = re.compile(r"\A[A-Z][A-Za-z.,'’ -]{0,40}\s*\([A-Z][\w ]{1,20}\)\s*[-–—]+\s+")
_LONG = 2000  # characters: what is longer is no sentence that anybody would quote, so that it is not made readable


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands in document number `document`; `shown`: without markup, asides and dateline, on one line."""

    document: int
    text: str
    shown: str
    prose: bool
    terms: frozenset[str]


@dataclass(slots=True)
class Backing:
    """The sentences of all documents in order, boilerplate left out, and which of them hold a term."""

    sentences: list[Sentence] = field(default_factory=list)
    _holders: dict[str, list[int]] = field(default_factory=dict)

    def add(self, document: int, text: str) -> None:
        """Take in a document. Linear in the length of `text`."""
        for span in classify(text, sentences(text)):
            if span.kind == Kind.BOILERPLATE:
                continue
            quote = text[span.start : span.end]
            terms = frozenset(content_terms(quote))
            shown = readable(quote) if len(quote) <= _LONG else ""
            for term in terms:
                self._holders.setdefault(term, []).append(len(self.sentences))
            self.sentences.append(Sentence(document, quote, shown, span.kind == Kind.PROSE, terms))

    def holding(self, terms: Set[str], least: int) -> Iterator[int]:
        """Yield the sentences, by number and in order, that hold at least `least` of `terms`."""
        lists = sorted((self._holders.get(term, []) for term in terms), key=len)
        # Who holds so many must hold one of the rarest.
        some = {number for holders in lists[: len(lists) - least + 1] for number in holders}
        yield from (number for number in sorted(some) if len(terms & self.sentences[number].terms) >= least)

    def around(self, number: int, reach: int) -> Iterator[Sentence]:
        """Yield a sentence and up to `reach` on either side of it in the same document, in order."""
        document = self.sentences[number].document
        for near in self.sentences[max(0, number - reach) : number + reach + 1]:
            if near.document == document:
                yield near


def readable(quote: str) -> str:
    """Return a sentence without Markdown, asides in brackets and dateline, white space as single spaces."""
    shown = " ".join(plain(quote).split())
    if "(" in shown or "[" in shown:
        shown = _ASIDE.sub("", _DATELINE.sub("", shown))
    return shown


def asked_terms(question: str) -> frozenset[str]:
    """Return the stems that say what a question is about."""
    return frozenset(content_terms(question)) - _ASKED


def share(terms: Iterable[str], part: float) -> int:
    """Return how many of `terms` make up a `part` of them (0 to 1), rounded up, at least one."""
    size = len(list(terms))
    return max(1, -int(-size * part // 1))


def told_dates(sentence: Sentence) -> list[Date]:
    """Return the dates that a sentence gives."""
    return dates(sentence.shown)


def told_numbers(sentence: Sentence) -> list[Quantity]:
    """Return the numbers that a sentence gives, those of dates left out."""
    return quantities(sentence.shown, [(date.start, date.end) for date in dates(sentence.shown)])
