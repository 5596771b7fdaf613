"""What evaluation reads and writes: questions with gold, responses of any system, metrics, outcomes; frozen dataclasses.

Offsets are code points into a document's extracted text, half open. `None` means "not known" or "does not apply".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rag.schema import Turn

SUMMARY_SCHEMA = "rag.eval.summary/1"
OUTCOME_SCHEMA = "rag.eval.outcome/1"

Cause = Literal[
    "error", "not_retrieved", "not_chosen", "not_first", "wrongly_refused", "should_have_refused", "contradicted", "unsupported",
    "mis_cited",
]  # fmt: skip
# in the order in which a reader should look into them, with the words that a report uses
CAUSES: Mapping[Cause, str] = {
    "error": "no answer: the system failed",
    "not_retrieved": "the gold quote was not retrieved",
    "not_chosen": "retrieved, but not chosen",
    "not_first": "chosen, but not as the first sentence",
    "wrongly_refused": "retrieved, but refused",
    "should_have_refused": "should have refused",
    "contradicted": "contradicted by its evidence",
    "unsupported": "unsupported by its evidence",
    "mis_cited": "supported, but not by what it cites",
}


@dataclass(frozen=True, slots=True)
class Gold:
    """A passage that answers a question, named by its words so that it survives re-chunking; `document` None = any."""

    quote: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is known of its answer.

    `answerable`, `conflict`: None = nobody has said. `gold`: each is a right answer by itself. `answers`: short forms, any of
    them right. `drafted`: made by a program, not yet read by a person.
    """

    id: str
    question: str
    answerable: bool | None = None
    gold: tuple[Gold, ...] = ()
    answers: tuple[str, ...] = ()
    conflict: bool | None = None
    tags: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    drafted: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """What a response cites, or a passage that it retrieved; a system that keeps no offsets or names leaves them None."""

    text: str
    document: str | None = None
    start: int | None = None
    end: int | None = None
    sha256: str | None = None
    n: int | None = None
    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """A sentence of a response. `citations` are values of `Quotation.n`; None = this system does not cite by sentence."""

    text: str
    citations: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """One line of an answers file, of ours or of another system.

    `answered` False = it refused. `passages`, `citations`, `disagreements`: None = the system does not report any.
    `passages` are best first. `reference` are right answers that the file itself carries. `error`: why there is no answer.
    """

    id: str
    question: str | None
    answered: bool
    sentences: tuple[Stated, ...] = ()
    citations: tuple[Quotation, ...] | None = None
    passages: tuple[Quotation, ...] | None = None
    confidence: float | None = None
    short_answer: str | None = None
    reason: str | None = None
    disagreements: int | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    reference: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure with its uncertainty.

    `value` None = it could not be computed, and `reason` says why; `ci95` None likewise. `n` counts the questions that count,
    `n_not_applicable` those that do not. `method`: the definition and how the interval was made, in words.
    """

    value: float | None
    ci95: tuple[float, float] | None
    n: int
    n_not_applicable: int
    method: str
    reason: str | None = None
