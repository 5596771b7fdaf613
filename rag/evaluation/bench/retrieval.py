"""Retrieval sets: nDCG@10 and recall@10 of documents, each by its best chunk."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import R, nDCG

from rag.assistant import Assistant
from rag.config import Config
from rag.errors import DataError
from rag.evaluation.bench.sets import rows
from rag.evaluation.bench.table import OURS, Row
from rag.evaluation.files import read_bytes
from rag.evaluation.statistics import ratio
from rag.jsontext import to_json
from rag.schema import Passage, Progress

_DEPTH = 100
_FUSION = 60
_METRICS = {"nDCG@10": nDCG @ 10, "recall@10": R @ 10}


def run(folder: Path, config: Config, limit: int | None, progress: Callable[[Progress], None] | None) -> Iterator[Row]:
    """Yield the rows of one set.

    The baselines are the two sides of the assistant's own retrieval, each alone and fused by rank: keywords (SQLite FTS5's
    BM25 over stems) and the cosine of all-MiniLM-L6-v2.
    """
    qrels = _qrels(folder / "qrels.tsv")
    queries = [(row.text("_id"), row.text("text")) for row in rows(folder / "queries.jsonl.gz")]
    queries = [(name, text) for name, text in queries if name in qrels][:limit]
    if not queries:
        raise DataError(f"{folder.name}: no query has a relevant document in qrels.tsv")
    with tempfile.TemporaryDirectory() as temporary:
        assistant = _indexed(folder, Path(temporary), config, progress)
        found = {}
        for number, (name, text) in enumerate(queries, start=1):
            found[name] = orders(assistant.retrieve(text, _DEPTH))
            if progress:
                progress(Progress("answering", number, len(queries)))
        assistant.close()
    judged = {name: qrels[name] for name, _ in queries}
    scores = {
        system: _per_query(judged, {name: order[system] for name, order in found.items()})
        for system in next(iter(found.values()))
    }
    ones = np.ones(len(queries))
    for metric in _METRICS:
        columns = {
            system: ratio(np.array([s[name][metric] for name, _ in queries]), ones) for system, s in scores.items()
        }
        yield Row(folder.name, metric, len(queries), "questions", columns)


def orders(passages: Sequence[Passage]) -> dict[str, list[str]]:
    """Return the documents in the order of each system, best chunk first."""

    def by(score: Callable[[Passage], float]) -> list[str]:
        ranked = sorted(passages, key=lambda p: (-score(p), p.rank))
        return list(dict.fromkeys(p.document for p in ranked if score(p) > 0))

    def reciprocal(rank: int | None) -> float:
        return 1 / (_FUSION + rank) if rank else 0.0

    return {
        OURS: by(lambda p: 1 / p.rank),
        "BM25": by(lambda p: reciprocal(p.why.keyword_rank)),
        "MiniLM": by(lambda p: reciprocal(p.why.dense_rank)),
        "rank fusion": by(lambda p: reciprocal(p.why.keyword_rank) + reciprocal(p.why.dense_rank)),
    }


def _indexed(folder: Path, place: Path, config: Config, progress: Callable[[Progress], None] | None) -> Assistant:
    docs = place / "docs"
    docs.mkdir()
    with (docs / "corpus.jsonl").open("w", encoding="utf-8") as out:
        for row in rows(folder / "corpus.jsonl.gz"):
            out.write(to_json({key: row.row.get(key) or "" for key in ("_id", "title", "text")}) + "\n")
    settings = {name: getattr(config, name) for name in Config.__dataclass_fields__}
    assistant = Assistant.open(config=Config(**{**settings, "docs": docs, "index": place / "index"}))
    assistant.sync(progress=progress)
    return assistant


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    lines = read_bytes(path).decode("utf-8", "replace").splitlines()[1:]
    for number, line in enumerate(lines, start=2):
        fields = line.split("\t")
        if len(fields) < 3 or not fields[-1].strip().isdigit():
            raise DataError(f"{path.name} line {number}: is not query-id, corpus-id, score, with tabs between them")
        if int(fields[-1]) > 0:
            found[fields[0]][fields[-2]] = int(fields[-1])
    return dict(found)


def _per_query(qrels: dict[str, dict[str, int]], run: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    scored = {
        name: {document: float(len(order) - at) for at, document in enumerate(order)} or {"": 0.0}
        for name, order in run.items()
    }
    values: dict[str, dict[str, float]] = {name: dict.fromkeys(_METRICS, 0.0) for name in qrels}
    for result in ir_measures.iter_calc(list(_METRICS.values()), qrels, scored):
        metric = next(name for name, measure in _METRICS.items() if measure == result.measure)
        values[result.query_id][metric] = result.value
    return values
