"""Score an answers file into a folder, and read such folders: `summary.json` and `outcomes.jsonl`, all that a gate needs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rag.errors import DataError
from rag.evaluation import metrics
from rag.evaluation.files import digest, read_lines, read_object, to_json, to_lines, write_text
from rag.evaluation.matching import Text
from rag.evaluation.pairing import align
from rag.evaluation.questions import check_gold, read_questions
from rag.evaluation.records import SUMMARY_SCHEMA, Question, Response
from rag.evaluation.responses import read_responses
from rag.evaluation.scoring import Outcome, score
from rag.evaluation.selftest import bundled_pairs, selftest
from rag.evaluation.summary import summarise
from rag.grounding.checker import GroundingChecker
from rag.schema import IndexInfo, to_dict

_SUMMARY, _OUTCOMES = "summary.json", "outcomes.jsonl"


@dataclass(frozen=True, slots=True)
class Scored:
    """A run that was scored: its folder's name, summary and outcomes."""

    name: str
    summary: dict[str, Any]
    outcomes: list[Outcome]


def score_file(
    answers: Path,
    questions: Path | None,
    checker: GroundingChecker,
    *,
    form: str | None = None,
    text: Text | None = None,
    index: IndexInfo | None = None,
) -> Scored:
    """Score an answers file with or without the question set that it answers.

    `text` gives a document's extracted text (None = there is no index); `index` names the index that it comes from.

    Raises:
        DataError: a file does not hold what it should, gold that is not in its document, or ids that do not match.
    """
    asked = read_questions(questions) if questions else []
    form, responses = read_responses(answers, form)
    if text is not None:
        check_gold(asked, text)
    pairs = align(asked, responses) if questions else [(None, response) for response in responses]
    outcomes = score(pairs, text, checker)
    own_error = selftest(checker, bundled_pairs())
    summary = {
        "schema": SUMMARY_SCHEMA,
        "attest": version("attest-rag"),
        "answers": {"name": answers.name, "sha256": _digest(responses), "form": form},
        "questions": None if questions is None else _question_row(questions, asked),
        "index": to_dict(index),
        "checker": {
            "name": own_error["checker"], "n": own_error["n"],
            **{name: own_error[name] for name in ("balanced_accuracy", "missed", "false_alarms")},
        },
        **summarise(outcomes),
    }  # fmt: skip
    summary["metrics"][metrics.CHECKER] = own_error["balanced_accuracy"]
    return Scored(answers.stem, summary, outcomes)


def write_scored(folder: Path, scored: Scored) -> None:
    """Write a scored run into a folder; raises DataError."""
    write_text(folder / _OUTCOMES, to_lines(scored.outcomes))
    write_text(folder / _SUMMARY, to_json(scored.summary, indent=1) + "\n")


def read_scored(folder: Path) -> Scored:
    """Return a scored run from its folder, or from the `summary.json` in it.

    Raises:
        DataError: there is no such folder, or it holds something else.
    """
    folder = folder.parent if folder.name == _SUMMARY else folder
    if not (folder / _SUMMARY).is_file():
        raise DataError(
            f"{folder} is no folder of scores (it has no {_SUMMARY}): make one with `rag eval score … --out {folder}`"
        )
    summary = read_object(folder / _SUMMARY)
    if summary.get("schema") != SUMMARY_SCHEMA or not isinstance(summary.get("metrics"), dict):
        raise DataError(f"{folder / _SUMMARY} is no {SUMMARY_SCHEMA}: score the answers again")
    outcomes = [row for _, row in read_lines(folder / _OUTCOMES)]
    if len(outcomes) != summary.get("asked") or not all(isinstance(row.get("scores"), dict) for row in outcomes):
        raise DataError(f"{folder / _OUTCOMES} does not belong to its {_SUMMARY}: score the answers again")
    return Scored(folder.resolve().name, summary, outcomes)


def _question_row(path: Path, questions: Sequence[Question]) -> dict[str, Any]:
    kinds = [question.answerable for question in questions]
    return {
        "name": path.name, "sha256": digest(path), "n": len(questions), "answerable": kinds.count(True),
        "unanswerable": kinds.count(False), "unlabelled": kinds.count(None), "drafted": sum(q.drafted for q in questions),
    }  # fmt: skip


def _digest(responses: Sequence[Response]) -> str:
    """Return a SHA-256 over what was answered, timings apart."""
    told = [{**to_dict(response), "timings_ms": None} for response in responses]
    return hashlib.sha256(to_lines(told).encode("utf-8")).hexdigest()
