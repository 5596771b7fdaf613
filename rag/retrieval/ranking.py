"""Rank the passages that were found by what the reader makes of them; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.models.logistic import logistic
from rag.models.reader import Look
from rag.retrieval.fusion import Fused
from rag.retrieval.weights import RELEVANT, UNREAD
from rag.store.records import Chunk

Hit = tuple[Chunk, Fused]
_LEAST_READ = 4
_WORTH = 0.2
"""Of the best passage's chance to be to the point, going by the retriever alone: one with less is not read, which takes 15 ms."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with what each side says of it; `look` is None where the reader did not read it.

    `score` is the probability (0 to 1) that the passage is to the point, comparable across questions.
    """

    chunk: Chunk
    fused: Fused
    look: Look | None
    score: float


def worth_reading(hits: Sequence[Hit], most: int) -> tuple[list[Hit], list[Hit]]:
    """Split hits, best first, into those worth the time that reading takes, at least 4 of the first `most`, and the others."""
    chances = [logistic(UNREAD, unread_features(fused)) for _, fused in hits[:most]]
    least = min(_LEAST_READ, len(chances))
    worth = [at for at, chance in enumerate(chances) if at < least or chance >= _WORTH * max(chances)]
    return [hits[at] for at in worth], [hit for at, hit in enumerate(hits) if at not in set(worth)]


def rank(hits: Sequence[Hit], looks: Sequence[Look]) -> list[Ranked]:
    """Return the hits in the order of their scores: those that were read (the first, one for each look), then the others."""
    read = [
        Ranked(chunk, fused, look, logistic(RELEVANT, read_features(fused, look)))
        for (chunk, fused), look in zip(hits, looks, strict=False)
    ]
    read.sort(key=lambda hit: (-hit.score, -hit.fused.score, hit.chunk.id))
    lowest = read[-1].score if read else 1.0
    rest = [
        Ranked(chunk, fused, None, min(lowest, logistic(UNREAD, unread_features(fused))))
        for chunk, fused in hits[len(looks) :]
    ]
    return read + rest


def read_features(fused: Fused, look: Look) -> tuple[float, ...]:
    """Return what RELEVANT weighs: cosine, keyword share, the reader's relevance as log-odds."""
    return (fused.cosine, fused.keyword, look.relevant)


def unread_features(fused: Fused) -> tuple[float, ...]:
    """Return what UNREAD weighs: cosine and keyword share."""
    return (fused.cosine, fused.keyword)
