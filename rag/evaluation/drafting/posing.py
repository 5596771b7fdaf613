"""A drafted question, and the conditions under which it stands alone and reads as English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluation.drafting import vocabulary as known
from rag.evaluation.drafting.parsing import Clause
from rag.evaluation.drafting.tagging import Token, forms, joined
from rag.text.dates import Date

Piece = str | Sequence[Token]

_SHORTEST, _LONGEST = 5, 20  # words of a question
_OPEN = frozenset("beginning starting including following about to".split())
_TIES = frozenset("also too however therefore thus similar similarly".split())
_FIRSTS = frozenset("first second third last only largest oldest youngest highest best world most".split())


@dataclass(frozen=True, slots=True)
class Draft:
    """A question drafted from one sentence.

    `kind`: "who", "when", "how many", "where", or "undated": when something happened whose date the sentence does not give.
    `answer`: its words in the sentence, "" if undated. `names`: those in the question. `date`: what "when" asks for. `score`:
    higher is better.
    """

    kind: str
    question: str
    answer: str
    names: tuple[str, ...]
    score: float
    date: Date | None = None


def is_person(words: Sequence[str], verb: str = "") -> bool:
    """Tell whether capitalised words name a person: by a title, a known first name, or what they do."""
    low = [word.lower().rstrip(".") for word in words]
    if len(low) < 2 or any(word in known.THINGS | known.COUNTRIES for word in low):
        return False
    if low[-1] in known.TITLES:
        return False  # "Lieutenant Governor"
    titled = any(word in known.TITLES - known.DOUBTFUL_TITLES for word in low[:-1])
    if not titled and low[0] in known.DOUBTFUL_TITLES:
        titled = not forms(low[1])
    return titled or low[0] in known.FIRST_NAMES or (len(low) < 4 and verb in known.PERSONAL_VERBS)


def runs(tokens: Sequence[Token]) -> list[str]:
    """Return the names among tokens, in order: runs of capitalised words with what links them ("Leonardo da Vinci")."""
    found: list[str] = []
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and tokens[end].kind == "NAME":
            end += 1
            inside = (
                end + 1 < len(tokens) and tokens[end].low in known.PARTICLES - {"of"} and tokens[end + 1].kind == "NAME"
            )
            end += inside
        if end > at:
            found.append(joined(tokens[at:end]))
        at = max(end, at + 1)
    return found


def checked(read: Clause, kind: str, pieces: Sequence[Piece], answer: str, date: Date | None = None) -> Draft | None:
    """Return the question if it stands alone and reads as English, as far as words can tell."""
    question = _written(pieces)
    used = [token for piece in pieces if not isinstance(piece, str) for token in piece]
    names = tuple(run for piece in pieces if not isinstance(piece, str) for run in runs(piece))
    size = len(question.split())
    if not (_SHORTEST <= size <= _LONGEST) or not used or _breaks_off(used) or any(_is_bad(token) for token in used):
        return None
    days = {token.date for token in used if token.date >= 0}
    if len(days) > 1 and not any(token.low in ("between", "from") for token in used):
        return None  # "X visited in 1967 and Y in 1981"
    loose = sum(_dangles(piece) for piece in pieces if not isinstance(piece, str))
    first = read.tokens[read.subject[0]]
    # "Radio Shack" or "actor Tom Hanks": only a reader can tell whether the first word is part of the name
    if first.kind == "WORD" and read.tokens[read.subject[0] + 1].kind == "NAME":
        return None
    if _is_vague_end(read, used) or loose > 1 or _dangles(read.tokens[slice(*read.subject)]) or not names:
        return None
    score = 10 + min(len(names), 3) - 0.3 * abs(size - 10) - read.cut - 2 * loose
    if date is not None:
        score += 1 if date.year else -3 if date.weekday is not None and not date.month else 0
    return Draft(kind, question, answer, names, score, date)


def _written(pieces: Sequence[Piece]) -> str:
    said = [piece if isinstance(piece, str) else joined(piece) for piece in pieces]
    return " ".join(piece for piece in said if piece) + "?"


def _breaks_off(used: Sequence[Token]) -> bool:
    last = used[-1]
    hyphened = "-" in last.text and last.kind == "WORD"  # "a 35 dollar-a-share, 265 million dollar offer"
    low = [token.low for token in used]
    if ("between" in low and "and" not in low[low.index("between") :]) or low[-2:-1] == ["to"]:
        return True
    return (
        last.kind in ("PREP", "DET", "AND", "AS", "FINITE", "SUB", "REL", ",")
        or last.low.endswith(("'s", "'"))
        or last.low in _OPEN
        or hyphened
    )


def _is_vague_end(read: Clause, used: Sequence[Token]) -> bool:
    """Tell whether what followed the comma said which thing is meant: "a special event, the …"."""
    if not (read.cut and read.tokens[read.end].text == "," and used[-1] is read.tokens[read.end - 1]):
        return False
    at = next((i for i in range(len(used) - 1, -1, -1) if used[i].kind in ("DET", "PREP", "NAME", "NUM")), 0)
    return used[at].low in ("a", "an")


def _is_bad(token: Token) -> bool:
    return token.kind in ("PRON", "REL", "NEG") or token.low in known.FLOATING | _TIES or not token.text.isprintable()


def _dangles(tokens: Sequence[Token]) -> int:
    """Count the definite things that no name, number or rank makes known: "the city", but not "the city of Mosul"."""
    found = j = 0
    for i, token in enumerate(tokens):
        if token.low != "the" or i < j:
            continue
        j = i + 1
        while j < len(tokens) and (tokens[j].kind in ("WORD", "NAME", "NUM", "DATE") or tokens[j].low in ("of", "the")):
            j += 1
        phrase = tokens[i + 1 : j]
        known_by = any(one.kind in ("NAME", "DATE") or one.low in _FIRSTS for one in phrase)
        found += not known_by or (phrase[0].low.endswith("'s") and phrase[0].kind == "WORD")
    return found
