"""Grounding sets: claims with evidence and a label; can the checker tell those that are supported from the rest?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from rag.assistant import Assistant
from rag.errors import DataError
from rag.evaluation.bench.baselines import cosines, token_recall
from rag.evaluation.bench.sets import rows
from rag.evaluation.bench.table import OURS, Row
from rag.evaluation.files import Fields
from rag.evaluation.statistics import Array, Statistic, auroc, ratio
from rag.models.encoder import Encoder
from rag.schema import Progress
from rag.text.sentences import sentences

_BATCH = 64
_SUPPORTS = ("quoted", "supported")


def run(
    path: Path, assistant: Assistant, encoder: Encoder, limit: int | None, progress: Callable[[Progress], None] | None
) -> Iterator[Row]:
    """Yield the rows of one set: AUROC of supported against the rest, and balanced accuracy at the shipped threshold.

    Rows that share a `claim_id` are parts of one claim's evidence: the claim has the best of their scores.
    """
    found = list(rows(path))[:limit]
    claims = [row.text("claim") for row in found]
    evidence = [_evidence(row) for row in found]
    names = [str(row.row.get("claim_id") or number) for number, row in enumerate(found)]
    scores: dict[str, list[float]] = {OURS: [], "token recall": [], "MiniLM": []}
    said: list[float] = []
    for at in range(0, len(found), _BATCH):
        batch = list(zip(claims[at : at + _BATCH], evidence[at : at + _BATCH], strict=True))
        verdicts = assistant.check_claims(batch)
        scores[OURS] += [verdict.score for verdict in verdicts]
        said += [float(verdict.label in _SUPPORTS) for verdict in verdicts]
        scores["token recall"] += [token_recall(claim, " ".join(texts)) for claim, texts in batch]
        scores["MiniLM"] += [_cosine(encoder, claim, texts) for claim, texts in batch]
        if progress:
            progress(Progress("answering", min(at + _BATCH, len(found)), len(found)))
    labels = [float(row.text("label") == "supported") for row in found]
    groups = list(dict.fromkeys(names))
    supported = _best(names, groups, labels)
    if len(set(supported.tolist())) < 2:
        raise DataError(f"{path.name}: holds only one kind of label, nothing can be told apart")
    ones = np.ones(len(groups))
    name = path.name.removesuffix(".jsonl.gz")
    columns = {system: auroc(_best(names, groups, values), supported, ones) for system, values in scores.items()}
    yield Row(name, "AUROC", len(groups), "claims", columns)
    yield Row(
        name, "balanced accuracy", len(groups), "claims", {OURS: _balanced(_best(names, groups, said), supported)}
    )


def _evidence(row: Fields) -> tuple[str, ...]:
    value = row.row.get("evidence")
    return (value,) if isinstance(value, str) else row.texts("evidence")


def _cosine(encoder: Encoder, claim: str, evidence: Sequence[str]) -> float:
    """Return the largest cosine of the claim to a sentence of its evidence."""
    parts = [text[span.start : span.end] for text in evidence for span in sentences(text)]
    return max(cosines(encoder, claim, parts), default=0.0) if parts else 0.0


def _best(names: Sequence[str], groups: Sequence[str], values: Sequence[float]) -> Array:
    best: dict[str, float] = {}
    for name, value in zip(names, values, strict=True):
        best[name] = max(value, best.get(name, value))
    return np.array([best[name] for name in groups])


def _balanced(said: Array, supported: Array) -> Statistic:
    found, rest = ratio(said * supported, supported), ratio((1 - said) * (1 - supported), 1 - supported)

    def statistic(w: Array) -> Array:
        return (found(w) + rest(w)) / 2

    return statistic
