"""What a question asks for, and whether a sentence holds something of that kind; pure, English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.errors import UsageError
from rag.text.normal import words
from rag.text.stem import stem
from rag.text.terms import STOPWORDS, content_terms

LONGEST_QUESTION = 4000  # characters
Asked = Literal["person", "time", "place", "number", "reason", "manner", "verdict", "other"]
TYPED: tuple[Asked, ...] = ("person", "time", "place", "number", "reason")
"""Kinds that the form of an answer shows; "manner" is how, "verdict" yes or no."""

_NUMBER_WORD = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|several|"
    "half|both|no|none|once|twice"
)
_NUMBER = re.compile(
    rf"(?:[$€£]\s?)?\d[\d,.]*\d%?|(?:[$€£]\s?)?\d%?|\b(?:{_NUMBER_WORD})\b(?:[ -](?:{_NUMBER_WORD})\b)*", re.IGNORECASE
)
_SCALE = re.compile(
    r"(?:[\s-]+(?:hundred|thousand|million|billion|trillion|dozen|mln|mn|mio|bln|bn|tn|pct|per\s?cent|percent)\b|\s?%)+",
    re.I,
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_TIME = re.compile(
    rf"\b(?:(?:early|mid|late)[- ])?(?:(?:{_MONTHS})\.?\s+\d{{1,2}}(?:,?\s+\d{{4}})?|\d{{1,2}}\s+(?:{_MONTHS})\b(?:\s+\d{{4}})?"
    rf"|(?:{_MONTHS})\.?,?\s+\d{{4}}|(?:1\d|20)\d\ds?|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:last|next|this|earlier\s+this)\s+(?:week|month|year|spring|summer|autumn|fall|winter|century|decade)"
    r"|\w+\s+(?:years?|months?|weeks?|days?|hours?)\s+(?:ago|later|earlier)|yesterday|tomorrow|today"
    r"|\d{1,2}(?::\d{2})?\s?[ap]\.?m\b|\d(?:st|nd|rd|th)\s+century"
    r"|January|February|March|April|June|July|August|September|October|November|December)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|due to|owing to|as a result|reasons?|in order to|so that|so as to|since|amid|in response|in retaliation|"
    r"thanks to|caused?|prompted|led|forced|driven|following|after|therefore|blam\w+|to \w+)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:[A-Z]\w*\.\s?)*[A-Z][\w’'-]*(?:\s+(?:(?:al|bin|de|van|von|of the|of|the)[\s-])?[A-Z][\w’'.-]*)*"
)
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|on|from|to|towards?|into|outside|inside|along|across|between|around|of|over)\s+(?:the\s+)?$", re.I
)
_PLURAL = re.compile(r"[a-z’'-]{2,}[^s\W]s|[a-z]*men|people|children|troops|police|personnel|money")
_ADJECTIVE = re.compile(r"US|U\.S\.|UK|EU|UN|[A-Z]\w*(?:ian|ean|ican|ish|ese|aqi|aeli|ench|utch|reek|wiss|emeni|stani)")
_FIRST = re.compile(r"[^\w]*([\w’']+)")
_AMOUNT = re.compile(
    r"\bhow\s+(?:many|much|few|often|old|long|far|tall|high|big|large)\b|\b(?:what|which)\s+(?:is\s+the\s+)?(?:number|percentage|share|amount|price|cost|population|age)\b",
    re.I,
)
_WHEN = re.compile(
    r"\bwhen\b|\b(?:what|which)\s+(?:\w+\s+)?(?:year|date|day|month|time|century|decade|period)\b|\bhow\s+long\s+ago\b",
    re.I,
)
_WHERE = re.compile(
    r"\bwhere\b|\b(?:what|which)\s+(?:country|city|town|place|state|region|province|river|location)\b", re.I
)
_WHO = re.compile(
    r"\b(?:who|whom|whose)\b|\bnames?\s+of\b|\bwhat\b.{0,40}\b(?:called|named)\b|\b(?:what|which)\s+(?:\w+\s+)?(?:person|people|man|woman|president|company|organi[sz]ation|leader|group|militia|team)\b",
    re.I,
)
_WHY = re.compile(
    r"\bwhy\b|\bwhat\s+(?:is|was|were|are)\s+the\s+(?:reasons?|causes?)\b|\bwhat\s+(?:caused|led|made)\b", re.I
)
_HOW = re.compile(r"\W*(?:in what (?:way|manner)s?|how)\b", re.I)
_VERDICT = re.compile(
    r"\W*(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)(?:n['’]t)?\b",
    re.I,
)
_MANY = re.compile(
    r"\W*(?:list|enumerate|name|give|show|find|tell me)\s+(?:me\s+)?(?:all|every|each|the|some)?\b.*s\b|\ball\s+(?:the|of\s+the)\b"
    r"|\b(?:what|which|who)\s+(?:are|were)\s+(?:all\s+)?(?:the|some)\b(?!\s+(?:name|reason|cause|number)\b)"
    r"|\b(?:what|which)\s+(?:[\w-]+\s+)?(?:countries|cities|towns|groups|people|men|women|children|parties|companies|reasons|steps|"
    r"[a-z]{2,}[^\Wsu]s(?=\s+(?:are|were|have|do|did|will|can|\w+ed)\b))\b",
    re.I,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart.

    `terms` are the stems it is about, `names` those of its capitalised words, `counted` the stems right after "how many".
    `many`: it asks for all there are ("Which countries …?", "List …"), which more than one sentence may have to tell.
    """

    text: str
    asked: Asked
    terms: tuple[str, ...]
    names: frozenset[str]
    counted: frozenset[str]
    many: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in a sentence that could be the short answer: its offsets there."""

    start: int
    end: int


def checked(question: str) -> str:
    """Return a question without white space around it and without lone surrogates; raises UsageError if none can be asked."""
    question = question.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    if not any(character.isalnum() for character in question):
        raise UsageError("the question is empty: ask something")
    if len(question) > LONGEST_QUESTION:
        raise UsageError(f"the question has {len(question):,} characters: at most {LONGEST_QUESTION:,} are read")
    return question


def read_question(text: str) -> Question:
    """Take a question apart."""
    found = words(text)
    names = {stem(word) for word, start, _ in found[1:] if text[start].isupper()}
    if found and text[found[0][1]].isupper() and stem(found[0][0]) not in STOPWORDS:
        names.add(stem(found[0][0]))
    return Question(
        text, _asked(text), tuple(content_terms(text)), frozenset(names - STOPWORDS), _counted(text),
        bool(_MANY.search(text)),
    )  # fmt: skip


def _asked(text: str) -> Asked:
    kinds: list[tuple[re.Pattern[str], Asked]] = [
        (_WHEN, "time"), (_AMOUNT, "number"), (_WHY, "reason"), (_WHO, "person"), (_WHERE, "place"),
    ]  # fmt: skip
    places = [(match.start(), kind) for pattern, kind in kinds if (match := pattern.search(text))]
    if places:
        return min(places)[1]
    return "manner" if _HOW.match(text) else "verdict" if _VERDICT.match(text) else "other"


def _counted(text: str) -> frozenset[str]:
    """The thing that "how many" or "how much" is about: the first plural noun after it, else its first two words."""
    amount = re.search(r"\bhow\s+(?:many|much)\s+((?:[\w’'-]+\s+){0,3}[\w’'-]+)", text, re.IGNORECASE)
    if not amount:
        return frozenset()
    plural = next((word for word in amount[1].split() if _PLURAL.fullmatch(word)), None)
    return frozenset([stem(plural)] if plural else content_terms(amount[1])[:2])


def candidates(question: Question, sentence: str) -> list[Candidate]:
    """Return the places of `sentence` that are of the kind asked for and not in the question itself, in order."""
    if question.asked == "number":
        found = [m for m in _NUMBER.finditer(sentence) if not _is_year(sentence, m)]
    elif question.asked == "time":
        found = list(_TIME.finditer(sentence))
    elif question.asked == "reason":
        found = list(_REASON.finditer(sentence))
    elif question.asked in ("person", "place"):
        found = [m for m in _NAME.finditer(sentence) if _is_name(sentence, m)]
        if question.asked == "place":
            found = [m for m in found if _PLACE_BEFORE.search(sentence[: m.start()])]
        else:
            found = [m for m in found if not _is_place_or_adjective(sentence, m)]
    else:
        return []
    known = set(question.terms) | STOPWORDS
    return [
        Candidate(m.start(), m.start() + len(m.group().rstrip(" .,;:-’'")))
        for m in found
        if question.asked == "reason" or any(stem(word) not in known for word, _, _ in words(m.group()))
    ]


def beside_counted(question: Question, sentence: str, candidate: Candidate) -> bool:
    """Whether the thing counted ("how many bases") follows a number closely ("eight bases", "eight large bases")."""
    after = words(sentence[candidate.end : candidate.end + 60])[:4]
    return any(stem(word) in question.counted for word, _, _ in after)


def is_of_kind(question: Question, text: str) -> bool:
    """Whether a short answer has the form of what is asked for, where that has one."""
    if question.asked == "number":
        return bool(_NUMBER.search(text)) or bool(
            re.search(r"\b(?:a|an|few|many|dozens?|hundreds|thousands)\b", text, re.I)
        )
    if question.asked == "time":
        return bool(_TIME.search(text)) or bool(
            re.search(r"\d|\b(?:after|before|during|when|since|until|ago|century)\b", text)
        )
    return True


def whole_number(text: str, end: int) -> int:
    """Return where a number that ends at `end` ends with its scale ("2.15 mln", "40 %")."""
    scale = _SCALE.match(text, end)
    return scale.end() if scale else end


def counts(question: Question, sentence: str) -> list[Candidate]:
    """Return the numbers of `sentence` that count the thing asked for, each whole ("2.15 million"), in order.

    A number counts what follows before the next one: in "three of its eight bases" only "eight" counts bases.
    """
    found: list[Candidate] = []
    for place in candidates(question, sentence):
        whole = Candidate(place.start, whole_number(sentence, place.end))
        if not found or place.start >= found[-1].end:
            found.append(whole)
    ends = [place.start for place in found[1:]] + [len(sentence)]
    return [place for place, end in zip(found, ends, strict=False) if beside_counted(question, sentence[:end], place)]


def _is_year(sentence: str, match: re.Match[str]) -> bool:
    digits = match.group().rstrip(".,")
    return bool(re.fullmatch(r"(?:1[5-9]|20)\d\d", digits)) or bool(
        re.search(rf"\b(?:{_MONTHS})\.?\s*$", sentence[: match.start()], re.IGNORECASE)
    )


def _is_place_or_adjective(sentence: str, match: re.Match[str]) -> bool:
    """A name that says where ("in Kirkuk") or of which country ("a US contractor"), not who."""
    if re.search(
        r"\b(?:in|at|near|into|across|outside|inside)\s+(?:the\s+)?$", sentence[: match.start()], re.IGNORECASE
    ):
        return True
    return bool(_ADJECTIVE.fullmatch(match.group())) and bool(re.match(r"\s+[a-z]", sentence[match.end() :]))


def _is_name(sentence: str, match: re.Match[str]) -> bool:
    """A capitalised run; at the head of a sentence only if it is more than one capitalised word or not a common word."""
    first = _FIRST.match(sentence)
    if not first or match.start() != first.start(1):
        return True
    return " " in match.group() or stem(match.group().lower()) not in STOPWORDS
