"""Select: read all documents, draft what can be drafted, keep what the documents answer once, and add near misses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from random import Random

from rag.evaluation.drafting.backing import Backing, Sentence, asked_terms, share, told_dates, told_numbers
from rag.evaluation.drafting.misleading import MISSES, Miss, Names, near_miss
from rag.evaluation.drafting.posing import Draft
from rag.evaluation.drafting.rephrasing import drafts
from rag.evaluation.drafting.tagging import read
from rag.evaluation.records import Gold, Question
from rag.text.dates import Date
from rag.text.quantities import quantities
from rag.text.terms import content_terms

_PLAIN = re.compile(r"[A-Z0-9“\"][^\W_]?[\w\s.,;:'’‘“”\"$%&/–—-]*\.")
_MEANT = (25, 320)  # characters: of a sentence that makes a question
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|my|My|our|Our|us|me|you|You|your|Your)\b")
# Times that only the day of writing tells; a question is as well without them.
_PASSING = re.compile(
    r"(?<!\bthe)(?<!\bof)(?<!\bin)(?<!\bfor) \b(?:(?:earlier |later |late |early )?(?:last|this)"
    r" (?:week|month|year|night|fall|autumn|summer|winter|spring)|yesterday|today|tonight)\b(?!['’])"
)
_REFERENCE = re.compile(r"\b(?:quot|amp|nbsp|lt|gt);")  # left over from HTML
_INNER_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][a-z][\w’'-]*")
_SMALL = re.compile(r"(?<!\w)[a-z]{3,}(?!\w)")
_ENGLISH = frozenset("the and to that with for from by".split())
_LEAST_ENGLISH = 0.05  # the share of those words, by which English differs from its neighbours
_SAMPLE = 20_000  # characters that tell the language of a document
_SAME = 0.8  # of a question's terms: a sentence that holds so many speaks of the same thing
_MOST_GOLD = 20
_TRIED = 30  # drafts looked at for each question that is wanted, so that repetitive texts take no longer


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A draft and the number of the sentence that it was made from."""

    draft: Draft
    number: int


def draft(documents: Iterable[tuple[str, str]], limit: int = 50, seed: int = 12345) -> list[Question]:
    """Return up to `limit` questions about documents, given as (id, extracted text): two answerable ones for each near miss.

    They are spread over the documents, the best of each first. Gold is every sentence that gives the answer, as it stands in
    its text; a question on which sentences differ is left out. `seed` orders what is equally good. Empty if nothing plain
    enough was found, as in other languages than English. Linear in the length of the texts.
    """
    ids: list[str] = []
    backing = Backing()
    english: set[int] = set()
    for number, (name, text) in enumerate(documents):
        ids.append(name)
        backing.add(number, text)
        if _is_english(text):
            english.add(number)
    names, candidates = _candidates(backing, english, Random(seed))
    wrong = limit // 3
    answerable = _answerable(candidates, backing, ids, limit - wrong)
    taken = {question.question for question in answerable}
    # As many as there are, but no more than keeps the shares.
    misses = _misses(candidates, backing, names, taken, min(wrong, (len(answerable) + 1) // 2))
    return [
        Question(
            id=f"q{place:03}", question=one.question, answerable=one.answerable, gold=one.gold, answers=one.answers,
            tags=one.tags, drafted=True,
        )
        for place, one in enumerate(_mixed(answerable, misses), start=1)
    ]  # fmt: skip


def _mixed(answerable: Sequence[Question], misses: Sequence[Question]) -> Iterator[Question]:
    """Put a near miss after every second answerable question."""
    waiting = iter(misses)
    for place, question in enumerate(answerable):
        yield question
        if place % 2 and (miss := next(waiting, None)):
            yield miss
    yield from waiting


def _is_english(text: str) -> bool:
    found = re.findall(r"[^\W\d_]+", text[:_SAMPLE].lower())
    return bool(found) and sum(word in _ENGLISH for word in found) >= _LEAST_ENGLISH * len(found)


def _candidates(backing: Backing, english: set[int], random: Random) -> tuple[Names, list[_Candidate]]:
    """Draft from every plain sentence; return the names found and the drafts, best of each document first, in rounds."""
    plain = [
        (number, one) for number, one in enumerate(backing.sentences) if one.document in english and _is_plain(one)
    ]
    capital, small = Counter[str](), Counter[str]()
    for _, one in plain:
        capital.update(_INNER_CAPITAL.findall(one.shown))
        small.update(_SMALL.findall(one.shown))
    known = frozenset(
        word for word, count in capital.items() if count > small[word.lower()] * (100 if word.endswith("s") else 3)
    )
    names = Names()
    by_document: dict[int, list[tuple[float, int, Draft]]] = {}
    for number, one in plain:
        tokens, told = read(one.shown, known)
        names.add(one.document, tokens)
        settled = _PASSING.sub("", one.shown)
        if settled != one.shown:
            tokens, told = read(settled, known)
        for found in drafts(tokens, told):
            if found.kind in ("when", "undated") and settled != one.shown:
                continue
            by_document.setdefault(one.document, []).append((found.score, number, found))
    rounds: dict[int, dict[str, list[tuple[float, float, _Candidate]]]] = {}
    for document in sorted(by_document):
        for rank, (score, number, found) in enumerate(_in_order(by_document[document])):
            ranked = (-score, random.random(), _Candidate(found, number))
            rounds.setdefault(rank, {}).setdefault(found.kind, []).append(ranked)
    return names, [one for rank in sorted(rounds) for one in _interleaved(rounds[rank])]


def _interleaved(kinds: dict[str, list[tuple[float, float, _Candidate]]]) -> Iterator[_Candidate]:
    """Yield the candidates of a round, the kinds in turn, the best of each first."""
    orders = [sorted(kinds[kind], key=lambda item: item[:2]) for kind in sorted(kinds)]
    for turn in zip_longest(*orders):
        yield from (item[2] for item in turn if item is not None)


def _in_order(found: list[tuple[float, int, Draft]]) -> Iterator[tuple[float, int, Draft]]:
    """Yield the drafts of a document, best first, with a preference for kinds and sentences that were not used yet."""
    kinds, used = Counter[str](), Counter[int]()
    left = sorted(found, key=lambda item: (-item[0], item[1], item[2].kind))
    while left:
        # Behind the first ones the order matters little, and looking at all of them takes time.
        best = max(left[:50], key=lambda item: item[0] - 1.5 * kinds[item[2].kind] - 4 * used[item[1]])
        left.remove(best)
        kinds[best[2].kind] += 1
        used[best[1]] += 1
        yield best


def _is_plain(sentence: Sentence) -> bool:
    shown = sentence.shown
    if not sentence.prose or not _MEANT[0] <= len(shown) <= _MEANT[1] or not _PLAIN.fullmatch(shown):
        return False
    return (
        shown.isprintable()
        and not _REFERENCE.search(shown)
        and shown.count('"') % 2 == 0
        and not _FIRST_PERSON.search(shown)
    )


def _answerable(candidates: Sequence[_Candidate], backing: Backing, ids: Sequence[str], limit: int) -> list[Question]:
    found: list[Question] = []
    seen: set[frozenset[str]] = set()
    for candidate in candidates[: _TRIED * limit]:
        if len(found) >= limit:
            break
        draft = candidate.draft
        terms = asked_terms(draft.question)
        if draft.kind == "undated" or terms in seen:
            continue
        gold = _gold(candidate, backing, terms)
        if gold:
            seen.add(terms)
            quotes = tuple(
                Gold(backing.sentences[i].text, ids[backing.sentences[i].document]) for i in gold[:_MOST_GOLD]
            )
            found.append(Question("", draft.question, True, quotes, (draft.answer,), tags=(draft.kind,)))
    return found


def _gold(candidate: _Candidate, backing: Backing, terms: frozenset[str]) -> list[int]:
    """Return the sentences that give the answer, the one that was used first; none if another may give another answer."""
    gold = [candidate.number]
    named = frozenset(content_terms(" ".join(candidate.draft.names)))
    for number in backing.holding(terms, share(terms, _SAME)):
        other = backing.sentences[number]
        if number == candidate.number or not named <= other.terms:
            continue
        same = other.text == backing.sentences[candidate.number].text or _same_answer(candidate.draft, other, terms)
        if same is False:
            return []
        if same and terms <= other.terms:
            gold.append(number)
    return gold


def _same_answer(draft: Draft, other: Sentence, terms: frozenset[str]) -> bool | None:
    """Tell whether a sentence about the same thing gives the same answer, None where it gives none."""
    if draft.kind == "when" and draft.date is not None:
        return _same_date(draft.date, told_dates(other))
    if draft.kind == "how many":
        return _same_number(draft, other)
    told = content_terms(draft.answer)
    if told[-1] in other.terms:
        return True
    return None if draft.kind == "where" or not terms <= other.terms else False


def _same_date(asked: Date, told: Sequence[Date]) -> bool | None:
    if not told:
        return None
    if any(asked.parts.items() <= date.parts.items() for date in told):
        return True if len(told) == 1 else None
    # "in 1990" beside "in May 1990" is no other answer, but no full one either.
    vaguer = any(date.parts.items() <= asked.parts.items() for date in told)
    return None if vaguer else False


def _same_number(draft: Draft, other: Sentence) -> bool | None:
    asked = quantities(f"{draft.answer} {draft.question.removeprefix('How many ')}")
    told = told_numbers(other)
    if not asked or not told:
        return None
    if any((one.low, one.high) == (asked[0].low, asked[0].high) and one.of == asked[0].of for one in told):
        return True
    return False if any(one.of == asked[0].of for one in told) else None


def _misses(
    candidates: Sequence[_Candidate], backing: Backing, names: Names, taken: set[str], limit: int
) -> list[Question]:
    """Change drafts into near misses, those that were not used before the others, kinds in turn where there is a choice."""
    fresh = sorted(candidates, key=lambda one: one.draft.question in taken)

    def stream(kind: Miss) -> Iterator[str]:
        for one in fresh[: _TRIED * limit]:
            if miss := near_miss(one.draft, one.number, backing, names, kind):
                yield miss

    streams = [(kind, stream(kind)) for kind in MISSES]
    found: dict[str, Question] = {}
    while streams and len(found) < limit:
        for kind, misses in [*streams]:
            question = next((one for one in misses if one not in found), None)
            if question is None:
                streams.remove((kind, misses))
            elif len(found) < limit:
                found[question] = Question("", question, False, tags=("near miss", kind))
    return [*found.values()]
