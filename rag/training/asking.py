"""Ask the rows that trained nothing as a user would, over all passages, to learn what the scores mean."""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.answering.extractive import READ_PASSAGES
from rag.answering.features import Candidate, Evidence, Vector
from rag.answering.questions import Question, read_question
from rag.answering.reading import alone
from rag.answering.weights import FITTED_AMONG
from rag.assistant import Assistant
from rag.config import Config
from rag.models.encoder import Encoder
from rag.models.reader import Look
from rag.retrieval.hybrid import Found, find
from rag.retrieval.keyword import inverse_frequencies
from rag.retrieval.ranking import Hit, rank, read_features, unread_features, worth_reading
from rag.store.records import Chunk
from rag.training.edits import Slots, edit, slots
from rag.training.rephrasings import Synonyms, rephrase, synonyms
from rag.training.rows import VAGUE, Row
from rag.training.units import common_words, without_answer

Floats = npt.NDArray[np.float64]
Gold = tuple[str, tuple[tuple[int, int], ...]]
"""A document, and the characters of it that answer: (start, end)."""
_REPHRASED = 0.5
_MORE = 4  # passages read beyond those of an answer, so that as many are left without the one that answers


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was asked: its evidence, and which document and characters of it answer (None = nothing does)."""

    question: Question
    evidence: tuple[Evidence, ...]
    idf: dict[str, float]
    vector: Vector
    gold: Gold | None
    kind: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """What ranking learns from: features of passages, and whether each is the one that answers."""

    read: Floats
    unread: Floats
    right: npt.NDArray[np.bool_]


class Questions:
    """Asks rows of all passages, and gathers what the weights are fitted on."""

    def __init__(self, assistant: Assistant, fills: Slots, same: Synonyms) -> None:
        self._assistant, self._fills, self._same = assistant, fills, same
        self.asked: list[Asked] = []
        self.pairs: list[tuple[tuple[float, ...], tuple[float, ...], bool]] = []
        self.alone: list[Asked] = []

    def ask(self, row: Row, chance: random.Random) -> None:
        """Ask a row's question over all passages, then without the one that answers, then changed so that none does.

        Half of the questions are put in other words first: a user does not have the passage before him.
        """
        changed = None
        if row.answers and row.source != "dev":
            if chance.random() < _REPHRASED and not row.source.startswith("written"):
                other = rephrase(row.question, row.context, row.answers[0], chance, self._same)
                row = replace(row, question=other or row.question)
            said = row.context[slice(*row.answers[0])]
            changed = edit(row.question, row.context, said, chance, self._others, ())
        if row.source in VAGUE:
            self._read(row, changed[0] if changed else None, ())
            return
        found, looks = self._search(row.question, READ_PASSAGES + _MORE)
        name = _name(row.context)
        self._read(row, changed[0] if changed else None, [chunk for chunk, _ in found.hits if chunk.document != name])
        gold = (name, row.answers) if row.answers else None
        if gold:
            for (chunk, fused), look in list(zip(found.hits, looks, strict=True))[:READ_PASSAGES]:
                right = chunk.document == name
                self.pairs.append((read_features(fused, look), unread_features(fused), right))
        read = self._evidence(found.hits, looks)
        held = gold is not None and any(_holds(item, gold) for item in read)
        self._keep(row.question, read, found.vector, gold if held else None, "as it is" if row.answers else "written")
        if held:
            rest = [at for at, (chunk, _) in enumerate(found.hits) if chunk.document != name]
            read = self._evidence([found.hits[at] for at in rest], [looks[at] for at in rest])
            self._keep(row.question, read, found.vector, None, "left out")
        if changed:
            found, looks = self._search(changed[0], READ_PASSAGES)
            self._keep(changed[0], self._evidence(found.hits, looks), found.vector, None, "edited")

    def _search(self, text: str, count: int) -> tuple[Found, list[Look]]:
        """Find passages for a question, and read them all."""
        found = find(self._assistant._index, self._assistant._encoder, text, count)
        return found, self._assistant._reader.look(text, [chunk.text for chunk, _ in found.hits])

    def _evidence(self, hits: Sequence[Hit], looks: Sequence[Look]) -> list[Evidence]:
        """Return what an answer to the question would be made of."""
        worth, _ = worth_reading(hits, READ_PASSAGES)
        known = {chunk.id: look for (chunk, _), look in zip(hits, looks, strict=True)}
        return self._assistant._evidence(rank(worth, [known[chunk.id] for chunk, _ in worth]))

    def _keep(self, text: str, evidence: Sequence[Evidence], vector: Vector, gold: Gold | None, kind: str) -> None:
        question = read_question(text)
        idf = inverse_frequencies(self._assistant._index.catalog, question.terms, at_least=FITTED_AMONG)
        self.asked.append(Asked(question, tuple(evidence), idf, vector, gold, kind))

    def _read(self, row: Row, changed: str | None, near: Sequence[Chunk]) -> None:
        """Read with one passage alone: its own, that without the answer, a near one; and the changed question."""
        cases = [(row.question, row.context, row.answers)]
        if row.answers and row.source != "dev":
            if less := without_answer(row):
                cases.append((row.question, less, ()))
            cases += [(row.question, chunk.text, ()) for chunk in near[:1]]
            if changed:
                cases.append((changed, row.context, ()))
        for text, context, answers in cases:
            question = read_question(text)
            [look] = self._assistant._reader.look(text, [context])
            vectors = self._assistant._encoder.recall([text, context])
            item, idf = alone(question, context, float(vectors[0] @ vectors[1]), look)
            self.alone.append(Asked(question, (item,), idf, vectors[0], ("", answers) if answers else None, "alone"))

    def _others(self, before: str, word: str, after: str) -> Sequence[str]:
        del word
        return self._fills.get((before, after), ())


def gather(
    corpus: Sequence[Row], rows: Sequence[Row], folder: Path, cache: Path
) -> tuple[list[Asked], Pairs, list[Asked]]:
    """Ask `rows` over the passages of `corpus`: what was asked of all passages, what ranking learns from, what was read alone."""
    assistant = _index(corpus, folder, cache)
    same = synonyms(common_words(row.question for row in corpus), Encoder(Config().model, cache))
    questions = Questions(assistant, slots(row.question for row in corpus), same)
    chance = random.Random(20)
    for number, row in enumerate(rows):
        questions.ask(row, chance)
        if number % 200 == 0:
            sys.stderr.write(f"{folder.name}: {number} of {len(rows)}\n")
    assistant.close()
    read, unread, right = (np.array(column) for column in zip(*questions.pairs, strict=True))
    return questions.asked, Pairs(read, unread, right.astype(bool)), questions.alone


def label(candidate: Candidate, gold: Gold | None) -> bool:
    """Whether the sentence holds the start of a right answer."""
    if gold is None or candidate.evidence.info.id != gold[0]:
        return False
    return any(candidate.span.start <= start < candidate.span.end for start, _ in gold[1])


def _holds(item: Evidence, gold: Gold) -> bool:
    return item.info.id == gold[0] and any(item.passage.start <= start < item.passage.end for start, _ in gold[1])


def _name(context: str) -> str:
    return f"c{hashlib.sha256(context.encode()).hexdigest()[:16]}"


def _index(rows: Sequence[Row], folder: Path, cache: Path) -> Assistant:
    docs = folder / "docs"
    docs.mkdir(parents=True, exist_ok=True)
    with (docs / "contexts.jsonl").open("w", encoding="utf-8") as out:
        for text in dict.fromkeys(row.context for row in rows):
            out.write(json.dumps({"_id": _name(text), "text": text}) + "\n")
    assistant = Assistant.open(config=Config(docs=docs, index=folder / "index", cache=cache))
    assistant.sync()
    return assistant
