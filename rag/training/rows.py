"""Rows that may train what ships: questions with the passage that answers them, or that was written not to."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SOURCES = {
    "squad_v1_only_articles": "SQuAD v1.1 development articles, CC BY-SA 4.0, Rajpurkar et al. 2016",
    "squad_v2_train_articles": "SQuAD v2.0 development articles, CC BY-SA 4.0, Rajpurkar et al. 2018",
    "squadshifts_new_wiki": "SQuADShifts New Wikipedia, CC BY 4.0, Miller et al. 2020",
    "squadshifts_reddit": "SQuADShifts Reddit, CC BY 4.0, Miller et al. 2020",
    "squadshifts_amazon": "SQuADShifts Amazon, CC BY 4.0, Miller et al. 2020",
    "qed_nq_dev": "QED over Natural Questions, CC BY-SA 3.0, Lamm et al. 2021",
    "covid_qa_windows": "COVID-QA, Apache-2.0, Möller et al. 2020",
    "tatqa_text": "TAT-QA questions over text, CC BY 4.0, Zhu et al. 2021",
}
"""Sources with an open licence, with origin and licence as the model card names them."""
VAGUE = frozenset({"squadshifts_reddit", "squadshifts_amazon", "written_nameless"})
"""Sources whose questions often fit any text of their kind ("What brand is the writer reviewing?")."""
TWINS = "written_twins"
"""Source of pairs: a question that its passage answers, and after it one that differs in one thing and is not answered."""
_SOURCE = {"nameless": "written_nameless", "close": TWINS, "twisted": TWINS}
WRITTEN = {part: Path(__file__).parent / "written" / f"{part}.jsonl.gz" for part in ("first", "second", "twins")}
"""Questions written for the reader over passages of SOURCES: {context: the first 16 digits of its SHA-256, asked: [[kind, question,
start, end], …]}, the answer's place in code points, both null where there is none. The kinds are in the model card."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question over a passage. `answers` are spans of `context` in code points, (start, end), none = it does not answer."""

    id: str
    source: str
    question: str
    context: str
    answers: tuple[tuple[int, int], ...]


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a gzipped JSON-lines file, answers that do not stand where they are said to left out."""
    for row in read_json(path):
        spans = {
            (start, start + len(text))
            for text, start in zip(row["answers"], row["answer_starts"], strict=True)
            if text.strip() and row["context"][start : start + len(text)] == text
        }
        if spans or row["unanswerable"]:
            yield Row(row["id"], row["source"], row["question"].strip(), row["context"], tuple(sorted(spans)))


def training_rows(folder: Path) -> list[Row]:
    """Return the rows of `train.jsonl.gz` that SOURCES names; rows under other licences are left out."""
    return [row for row in read_rows(folder / "train.jsonl.gz") if row.source in SOURCES]


def written_rows(rows: Iterable[Row], parts: Iterable[str] = tuple(WRITTEN)) -> list[Row]:
    """Return the questions written over the passages of `rows`, a passage's own one after the other; `parts` of WRITTEN."""
    contexts = {digest(row.context): row.context for row in rows}
    found: list[Row] = []
    for passage in (passage for part in parts for passage in read_json(WRITTEN[part])):
        name = passage["context"]
        for number, (kind, question, start, end) in enumerate(passage["asked"] if name in contexts else ()):
            answers = () if start is None else ((start, end),)
            found.append(
                Row(f"{name}-{kind}-{number}", _SOURCE.get(kind, "written"), question, contexts[name], answers)
            )
    return found


def digest(context: str) -> str:
    """Return what names a passage in WRITTEN."""
    return hashlib.sha256(context.encode()).hexdigest()[:16]


def held_out(context: str) -> bool:
    """Tell whether a passage is among the twentieth that trains nothing: what the reader's scores mean is learned there."""
    return hashlib.sha256(context.encode()).digest()[0] < 13


def read_json(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a gzipped JSON-lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)
