"""Put a question in other words, so that its passage still answers it; English.

A reader that sees changed questions only where nothing answers them learns to distrust every word that the passage does not
have. Here are the same changes, made so that the answer stays: words for words of nearly the same meaning, a condition that
the answer's own sentence states, a condition left out, a plea around the question.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from lemminflect import getAllInflections, getAllLemmas

from rag.models.encoder import Encoder
from rag.text.sentences import sentences
from rag.text.stem import stem
from rag.text.terms import STOPWORDS, content_terms
from rag.training.edits import ANTONYMS

KINDS = {"synonym": 0.42, "condition": 0.33, "shorter": 0.15, "plea": 0.1}
_ALIKE = (
    0.66  # cosine of two single words from which on most pairs of one part of speech are synonyms, read off 50 words
)
_PHRASE = re.compile(
    r"\b(?:in|during|after|before|at|on|from|under|near|since|until|for|with|by|against)\s"
    r"(?:(?:the|a|an|his|her|its|their|this)\s)?[\w'’-]+(?:\s(?!(?:and|or|that|which|who|when|where|as|to|in|is|was|were|are|had|has|have"
    r"|during|after|before|at|on|from|under|near|since|until|for|with|by|against|but|while)\b)[\w'’-]+){0,3}"
)
_DENIED = re.compile(r"\b(?:not|never|no|nor|without|neither)\b|n['’]t\b", re.I)
_OTHER_CLAUSE = re.compile(r"[;:,–—(]|\b(?:and|but|or|while|whereas|which|who|that|when|where|because|although)\b")
_LAST_PHRASE = re.compile(
    r"\s(?:in|during|after|before|at|on|from|under|near|since|until)\s(?:the\s)?[\w'’-]+(?:\s[\w'’-]+){0,3}$"
)
_PLEAS = (
    "can you tell me {}", "do you know {}", "please tell me {}", "according to the text, {}", "I'd like to know: {}",
    "in the documents, {}", "{} please",
)  # fmt: skip

Synonyms = Mapping[str, Sequence[str]]


def synonyms(words: Sequence[str], encoder: Encoder) -> dict[str, tuple[str, ...]]:
    """Return for each word the others of the same part of speech that mean nearly the same, going by their vectors."""
    vocabulary = sorted(set(words))
    vectors = encoder.encode(vocabulary)
    found: dict[str, tuple[str, ...]] = {}
    for word, near in zip(vocabulary, vectors @ vectors.T, strict=True):
        fit = [
            vocabulary[at]
            for at in near.argsort()[::-1][1:12]
            if near[at] >= _ALIKE and _replaces(vocabulary[at], word)
        ]
        if fit:
            found[word] = tuple(fit[:4])
    return found


def rephrase(question: str, context: str, answer: tuple[int, int], random: random.Random, same: Synonyms) -> str | None:
    """Return the question in other words, still answered by characters `answer` of the context; None if none is found."""
    ways: dict[str, Callable[[], str | None]] = {
        "synonym": lambda: _synonym(question, random, same),
        "condition": lambda: _condition(question, context, answer, random),
        "shorter": lambda: _shorter(question),
        "plea": lambda: _plea(question, random),
    }
    kinds = list(KINDS)
    while kinds:
        kind = random.choices(kinds, [KINDS[k] for k in kinds])[0]
        if changed := ways[kind]():
            return changed
        kinds.remove(kind)
    return None


def _lemmas(word: str) -> frozenset[str]:
    return frozenset(lemma for found in getAllLemmas(word).values() for lemma in found)


@lru_cache(maxsize=65536)
def _forms(word: str) -> frozenset[str]:
    """Return the Penn tags that a word can have, like VBD, past tense: one with none of them does not fit its place."""
    return frozenset(
        tag
        for part, lemmas in getAllLemmas(word).items()
        for lemma in lemmas
        for tag, forms in getAllInflections(lemma, part).items()
        if word in forms
    )


def _replaces(other: str, word: str) -> bool:
    opposite = other in ANTONYMS.get(word, ()) or any(
        _lemmas(other) & set(ANTONYMS.get(lemma, ())) for lemma in _lemmas(word)
    )
    return not opposite and stem(other) != stem(word) and bool(_forms(word) & _forms(other))


def _synonym(question: str, random: random.Random, same: Synonyms) -> str | None:
    places = [match for match in re.finditer(r"\b[a-z]{3,}\b", question) if match.group() in same]
    if not places:
        return None
    chosen = random.sample(places, min(len(places), random.choice([1, 1, 2, 3])))
    for place in sorted(chosen, key=lambda match: -match.start()):
        question = question[: place.start()] + random.choice(same[place.group()]) + question[place.end() :]
    return question


def _condition(question: str, context: str, answer: tuple[int, int], random: random.Random) -> str | None:
    """Add what the clause of the answer says besides the answer, where it denies nothing."""
    own = next((span for span in sentences(context) if span.start <= answer[0] < span.end), None)
    if own is None or _DENIED.search(context, own.start, own.end):
        return None
    known = set(content_terms(question)) | set(content_terms(context[slice(*answer)]))
    fit = []
    for match in _PHRASE.finditer(context, own.start, own.end):
        held = set(content_terms(match.group()))
        between = context[match.end() : answer[0]] if match.end() <= answer[0] else context[answer[1] : match.start()]
        apart = match.end() <= answer[0] or match.start() >= answer[1]
        if held and apart and not held & known and not _OTHER_CLAUSE.search(between):
            fit.append(match.group())
    if not fit:
        return None
    phrase, body = random.choice(fit), question.rstrip(" ?")
    if random.random() < 0.25:
        return f"{phrase[0].upper()}{phrase[1:]}, {_lowered(body)}{question[len(body) :].strip()}"
    return f"{body} {phrase}{question[len(body) :].strip()}"


def _shorter(question: str) -> str | None:
    """Leave out the last condition."""
    body = question.rstrip(" ?")
    shorter = _LAST_PHRASE.sub("", body)
    left = [word for word in content_terms(shorter) if word not in STOPWORDS]
    return f"{shorter}{question[len(body) :].strip()}" if shorter != body and len(left) >= 2 else None


def _plea(question: str, random: random.Random) -> str:
    form, body = random.choice(_PLEAS), question.rstrip(" ?")
    text = form.format(_lowered(body) if not form.startswith("{") else body)
    return text[0].upper() + text[1:] + question[len(body) :].strip()


def _lowered(question: str) -> str:
    """Return a question with a small first letter where its first word is no name."""
    first = question.split()[0] if question.split() else ""
    return question[0].lower() + question[1:] if stem(first.lower()) in STOPWORDS else question
