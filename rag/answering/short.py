"""The short answer: the likeliest span of the evidence, what other passages say in other words counted with it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rag.answering.features import Evidence
from rag.answering.questions import Question, counts, is_of_kind, whole_number
from rag.models.logistic import logistic
from rag.models.reader import Look
from rag.text.dates import dates
from rag.text.normal import words
from rag.text.quantities import quantities
from rag.text.stem import stem

_SPANS = 6  # of each passage
_LONGEST = 12  # words; what is longer is no short answer
_LEAST = 0.35  # share of the likely answers in its passage, below which none stands out
_ARTICLES = frozenset(("a", "an", "the"))


def short_answer(
    question: Question, evidence: Evidence, start: int, end: int, others: Sequence[Evidence]
) -> str | None:
    """Return the answer within characters `start` to `end` of the document of `evidence`, None if none stands out.

    Spans that say the same in other passages (`others`) speak for a span as those of its own passage do.
    """
    if question.asked in ("reason", "manner", "verdict"):
        return None
    base = evidence.passage.start
    quote = evidence.passage.text[start - base : end - base]
    counted = counts(question, quote) if question.asked == "number" and question.counted else []
    if len(counted) == 1:  # one number alone counts the thing asked for
        return _trimmed(quote[counted[0].start : counted[0].end])
    support: dict[str, float] = {}
    for item in others:
        certain = logistic((0.0, 1.0), (item.look.answerable,))
        for text, _, _, share in weighed(item.look, item.passage.text):
            support[canonical(text)] = support.get(canonical(text), 0.0) + share * certain
    inside = [
        (share + 0.5 * support.get(canonical(text), 0.0), share, text, begin, stop)
        for text, begin, stop, share in weighed(evidence.look, evidence.passage.text)
        if start - base <= begin and stop <= end - base
    ]
    if not inside:
        return None
    _, share, text, begin, stop = max(inside, key=lambda item: item[0])
    if question.asked == "number":
        stop = whole_number(evidence.passage.text, stop)
        text = evidence.passage.text[begin : min(stop, end - base)]
    known = set(question.terms)
    says = [word for word, _, _ in words(text) if word not in _ARTICLES]
    if share < _LEAST or not 0 < len(says) <= _LONGEST or all(stem(word) in known for word in says):
        return None
    return _trimmed(text) if is_of_kind(question, text) else None


def weighed(look: Look, text: str) -> list[tuple[str, int, int, float]]:
    """Return (text, start, end, share) of the likeliest spans, whole words, best first; with "none" the shares add up to 1."""
    found = look.spans(_SPANS)
    if not found:
        return []
    highest = max(found[0][2], look.null)
    total = sum(math.exp(score - highest) for *_, score in found) + math.exp(look.null - highest)
    spans = [(*_whole(text, start, end), math.exp(score - highest) / total) for start, end, score in found]
    return [(text[start:end], start, end, share) for start, end, share in spans]


def canonical(text: str) -> str:
    """Return a form in which two short answers that say the same are the same: numbers by value, dates by day, else words."""
    told = dates(text)
    if len(told) == 1:
        return f"date {sorted(told[0].parts.items())}"
    numbers = quantities(text)
    if len(numbers) == 1:
        return f"number {numbers[0].low:g} {numbers[0].high:g} {numbers[0].kind}"
    return " ".join(stem(word) for word, _, _ in words(text) if word not in _ARTICLES)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole words: word pieces may end within one."""
    while start and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _trimmed(text: str) -> str | None:
    text = text.strip(" \n\t,;:“”\"'’‘*_")
    if text.endswith(".") and not re.search(r"\b[A-Za-z]\.$", text):
        text = text.rstrip(".")
    return text or None
