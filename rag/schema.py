"""The data a caller sees: frozen dataclasses whose fields are those of the JSON contract, standard library only.

All offsets are code points into a document's extracted text, half open, so `text[start:end] == quote` always holds.
`None` means "not known": never a guess, never 0.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["user", "assistant"]
Status = Literal["answered", "not_found"]
Support = Literal["quoted", "supported", "partly", "unsupported", "contradicted", "unchecked"]

ANSWER_SCHEMA = "rag.answer/1"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is known of a document without its text.

    `title`, `outlet` and `published` (ISO 8601: YYYY, YYYY-MM or YYYY-MM-DD) come from the text, or from the user where
    `corrected` names the field. `saved` is the file's modification time (ISO 8601, UTC): a different fact from `published`.
    `sha256` is that of the extracted text in UTF-8; `characters` counts code points.
    """

    id: str
    source: str
    title: str | None
    outlet: str | None
    published: str | None
    corrected: tuple[str, ...]
    saved: str | None
    sha256: str
    characters: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Why:
    """Why a passage was found: its rank (from 1) among the dense and the keyword candidates, None if not among them.

    `reader` is a reader's score (None without a reader); `names` are the spellings under which a name was matched.
    """

    dense_rank: int | None = None
    keyword_rank: int | None = None
    reader: float | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that was found. `rank` counts from 1; `score` is the probability (0 to 1) that it is to the point."""

    rank: int
    document: str
    start: int
    end: int
    text: str
    score: float
    why: Why = field(default_factory=Why)


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact span: `quote` is characters `start` to `end` of the text of `document`, whose SHA-256 is `sha256`."""

    n: int
    document: str
    title: str | None
    outlet: str | None
    published: str | None
    page: int | None
    start: int
    end: int
    quote: str
    sha256: str


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer; `citations` are values of `Citation.n`. A sentence of kind "quote" is its source's words.

    `score`: 0 to 1, 1 = supported; None = not checked.
    """

    text: str
    kind: Literal["quote", "generated"]
    citations: tuple[int, ...]
    support: Support
    score: float | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """One side of a disagreement."""

    value: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Sources that give different values or accounts of one thing."""

    about: str
    kind: Literal["value", "account", "unclear"]
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which index answered: `id` changes whenever its contents do."""

    id: str
    documents: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or an honest "not found" with its `reason`; of an answer, `reason` says what to know of it, None = nothing.

    `confidence` is the calibrated probability (0 to 1) that the passages answer the question. `short_answer` is drawn from
    the first citation's quote, None where no short form stands out. `timings_ms` maps a stage to wall milliseconds.
    """

    question: str
    standalone_question: str
    status: Status
    reason: str | None
    confidence: float
    short_answer: str | None
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    disagreements: tuple[Disagreement, ...]
    passages: tuple[Passage, ...]
    answerer: str
    timings_ms: Mapping[str, float]
    index: IndexInfo
    id: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of the contract, `schema` first."""
        return {"schema": ANSWER_SCHEMA, "id": self.id, **to_dict(self)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What some evidence says of a claim; `score` is 0 to 1, 1 = supported; `reasons` are in words, the gravest first.

    `label` is never "unchecked".
    """

    label: Support
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer after checking; the fields mean what they mean in `AnswerSentence`."""

    text: str
    support: Support
    score: float | None
    citations: tuple[int, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroundingReport:
    """The claims of one answer or text, in its order.

    `citations`: the evidence of a text's claims, to which their numbers refer; empty for an answer, which has its own.
    """

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...] = ()

    @property
    def support_rate(self) -> float | None:
        """Share of the claims that were checked that are quoted or supported, 0 to 1; None where there are none."""
        checked = [claim for claim in self.claims if claim.support != "unchecked"]
        if not checked:
            return None
        return sum(claim.support in ("quoted", "supported") for claim in checked) / len(checked)


@dataclass(frozen=True, slots=True)
class ReadSpan:
    """A place that may be the answer: characters `start` to `end` of the passage read. `score`: 0 to 1."""

    text: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence of the passage read, with the probability (0 to 1) that it holds the answer."""

    start: int
    end: int
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a passage says to a question; `spans` and `sentences` best first.

    `answerable`: the probability (0 to 1) that the passage answers it.
    """

    answerable: float
    spans: tuple[ReadSpan, ...]
    sentences: tuple[ReadSentence, ...]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A file that was not indexed, with the reason in words."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync changed: document ids, sorted. `embedded` counts chunks that went through the model this time.

    `skipped` are files that are not documents (other types, empty, excluded); `failed` are files that should have been
    documents and could not be read: their earlier version, if any, is kept. `notes` are remarks that need no action.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    skipped: tuple[FileProblem, ...]
    failed: tuple[FileProblem, ...]
    notes: tuple[str, ...]
    documents: int
    chunks: int
    embedded: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long piece of work is: `done` of `total` (None = not known yet) units of `stage`."""

    stage: Literal["reading", "embedding", "storing", "answering"]
    done: int
    total: int | None


def to_dict(value: Any) -> Any:
    """Turn a dataclass of this module into plain JSON types."""
    if dataclasses.is_dataclass(value):
        return {f.name: to_dict(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {key: to_dict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_dict(item) for item in value]
    return value
