"""Check a text that somebody wrote: which of its sentences do the documents bear out?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.errors import UsageError
from rag.grounding.checker import GroundingChecker, Published, unknown
from rag.grounding.evidence import best
from rag.grounding.verbatim import Passage, is_verbatim
from rag.schema import Claim, Verdict
from rag.schema import Passage as Found
from rag.text.relative import dated
from rag.text.sentences import sentences

MOST_CHARACTERS = 50_000
MOST_SENTENCES = 200
PASSAGES = 5
"""Of those found for a sentence, how many it is held against, each alone and all together."""
_CITED = 2  # sentences that are shown as its evidence
_LEANS = re.compile(r"(?:he|she|it|they|this|that|these|those|his|her|its|their|there|the latter)\b", re.IGNORECASE)
_QUOTED = Verdict("quoted", 1.0)
_STATES_NOTHING = "a question or heading states nothing"

Find = Callable[[str], Sequence[Found]]
Evidence = tuple[Found, int, int]
"""A passage, and the span of one of its sentences in its document, in code points."""
Judged = tuple[Claim, tuple[Evidence, ...]]


def stated(text: str) -> list[tuple[str, str]]:
    """Return the sentences of a text, in order, each with the text to search for: with the one before it if it leans on that.

    Raises:
        UsageError: the text is empty, longer than MOST_CHARACTERS, or has more than MOST_SENTENCES sentences.
    """
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not text.strip():
        raise UsageError("the text is empty: give sentences to check")
    if len(text) > MOST_CHARACTERS:
        raise UsageError(f"the text has {len(text):,} characters: at most {MOST_CHARACTERS:,} are checked at once")
    found = [" ".join(text[span.start : span.end].split()) for span in sentences(text)]
    if len(found) > MOST_SENTENCES:
        raise UsageError(f"the text has {len(found):,} sentences: at most {MOST_SENTENCES} are checked at once")
    before = ["", *found[:-1]]
    return [
        (own, f"{last} {own}" if last and _LEANS.match(own) else own) for own, last in zip(found, before, strict=True)
    ]


def check_sentences(text: str, find: Find, checker: GroundingChecker, published: Published = unknown) -> list[Judged]:
    """Return for each sentence of a text what the documents say of it, and the sentences of theirs that it rests on.

    It is held against each of the PASSAGES best that `find` gives for it, and against all of them together; the highest score
    counts. A question or heading is "unchecked". What is unsupported rests on nothing. Errors are those of `stated`.
    `published` gives the date of a document, to which its "on Monday" refers.
    """
    found = [(own, list(find(query))[:PASSAGES] if _states(own) else []) for own, query in stated(text)]
    asked = [(own, _groups(own, passages)) for own, passages in found]
    pairs = [
        (own, [dated(passage.text, published(passage.document)) for passage in group])
        for own, groups in asked
        for group in groups
        if not _quotes(own, group)
    ]
    verdicts = iter(checker.judge(pairs))
    return [
        _judged(own, groups, [_QUOTED if _quotes(own, group) else next(verdicts) for group in groups])
        for own, groups in asked
    ]


def _groups(own: str, passages: Sequence[Found]) -> list[Sequence[Found]]:
    """Return what a sentence is held against: the passage that holds it word for word, else each alone and all together."""
    alone: list[Sequence[Found]] = [[passage] for passage in passages]
    quoting = [group for group in alone if _quotes(own, group)]
    return quoting[:1] or alone + ([passages] if len(passages) > 1 else [])


def _quotes(own: str, group: Sequence[Found]) -> bool:
    return len(group) == 1 and is_verbatim(own, [Passage(group[0].text)])


def _states(sentence: str) -> bool:
    return not sentence.endswith("?") and len(sentence.split()) > 1


def _judged(own: str, groups: Sequence[Sequence[Found]], verdicts: Sequence[Verdict]) -> Judged:
    if not _states(own):
        return Claim(own, "unchecked", None, (), (_STATES_NOTHING,)), ()
    if not verdicts:
        return Claim(own, "unsupported", 0.0, (), ("no passage speaks of it",)), ()
    at = max(range(len(verdicts)), key=lambda n: verdicts[n].score)
    verdict, group = verdicts[at], groups[at]
    claim = Claim(own, verdict.label, verdict.score, (), verdict.reasons)
    return claim, () if verdict.label == "unsupported" else _evidence(own, group)


def _evidence(own: str, group: Sequence[Found]) -> tuple[Evidence, ...]:
    texts = [Passage(passage.text) for passage in group]
    spans = [sentences(passage.text) for passage in group]
    return tuple(
        (group[number], group[number].start + spans[number][at].start, group[number].start + spans[number][at].end)
        for number, at in best(own, texts, _CITED)
    )
