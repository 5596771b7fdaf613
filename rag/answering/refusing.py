"""Say why the documents do not answer: what was looked for and is not there."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.features import Candidate, Evidence
from rag.answering.questions import Question
from rag.text.names import name_keys
from rag.text.normal import words
from rag.text.stem import stem

_KINDS = {
    "person": "who it was", "time": "when it was", "place": "where it was", "number": "how many or how much",
    "reason": "why", "manner": "how", "verdict": "whether it is so", "other": "this",
}  # fmt: skip


def missing_names(question: Question, context: str) -> float:
    """Return the share (0 to 1) of the question's names and numbers that a text does not hold, in any spelling of names."""
    asked = [(word, start) for word, start, _ in words(question.text) if stem(word) in question.terms]
    wanted = [(word, True) for word, _ in asked if stem(word) in question.names]
    wanted += [(word, False) for word, _ in asked if word[0].isdigit() and stem(word) not in question.names]
    if not wanted:
        return 0.0
    held = {key for word, start, _ in words(context) for key in name_keys(word, context[start].isupper())}
    return sum(not held & set(name_keys(word, capital)) for word, capital in wanted) / len(wanted)


def reason(question: Question, ranked: Sequence[tuple[float, Candidate]], evidence: Sequence[Evidence]) -> str:
    """Say what was looked for and is missing: in all passages, else in the one that comes closest, else in what it says."""
    if not evidence:
        return "No passage was found."
    if missing := _missing(question, [_context(item) for item in evidence]):
        return f"The passages read do not mention {missing}."
    if ranked and (missing := _missing(question, [_context(ranked[0][1].evidence)], names_only=True)):
        return f"What comes closest does not mention {missing}."
    return f"The passages read are on the subject, but no sentence in them says {_KINDS[question.asked]}."


def unnamed(question: Question, evidence: Sequence[Evidence]) -> float:
    """Return the share (0 to 1) of the question's names that no passage holds, in any spelling; 0 if it has none."""
    names = [word for word, start, _ in words(question.text) if start and stem(word) in question.names]
    if not names:
        return 0.0
    texts = [_context(item) for item in evidence]
    held = {key for text in texts for word, start, _ in words(text) for key in name_keys(word, text[start].isupper())}
    return sum(not held & set(name_keys(word, capital=True)) for word in names) / len(names)


def _context(item: Evidence) -> str:
    return f"{item.info.title or ''} {item.passage.text}"


def _missing(question: Question, texts: Sequence[str], *, names_only: bool = False) -> str:
    """Return the question's words that none of the texts holds, in quotation marks; names in any spelling count as held."""
    held = {stem(word) for text in texts for word, _, _ in words(text)}
    keys = {key for text in texts for word, start, _ in words(text) for key in name_keys(word, text[start].isupper())}
    missing = []
    for word, start, end in words(question.text):
        named = stem(word) in question.names
        if stem(word) not in question.terms or stem(word) in held or (names_only and not named):
            continue
        if not (named and keys & set(name_keys(word, capital=True))):
            missing.append(question.text[start:end])
    return ", ".join(f"“{word}”" for word in dict.fromkeys(missing))
