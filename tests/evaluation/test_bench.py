"""Benchmarks over small sets in the forms of the public ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag import Config
from rag.errors import DataError
from rag.evaluation.bench import bench, to_markdown
from rag.evaluation.bench.baselines import Bm25, fused, token_recall
from rag.evaluation.bench.reading import Item
from rag.evaluation.bench.retrieval import orders
from rag.schema import Passage, Why

TOPICS = ("mill", "harbour", "school", "bridge", "garden", "theatre")


def pack(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    texts = [f"The {topic} of Leeds was built in {1800 + 10 * n}. It is painted red." for n, topic in enumerate(TOPICS)]
    pack(
        folder / "retrieval/tiny/corpus.jsonl.gz",
        [{"_id": f"d{n}", "title": "", "text": t} for n, t in enumerate(texts)],
    )
    queries = [{"_id": f"q{n}", "text": f"When was the {topic} built?"} for n, topic in enumerate(TOPICS)]
    pack(folder / "retrieval/tiny/queries.jsonl.gz", queries)
    qrels = "".join(f"q{n}\td{n}\t1\n" for n in range(len(TOPICS)))
    (folder / "retrieval/tiny/qrels.tsv").write_text("query-id\tcorpus-id\tscore\n" + qrels, encoding="utf-8")
    read = [
        {
            "question": f"When was the {topic} built?", "context": texts[n] if n % 2 else "Nothing is known of it. It rained.",
            "answers": [str(1800 + 10 * n)] if n % 2 else [], "answer_starts": [texts[n].index("18")] if n % 2 else [],
        }
        for n, topic in enumerate(TOPICS)
    ]  # fmt: skip
    pack(folder / "qa/tinyqa.jsonl.gz", read)
    select = [
        {"question": f"When was the {t} built?", "candidates": texts, "labels": [int(t in c) for c in texts]}
        for t in TOPICS
    ]
    pack(folder / "sentence_selection/tinysel.jsonl.gz", select)
    claims = [
        {"claim": text.split(". ")[0] + "." if n % 2 else f"The {TOPICS[n]} of York was burnt in 1999.", "evidence": text,
         "label": "supported" if n % 2 else "not_supported", "claim_id": f"c{n}"}
        for n, text in enumerate(texts)
    ]  # fmt: skip
    pack(
        folder / "grounding/tinyground.jsonl.gz",
        [*claims, {**claims[1], "evidence": "Nothing here.", "claim_id": "c1"}],
    )
    return folder


def test_each_kind_of_set_gives_its_rows(data: Path, cache: Path) -> None:
    names = ["tiny", "tinyqa", "tinysel", "tinyground"]
    rows = bench(data, names, Config(cache=cache))
    table = {(row["set"], row["metric"]): row for row in rows}
    assert [key for key in table if key[0] == "tiny"] == [("tiny", "nDCG@10"), ("tiny", "recall@10")]
    assert set(table["tiny", "nDCG@10"]["systems"]) == {"Attest", "BM25", "MiniLM", "rank fusion"}
    assert table["tiny", "nDCG@10"]["systems"]["Attest"]["value"] == 1.0
    assert table["tinyqa", "best sentence right"]["systems"]["Attest"]["value"] == 1.0
    assert table["tinyqa", "exact match of the span"]["systems"]["Attest"]["value"] == 1.0
    assert table["tinyqa", "exact match of the span"]["systems"]["BM25"]["value"] == 0.0
    assert table["tinyqa", "AUROC of answerability"]["n"] == 6
    assert table["tinysel", "mean average precision"]["systems"]["BM25"]["value"] == 1.0
    assert set(table["tinyground", "AUROC"]["systems"]) == {"Attest", "token recall", "MiniLM"}
    assert table["tinyground", "AUROC"]["n"] == 6
    assert table["tinyground", "balanced accuracy"]["systems"]["Attest"]["value"] == 1.0
    for row in rows:
        assert row["difference"] is None or set(row["difference"]) == {"to", "value", "ci95"}
    markdown = to_markdown(rows)
    assert markdown.count("\n| tiny") == len(rows)
    assert "nan" not in markdown.lower()


def test_a_limit_and_wrong_files(data: Path, cache: Path, rag_here: Callable[..., Any]) -> None:
    assert bench(data, ["tiny"], Config(cache=cache), limit=2)[0]["n"] == 2
    with pytest.raises(DataError, match="no set 'other' below"):
        bench(data, ["other"], Config(cache=cache))
    (data / "grounding/broken.jsonl.gz").write_bytes(b"not gzip")
    with pytest.raises(DataError, match="cannot read"):
        bench(data, ["broken"], Config(cache=cache))
    pack(data / "grounding/one.jsonl.gz", [{"claim": "A.", "evidence": "A.", "label": "supported"}])
    with pytest.raises(DataError, match="only one kind of label"):
        bench(data, ["one"], Config(cache=cache))
    pack(data / "sentence_selection/odd.jsonl.gz", [{"question": "A?", "candidates": ["A."], "labels": [1, 0]}])
    with pytest.raises(DataError, match="1 candidates and 2 labels"):
        bench(data, ["odd"], Config(cache=cache))
    done = rag_here("eval", "bench", "--data", data, "tinysel")
    assert done.stdout.startswith("| set | metric | Attest |")


def test_bm25_by_hand() -> None:
    bm25 = Bm25(["red mill", "red red bridge", "blue sky over town"])
    scores = bm25.scores("the mill", ["red mill", "red red bridge"])
    # idf = ln(1 + (3 - 1 + .5) / (1 + .5)), tf = 1 * 2.2 / (1 + 1.2 * (.25 + .75 * 2 / 3))
    assert scores == pytest.approx([0.98083 * 2.2 / 1.9, 0.0], rel=1e-4)


def test_fusion_and_recall_by_hand() -> None:
    assert fused([0.9, 0.1], [0.2, 0.8]) == pytest.approx([1 / 61 + 1 / 62, 1 / 62 + 1 / 61])
    assert token_recall("The red mill burnt.", "A red mill stood.") == pytest.approx(2 / 3)


def test_average_precision_by_hand() -> None:
    item = Item((0, 1, 1), {"x": [0.9, 0.8, 0.1]})
    assert item.precision("x") == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert item.first("x") == 0.0


def test_baselines_are_the_two_sides_of_retrieval() -> None:
    def passage(rank: int, document: str, dense: int | None, keyword: int | None) -> Passage:
        return Passage(rank, document, 0, 1, "x", 1.0 / rank, Why(dense, keyword))

    found = orders([passage(1, "a", 2, None), passage(2, "b", 1, 2), passage(3, "b", 3, 1), passage(4, "c", None, 3)])
    assert found["Attest"] == ["a", "b", "c"]
    assert found["MiniLM"] == ["b", "a"]
    assert found["BM25"] == ["b", "c"]
    assert found["rank fusion"] == ["b", "a", "c"]
