"""Training examples: questions with passages that answer, nearly answer, or have nothing to do with them."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rag.models.encoder import Encoder
from rag.text.normal import words
from rag.text.sentences import sentences
from rag.text.stem import stem
from rag.text.terms import STOPWORDS
from rag.training.edits import Fills, edit, slots, text_names
from rag.training.mining import Corpus, Ranking
from rag.training.rephrasings import rephrase, synonyms
from rag.training.rows import TWINS, VAGUE, Row

_DEPTH = 16  # passages of the ranking from which hard negatives are drawn
_ALIKE = 0.55  # cosine of two words from which on one is taken for a synonym of the other
_VAGUE_SHARE = 0.5  # of the vague rows in one epoch
_INVERSE = (
    3000  # pairs in one epoch of a sentence and the passage it was taken from (Lee et al. 2019, inverse cloze task)
)
_REPHRASED = 0.45  # of the questions in one epoch
_HARDER = 0.4  # of the written questions, with a passage more that does not answer them
_TWICE = frozenset({"qed_nq_dev"})  # the one source of questions asked without sight of the passage
NEGATIVES = {"edit": 0.4, "mined": 0.43, "removed": 0.12, "far": 0.05}
VAGUE_NEGATIVES = {"edit": 0.25, "mined": 0.13, "removed": 0.1, "far": 0.02, "": 0.5}


@dataclass(frozen=True, slots=True)
class Example:
    """A question with a text. `answer` is a span of the text in code points.

    `answerable`, `relevant`: 1 yes, 0 no, -1 not known or not asked. `kind` says how the example was made.
    """

    question: str
    text: str
    answer: tuple[int, int] | None
    answerable: int
    relevant: int
    kind: str


Unit = tuple[Example, ...]
"""Examples that belong into one batch: those about one question, the relevant one first."""


class Units:
    """Makes the examples of each epoch; the same for the same seed and epoch."""

    def __init__(self, rows: Sequence[Row], written: Sequence[Row], encoder: Encoder, seed: int, share: float) -> None:
        """Take the rows of the data sets, of whose answered ones an epoch holds a `share`, and the written ones, all of them."""
        self._seed, self._share = seed, share
        self._rows = [row for row in rows if row.answers]
        self._unanswerable = [row for row in rows if not row.answers]
        self._contexts = list(dict.fromkeys(row.context for row in rows))
        self._number = {context: number for number, context in enumerate(self._contexts)}
        corpus = Corpus(self._contexts, encoder)
        self._ranked = corpus.rank([row.question for row in self._rows], _DEPTH + 4)
        self._near = corpus.rank(self._contexts, _DEPTH, corpus.vectors)
        self._written: dict[tuple[str, bool], list[tuple[Row, Ranking]]] = defaultdict(list)
        ranked = corpus.rank([row.question for row in written], _DEPTH + 4) if written else ()
        for row, ranking in zip(written, ranked, strict=True):
            self._written[row.context, row.source == TWINS].append((row, ranking))
        self._kept = _evened([row for row in written if row.source != TWINS])
        self._fills = _without_synonyms(slots(row.question for row in rows), encoder)
        self._same = synonyms(common_words(row.question for row in rows), encoder)
        self._names = _names_by_source(rows)

    def epoch(self, number: int) -> list[Unit]:
        """Return the units of an epoch in random order."""
        chance = random.Random(f"{self._seed} {number}")
        units: list[Unit] = []
        half = number % round(1 / _VAGUE_SHARE)
        for at, row in enumerate(self._rows):
            if row.source in VAGUE and at % round(1 / _VAGUE_SHARE) != half:
                continue
            for _ in range(2 if row.source in _TWICE else 1):
                units.append(self._unit(row, self._ranked[at], chance))
        units += self._inverse(chance)
        chance.shuffle(units)
        units = units[: round(len(units) * self._share)]
        for row in self._unanswerable:
            for _ in range(2):
                units.append((_varied(Example(row.question, row.context, None, 0, -1, "written"), chance),))
        for group in self._written.values():
            units += self._asked(group, chance)
        chance.shuffle(units)
        return units

    def _asked(self, group: Sequence[tuple[Row, Ranking]], chance: random.Random) -> list[Unit]:
        """Return the written questions of a passage: those that it answers, each beside one that it does not (its twin)."""
        twins = group[0][0].source == TWINS
        lacking = [row for row, _ in group if not row.answers]
        if not twins:
            lacking = [row for row in lacking if chance.random() < self._kept[_form(row)]]
            chance.shuffle(lacking)
        units: list[Unit] = []
        for row, ranked in group:
            if not row.answers:
                continue
            positive = Example(row.question, row.context, row.answers[0], 1, 1, "written")
            positive = positive if twins else _varied(positive, chance)  # twins differ in one thing alone
            unit = [positive]
            if lacking:
                other = Example(lacking.pop(0).question, row.context, None, 0, -1, "written")
                unit.append(other if twins else _varied(other, chance))
            if chance.random() < (_HARDER / 2 if twins else _HARDER) or len(unit) == 1:
                kind = "removed" if row.source in VAGUE else chance.choice(["mined", "mined", "removed"])
                text = without_answer(row) if kind == "removed" else self._confused(row, ranked, chance)
                known = -1 if kind == "removed" else 0
                unit += [Example(positive.question, text, None, 0, known, kind)] if text else []
            units.append(tuple(unit))
        return units

    def _unit(self, row: Row, ranked: Ranking, chance: random.Random) -> Unit:
        answer = chance.choice(row.answers)
        if chance.random() < _REPHRASED:
            row = replace(row, question=rephrase(row.question, row.context, answer, chance, self._same) or row.question)
        positive = Example(row.question, row.context, answer, 1, 1, "answered")
        mix = VAGUE_NEGATIVES if row.source in VAGUE else NEGATIVES
        kind = chance.choices(list(mix), list(mix.values()))[0]
        negative = self._negative(row, answer, ranked, kind, chance) if kind else None
        if negative is None or negative.kind == "edit":  # the edited question must differ in nothing else
            return (positive, negative) if negative else (_varied(positive, chance),)
        varied = _varied(positive, chance)
        return (varied, replace(negative, question=varied.question))

    def _negative(
        self, row: Row, answer: tuple[int, int], ranked: Ranking, kind: str, chance: random.Random
    ) -> Example | None:
        said = row.context[slice(*answer)]
        if kind == "mined" and (text := self._confused(row, ranked, chance)):
            return Example(row.question, text, None, 0, 0, "mined")
        if kind == "removed" and (text := without_answer(row)):
            return Example(row.question, text, None, 0, -1, "removed")
        if kind == "far":
            return Example(row.question, chance.choice(self._contexts), None, 0, 0, "far")
        changed = edit(row.question, row.context, said, chance, self._fills, self._names[row.source])
        return Example(changed[0], row.context, None, 0, -1, "edit") if changed else None

    def _confused(self, row: Row, ranked: Ranking, chance: random.Random) -> str | None:
        """Return a passage that the retriever ranks high but that does not hold the answer."""
        own = self._number[row.context]
        if row.source in VAGUE and own not in ranked[:3]:
            return None  # a question that does not tell passages apart: another may well answer it
        said = {row.context[start:end].casefold() for start, end in row.answers}
        fit = [
            self._contexts[number]
            for number in ranked[:_DEPTH]
            if number != own and not any(text in self._contexts[number].casefold() for text in said)
        ]
        return chance.choice(fit[: chance.choice([3, _DEPTH])]) if fit else None

    def _inverse(self, chance: random.Random) -> list[Unit]:
        units: list[Unit] = []
        for at in chance.sample(range(len(self._contexts)), _INVERSE):
            text = self._contexts[at]
            spans = [span for span in sentences(text) if span.end - span.start > 40]
            if len(spans) < 3:
                continue
            span = spans[0] if chance.random() < 0.4 else chance.choice(spans)
            query = text[span.start : span.end]
            rest = text if chance.random() < 0.2 else f"{text[: span.start]}{text[span.end :]}".strip()
            query = keywords(query, chance) if chance.random() < 0.5 else query[:300]
            other = self._contexts[chance.choice([n for n in self._near[at] if n != at])]
            units.append((Example(query, rest, None, -1, 1, "inverse"), Example(query, other, None, 0, 0, "inverse")))
        return units


def without_answer(row: Row) -> str | None:
    """Return the passage without the sentences that hold an answer; None if too little is left."""
    said = {row.context[start:end].casefold() for start, end in row.answers}
    kept = [row.context[span.start : span.end] for span in sentences(row.context)]
    left = [text for text in kept if not any(answer in text.casefold() for answer in said)]
    return " ".join(left) if 2 <= len(left) < len(kept) else None


def keywords(text: str, chance: random.Random, most: int = 7) -> str:
    """Return words that say what a text is about, in its order, as people type them into a search box."""
    kept = [text[start:end] for word, start, end in words(text) if stem(word) not in STOPWORDS]
    if len(kept) > most:
        first = chance.randrange(len(kept) - most + 1)
        kept = kept[first : first + most]
    return " ".join(kept) or text


def _varied(example: Example, chance: random.Random) -> Example:
    """Put the question as people type it: without a question mark, as keywords, with a slip in a name."""
    question, draw = example.question, chance.random()
    if draw < 0.12:
        question = question.rstrip(" ?")
    elif draw < 0.19:
        kept = keywords(question, chance, 12)
        asked = re.match(r"(?:who|when|where|why|how(?: (?:many|much|long|old|far))?)\b", question, re.IGNORECASE)
        question = f"{asked.group().lower()} {kept}" if asked and chance.random() < 0.7 else kept
    elif draw < 0.25:
        question = _misspelt(question, chance)
    return replace(example, question=question)


def _misspelt(question: str, chance: random.Random) -> str:
    """Leave out, double or swap a letter of a name."""
    found = [name for name in text_names(question) if len(name) > 4 and name.isalpha()]
    if not found:
        return question
    name = chance.choice(found)
    at = chance.randrange(1, len(name) - 1)
    slip = chance.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        ]
    )
    return question.replace(name, slip)


def _without_synonyms(fills: dict[tuple[str, str], tuple[str, ...]], encoder: Encoder) -> Fills:
    """Return a function (before, word, after) -> words for the slot that do not mean nearly the same as the word."""
    vocabulary = sorted({word for found in fills.values() for word in found})
    vectors = dict(zip(vocabulary, encoder.encode(vocabulary), strict=True))

    def fitting(before: str, word: str, after: str) -> list[str]:
        found = fills.get((before, after), ())
        if word not in vectors:
            return []
        return [other for other in found if float(vectors[word] @ vectors[other]) < _ALIKE]

    return fitting


def common_words(questions: Iterable[str]) -> list[str]:
    """Return the plain words that at least five questions use."""
    counts = Counter(word for question in questions for word in set(re.findall(r"\b[a-z]{3,}\b", question)))
    return [word for word, count in counts.items() if count >= 5 and stem(word) not in STOPWORDS]


def _evened(written: Sequence[Row]) -> dict[str, float]:
    """Return for each form of question what share of those without an answer to keep: "how many" alone must not tell."""
    counts = Counter((_form(row), bool(row.answers)) for row in written)
    return {form: min(1.0, (counts[form, True] + 5) / max(1, counts[form, False])) for form, _ in counts}


def _form(row: Row) -> str:
    return " ".join(row.question.casefold().split()[:2])


def _names_by_source(rows: Sequence[Row]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for number, row in enumerate(rows):
        if number % 3 == 0:
            found[row.source].update(dict.fromkeys(text_names(row.context)[1:]))
    return {source: [name for name in kept if 2 < len(name) < 40] for source, kept in found.items()}
