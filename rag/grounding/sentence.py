"""A sentence taken apart for comparison: its terms, numbers, dates and names, and what of it is denied or doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from rag.grounding.lexicon import AMOUNTS, DENIALS, DENYING_PHRASES, DOUBTS, HEARSAY, LIGHT, NO_DENIAL_AFTER, base
from rag.text.dates import Date, dates
from rag.text.names import COUNTRIES, Mentions, Name, names, undotted
from rag.text.normal import words
from rag.text.quantities import Quantity, quantities
from rag.text.stem import stem
from rag.text.terms import STOPWORDS

_BREAK = re.compile(r"[,;:()\[\]—–]|\s-\s")
_CLAUSE_WORDS = frozenset("but although though while whereas because however who which since until".split())
_NO_CUE_IN_CAPITALS = frozenset(["may", "will"])
_NO_AMOUNT_AFTER = frozenset("how as so too at the not".split())  # "how many", "at most"
PREFIX = 5  # letters: words that share so many are taken for relatives
MOST = 300  # numbers, or dates, of one sentence: more are hostile, and would take long to compare
_SHORT = 1_000  # characters of a sentence that is remembered
_REACH = 6  # terms: how far a word of denial or doubt reaches within its clause


class Scope(NamedTuple):
    """What a word of denial or doubt bears on: the terms after it in its clause, nearest first.

    `cue` is that word, or those words; `places` are theirs in the sentence.
    """

    cue: str
    places: range
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """One sentence. What is costly is read when first asked for, since most sentences of the evidence never are."""

    text: str
    found: tuple[tuple[str, int, int], ...]

    @classmethod
    def of(cls, text: str) -> Sentence:
        """Take a sentence apart. Linear in its length; the last few thousand are remembered, for evidence serves many claims."""
        return _remembered(text) if len(text) <= _SHORT else _taken_apart(text)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The key of each word, in order: its stem, or that of the basic form or of the country that it belongs to."""
        return tuple(
            COUNTRIES.get(word, base(word)) if self.text[start].isupper() else base(word)
            for word, start, _ in self.found
        )

    @cached_property
    def terms(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self.keys)

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The first letters of the longer keys, by which "decision" finds "decide"."""
        return frozenset(key[:PREFIX] for key in self.terms if len(key) >= PREFIX)

    @cached_property
    def dates(self) -> list[Date]:
        """The dates and times, the first MOST of them."""
        return dates(self.text)[:MOST]

    @cached_property
    def quantities(self) -> list[Quantity]:
        """The numbers that are no dates, the first MOST of them."""
        return quantities(self.text, [(date.start, date.end) for date in self.dates])[:MOST]

    @cached_property
    def names(self) -> list[Name]:
        """The names."""
        return names(
            self.text, [(item.start, item.end) for items in (self.dates, self.quantities) for item in items], self.found
        )

    @cached_property
    def mentions(self) -> Mentions:
        """What it mentions."""
        mentions = Mentions()
        mentions.add(self.text, self.found)
        return mentions

    @cached_property
    def named(self) -> frozenset[str]:
        """The key of the last word of each name."""
        ends = {name.end for name in self.names}
        return frozenset(key for key, (_, _, end) in zip(self.keys, self.found, strict=True) if end in ends)

    def keys_of(self, name: Name) -> list[str]:
        """Return the keys of the words of one of the names."""
        return [key for key, (_, at, _) in zip(self.keys, self.found, strict=True) if name.start <= at < name.end]

    @cached_property
    def _figures(self) -> frozenset[int]:
        """The places in the text that numbers and dates take."""
        spans = [(d.start, d.end) for d in self.dates] + [(q.start, q.end) for q in self.quantities]
        return frozenset(place for start, end in spans for place in range(start, end))

    @cached_property
    def content(self) -> tuple[str, ...]:
        """The distinct keys that say what it is about, numbers and dates aside; of nothing else, all keys."""
        pairs = list(zip(self.keys, self.found, strict=True))
        denying = {at for scope in self.denials for at in scope.places}
        telling = [
            key
            for place, (key, (word, at, _)) in enumerate(pairs)
            if not (stem(word) in STOPWORDS or word in LIGHT or at in self._figures or place in denying)
        ]
        return tuple(dict.fromkeys(telling or self.keys))

    @cached_property
    def denials(self) -> tuple[Scope, ...]:
        """The scopes of "not", "never", "denied", "failed to" and the like, in order."""
        return tuple(self._scopes(DENIALS, DENYING_PHRASES))

    @cached_property
    def doubts(self) -> tuple[Scope, ...]:
        """The scopes of "may", "plans to", "if" and the like, in order; hearsay bears on the whole sentence."""
        hearsay = [word for word, _, _ in self.found if word in HEARSAY]
        whole = tuple(key for key in self.keys if key not in STOPWORDS)
        return (*self._scopes(DOUBTS, frozenset()), *(Scope(word, range(0), whole) for word in hearsay[:1]))

    @cached_property
    def denied(self) -> frozenset[str]:
        """The terms within an odd number of denials: "did not deny that he left" denies nothing of "left"."""
        count: dict[str, int] = {}
        for scope in self.denials:
            for term in scope.terms:
                count[term] = count.get(term, 0) + 1
        return frozenset(term for term, times in count.items() if times % 2)

    @cached_property
    def doubted(self) -> frozenset[str]:
        """The terms within a doubt."""
        return frozenset(term for scope in self.doubts for term in scope.terms)

    @cached_property
    def amount(self) -> tuple[int, str] | None:
        """The least part of a whole that it speaks of, with the word: (2, "some"); None where it names none."""
        before = [("", 0, 0), *self.found]
        pairs = [(word, last) for (last, _, _), (word, _, _) in zip(before, self.found, strict=False)]
        amounts = ((AMOUNTS[word], word) for word, last in pairs if word in AMOUNTS and last not in _NO_AMOUNT_AFTER)
        return min(amounts, default=None)

    def _scopes(self, cues: frozenset[str], phrases: frozenset[tuple[str, ...]]) -> Iterator[Scope]:
        found = self.found
        for at, (word, start, _) in enumerate(found):
            following = found[at + 1][0] if at + 1 < len(found) else ""
            pair, triple = (word, following), (word, following, found[at + 2][0] if at + 2 < len(found) else "")
            first = at + (3 if triple in phrases else 2 if pair in phrases else 1)
            if word not in cues and first == at + 1:
                continue
            if word in _NO_CUE_IN_CAPITALS and self.text[start].isupper() and at:  # the month of May
                continue
            if first > at + 1 and first < len(found) and found[first][1] in self._figures:  # "declined to $410 million"
                continue
            if following in NO_DENIAL_AFTER or (word == "no" and following.isdigit()):
                continue
            yield Scope(" ".join(item[0] for item in found[at:first]), range(at, first), tuple(self._reach(first)))

    def _reach(self, first: int) -> Iterator[str]:
        """Yield the terms from a word on to the end of its clause."""
        given = 0
        for at in range(first, min(len(self.found), first + 3 * _REACH)):
            word, start, _ = self.found[at]
            broken = at > first and _BREAK.search(self.text, self.found[at - 1][2], start)
            if broken or (word in _CLAUSE_WORDS and at > first) or given == _REACH:
                return
            if stem(word) not in STOPWORDS and start not in self._figures:
                given += 1
                yield self.keys[at]


def _taken_apart(text: str) -> Sentence:
    text = undotted(text)
    return Sentence(text, tuple(words(text)))


_remembered = lru_cache(maxsize=2048)(_taken_apart)


@dataclass(frozen=True)
class Window:
    """One or two sentences of the evidence, read together."""

    sentences: tuple[Sentence, ...]

    @cached_property
    def terms(self) -> frozenset[str]:
        """All keys."""
        return frozenset(term for sentence in self.sentences for term in sentence.terms)

    @cached_property
    def mentions(self) -> Mentions:
        """The names, as other texts may have them."""
        return Mentions.joined([sentence.mentions for sentence in self.sentences])

    @property
    def dates(self) -> list[tuple[Date, str]]:
        """The dates, each as written."""
        return [(d, r.text[d.start : d.end]) for r in self.sentences for d in r.dates]

    @property
    def quantities(self) -> list[tuple[Quantity, str]]:
        """The numbers, each as written."""
        return [(q, r.text[q.start : q.end]) for r in self.sentences for q in r.quantities]
