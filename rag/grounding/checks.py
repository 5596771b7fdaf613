"""What in a claim its evidence does not bear out, check by check, each with a reason in words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

from rag.grounding.finding import ABSENT as _ABSENT
from rag.grounding.finding import Finding
from rag.grounding.finding import quoted as _quoted
from rag.grounding.lexicon import ALIKE, AMOUNTS, BASES, ENDINGS, MUTUAL, base, opposites
from rag.grounding.sentence import Scope, Sentence, Window
from rag.grounding.speakers import misattributed
from rag.text.dates import Date, agree
from rag.text.names import Mentions
from rag.text.quantities import Quantity, alike, compare

_OPEN = 0.45  # something that the evidence leaves open: a doubt, a figure that may be right
_DOUBTFUL = 0.4  # a name that may be an ordinary word
_CLOSE = 0.75  # a rounding, a bound that was left out
_RARE = 100  # a number as great is hardly found twice by chance
_GREAT = 1000  # the only two numbers as great, and of one order, are about one thing even if they do not say so
_NEAR = 5  # words: how far from its verb a name may stand
_LONG = 300  # words: in no honest sentence do so many stand
_ANYONE = base("people")  # what is counted may be left out: "51 people died, 300 were hurt"
_FEW, _SOME = AMOUNTS["few"], AMOUNTS["some"]
_ORDER = ("month", "day", "year", "weekday", "minute")


def missing_names(claim: Sentence, mentions: Mentions) -> list[Finding]:
    """Return a finding for each name of the claim that no evidence mentions; less grave where it may be no name."""
    return [
        Finding(
            f"no {_quoted(claim.text[name.start : name.end])} in the evidence", _ABSENT if name.certain else _DOUBTFUL
        )
        for name in dict.fromkeys(claim.names)
        if not mentions.holds(name)
    ]


def findings(claim: Sentence, window: Window) -> list[Finding]:
    """Return what speaks against a claim in some sentences of its evidence, names aside; empty if nothing does."""
    return [
        *(found for quantity in claim.quantities if (found := _number(claim, quantity, window))),
        *(found for date in claim.dates if (found := _date(claim, date, window))),
        *_denials(claim, window),
        *_opposites(claim, window),
        *_comparisons(claim, window),
        *_swapped(claim, window),
        *_amounts(claim, window),
        *_doubts(claim, window),
        *(found for found in [misattributed(claim, window)] if found),
    ]


def _number(claim: Sentence, wanted: Quantity, window: Window) -> Finding | None:
    said = claim.text[wanted.start : wanted.end]
    kinds = {"count", "ordinal"} if wanted.kind == "count" else {wanted.kind}
    own, rivals = _rivals(claim, wanted, window)
    outcomes = {compare(wanted, item): text for item, text in reversed(rivals)}
    if "same" in outcomes or (wanted.kind == "count" and _is_year(wanted.low, window)):
        return None
    if "close" in outcomes:
        return Finding(_versus(said, outcomes["close"]), _CLOSE)
    if "open" in outcomes:
        return Finding(_versus(said, outcomes["open"]), _OPEN)
    others = [text for item, text in rivals if _in_its_place(wanted, item, len(rivals))]
    # "five people" where three people and five dogs are known is another number of people, but a great number seldom
    # occurs twice by chance.
    elsewhere = any(
        item.low == wanted.low and item.high == wanted.high for item, _ in window.quantities if item.kind in kinds
    )
    if elsewhere and not own and (not others or wanted.low >= _RARE):
        told = not wanted.of or wanted.low >= _RARE or _spoken_of(BASES.get(wanted.of[-1], wanted.of[-1]), window.terms)
        return None if told else Finding(f"the evidence says {_quoted(said)} of something else", _OPEN)
    if others:
        return Finding(_versus(said, others[0]), _ABSENT, against=True)
    return None if wanted.kind == "ordinal" else Finding(f"no {_quoted(said)} in the evidence", _ABSENT)


def _rivals(claim: Sentence, wanted: Quantity, window: Window) -> tuple[bool, list[tuple[Quantity, str]]]:
    """Return the numbers that may be the one claimed: the `own` ones of whom the claim names, where a sentence has any."""
    found = [(sentence, item) for sentence in window.sentences for item in sentence.quantities if alike(wanted, item)]
    own = [
        pair
        for pair in found
        if claim.named and claim.named <= pair[0].terms and _in_its_place(wanted, pair[1], len(found))
    ]
    near = own or found
    if wanted.of and wanted.of[-1] != _ANYONE:
        near = [pair for pair in near if pair[1].of and wanted.of[-1] == pair[1].of[-1]] or near
    fit = [_context(claim, sentence, item) for sentence, item in near]
    near = [pair for pair, size in zip(near, fit, strict=True) if size == max(fit)]
    return bool(own), [(item, sentence.text[item.start : item.end]) for sentence, item in near]


def _context(claim: Sentence, sentence: Sentence, item: Quantity) -> int:
    """Count the terms of a claim that stand close to a number of its evidence: two words before it, some more after it."""
    first = bisect_left(sentence.found, item.start, key=lambda word: word[1])
    last = bisect_left(sentence.found, item.end, key=lambda word: word[1])
    around = frozenset(sentence.keys[max(0, first - 2) : first] + sentence.keys[last : last + _NEAR])
    return sum(_spoken_of(key, around) for key in claim.content)


def _spoken_of(key: str, terms: frozenset[str]) -> bool:
    return key in terms or bool(ALIKE.get(key, frozenset()) & terms)


def _in_its_place(wanted: Quantity, item: Quantity, rivals: int) -> bool:
    """Tell whether a number of the evidence, which counts the same as far as is known, stands for that of the claim."""
    if (wanted.of and item.of) or (wanted.after and wanted.after == item.after):
        return True
    if wanted.kind == "count":
        return (
            rivals == 1
            and min(wanted.low, item.low) >= _GREAT
            and max(wanted.low, item.low) < 10 * min(wanted.low, item.low)
        )
    return rivals == 1 and wanted.kind != "ordinal"


def _is_year(value: float, window: Window) -> bool:
    return any(date.year == value for date, _ in window.dates)


def _date(claim: Sentence, wanted: Date, window: Window) -> Finding | None:
    said = claim.text[wanted.start : wanted.end]
    borne_out = agree(wanted, [date for date, _ in window.dates])
    if borne_out:
        return None
    if wanted.parts.keys() == {"year"} and any(item.low == wanted.year for item, _ in window.quantities):
        return None
    if borne_out is False:
        near = [text for date, text in window.dates if date.parts.keys() & wanted.parts.keys()]
        return Finding(_versus(said, near[0]), _ABSENT, against=True)
    known = {name for date, _ in window.dates for name in date.parts}
    factor = _OPEN if wanted.parts.keys() & known else _ABSENT
    return Finding(f"no {_quoted(said)} in the evidence", factor)


def _denials(claim: Sentence, window: Window) -> Iterator[Finding]:
    """Find what only one of the two denies."""
    affirmed = frozenset().union(*(sentence.terms - sentence.denied for sentence in window.sentences))
    denied = frozenset().union(*(sentence.denied for sentence in window.sentences))
    for scope in (scope for sentence in window.sentences for scope in sentence.denials):
        shared = _at_issue(scope, claim.terms)
        if shared and not shared & claim.denied and shared & denied and not shared <= affirmed:
            yield Finding(f"the evidence denies it ({_quoted(scope.cue)})", _ABSENT, True, shared)
            break
    for scope in claim.denials:
        shared = _at_issue(scope, window.terms) if set(scope.terms[:1]) <= window.terms else frozenset()
        if (
            shared
            and shared & claim.denied
            and not any(r.denials for r in window.sentences)
            and not any(_ended(r, shared) for r in window.sentences)
        ):
            yield Finding(f"the claim denies it ({_quoted(scope.cue)}), the evidence does not", _ABSENT, True, shared)
            break


def _ended(sentence: Sentence, terms: frozenset[str]) -> bool:
    """Tell whether a sentence says in other words that something is not so: "stopped selling" for "does not sell"."""
    ends = [at for at, key in enumerate(sentence.keys) if key in ENDINGS]
    return any(terms.intersection(sentence.keys[at + 1 : at + _NEAR]) for at in ends)


def _at_issue(scope: Scope, terms: frozenset[str]) -> frozenset[str]:
    """Return the terms of a scope that the other side has too, if it speaks of what the scope is about at all."""
    near = scope.terms[:3]
    shared = frozenset(near) & terms
    return shared if shared and (near[0] in shared or len(shared) > 1) else frozenset()


def _opposites(claim: Sentence, window: Window) -> Iterator[Finding]:
    """Find a word of the claim whose opposite stands in its place in the evidence ("rose", "fell")."""
    for at, term in enumerate(claim.keys):
        opposed = opposites(term) & window.terms
        if not opposed or opposed & claim.terms or ALIKE.get(term, {term}) & window.terms or term in claim.denied:
            continue
        for sentence in window.sentences:
            if against := opposed & (sentence.terms - sentence.denied):
                other = next(i for i, key in enumerate(sentence.keys) if key in against)
                reason = _versus(_word(claim, at), _word(sentence, other))
                yield Finding(reason, _ABSENT, True, frozenset([term]))
                return


def _comparisons(claim: Sentence, window: Window) -> Iterator[Finding]:
    """Find "less likely" where the evidence says "more likely"."""
    known = frozenset(pair for sentence in window.sentences for pair in pairwise(sentence.keys))
    for word, other in (("more", "less"), ("less", "more")):
        for first, second in pairwise(claim.keys):
            if first == word and second != "than" and (other, second) in known and (word, second) not in known:
                yield Finding(_versus(word, other), _ABSENT, True)
                return


def _swapped(claim: Sentence, window: Window) -> Iterator[Finding]:
    """Find who did what to whom the other way round: "Iran attacked Iraq", "Iraq attacked Iran"."""
    named = [at for at, key in enumerate(claim.keys) if key in claim.named]
    for first, second in pairwise(named):
        for verb in range(first + 1, min(second, first + _NEAR)):
            if claim.keys[verb] not in claim.content or claim.keys[verb] in MUTUAL or second - verb >= _NEAR:
                continue
            for sentence in window.sentences:
                turned = _turned(claim, (first, verb, second), sentence)
                if turned:
                    yield Finding(f"the evidence says it the other way round: {_quoted(turned)}", _ABSENT, True)
                    return


def _turned(claim: Sentence, places: tuple[int, int, int], sentence: Sentence) -> str | None:
    """Return the words of a sentence where the three words of a claim stand with their outer two exchanged."""
    first, verb, second = (claim.keys[at] for at in places)
    if len(sentence.keys) > _LONG or any(sentence.keys.count(key) != 1 for key in (first, verb, second)):
        return None
    one, middle, other = (sentence.keys.index(key) for key in (first, verb, second))
    low, high = min(one, other), max(one, other)
    if not low < middle < high or middle - low >= _NEAR or high - middle >= _NEAR:
        return None
    same_order = one < other
    same_voice = _passive(claim, places[1]) == _passive(sentence, middle)
    return None if same_order == same_voice else sentence.text[sentence.found[low][1] : sentence.found[high][2]]


def _passive(sentence: Sentence, verb: int) -> bool:
    return any(word == "by" for word, _, _ in sentence.found[verb + 1 : verb + _NEAR])


def _amounts(claim: Sentence, window: Window) -> Iterator[Finding]:
    """Find "all" where the evidence says "some", which may be so, and "few" where it says "most", which may not."""
    said = claim.amount
    known = min((sentence.amount for sentence in window.sentences if sentence.amount), default=None)
    if said and known and (said[0] > known[0] or (said[0] == _FEW and known[0] > _SOME)):
        against = _FEW in (said[0], known[0])
        yield Finding(_versus(said[1], known[1]), _ABSENT if against else _OPEN, against, frozenset([base(said[1])]))


def _doubts(claim: Sentence, window: Window) -> Iterator[Finding]:
    """Find what the claim states as a fact and the evidence as possible, planned or hearsay."""
    for sentence in window.sentences:
        for scope in sentence.doubts:
            shared = _at_issue(scope, claim.terms)
            if shared and not shared & claim.doubted and not any(_states(other, shared) for other in window.sentences):
                yield Finding(
                    f"the evidence leaves it open ({_quoted(scope.cue)}), the claim states it as a fact", _OPEN
                )
                return


def _states(sentence: Sentence, terms: frozenset[str]) -> bool:
    return terms <= sentence.terms and not terms & sentence.doubted


def _versus(said: str, known: str) -> str:
    return f"the claim says {_quoted(said)}; the evidence says {_quoted(known)}"


def _word(sentence: Sentence, at: int) -> str:
    _, start, end = sentence.found[at]
    return sentence.text[start:end]
