"""Hold the fusion against its two parts: `python -m tests.benchmarks.fusion --data DIR SET …`.

DIR/SET holds `corpus.jsonl.gz` and `queries.jsonl.gz` ({"_id", "title", "text"}, {"_id", "text"}) and `qrels.tsv`. Prints
nDCG@10 of documents (best chunk each) for dense alone, keywords alone, reciprocal rank fusion and the fusion that ships,
with the paired bootstrap interval of the shipped one's difference to the better of its parts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag import Assistant, Config
from rag.retrieval.hybrid import find

_DEPTH = 100
_COLUMNS = ("dense", "keyword", "rank fusion", "shipped")


def read(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def ndcg(documents: Sequence[str], relevant: set[str], k: int = 10) -> float:
    seen = list(dict.fromkeys(documents))[:k]
    gain = sum(1 / math.log2(i + 2) for i, document in enumerate(seen) if document in relevant)
    return gain / sum(1 / math.log2(i + 2) for i in range(min(k, len(relevant))))


def orders(assistant: Assistant, question: str) -> list[list[str]]:
    """The documents as each of the four columns orders them."""
    hits = find(assistant._index, assistant._encoder, question, _DEPTH).hits

    def ranked(score: dict[str, float]) -> list[str]:
        return [chunk.document for chunk, hit in sorted(hits, key=lambda pair: -score[pair[1].id])]

    def reciprocal(rank: int | None) -> float:
        return 1 / (60 + rank) if rank else 0.0

    return [
        ranked({hit.id: hit.cosine for _, hit in hits}),
        ranked({hit.id: hit.keyword for _, hit in hits}),
        ranked({hit.id: reciprocal(hit.dense_rank) + reciprocal(hit.keyword_rank) for _, hit in hits}),
        [chunk.document for chunk, _ in hits],
    ]


def evaluate(folder: Path, cache: Path, limit: int) -> str:
    relevant: dict[str, set[str]] = defaultdict(set)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        fields = line.split("\t")
        if int(fields[-1]) > 0:
            relevant[fields[0]].add(fields[-2])
    queries = [row for row in read(folder / "queries.jsonl.gz") if row["_id"] in relevant][:limit]
    with tempfile.TemporaryDirectory() as temporary:
        docs = Path(temporary, "docs")
        docs.mkdir()
        with (docs / "corpus.jsonl").open("w", encoding="utf-8") as out:
            for row in read(folder / "corpus.jsonl.gz"):
                out.write(json.dumps({key: row.get(key) or "" for key in ("_id", "title", "text")}) + "\n")
        assistant = Assistant.open(config=Config(docs=docs, index=Path(temporary, "index"), cache=cache))
        assistant.sync()
        rows = [[ndcg(o, relevant[q["_id"]]) for o in orders(assistant, q["text"])] for q in queries]
        assistant.close()
    scores = np.array(rows)
    better = int(np.argmax(scores[:, :2].mean(axis=0)))
    gain = scores[:, 3] - scores[:, better]
    draws = np.random.default_rng(12345).choice(gain, (2000, len(gain))).mean(axis=1)
    low, high = np.quantile(draws, [0.025, 0.975])
    values = " | ".join(f"{value:.3f}" for value in scores.mean(axis=0))
    return f"| {folder.name} | {len(queries)} | {values} | {gain.mean():+.3f} [{low:+.3f}, {high:+.3f}] |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=1000, help="questions of each set")
    parser.add_argument("sets", nargs="+")
    options = parser.parse_args()
    print(f"| set | n | {' | '.join(_COLUMNS)} | shipped − better part [95 %] |\n|---|---|---|---|---|---|---|")
    for name in options.sets:
        print(evaluate(options.data / name, Config.from_env().cache, options.limit), flush=True)


if __name__ == "__main__":
    main()
