"""A small real assistant: reads texts, quotes the sentences that share words with the question, with exact spans."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.errors import DocumentError, UsageError
from rag.schema import (
    Answer,
    AnswerSentence,
    Citation,
    Claim,
    DocumentInfo,
    GroundingReport,
    IndexInfo,
    Passage,
    Support,
    Turn,
)

_SENTENCE = re.compile(r"\S(?:[^.!?\n]|[.!?](?!\s))*[.!?]*")
_WORD = re.compile(r"\w+")
_COMMON = frozenset(
    _WORD.findall("the a an of in on at to is are was were who what when where why how did do and for by")
)
_QUOTED = 3
_MOST = 50_000


def words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)} - _COMMON


@dataclass(frozen=True)
class Meta:
    """What is said of a document beside its text."""

    title: str | None = None
    outlet: str | None = None
    published: str | None = None


@dataclass
class FakeAssistant:
    """Answers over `texts`; `gate`, if set, is waited for before each sentence after the first.

    `finish`, if set, makes the last answer out of what would have been it.
    """

    texts: dict[str, str]
    meta: Mapping[str, Meta] = field(default_factory=dict)
    gate: threading.Event | None = None
    finish: Callable[[Answer], Answer] | None = None
    histories: list[tuple[Turn, ...]] = field(default_factory=list)

    def documents(self) -> list[DocumentInfo]:
        return [self._info(name) for name in sorted(self.texts)]

    def text(self, document_id: str) -> str:
        if document_id not in self.texts:
            raise DocumentError(f"There is no document {document_id!r}. List them with `rag docs`.")
        return self.texts[document_id]

    def ask(self, question: str, history: Sequence[Turn] = (), documents: Sequence[str] | None = None) -> Answer:
        *_, last = self.stream(question, history, documents)
        return last

    def stream(
        self, question: str, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
    ) -> Iterator[Answer]:
        self.histories.append(tuple(history))
        ranked = self._ranked(question, documents)
        passages = tuple(self._passage(rank, *hit) for rank, hit in enumerate(ranked[:6], 1))
        growing = self._empty(question, passages)
        yield growing
        best = [hit for hit in ranked if hit[0] >= 2][:_QUOTED]
        for n, (_, name, start, end) in enumerate(best, 1):
            if self.gate is not None and n > 1:
                self.gate.wait(20)
            growing = _with_quote(growing, self._citation(n, name, start, end))
            yield growing
        if not best:
            reason = "No sentence of the documents answers this."
            growing = replace(growing, status="not_found", reason=reason, confidence=0.04)
        growing = replace(growing, timings_ms={"total": 1.0})
        yield self.finish(growing) if self.finish else growing

    def check_text(self, text: str, documents: Sequence[str] | None = None) -> GroundingReport:
        """Judge each sentence by the share of its words that the likest sentence has; a differing number contradicts it."""
        if not text.strip() or len(text) > _MOST:
            raise UsageError(f"the text has {len(text):,} characters: give 1 to {_MOST:,}")
        if self.gate is not None:
            self.gate.wait(20)
        claims: list[Claim] = []
        cited: list[Citation] = []
        for match in _SENTENCE.finditer(text):
            own = " ".join(match.group().split())
            support, score, reasons, hit = self._judge(own, documents)
            number = () if hit is None else (len(cited) + 1,)
            if hit is not None:
                cited.append(self._citation(len(cited) + 1, *hit))
            claims.append(Claim(own, support, score, number, reasons))
        return GroundingReport(tuple(claims), tuple(cited))

    def _judge(
        self, own: str, documents: Sequence[str] | None
    ) -> tuple[Support, float | None, tuple[str, ...], tuple[str, int, int] | None]:
        if own.endswith("?") or len(own.split()) < 2:
            return "unchecked", None, ("a question or heading states nothing",), None
        shared, name, start, end = self._ranked(own, documents)[0]
        found = " ".join(self.texts[name][start:end].split())
        share = shared / max(1, len(words(own)))
        hit = (name, start, end)
        if own == found:
            return "quoted", 1.0, (), hit
        if share < 0.4:
            return "unsupported", share / 2, ("no passage speaks of it",), None
        missing = [word for word in re.findall(r"\d+", own) if word not in found]
        if missing:
            return "contradicted", 0.02, (f"the evidence gives another number than {missing[0]}",), hit
        lacking = sorted(words(own) - words(found))
        if share < 0.8:
            return "partly", share, (f"the evidence does not speak of {', '.join(lacking)}",), hit
        return "supported", share, (), hit

    def _ranked(self, question: str, documents: Sequence[str] | None) -> list[tuple[int, str, int, int]]:
        asked = words(question)
        hits = [
            (len(asked & words(match.group())), name, match.start(), match.end())
            for name, text in self.texts.items()
            if documents is None or name in documents
            for match in _SENTENCE.finditer(text)
        ]
        return sorted(hits, key=lambda hit: (-hit[0], hit[1], hit[2]))

    def _passage(self, rank: int, score: int, name: str, start: int, end: int) -> Passage:
        return Passage(rank, name, start, end, self.texts[name][start:end], float(score))

    def _citation(self, n: int, name: str, start: int, end: int) -> Citation:
        info = self._info(name)
        quote = self.texts[name][start:end]
        return Citation(n, name, info.title, info.outlet, info.published, None, start, end, quote, info.sha256)

    def _info(self, name: str) -> DocumentInfo:
        meta, text = self.meta.get(name, Meta()), self.texts[name]
        digest = hashlib.sha256(text.encode()).hexdigest()
        return DocumentInfo(name, name, meta.title, meta.outlet, meta.published, (), None, digest, len(text), 1)

    def _empty(self, question: str, passages: tuple[Passage, ...]) -> Answer:
        return Answer(
            question, question, status="answered", reason=None, confidence=0.83, short_answer=None, sentences=(),
            citations=(), disagreements=(), passages=passages, answerer="fake", timings_ms={},
            index=IndexInfo("fake", len(self.texts), 1),
        )  # fmt: skip


def _with_quote(answer: Answer, citation: Citation) -> Answer:
    sentence = AnswerSentence(citation.quote, "quote", (citation.n,), "quoted", 1.0)
    return replace(answer, sentences=(*answer.sentences, sentence), citations=(*answer.citations, citation))


def seeds() -> FakeAssistant:
    """The bundled documents."""
    folder = Path(__file__).parents[2] / "seeds"
    texts = {path.name: path.read_bytes().decode() for path in sorted(folder.glob("*.txt"))}
    first, second = sorted(texts)
    title = "Trump Administration in “Historic” Withdrawal of Troops from 3 Iraq Bases"
    known = {
        first: Meta(title, "Global Research", "2020-03-18"),
        second: Meta("The US is pulling out of key Iraq bases"),
    }
    return FakeAssistant(texts, known)
