"""Reading sets (a question, a passage, maybe an answer in it) and sentence selection sets (a question, candidates, labels)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.assistant import Assistant
from rag.evaluation.bench.baselines import Bm25, cosines, fused
from rag.evaluation.bench.sets import rows
from rag.evaluation.bench.table import OURS, Row
from rag.evaluation.files import Fields
from rag.evaluation.matching import exact_match, token_f1
from rag.evaluation.statistics import Array, auroc, ratio
from rag.models.encoder import Encoder
from rag.schema import Progress, Reading
from rag.text.sentences import sentences

Report = Callable[[Progress], None] | None


@dataclass(frozen=True, slots=True)
class Item:
    """A question with candidate sentences, each right (1) or not (0), as every system scored them."""

    labels: tuple[int, ...]
    scores: dict[str, list[float]]

    def precision(self, system: str) -> float:
        """Return average precision over the candidates, ties by place (0 to 1)."""
        hits, total = 0, 0.0
        for rank, at in enumerate(self._order(system), start=1):
            hits += self.labels[at]
            total += self.labels[at] * hits / rank
        return total / max(1, sum(self.labels))

    def first(self, system: str) -> float:
        """Return 1 if the best candidate is right, else 0."""
        order = self._order(system)
        return float(bool(order) and self.labels[order[0]] == 1)

    def best(self, system: str) -> float:
        """Return the highest score."""
        return max(self.scores[system], default=0.0)

    def _order(self, system: str) -> list[int]:
        scores = self.scores[system]
        return sorted(range(len(scores)), key=lambda i: (-scores[i], i))


def select(path: Path, assistant: Assistant, encoder: Encoder, limit: int | None, progress: Report) -> Iterator[Row]:
    """Yield the rows of a sentence selection set: MAP and accuracy of the first, where there is a right one."""
    found = list(rows(path))[:limit]
    texts = [row.texts("candidates") for row in found]
    bm25 = Bm25([text for candidates in texts for text in candidates])
    items = []
    for number, (row, candidates) in enumerate(zip(found, texts, strict=True), start=1):
        labels = tuple(int(label) for label in row.items("labels"))
        if len(labels) != len(candidates):
            raise row.fail(f"has {len(candidates)} candidates and {len(labels)} labels")
        if any(labels):
            items.append(Item(labels, _scored(assistant, encoder, bm25, row.text("question"), candidates)))
        if progress:
            progress(Progress("answering", number, len(found)))
    yield from _ranking_rows(path, items)


def read(path: Path, assistant: Assistant, encoder: Encoder, limit: int | None, progress: Report) -> Iterator[Row]:
    """Yield the rows of a reading set.

    Of answerable questions: best sentence right, EM and F1 of the first span (SQuAD; theirs is the best sentence whole); of all:
    AUROC of answerability (theirs is the best sentence's score).
    """
    found = list(rows(path))[:limit]
    cut = {text: _sentences(text) for text in dict.fromkeys(row.text("context") for row in found)}
    bm25 = Bm25([text[start:end] for text, spans in cut.items() for start, end in spans])
    items, spans, answerable = [], [], []
    for number, row in enumerate(found, start=1):
        context, question = row.text("context"), row.text("question")
        reading = assistant.read(question, context)
        texts = [context[start:end] for start, end in cut[context]]
        scores = _baselines(encoder, bm25, question, texts) | {OURS: _aligned(reading, cut[context])}
        labels = _gold(row, cut[context])
        items.append(Item(labels, {OURS: scores.pop(OURS), **scores}))
        answers = row.texts("answers")
        answerable.append((float(bool(answers)), reading.answerable))
        spans.append(_span_scores(items[-1], reading, texts, answers))
        if progress:
            progress(Progress("answering", number, len(found)))
    held = [item for item in items if any(item.labels)]
    yield from list(_ranking_rows(path, held))[1:]
    told = [scores for scores in spans if scores]
    for at, metric in enumerate(("exact match of the span", "F1 of the span")):
        columns = (
            {name: ratio(np.array([s[name][at] for s in told]), np.ones(len(told))) for name in told[0]} if told else {}
        )
        if columns:
            yield Row(_name(path), metric, len(told), "questions", columns)
    yield _answerability(path, items, answerable)


def _answerability(path: Path, items: Sequence[Item], answerable: Sequence[tuple[float, float]]) -> Row:
    positive, ones = np.array([known for known, _ in answerable]), np.ones(len(items))
    columns = {OURS: auroc(np.array([said for _, said in answerable]), positive, ones)}
    for system in ("BM25", "MiniLM"):
        columns[system] = auroc(np.array([item.best(system) for item in items]), positive, ones)
    return Row(_name(path), "AUROC of answerability", len(items), "questions", columns)


def _scored(
    assistant: Assistant, encoder: Encoder, bm25: Bm25, question: str, candidates: Sequence[str]
) -> dict[str, list[float]]:
    """Score candidates as paragraphs of one passage; ours is the best score of a sentence that lies in the candidate."""
    starts = np.cumsum([0, *(len(text) + 2 for text in candidates)])
    spans = [(int(start), int(start) + len(text)) for start, text in zip(starts, candidates, strict=False)]
    reading = assistant.read(question, "\n\n".join(candidates))
    return {OURS: _aligned(reading, spans)} | _baselines(encoder, bm25, question, candidates)


def _baselines(encoder: Encoder, bm25: Bm25, question: str, texts: Sequence[str]) -> dict[str, list[float]]:
    keyword, dense = bm25.scores(question, texts), cosines(encoder, question, texts)
    return {"BM25": keyword, "MiniLM": dense, "rank fusion": fused(keyword, dense)}


def _aligned(reading: Reading, spans: Sequence[tuple[int, int]]) -> list[float]:
    return [
        max((s.score for s in reading.sentences if s.start < end and start < s.end), default=0.0)
        for start, end in spans
    ]


def _span_scores(
    item: Item, reading: Reading, texts: Sequence[str], answers: Sequence[str]
) -> dict[str, tuple[float, float]] | None:
    if not answers:
        return None
    said = {OURS: reading.spans[0].text if reading.spans else None}
    for system in ("BM25", "MiniLM", "rank fusion"):
        scores = item.scores[system]
        said[system] = texts[scores.index(max(scores))] if scores else None
    return {name: (exact_match(text, answers), token_f1(text, answers)) for name, text in said.items()}


def _gold(row: Fields, spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    starts = row.items("answer_starts")
    return tuple(int(any(start <= at < end for at in starts)) for start, end in spans)


def _ranking_rows(path: Path, items: Sequence[Item]) -> Iterator[Row]:
    if not items:
        return
    ones: Array = np.ones(len(items))
    for metric, score in (("mean average precision", Item.precision), ("best sentence right", Item.first)):
        columns = {name: ratio(np.array([score(item, name) for item in items]), ones) for name in items[0].scores}
        yield Row(_name(path), metric, len(items), "questions", columns)


def _sentences(text: str) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in sentences(text)]


def _name(path: Path) -> str:
    return path.name.removesuffix(".jsonl.gz")
