"""Change a question so that its passage no longer answers it, in the ways of those who wrote SQuAD 2.0's unanswerable questions.

Rajpurkar et al. 2018, table 1: entity swap, antonym, negation, impossible condition, mutual exclusion, other neutral. English.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from lemminflect import getAllLemmas

from rag.text.dates import dates
from rag.text.names import name_keys, names
from rag.text.normal import words
from rag.text.stem import stem
from rag.text.terms import STOPWORDS, content_terms

KINDS = {
    "name": 0.32,
    "number": 0.18,
    "antonym": 0.18,
    "negation": 0.08,
    "condition": 0.12,
    "exclusion": 0.05,
    "word": 0.07,
}
"""Kinds of edits with the weight each has where it can be made. "word" is rare: a reader trained with .25, and
without questions in other words, refused many that are in other words than the text's; the two were changed together."""

_PAIRS = """
    first last, first second, second third, third fourth, oldest newest, oldest youngest, largest smallest, biggest
    smallest, highest lowest, high low, higher lower, longest shortest, long short, longer shorter, most least, best
    worst, better worse, more fewer, early late, earlier later, earliest latest, before after, north south, east
    west, northern southern, eastern western, increase decrease, increased decreased, increasing decreasing, rise
    fall, rose fell, gain lose, gained lost, win lose, won lost, winner loser, victory defeat, begin end, began
    ended, beginning end, start stop, started stopped, start finish, open close, opened closed, allow forbid,
    allowed forbidden, allows prevents, accept reject, accepted rejected, support oppose, supported opposed,
    supporters opponents, attack defend, attacked defended, bought sold, born dead, birth death, born
    died, father mother, son daughter, sons daughters, husband wife, brother sister, king queen, male female, men
    women, man woman, boys girls, public private, major minor, maximum minimum, majority minority, strong weak,
    stronger weaker, positive negative, common rare, commonly rarely, often seldom, always never, usually rarely,
    import export, imports exports, internal external, inside outside, inner outer, upper lower, left right, old
    new, older younger, hot cold, warm cool, warmest coldest, dry wet, rich poor, richest poorest, fast slow, faster
    slower, fastest slowest, easy difficult, easier harder, cheap expensive, cheaper costlier, like dislike, liked
    disliked, likes dislikes, love hate, advantage disadvantage, advantages disadvantages, benefit harm, strengths
    weaknesses, success failure, successful unsuccessful, create destroy, created destroyed, built demolished, add
    remove, added removed, enter leave, entered left, arrive leave, arrived left, join quit, joined quit, hired
    fired, include exclude, included excluded, legal illegal, ancient modern, urban rural, civilian military,
    domestic foreign, local national, natural artificial, active inactive, direct indirect, simple complex, primary
    secondary, temporary permanent, visible invisible, safe dangerous, similar different, same different, agree
    disagree, agreed disagreed, known unknown, famous obscure, popular unpopular, winter summer, day night, morning
    evening, above below, over under, with without, many few, pros cons, praise criticise, praised criticised,
    reveal conceal, revealed concealed, prevent cause, prevented caused, cause prevent, improve worsen, improved
    worsened, found lost, founded dissolved, founder successor, predecessor successor, ally enemy, allies enemies,
    teacher student, teachers students, parents children, buyer seller, employer employee, buy sell, buys sells,
    sale purchase, uncle aunt, together apart, front behind, cold warm, never ever, stay leave, boy girl, mostly partly, wide narrow
"""
ANTONYMS: dict[str, list[str]] = defaultdict(list)
"""Words of opposite meaning, for each word that has one here."""
for _pair in _PAIRS.split(","):
    _one, _other = _pair.split()
    ANTONYMS[_one].append(_other)
    ANTONYMS[_other].append(_one)
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_NUMBER = re.compile(r"\b\d[\d,]*(?:\.\d+)?\b")
_MONTHS = tuple("January February March April May June July August September October November December".split())
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)})\b")
_AUXILIARY = re.compile(
    r"\b(?:did|does|do|is|are|was|were|can|could|will|would|should|has|have|had|might|must)\b(?!n't|n’t| not)", re.I
)
_SHORT = {"will": "won't", "can": "can't"}
_WORD = re.compile(r"[A-Za-z][a-z]+(?:-[a-z]+)?")
_SMALL_NUMBERS = tuple("two three four five six seven eight nine ten eleven twelve".split())

Slots = dict[tuple[str, str], tuple[str, ...]]
Fills = Callable[[str, str, str], Sequence[str]]
"""(the word before, a word, the word after) -> other words for its place."""


def slots(questions: Iterable[str]) -> Slots:
    """Return which words stand between the same two words (the one before, the one after; "" = none) in the questions."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for question in questions:
        parts = question.split()
        for before, word, after in zip(["", *parts], parts, [*parts[1:], ""], strict=False):
            if _WORD.fullmatch(word) and word.islower() and stem(word) not in STOPWORDS:
                found[before.lower(), after.lower()][word] = None
    return {key: tuple(kept) for key, kept in found.items() if len(kept) > 1}


def edit(
    question: str, context: str, answer: str, random: random.Random, fills: Fills, elsewhere: Sequence[str]
) -> tuple[str, str] | None:
    """Return the question changed, and the kind of change; None if none of the kinds can be made.

    Args:
        question: a question that `context` answers with `answer`.
        context: the passage.
        answer: its answer.
        random: where chance comes from.
        fills: words for slots, from `slots`.
        elsewhere: names that other passages of the source hold.
    """
    ways: dict[str, Callable[[], str | None]] = {
        "name": lambda: _name(question, context, answer, random, elsewhere),
        "number": lambda: _number(question, context, random),
        "antonym": lambda: _antonym(question, random),
        "negation": lambda: _negation(question, random),
        "condition": lambda: _condition(question, context, answer, random, elsewhere),
        "exclusion": lambda: _exclusion(question, answer, random),
        "word": lambda: _word(question, context, random, fills),
    }
    kinds = list(KINDS)
    while kinds:
        kind = random.choices(kinds, [KINDS[k] for k in kinds])[0]
        changed = ways[kind]()
        if changed and changed != question:
            return changed, kind
        kinds.remove(kind)
    return None


def text_names(text: str) -> list[str]:
    """Return the distinct names of a text as written, dates left out."""
    apart = [(date.start, date.end) for date in dates(text)]
    return list(dict.fromkeys(text[name.start : name.end] for name in names(text, apart)))


def _name(question: str, context: str, answer: str, random: random.Random, elsewhere: Sequence[str]) -> str | None:
    own = [name for name in text_names(question) if len(name) > 2]
    if not own:
        return None
    old = random.choice(own)
    pool = text_names(context) if random.random() < 0.75 else list(elsewhere)
    taken = _keys(question) | _keys(answer)
    fit = [name for name in pool if not _keys(name) & taken and abs(len(name.split()) - len(old.split())) <= 1]
    return question.replace(old, random.choice(fit), 1) if fit else None


def _keys(text: str) -> set[str]:
    return {key for word, _, _ in words(text) if word not in STOPWORDS for key in (*name_keys(word, True), stem(word))}


def _number(question: str, context: str, random: random.Random) -> str | None:
    if match := _YEAR.search(question):
        others = [year for year in _YEAR.findall(context) if year != match.group()]
        new = random.choice(others) if others and random.random() < 0.7 else None
        new = new or str(int(match.group()) + random.choice([-30, -12, -5, -3, -2, -1, 1, 2, 3, 5, 12, 30]))
    elif match := _MONTH.search(question):
        new = random.choice([month for month in _MONTHS if month != match.group()])
    elif match := _NUMBER.search(question):
        others = [number for number in _NUMBER.findall(context) if number != match.group()]
        new = (
            random.choice(others)
            if others
            else str(random.choice([2, 3, 5, 10]) + int(float(match.group().replace(",", ""))))
        )
    elif match := re.search(rf"\b(?:{'|'.join(_SMALL_NUMBERS)})\b", question):
        new = random.choice([number for number in _SMALL_NUMBERS if number != match.group()])
    else:
        return None
    return question[: match.start()] + new + question[match.end() :]


def _antonym(question: str, random: random.Random) -> str | None:
    places = [match for match in _WORD.finditer(question) if match.group() in ANTONYMS]
    if not places:
        return None
    place = random.choice(places)
    return question[: place.start()] + random.choice(ANTONYMS[place.group()]) + question[place.end() :]


def _negation(question: str, random: random.Random) -> str | None:
    if re.search(r"\b(?:not|never|no)\b|n['’]t\b", question, re.IGNORECASE):
        return re.sub(r"\s+(?:not|never)\b|n['’]t\b", "", question, count=1, flags=re.IGNORECASE)
    if match := _AUXILIARY.search(question):
        word = match.group()
        if random.random() < 0.6:
            short = _SHORT.get(word.lower(), f"{word}n't")
            return question[: match.start()] + short + question[match.end() :]
        if match.start() and word.lower() not in ("did", "do", "does"):
            return f"{question[: match.end()]} not{question[match.end() :]}"
    verbs = [m for m in _WORD.finditer(question) if m.start() and m.group().islower() and _is_verb(m.group())]
    if not verbs:
        return None
    place = verbs[-1] if match else verbs[0]
    return f"{question[: place.start()]}never {question[place.start() :]}"


def _condition(question: str, context: str, answer: str, random: random.Random, elsewhere: Sequence[str]) -> str | None:
    """Add something that the passage does not say of it."""
    taken = _keys(question) | _keys(answer)
    near = [name for name in text_names(context) if not _keys(name) & taken]
    far = [name for name in elsewhere if not _keys(name) & taken]
    pool = near if near and random.random() < 0.5 else far
    years = [year for year in _YEAR.findall(context) if year not in question and year not in answer]
    year = random.choice(years) if years and random.random() < 0.5 else str(random.randint(1850, 2019))
    forms = [] if _YEAR.search(question) else [f"in {year}", f"before {year}", f"after {year}"]
    if pool:
        name = random.choice(pool)
        forms += [f"in {name}", f"according to {name}", f"for {name}", f"by {name}", f"with {name}", f"besides {name}"]
    if not forms:
        return None
    body = question.rstrip(" ?")
    return f"{body} {random.choice(forms)}{question[len(body) :].strip()}"


def _exclusion(question: str, answer: str, random: random.Random) -> str | None:
    if len(answer.split()) > 4 or re.match(r"(?:why|how)\b", question, re.IGNORECASE):
        return None
    body = question.rstrip(" ?")
    form = random.choice(["other than {}", "besides {}", "except {}", "apart from {}"]).format(answer)
    if random.random() < 0.5:
        return f"{form[0].upper()}{form[1:]}, {body[0].lower()}{body[1:]}{question[len(body) :].strip()}"
    return f"{body} {form}{question[len(body) :].strip()}"


def _word(question: str, context: str, random: random.Random, fills: Fills) -> str | None:
    """Put another word of the same kind where a plain one stands: one that other questions have in the same place."""
    parts = question.split()
    near = set(content_terms(context)) | set(content_terms(question))
    order = list(range(len(parts)))
    random.shuffle(order)
    for at in order:
        word = parts[at]
        core = word.rstrip("?,.")
        if not (_WORD.fullmatch(core) and core.islower()) or stem(core) in STOPWORDS:
            continue
        before = parts[at - 1].lower() if at else ""
        after = parts[at + 1].lower() if at + 1 < len(parts) else ""
        kinds = _parts(core)
        fit = [
            other
            for other in (fills(before, core, after) if core == word else ())
            if stem(other) not in near and kinds & _parts(other)
        ]
        if fit:
            return " ".join([*parts[:at], random.choice(fit), *parts[at + 1 :]])
    return None


@lru_cache(maxsize=65536)
def _parts(word: str) -> frozenset[str]:
    return frozenset(getAllLemmas(word))


def _is_verb(word: str) -> bool:
    return "VERB" in _parts(word) and stem(word) not in STOPWORDS
