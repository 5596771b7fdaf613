"""The tense of sentences of English news, roughly: whether a day that is named without a date lies behind or ahead."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from rag.text.boundaries import is_abbreviation

_FUTURE = frozenset(
    """
    will won't won’t would wouldn't wouldn’t shall may might could can must should next Next due if If unless Unless until Until
    plan plans planned planning expect expects expected expecting schedule scheduled slated tentatively intend intends intended
    hope hopes hoped hoping upcoming coming forthcoming deadline poised prepare prepares preparing vow vows vowed promise promises
    promised threaten threatens threatened pledge pledges pledged propose proposes proposed postponed delayed await awaits
    awaiting anticipated looming ahead tomorrow i'll i’ll we'll we’ll he'll he’ll she'll she’ll they'll they’ll it'll it’ll
    """.split()
)
_BE = frozenset("is are am be being isn't isn’t aren't aren’t they're they’re we're we’re it's it’s".split())
_SOON = frozenset(
    """
    appear appears attend attends address addresses deliver delivers testify testifies undergo undergoes join joins
    start starts begin begins open opens meet meets arrive arrives leave leaves go goes return returns head heads travel travels
    face faces end ends expire expires resume resumes hold holds take takes vote votes host hosts play plays convene convenes
    launches kicks run runs depart departs fly flies come comes close closes fall falls visit visits has have
    """.split()
) - {"has", "have", "head", "heads", "play"}
_PAST = frozenset(
    """
    was were had did been said told went came took left made gave got held hit shot struck fell found began broke brought built
    bought caught chose drew drove fought flew fled kept knew led lost met paid put ran rose saw sent shut sat spoke spent stood
    stole swept swore thought threw won withdrew wrote became laid cut blew beat dealt felt grew heard hurt sank sold shook sought
    spread split tore underwent undertook overthrew overran upheld freed agreed wasn't wasn’t weren't weren’t didn't didn’t
    """.split()
)
_NO_PAST = frozenset(
    "hundred sacred wicked naked rugged armed unmanned limited aged so-called alleged biased crowded".split()
)
_NO_VERB = frozenset(
    """
    the a an its his her their our my your this that these those him them it us me all any some both each one two three more date
    have hospital death safety parliament power court prison jail safe members part local state people women children
    """.split()
)
_END = re.compile(
    r"(?P<stop>[.!?…])[\"”’)\]*]*+\s++(?=[\"“‘(\[*]*+[A-Z])|\n[^\S\n]*+\n"
    r"|\n(?=[^\S\n]*+(?:[-#*•>]|(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[A-Z]))"
)
_QUOTE = re.compile(
    r"(?P<open>[“„«]|``|(?<![^\s(\[—–-])\"(?=\S))|(?P<close>[”»]|(?<=\S)\"(?![^\s.,;:!?)\]—–-]))|(?P<either>\"|'')"
    r"|(?P<led>(?<=[:,])\n(?:[^\S\n]*+\n)++|^>|\n>)|(?P<gap>\n[^\S\n]*+\n)"
)
_WORD = re.compile(r"[A-Za-z]+(?:[-‐‑’'][A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class Tenses:
    """Of a sentence: whether it speaks of what is to come, and each telling verb with its place (True: it is past)."""

    future: bool = False
    verbs: tuple[tuple[int, int, bool], ...] = ()
    only_past: bool = True

    def before(self, at: int) -> tuple[int, int, bool] | None:
        """Return the last telling verb that ends by `at`."""
        found = bisect_right(self.verbs, at, key=lambda verb: verb[1])
        return self.verbs[found - 1] if found else None

    def past(self, start: int, end: int) -> bool:
        """Tell whether what happens at `text[start:end]` is past: by the last verb before it, else by the first after it."""
        verb = self.before(start)
        if verb is None:
            found = bisect_left(self.verbs, end, key=lambda verb: verb[0])
            verb = self.verbs[found] if found < len(self.verbs) else None
        return verb is not None and verb[2]


def rough_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans that part `text`, near enough to its sentences to tell their tense; `rag.text.sentences` is exact, and slower."""
    start = 0
    for match in _END.finditer(text):
        if match["stop"] == ".":
            word = re.split(r"[\s(“\"‘]", text[max(start, match.start() - 15) : match.start()])[-1]
            if "." in word or (len(word) == 1 and word.isalpha()) or is_abbreviation(word):
                continue
        yield start, match.end()
        start = match.end()
    yield start, len(text)


def quotations(text: str) -> bytearray:
    """Mark each character within double quotation marks; one mark without the other reaches to the paragraph's end, or start.

    A paragraph that a comma or colon leads to ("The army tweeted,"), or after ">", is a quotation as well.
    """
    marked = bytearray(len(text))
    begin, opened = 0, -1
    for mark in _QUOTE.finditer(text):
        kind = mark.lastgroup
        if opened < 0 and kind in ("open", "either", "led"):
            opened = mark.start()
        elif kind not in ("open", "led") and (opened >= 0 or kind == "close"):
            first = opened if opened >= 0 else begin
            marked[first : mark.end()] = b"\1" * (mark.end() - first)
            opened, begin = -1, mark.end()
        if kind == "gap":
            begin = mark.end()
    if opened >= 0:
        marked[opened:] = b"\1" * (len(text) - opened)
    return marked


def tenses(text: str, start: int, end: int) -> Tenses:
    """Read the verbs of the sentence `text[start:end]`; their places are those in `text`. Linear in its length."""
    future, last = False, ""
    verbs: list[tuple[int, int, bool]] = []
    for match in _WORD.finditer(text, start, end):
        word = match[0]
        future = future or word in _FUTURE or (word == "to" and (last in _BE or last in ("was", "were")))
        past = _is_past(word, last)
        if past is not None:
            verbs.append((match.start(), match.end(), past))
        last = word
    return Tenses(future, tuple(verbs), all(past for _, _, past in verbs))


def _is_past(word: str, last: str) -> bool | None:
    """Tell whether a word is a past verb (True) or one of the present or an infinitive (False); None: neither."""
    if last == "to":
        noun = (
            not word.islower() or word.endswith("ing") or (word.endswith("s") and word[-2:] not in ("ss", "is", "us"))
        )
        return None if noun or word in _NO_VERB else False
    if word in _BE or word in _SOON:
        return False
    if last not in _BE and (word in _PAST or _is_regular(word)):
        return True
    return None


def _is_regular(word: str) -> bool:
    return word.endswith("ed") and word.islower() and word[-3:] != "eed" and word not in _NO_PAST
