"""Fit the extractive answerer's logistic weights: `python -m rag.training.extractive --data DIR`.

DIR holds `train.jsonl.gz` and `dev_squad_v2.jsonl.gz` with rows {question, context, answers, answer_starts, unanswerable,
source, licence_class}. Only sources whose licence is open are used: SQuAD v1.1 and v2.0 development articles (CC BY-SA 4.0,
Rajpurkar et al. 2016, 2018), SQuADShifts New Wikipedia (CC BY 4.0, Miller et al. 2020), QED over Natural Questions
(CC BY-SA 3.0, Lamm et al. 2021), COVID-QA (Apache-2.0, Möller et al. 2020). Every context becomes a document of one index;
questions are answered from it as a user's would be, once as it is and once with the right document left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.answering.extractive import READ_PASSAGES, ExtractiveAnswerer, answer_features
from rag.answering.features import SENTENCE_FEATURES, Candidate, Evidence
from rag.answering.questions import Question, read_question
from rag.assistant import Assistant
from rag.config import Config
from rag.retrieval.keyword import inverse_frequencies

SOURCES = ("squad_v1_only_articles", "squad_v2_train_articles", "squadshifts_new_wiki", "qed_nq_dev", "covid_qa_windows")
_QUESTIONS = 700  # of each source
_TARGET_FALSE_REFUSAL = 0.10  # at which the threshold is set, on the development set


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it was asked: its evidence, and which document and characters of it answer (None = nothing does)."""

    question: Question
    evidence: tuple[Evidence, ...]
    idf: dict[str, float]
    vector: npt.NDArray[np.float32]
    gold: tuple[str, frozenset[int]] | None


def collect(rows: Sequence[dict[str, Any]], assistant: Assistant) -> Iterator[Row]:
    """Ask each question over all contexts; answerable ones a second time without the document that answers."""
    for row in rows:
        found = assistant._find(row["question"], READ_PASSAGES + 4, None)
        evidence = assistant._evidence(found)
        question = read_question(row["question"])
        idf = inverse_frequencies(assistant._index.catalog, question.terms)
        name = _name(row["context"])
        others = tuple(item for item in evidence if item.info.id != name)[:READ_PASSAGES]
        gold = None if row["unanswerable"] else (name, frozenset(row["answer_starts"]))
        read = tuple(evidence[:READ_PASSAGES])
        held = gold is not None and any(_holds(item, gold) for item in read)
        yield Row(question, read, idf, found.vector, gold if held else None)
        if held:
            yield Row(question, others, idf, found.vector, None)


def label(candidate: Candidate, gold: tuple[str, frozenset[int]] | None) -> bool:
    """Whether the sentence holds the start of a right answer."""
    if gold is None or candidate.evidence.info.id != gold[0]:
        return False
    return any(candidate.span.start <= start < candidate.span.end for start in gold[1])


def _holds(item: Evidence, gold: tuple[str, frozenset[int]]) -> bool:
    return item.info.id == gold[0] and any(item.passage.start <= start < item.passage.end for start in gold[1])


def _name(context: str) -> str:
    return f"c{hash_text(context)}"


def hash_text(text: str) -> str:
    """Return a short stable name for a text."""
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def _index(rows: Sequence[dict[str, Any]], folder: Path, cache: Path) -> Assistant:
    docs = folder / "docs"
    docs.mkdir()
    contexts = {_name(row["context"]): row["context"] for row in rows}
    with (docs / "contexts.jsonl").open("w", encoding="utf-8") as out:
        for name, text in contexts.items():
            out.write(json.dumps({"_id": name, "text": text}) + "\n")
    assistant = Assistant.open(config=Config(docs=docs, index=folder / "index", cache=cache))
    assistant.sync()
    return assistant


def fit(x: npt.NDArray[np.float64], y: npt.NDArray[np.bool_]) -> list[float]:
    """Return bias and weights of a logistic regression with balanced prior odds left as they are."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1.0, max_iter=2000).fit(x, y)
    return [round(float(value), 4) for value in [model.intercept_[0], *model.coef_[0]]]


def main() -> None:
    """Fit, measure on the development articles, and print the module to ship."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Config().cache)
    parser.add_argument("--save", type=Path, help="keep the collected rows here")
    options = parser.parse_args()
    random.seed(20)
    train = [r for r in _read(options.data / "train.jsonl.gz") if r["licence_class"] == "open" and r["source"] in SOURCES]
    dev = _read(options.data / "dev_squad_v2.jsonl.gz")
    asked = [row for source in SOURCES for row in _sample([r for r in train if r["source"] == source], _QUESTIONS)]
    collected = []
    for rows, questions in ((train, asked), (dev, _sample(dev, 1200))):
        with tempfile.TemporaryDirectory() as folder:
            assistant = _index(rows, Path(folder), options.cache)
            collected.append(list(collect(questions, assistant)))
            encode = assistant._encoder.encode
            assistant.close()
    if options.save:
        import pickle

        options.save.write_bytes(pickle.dumps(collected))
    report(collected[0], collected[1], ExtractiveAnswerer(encode))


def _sample(rows: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    return random.sample(list(rows), min(count, len(rows)))


def report(train: Sequence[Row], dev: Sequence[Row], answerer: ExtractiveAnswerer) -> None:
    """Fit on `train`, print weights and what they do on `dev`."""
    from sklearn.metrics import roc_auc_score

    import rag.answering.extractive as module

    measured = {id(rows): [(row, answerer.rank(row.question, row.evidence, row.idf, row.vector)) for row in rows]
                for rows in (train, dev)}  # fmt: skip
    pairs = [(c.features, label(c, row.gold)) for row, ranked in measured[id(train)] if row.gold for _, c in ranked]
    sentence = fit(np.array([f for f, _ in pairs]), np.array([y for _, y in pairs]))
    module.SENTENCE = tuple(sentence)
    print("SENTENCE =", tuple(zip(("bias", *SENTENCE_FEATURES), sentence, strict=True)))

    def ranked(rows: Sequence[Row]) -> list[tuple[Row, list[tuple[float, Candidate]]]]:
        scored = [
            (row, sorted(((module._sigmoid(module._dot(module.SENTENCE, c.features)), c) for _, c in r), key=lambda p: -p[0]))
            for row, r in measured[id(rows)]
        ]
        return [(row, r) for row, r in scored if r]

    first = [label(r[0][1], row.gold) for row, r in ranked(dev) if row.gold]
    print(f"dev: first sentence right {np.mean(first):.3f} of {len(first)}")
    features = {id(rows): np.array([answer_features(row.question, r, row.idf) for row, r in ranked(rows)]) for rows in (train, dev)}
    labels = {id(rows): np.array([row.gold is not None for row, r in ranked(rows)]) for rows in (train, dev)}
    weights = fit(features[id(train)], labels[id(train)])
    scores = weights[0] + features[id(dev)] @ np.array(weights[1:])
    y = labels[id(dev)]
    probability = 1 / (1 + np.exp(-scores))
    threshold = float(np.quantile(probability[y], _TARGET_FALSE_REFUSAL))
    print("ANSWERABLE =", tuple(weights))
    print(f"THRESHOLD = {threshold:.3f}: dev AUROC {roc_auc_score(y, scores):.3f}, answerable {y.sum()} of {len(y)}, "
          f"refused {np.mean(probability[~y] < threshold):.3f}, wrongly {np.mean(probability[y] < threshold):.3f}")  # fmt: skip
    print("SENTENCE =", tuple(sentence))


if __name__ == "__main__":
    main()
