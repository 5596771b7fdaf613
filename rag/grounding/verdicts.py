"""The verdict on one claim by comparison of words: which sentences of the evidence bear on it, and what they bear out.

The score is the share of the claim's terms that the best one or two sentences of the evidence hold, bent so that 0.7 of them
make 0.5 and all of them 0.95, and multiplied by the factor of each finding against the claim. The label follows from it:
"quoted" is 1, "supported" from 0.5, "partly" from 0.2, "unsupported" below. "contradicted" is at most 0.1: sentences that hold
half of the claim's other terms give another number or date, or the opposite, and none supports it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rag.grounding.checks import findings, missing_names
from rag.grounding.finding import Finding
from rag.grounding.lexicon import ALIKE, opposites
from rag.grounding.sentence import PREFIX, Sentence, Window
from rag.grounding.verbatim import Passage, is_verbatim
from rag.schema import Support, Verdict
from rag.text.names import Mentions
from rag.text.stem import stem
from rag.text.terms import STOPWORDS

LONGEST_CLAIM = 4_000  # characters
MOST_DETAILS = 40  # numbers, dates and names of one claim
LONGEST_EVIDENCE = 100_000  # characters, all passages together

_SUPPORTED = 0.7
_PARTLY = 0.2
_NAMED_ELSEWHERE = 0.75  # what a window counts that lacks a name of the claim, though other evidence mentions it
_SAME_MATTER = 0.5  # of the terms that are not at issue: with so many, another number is a contradiction
_RELATIVE = 0.7  # what a term counts of which a relative was found: "decision" for "decide", "fell" for "dropped"
_LEAST_WORDS = 2  # of a claim: "merger" may stand in the evidence, but says nothing of it
_BEST = 3  # sentences around which windows are made


def verdict(claim: str, evidence: Sequence[str]) -> Verdict:
    """Judge one claim by its evidence; missing evidence never supports.

    A claim above LONGEST_CLAIM characters or MOST_DETAILS is not judged, hence unsupported; of the evidence the first
    LONGEST_EVIDENCE characters are read, and a reason says so where there are more. Linear in the length of both.
    """
    if not any(char.isalnum() for char in claim):
        return Verdict("unsupported", 0.0, ("the claim is empty",))
    passages, cut = _within_limit(evidence)
    if not any(char.isalnum() for passage in passages for char in passage.text):
        return Verdict("unsupported", 0.0, ("there is no evidence", *cut))
    if len(claim) > LONGEST_CLAIM:
        return Verdict(
            "unsupported", 0.0, (f"the claim has {len(claim):,} characters: at most {LONGEST_CLAIM:,} are read",)
        )
    if is_verbatim(claim, passages):
        return Verdict("quoted", 1.0)
    sentence = Sentence.of(claim)
    details = len(sentence.quantities) + len(sentence.dates) + len(sentence.names)
    empty = not details and all(stem(word) in STOPWORDS for word, _, _ in sentence.found)
    if empty or len(sentence.found) < _LEAST_WORDS:
        return Verdict("unsupported", 0.0, ("it states nothing that could be checked",))
    if details > MOST_DETAILS:
        return Verdict(
            "unsupported",
            0.0,
            (f"the claim has {details} numbers, dates and names: at most {MOST_DETAILS} are checked",),
        )
    judged = _judged(sentence, passages)
    return Verdict(judged.label, judged.score, judged.reasons + cut)


def _within_limit(evidence: Sequence[str]) -> tuple[list[Passage], tuple[str, ...]]:
    """Return the passages up to the limit, and a reason if that is not all."""
    passages: list[Passage] = []
    left = LONGEST_EVIDENCE
    for text in evidence:
        if len(text) > left:
            passages.append(Passage(text[:left]))
            return passages, (f"only the first {LONGEST_EVIDENCE:,} characters of the evidence were read",)
        passages.append(Passage(text))
        left -= len(text)
    return passages, ()


def _judged(claim: Sentence, passages: Sequence[Passage]) -> Verdict:
    """Return the best verdict that a window gives; where none supports the claim, a contradiction goes first."""
    sentences = [[Sentence.of(sentence) for sentence in passage.sentences] for passage in passages]
    mentions = Mentions()
    for sentence in (sentence for group in sentences for sentence in group):
        mentions.add(sentence.text, sentence.found)
    unnamed = missing_names(claim, mentions)
    judged = [_weighed(claim, window, unnamed) for window in _windows(claim, sentences)]
    single = [item for item in judged if item.alone]
    for group in (single, judged):
        best = max(group, key=lambda item: (item.verdict.score, item.share))
        if best.verdict.label == "supported":
            return best.verdict
        against = [item for item in group if item.verdict.label == "contradicted"]
        if against:
            strongest = max(against, key=lambda item: (item.share, item.verdict.score))
            if best.verdict.label != "partly" or strongest.share > best.share:
                return strongest.verdict
    return best.verdict


class _Judged(NamedTuple):
    """A verdict by one window, of a sentence `alone` or of two, with the share of the claim's terms that it holds."""

    verdict: Verdict
    share: float
    alone: bool


def _weighed(claim: Sentence, window: Window, unnamed: Sequence[Finding]) -> _Judged:
    found = [*findings(claim, window), *unnamed]
    at_issue = frozenset().union(*(finding.about for finding in found))
    credits = _credits(claim, window)
    share = _share(credits)
    rest = _share({key: credit for key, credit in credits.items() if key not in at_issue})
    score = _bent(share)
    if not all(window.mentions.holds(name) for name in claim.names):
        score *= _NAMED_ELSEWHERE
    for finding in found:
        score *= finding.factor
    label: Support = "supported" if score >= 0.5 else "partly" if score >= _PARTLY else "unsupported"
    if rest >= _SAME_MATTER and any(finding.against for finding in found):
        label, score = "contradicted", min(score, _PARTLY / 2)
    reasons = [finding.reason for finding in sorted(found, key=lambda finding: finding.factor)]
    if score < 0.5 and not reasons:
        reasons = _unspoken(claim, [key for key, credit in credits.items() if not credit])
    return _Judged(Verdict(label, round(score, 6), tuple(dict.fromkeys(reasons))), share, len(window.sentences) == 1)


def _bent(share: float) -> float:
    """Turn a share of terms into a score: 0 at 0, 0.5 at _SUPPORTED, 0.95 at 1, straight between."""
    if share < _SUPPORTED:
        return 0.5 * share / _SUPPORTED
    return 0.5 + 0.45 * (share - _SUPPORTED) / (1 - _SUPPORTED)


def _share(credits: Mapping[str, float]) -> float:
    """Return what a claim's terms count on average, 0 to 1; 1.0 if there are none."""
    return sum(credits.values()) / len(credits) if credits else 1.0


def _credits(claim: Sentence, window: Window) -> dict[str, float]:
    """Return what each term of the claim counts in a window, 0 to 1; those of a name that it mentions count in full."""
    held = {key for name in claim.names if window.mentions.holds(name) for key in claim.keys_of(name)}
    held |= {key for key in claim.denied if opposites(key) & window.terms}  # "did not rise" where it fell
    return {key: 1.0 if key in held else _credit(key, window) for key in claim.content}


def _credit(key: str, window: Window) -> float:
    if key in window.terms:
        return 1.0
    if ALIKE.get(key, frozenset()) & window.terms:
        return _RELATIVE
    related = len(key) >= PREFIX and any(key[:PREFIX] in sentence.prefixes for sentence in window.sentences)
    return _RELATIVE if related else 0.0


def _windows(claim: Sentence, passages: Sequence[Sequence[Sentence]]) -> Iterator[Window]:
    """Yield the sentences that hold most of the claim's terms, each alone and with a neighbour, and the best pair."""
    flat = [(group, at) for group in passages for at in range(len(group))]
    content = frozenset(claim.content)
    prefixes = frozenset(key[:PREFIX] for key in content if len(key) >= PREFIX)
    rough = [len(content & group[at].terms) + len(prefixes & group[at].prefixes) for group, at in flat]
    near = sorted(range(len(flat)), key=lambda i: -rough[i])[: 4 * _BEST]
    shares = {i: _share(_credits(claim, Window((flat[i][0][flat[i][1]],)))) for i in near}
    order = sorted(near, key=lambda i: -shares[i])[:_BEST]
    seen: set[int] = set()
    for i in order:
        group, at = flat[i]
        yield Window((group[at],))
        for first in (at - 1, at):
            if 0 <= first < len(group) - 1 and i + first - at not in seen:
                seen.add(i + first - at)
                yield Window((group[first], group[first + 1]))
    best = flat[order[0]][0][flat[order[0]][1]]
    lacking = content - best.terms
    gains = [len(lacking & group[at].terms) for group, at in flat]
    other = max(range(len(flat)), key=lambda i: gains[i])
    if gains[other]:
        yield Window((best, flat[other][0][flat[other][1]]))


def _unspoken(claim: Sentence, keys: Sequence[str]) -> list[str]:
    """Return the reason that names the claim's words for its first few `keys`; none if there are no keys."""
    spans = {key: (start, end) for key, (_, start, end) in reversed(list(zip(claim.keys, claim.found, strict=True)))}
    words = ", ".join(f'"{claim.text[slice(*spans[key])]}"' for key in keys[:4])
    return [f"the evidence does not speak of {words}"] if keys else []
