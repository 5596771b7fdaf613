"""Score an answers file into a folder, and read such folders: `summary.json` and `outcomes.jsonl`, all that a gate needs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rag.errors import DataError
from rag.evaluation.correcting import corrected_support
from rag.evaluation.files import digest, read_lines, read_object, to_lines, write_text
from rag.evaluation.matching import Text
from rag.evaluation.metrics import CHECKER, CORRECTED, LATENCY
from rag.evaluation.pairing import align
from rag.evaluation.questions import check_gold, read_questions
from rag.evaluation.records import SUMMARY_SCHEMA, Question, Response
from rag.evaluation.responses import read_responses
from rag.evaluation.scoring import Outcome, score
from rag.evaluation.selftest import bundled_pairs, selftest
from rag.evaluation.summary import summarise, to_row
from rag.grounding.checker import GroundingChecker
from rag.jsontext import to_json
from rag.schema import IndexInfo, to_dict

_SUMMARY, _OUTCOMES, _SEAL = "summary.json", "outcomes.jsonl", "sha256"


@dataclass(frozen=True, slots=True)
class Scored:
    """A run that was scored: its name, summary and outcomes, and the folder that it was read from, if any."""

    name: str
    summary: dict[str, Any]
    outcomes: list[Outcome]
    place: Path | None = None


def score_file(
    answers: Path,
    questions: Path | None,
    checker: GroundingChecker,
    *,
    form: str | None = None,
    text: Text | None = None,
    documents: Sequence[str] = (),
    index: IndexInfo | None = None,
) -> Scored:
    """Score an answers file with or without the question set that it answers.

    `text` gives a document's extracted text (None = there is no index) and `documents` names them all; `index` is what they
    come from.

    Raises:
        DataError: a file does not hold what it should, gold that is not in its document, or ids that do not match.
    """
    asked = read_questions(questions) if questions else []
    form, responses = read_responses(answers, form)
    if text is not None:
        check_gold(asked, text, documents)
    pairs = align(asked, responses) if questions else [(None, response) for response in responses]
    outcomes = score(pairs, text, checker, ours=form == "attest")
    own_error = selftest(checker, bundled_pairs())
    summary = {
        "schema": SUMMARY_SCHEMA,
        "attest": version("attest-rag"),
        "answers": {"name": answers.name, "sha256": _digest(responses), "form": form},
        "questions": None if questions is None else _question_row(questions, asked),
        "index": to_dict(index),
        "checker": {
            "name": own_error["checker"], "n": own_error["n"],
            **{name: own_error[name] for name in ("balanced_accuracy", "missed", "false_alarms", "kinds")},
        },
        **summarise(outcomes),
    }  # fmt: skip
    summary["metrics"][CHECKER] = own_error["balanced_accuracy"]
    summary["metrics"][CORRECTED] = to_row(corrected_support(outcomes, own_error))
    return Scored(answers.stem, summary, outcomes)


def write_scored(folder: Path, scored: Scored) -> None:
    """Write a scored run into a folder, the summary last and sealed; raises DataError."""
    write_text(folder / _OUTCOMES, to_lines(scored.outcomes))
    sealed = {**scored.summary, _SEAL: _seal(scored.summary, scored.outcomes)}
    write_text(folder / _SUMMARY, to_json(sealed, indent=1) + "\n")


def discard(folder: Path) -> None:
    """Remove the summary of a folder of scores, so that a run that fails leaves none that a gate could take for its own."""
    try:
        (folder / _SUMMARY).unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"cannot write into {folder} ({error.strerror}): give another folder") from None


def read_scored(folder: Path) -> Scored:
    """Return a scored run from its folder, or from the `summary.json` in it.

    Raises:
        DataError: there is no such folder, or it holds something else, or has been changed since it was written.
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
    if summary.pop(_SEAL, None) != _seal(summary, outcomes):
        raise DataError(f"{folder}: {_SUMMARY} and {_OUTCOMES} are not as they were written: score the answers again")
    return Scored(folder.resolve().name, summary, outcomes, folder.resolve())


def _seal(summary: Mapping[str, Any], outcomes: Sequence[Outcome]) -> str:
    """Return a SHA-256 over a summary and its outcomes, timings apart: it tells slips and edits, it is no signature."""
    metrics = {name: metric for name, metric in summary["metrics"].items() if not name.startswith(LATENCY)}
    rows = ({**outcome, "timings_ms": None} for outcome in outcomes)
    told = to_json({**summary, "metrics": metrics}) + to_lines(rows)
    return hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()


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
