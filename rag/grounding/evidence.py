"""Which sentences of some evidence bear most on a claim."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rag.grounding.verbatim import Passage
from rag.text.names import name_keys
from rag.text.normal import words
from rag.text.stem import stem
from rag.text.terms import STOPWORDS

_PREFIX = 5  # letters: words that share so many are taken for relatives
_RELATIVE = 0.6  # what a relative of a term counts
_WORTH = 0.1  # of the weight of all terms of a claim: what another sentence must add to be named


class _Sentence(NamedTuple):
    passage: int
    text: str
    keys: frozenset[str]
    prefixes: frozenset[str]


def best(claim: str, passages: Sequence[Passage], count: int) -> list[tuple[int, int]]:
    """Return at most `count` sentences that together hold most of a claim's terms, the best first: (passage, sentence) numbers.

    A further one is only taken if it holds terms that those before it lack.
    """
    found = [_read(number, text) for number, passage in enumerate(passages) for text in passage.sentences]
    places = [(number, at) for number, passage in enumerate(passages) for at in range(len(passage.sentences))]
    wanted = _weights(_keys(claim), found)
    near = [_held(wanted, sentence) for sentence in found]
    chosen: list[int] = []
    lacking = dict(wanted)
    while len(chosen) < count:
        gains = [sum(max(0.0, lacking[key] - (wanted[key] - held)) for key, held in one.items()) for one in near]
        at = max(range(len(found)), key=gains.__getitem__, default=-1)
        if at < 0 or gains[at] < _WORTH * sum(wanted.values()):
            break
        chosen.append(at)
        for key, held in near[at].items():
            lacking[key] = min(lacking[key], wanted[key] - held)
    return [places[at] for at in chosen]


def _read(passage: int, text: str) -> _Sentence:
    keys = _keys(text)
    return _Sentence(passage, text, keys, frozenset(key[:_PREFIX] for key in keys if len(key) >= _PREFIX))


def _keys(text: str) -> frozenset[str]:
    found = words(text)
    plain = {stem(word) for word, _, _ in found}
    named = {key for word, start, _ in found if text[start].isupper() for key in name_keys(word, True)}
    return frozenset((plain - STOPWORDS or plain) | named)


def _weights(keys: frozenset[str], found: Sequence[_Sentence]) -> dict[str, float]:
    counts = Counter(key for sentence in found for key in sentence.keys & keys)
    return {key: math.log(1 + (len(found) - counts[key] + 0.5) / (counts[key] + 0.5)) for key in keys}


def _held(wanted: dict[str, float], sentence: _Sentence) -> dict[str, float]:
    """Return what a sentence holds of the weight of each term of the claim."""
    held = {key: weight for key, weight in wanted.items() if key in sentence.keys}
    for key, weight in wanted.items():
        if key not in held and len(key) >= _PREFIX and key[:_PREFIX] in sentence.prefixes:
            held[key] = _RELATIVE * weight
    return held
