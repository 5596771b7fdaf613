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
import hashlib
import json
import math
import random
import sys
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
from rag.answering.weights import FITTED_AMONG, THRESHOLD
from rag.assistant import Assistant
from rag.config import Config
from rag.retrieval.keyword import inverse_frequencies

SOURCES = (
    "squad_v1_only_articles",
    "squad_v2_train_articles",
    "squadshifts_new_wiki",
    "qed_nq_dev",
    "covid_qa_windows",
)
_QUESTIONS = 250  # of each source
# Set by hand: the training texts hold no headings, and questions whose answer is a number or a time that a regular expression
# misses are commoner in them than questions that a sentence without one answers.
_BY_HAND_SENTENCE = {"heading": -2.5}
_BY_HAND_ANSWERABLE = {4: -0.5, 5: -1.5}  # untyped, untyped_exact


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
        idf = inverse_frequencies(assistant._index.catalog, question.terms, at_least=FITTED_AMONG)
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
    options = parser.parse_args()
    random.seed(20)
    train = [
        r for r in _read(options.data / "train.jsonl.gz") if r["licence_class"] == "open" and r["source"] in SOURCES
    ]
    dev = _read(options.data / "dev_squad_v2.jsonl.gz")
    asked = [row for source in SOURCES for row in _sample([r for r in train if r["source"] == source], _QUESTIONS)]
    collected = []
    for rows, questions in ((train, asked), (dev, _sample(dev, 1200))):
        with tempfile.TemporaryDirectory() as folder:
            assistant = _index(rows, Path(folder), options.cache)
            collected.append(list(collect(questions, assistant)))
            encode = assistant._encoder.encode
            assistant.close()
    report(collected[0], collected[1], ExtractiveAnswerer(encode))


def _sample(rows: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    return random.sample(list(rows), min(count, len(rows)))


def report(train: Sequence[Row], dev: Sequence[Row], answerer: ExtractiveAnswerer) -> None:
    """Fit on `train`, print the weights to ship and what they do on `dev`."""
    measured = [
        [
            (row, [c for _, c in answerer.rank(row.question, row.evidence, row.idf, row.vector)])
            for row in rows
            if row.evidence
        ]
        for rows in (train, dev)
    ]
    pairs = [(c.features, label(c, row.gold)) for row, found in measured[0] if row.gold for c in found]
    sentence = fit(np.array([f for f, _ in pairs]), np.array([y for _, y in pairs]))
    for name, weight in _BY_HAND_SENTENCE.items():
        sentence[1 + SENTENCE_FEATURES.index(name)] = weight
    ordered = [[(row, order(found, sentence)) for row, found in rows if found] for rows in measured]
    first = [label(ranked[0][1], row.gold) for row, ranked in ordered[1] if row.gold]
    x, x_dev = (np.array([answer_features(row.question, ranked, row.idf) for row, ranked in rows]) for rows in ordered)
    y, y_dev = (np.array([row.gold is not None for row, _ in rows]) for rows in ordered)
    fitted = [i for i in range(x.shape[1]) if i not in _BY_HAND_ANSWERABLE]
    weights = fit(x[:, fitted], y) + list(_BY_HAND_ANSWERABLE.values())
    scores = weights[0] + x_dev @ np.array(weights[1:])
    _print(sentence, weights, first, scores, y_dev)


def order(found: Sequence[Candidate], sentence: Sequence[float]) -> list[tuple[float, Candidate]]:
    """Rank candidates by sentence weights, bias first: (probability, candidate), best first."""
    scored = [(float(sentence[0] + np.dot(sentence[1:], c.features)), c) for c in found]
    return sorted(((1 / (1 + math.exp(-s)), c) for s, c in scored), key=lambda pair: -pair[0])


def _print(
    sentence: Sequence[float], weights: Sequence[float], first: Sequence[bool],
    scores: npt.NDArray[np.float64], answerable: npt.NDArray[np.bool_],
) -> None:  # fmt: skip
    from sklearn.metrics import roc_auc_score

    write = sys.stdout.write
    write(f"SENTENCE = {tuple(sentence)}\nANSWERABLE = {tuple(weights)}\n")
    write(f"first sentence right: {np.mean(first):.3f} of {len(first)} answerable\n")
    write(
        f"AUROC of answerability: {roc_auc_score(answerable, scores):.3f}, {answerable.sum()} of {len(answerable)} answerable\n"
    )
    probability = 1 / (1 + np.exp(-scores))
    for threshold in (0.25, THRESHOLD, 0.4, 0.5):
        refused = probability < threshold
        write(f"at {threshold}: refused {refused[~answerable].mean():.3f}, wrongly {refused[answerable].mean():.3f}\n")


if __name__ == "__main__":
    main()
