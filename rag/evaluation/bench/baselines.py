"""The plain systems to be better than: BM25, MiniLM's cosine, their reciprocal rank fusion, token recall."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from rag.models.encoder import Encoder
from rag.text.terms import content_terms, terms

_K1, _B = 1.2, 0.75  # Robertson and Zaragoza 2009
_FUSION = 60  # Cormack et al. 2009


class Bm25:
    """Okapi BM25 over short texts; document frequencies are those of all the texts given."""

    def __init__(self, texts: Sequence[str]) -> None:
        found = [terms(text) for text in texts]
        self._n = len(found)
        self._mean = sum(map(len, found)) / max(1, self._n)
        self._holding = Counter(term for words in found for term in set(words))

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the score of each text for a question."""
        wanted = content_terms(question)
        return [self._score(wanted, terms(text)) for text in texts]

    def _score(self, wanted: Sequence[str], words: Sequence[str]) -> float:
        counts = Counter(words)
        norm = _K1 * (1 - _B + _B * len(words) / max(self._mean, 1e-9))
        return sum(
            math.log(1 + (self._n - self._holding[term] + 0.5) / (self._holding[term] + 0.5))
            * counts[term] * (_K1 + 1) / (counts[term] + norm)
            for term in wanted
            if counts[term]
        )  # fmt: skip


def cosines(encoder: Encoder, text: str, others: Sequence[str]) -> list[float]:
    """Return the cosine of one text to each of the others; vectors of repeated texts are remembered."""
    vectors = encoder.recall([text, *others])
    return [float(value) for value in vectors[1:] @ vectors[0]]


def fused(*scores: Sequence[float]) -> list[float]:
    """Return reciprocal rank fusion of score lists over the same texts; ties by place."""
    total = np.zeros(len(scores[0]))
    for column in scores:
        for rank, at in enumerate(sorted(range(len(column)), key=lambda i: (-column[i], i)), start=1):
            total[at] += 1 / (_FUSION + rank)
    return [float(value) for value in total]


def token_recall(claim: str, evidence: str) -> float:
    """Return the share of the claim's distinct content terms (stems) that the evidence has, 0 to 1."""
    wanted = set(content_terms(claim))
    return len(wanted & set(terms(evidence))) / len(wanted) if wanted else 0.0
