"""Near misses: drafted questions changed so that the documents do not answer them, though they stay on the subject."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Literal

from rag.evaluation.drafting import vocabulary as known
from rag.evaluation.drafting.backing import Backing, asked_terms, share, told_dates
from rag.evaluation.drafting.posing import Draft, is_person, runs
from rag.evaluation.drafting.tagging import Token
from rag.text.names import name_keys
from rag.text.terms import content_terms

Miss = Literal["name", "date", "asked"]
MISSES: tuple[Miss, ...] = ("name", "date", "asked")  # what of a question is changed
_MOST = 0.6  # of a question's other terms: a passage that holds so many beside the changed one may answer it
_RELATED = 0.4  # the same for a passage on the same subject, where names to put in are taken from
_REACH = 1  # sentences on either side that may belong to such a passage
_DATE_REACH = 3  # the same for the date of an event
_TRIES = 12  # names
_MONTHS = tuple("January February March April May June July August September October November December".split())
_NAMED = "|".join(_MONTHS)
# Only where they tell when, not in "the 1972 treaty" or "a July deadline".
_YEAR = re.compile(rf"\b(?:in|\d,|(?:{_NAMED}),?) ((?:1[5-9]|20)\d\d)\b(?! [A-Z])")
_MONTH = re.compile(rf"\b(?:in|on)(?: early| late| \d{{1,2}})? ({_NAMED})\b(?! [A-Z])")
_CONTINENTS = frozenset("africa america asia europe earth".split())
_GOES_ON = re.compile(r"(?:, [A-Z]| (?:the|of|and|&) [A-Z]|['’-])")
_BEGUN = re.compile(r"(?:, |[A-Z]\w* (?:of|and|&|for) (?:the )?|[-’'])\Z")
_SHIFTS = (2, -3, 4, -5, 7)  # years


@dataclass(slots=True)
class Names:
    """The names of all documents, and what each is the name of."""

    counts: Counter[str] = field(default_factory=Counter)
    placed: Counter[str] = field(default_factory=Counter)  # times that a preposition of place stands before
    documents: dict[str, set[int]] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)  # times that a near miss was made with it
    surnames: set[str] = field(default_factory=set)
    _kinds: dict[str, list[str]] = field(default_factory=dict)

    def add(self, document: int, tokens: Sequence[Token]) -> None:
        """Take in the names of a sentence."""
        for name in runs(tokens):
            self.counts[name] += 1
            self.documents.setdefault(name, set()).add(document)
            if is_person(name.split()) and name.split()[0].lower() in known.FIRST_NAMES:
                self.surnames.add(name.split()[-1])
        for before, token, after in zip(tokens, tokens[1:], [*tokens[2:], None], strict=False):
            alone = token.kind == "NAME" and (after is None or after.kind != "NAME")
            if alone and before.low in ("in", "near", "from", "at", "to"):
                self.placed[token.text] += before.low in ("in", "near")

    def kind(self, name: str) -> str:
        """Return what a name is the name of: "person", "surname", "country", "place", "… university" and the like; "" = unknown."""
        words = name.lower().split()
        if (
            words[0] in _CONTINENTS
            or name.isupper()
            or words[-1].endswith(("'s", "’s"))
            or not name.isprintable()
            or any(c in name for c in '“”".,&')
        ):
            return ""
        if is_person(name.split()):
            return "person"
        if len(words) > 1:
            return f"… {words[-1]}" if words[-1] in known.THINGS - {"the"} else ""
        if words[0] in known.COUNTRIES:
            return "country"
        if name in self.surnames:
            return "surname" if not self.placed[name] else ""
        return "place" if self.placed[name] and self.placed[name] * 3 >= self.counts[name] else ""

    def like(self, name: str, documents: Set[int]) -> list[str]:
        """Return other names of the same kind: those of `documents` first, then those least used, then the most common."""
        if not self._kinds:
            for one in sorted(self.counts):
                self._kinds.setdefault(self.kind(one), []).append(one)
        kind = self.kind(name)
        found = [one for one in self._kinds.get(kind, ()) if kind and _unlike(one, name)]
        found.sort(key=lambda one: (not documents & self.documents[one], self.used[one], -self.counts[one], one))
        return found[:_TRIES]


def near_miss(draft: Draft, number: int, backing: Backing, names: Names, kind: Miss) -> str | None:
    """Return a draft changed in one way, one of MISSES, so that no document answers it; None if there is no such change.

    `number`: the sentence that `draft` was made from.
    """
    if kind == "asked" or draft.kind == "undated":
        undated = kind == "asked" and draft.kind == "undated" and _is_undated(draft, number, backing)
        return draft.question if undated else None
    changes = _with_other_dates(draft) if kind == "date" else _with_other_names(draft, number, backing, names)
    for question, new in changes:
        if _is_unanswered(question, new, number, backing):
            names.used[new] += 1
            return question
    return None


def _with_other_names(draft: Draft, number: int, backing: Backing, names: Names) -> Iterator[tuple[str, str]]:
    terms = asked_terms(draft.question)
    related = {backing.sentences[i].document for i in backing.holding(terms, share(terms, _RELATED))}
    related.add(backing.sentences[number].document)
    for name in draft.names:
        place = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", draft.question)
        if place is None:
            continue
        before, after = draft.question[: place.start()], draft.question[place.end() :]
        # Half of a place ("Graz, Austria") or of a longer name ("Saint John the Divine", "Church of St Mary") is no name.
        if _GOES_ON.match(after) or _BEGUN.search(before):
            continue
        if before.endswith("the ") and names.kind(name) in ("country", "place", "person", "surname"):
            continue
        titled = _is_titled(name) or _is_titled(before.split()[-1] if before else "")
        for other in names.like(name, related):
            if titled == _is_titled(other) and other not in draft.answer and other not in draft.question:
                yield before + (other.split(None, 1)[-1] if titled and not _is_titled(name) else other) + after, other


def _is_titled(name: str) -> bool:
    return bool(name) and name.split()[0].lower().rstrip(".") in known.TITLES


def _with_other_dates(draft: Draft) -> Iterator[tuple[str, str]]:
    question = draft.question
    year, month = _YEAR.search(question), _MONTH.search(question)
    if re.search(r"\b(?:between|from|until|since)\b", question):
        return
    if year:
        changed = [str(int(year[1]) + shift) for shift in _SHIFTS]
    elif month:
        changed = [_MONTHS[(_MONTHS.index(month[1]) + shift) % 12] for shift in (5, 3, 8)]
    found = year or month
    if found:
        yield from ((question[: found.start(1)] + new + question[found.end(1) :], new) for new in changed)


def _is_unanswered(question: str, changed: str, number: int, backing: Backing) -> bool:
    """Tell whether no passage holds what was changed together with most of the rest of the question."""
    new = frozenset(content_terms(changed))
    others = asked_terms(question) - new
    telling = {content_terms(changed)[-1]} if new else set()
    if not others or not telling or telling & backing.sentences[number].terms:
        return False
    enough = share(others, _MOST)
    for holder in backing.holding(telling, 1):
        said = frozenset[str]().union(*(near.terms for near in backing.around(holder, _REACH)))
        if len(others & said) >= enough:
            return False
    return True


def _is_undated(draft: Draft, number: int, backing: Backing) -> bool:
    """Tell whether nothing near what the documents say of an event gives a time."""
    terms = asked_terms(draft.question)
    telling = {number, *backing.holding(terms, share(terms, _MOST))}
    return not any(
        told_dates(near) or known.FLOATING & set(near.shown.lower().split())
        for holder in telling
        for near in backing.around(holder, _DATE_REACH)
    )


def _unlike(one: str, name: str) -> bool:
    """Tell whether two names share no word, in any spelling, apart from what kind of thing they name."""
    return not (_keys(one) & _keys(name))


def _keys(name: str) -> set[str]:
    words: Iterable[str] = (word.lower() for word in re.findall(r"\w+", name))
    return {key for word in words if word not in known.THINGS | known.TITLES for key in name_keys(word, capital=True)}
