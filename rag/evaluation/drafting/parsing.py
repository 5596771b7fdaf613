"""A shallow reading of plain English sentences, which gives up (None) on all that has no sure reading: most of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluation.drafting import vocabulary as known
from rag.evaluation.drafting.tagging import Token, forms, is_adverb, is_finite, is_loose, is_nominal
from rag.text.dates import Date

_LONGEST_SUBJECT = 9  # words
_APPOSITION = 12  # words
_DATE_WORDS = frozenset("the early late mid beginning end spring summer autumn fall winter of".split())


@dataclass(frozen=True, slots=True)
class When:
    """The tokens `start` to `end` say when ("in late 2014"); what is asked for begins at `value`. Half open."""

    start: int
    value: int
    end: int
    date: Date


@dataclass(frozen=True, slots=True)
class Clause:
    """The main clause of a sentence in token indices, half open.

    `front`: the date before it. `subject`: its noun phrase. `verb`: the first of the verb group, loose adverbs skipped; `main`:
    the lexical verb, the same unless there is an auxiliary. `end`: where the clause is complete; `cut`: the sentence goes on.
    """

    tokens: tuple[Token, ...]
    front: When | None
    subject: tuple[int, int]
    verb: int
    main: int
    end: int
    cut: bool
    dates: tuple[Date, ...]


def clause(tokens: tuple[Token, ...], told: tuple[Date, ...]) -> Clause | None:
    """Return the main clause of a sentence, None unless it can be read with confidence."""
    if len(tokens) < 4:
        return None
    front, at = _front(tokens, told)
    if at < 0:
        return None
    found = _subject(tokens, at)
    if found is None:
        return None
    subject_end, verb = found
    while verb < len(tokens) and is_loose(tokens[verb]):
        verb += 1
    if verb >= len(tokens):
        return None
    main = verb
    if tokens[verb].kind == "FINITE":
        main += 1
        while main < len(tokens) and (is_loose(tokens[main]) or is_adverb(tokens[main])):
            main += 1
    end = clause_end(tokens, main + 1)
    if end is None or main >= end:
        return None
    return Clause(tokens, front, (at, subject_end), verb, main, end, end < len(tokens), told)


def _front(tokens: tuple[Token, ...], told: tuple[Date, ...]) -> tuple[When | None, int]:
    """Read what stands before the subject: a date, or what can be left out; also say where the subject begins, -1 if unclear."""
    if tokens[0].low == "of":
        return None, -1
    if tokens[0].kind not in ("PREP", "AS") or past_bound(tokens, 0):
        return None, 0
    when = date_at(tokens, told, 0)
    if when is None or when.end >= len(tokens):
        return None, _past_phrase(tokens)
    after = tokens[when.end]
    if after.text == ",":
        return when, when.end + 1
    return (when, when.end) if after.low in ("the", "a", "an") else (None, -1)


def past_bound(tokens: Sequence[Token], at: int) -> int:
    """Return where words such as "at least" before a number end, `at` if there are none."""
    ends = (
        at + len(bound) for bound in known.BOUNDS if tuple(one.low for one in tokens[at : at + len(bound)]) == bound
    )
    return next((end for end in ends if end < len(tokens) and tokens[end].kind == "NUM"), at)


def _past_phrase(tokens: Sequence[Token]) -> int:
    """Read over "At a meeting in Geneva," and "As of October 2019,": return where the subject begins, -1 if unclear."""
    for i, token in enumerate(tokens[: _LONGEST_SUBJECT + 3]):
        if token.text == "," and token.date < 0:
            return i + 1 if i + 1 < len(tokens) and tokens[i + 1].kind in ("DET", "NUM", "NAME", "WORD") else -1
        if token.kind in ("PRON", "REL", "SUB", "NEG") or (i and is_finite(tokens, i)):
            return -1
    return -1


def date_at(tokens: Sequence[Token], told: Sequence[Date], at: int) -> When | None:
    """Read "in late 2014", "on 3 January": None unless it is one date, no range and no time of day."""
    if tokens[at].low not in ("in", "on", "during"):
        return None
    value = at + 1
    first = value
    while first < len(tokens) and tokens[first].low in _DATE_WORDS and first - value < 4:
        first += 1
    if first >= len(tokens) or tokens[first].date < 0:
        return None
    number = tokens[first].date
    date = told[number]
    end = first
    while end < len(tokens) and tokens[end].date == number:
        end += 1
    ranged = end < len(tokens) and tokens[end].low in ("and", "or", "to", "-", "–", "—", "/", "through", "until")
    if (ranged and end + 1 < len(tokens) and tokens[end + 1].kind in ("DATE", "NUM")) or date.minute is not None:
        return None
    if tokens[value].low == "the" and first == value + 1 and not date.decade:
        return None  # "in the 2014 election"
    if end < len(tokens) and tokens[end].kind in ("NAME", "WORD") and tokens[end].low not in ("near",):
        return None  # "in January trading"
    return When(at, value, end, date)


def only_date(read: Clause) -> When | None:
    """Return the date behind the verb, None unless there is exactly one."""
    found = [when for i in range(read.main + 1, read.end) if (when := date_at(read.tokens, read.dates, i))]
    return found[0] if len(found) == 1 and found[0].end <= read.end else None


def is_year(when: When, tokens: Sequence[Token]) -> bool:
    """Tell whether a date is a bare year."""
    return when.date.parts.keys() == {"year"} and not when.date.decade and tokens[when.value].kind == "DATE"


def is_ambiguous(tokens: Sequence[Token]) -> bool:
    """Tell whether a date after these words may belong to another verb than the main one, or whether they measure."""
    if sum(token.kind == "NUM" and (i == 0 or tokens[i - 1].kind != "NUM") for i, token in enumerate(tokens)) > 1:
        return True  # "69,952 tonnes of wheat and 60,296 tonnes of maize in 1985"
    for i, token in enumerate(tokens):
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        found = forms(token.low) if token.kind == "WORD" else frozenset()
        if found & {"VBN", "VBG"} and not found & {"NOUN", "ADJ"}:
            return True
        if token.low == "to" and after is not None and after.kind == "WORD" and "VB" in forms(after.low):
            noun = "NOUN" in forms(after.low) and (i + 2 == len(tokens) or tokens[i + 2].kind == "PREP")
            if not noun:  # "opened to traffic on 3 May" against "agreed to sell the unit on 3 May"
                return True
        if token.low in known.UNCOUNTED or token.low in ("%", "$", "against", "versus"):
            return True
    return False


def _subject(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Read the noun phrase from `at`: return where it ends and where the verb group begins."""
    i = past_bound(tokens, at)
    if i == at and tokens[i].kind == "DET":
        i += 1
    start = i
    while i < len(tokens) and i - at <= _LONGEST_SUBJECT:
        token = tokens[i]
        if i > start and (
            is_finite(tokens, i) or (is_loose(token) and i + 1 < len(tokens) and is_finite(tokens, i + 1))
        ):
            return (i, i) if is_nominal(tokens[i - 1]) else None
        if i > start and token.text == "," and all(_in_name(one) for one in tokens[at:i]):
            return _past_apposition(tokens, i)
        if _links(tokens, i, start):
            i += 1 + (tokens[i + 1].kind == "DET")
        elif is_nominal(token) or token.kind in ("NUM", "DATE"):
            i += 1
        else:
            return None
    return None


def _links(tokens: Sequence[Token], i: int, start: int) -> bool:
    """Tell whether token `i` ties two noun phrases into one subject."""
    if not start < i < len(tokens) - 2:
        return False
    after = tokens[i + 1]
    noun_next = is_nominal(after) or after.kind == "DET"
    return noun_next and (
        tokens[i].low in ("of", "in", "at", "for", "on", "near", "from", "between", "and") or tokens[i].text == "&"
    )


def _past_apposition(tokens: Sequence[Token], comma: int) -> tuple[int, int] | None:
    """Read over ", the president of Iraq," after a name."""
    for i in range(comma + 1, min(len(tokens) - 1, comma + _APPOSITION)):
        if tokens[i].kind in ("PRON", "REL", "SUB", "FINITE", ";", ":"):
            return None
        if tokens[i].text == ",":
            opens = tokens[comma + 1].kind in ("DET", "NUM") or tokens[comma + 1].low.endswith("'s")
            return (comma, i + 1) if opens and is_finite(tokens, i + 1) else None
    return None


def clause_end(tokens: Sequence[Token], start: int) -> int | None:
    """Return where the main clause is complete, reading on from `start` behind its verb; None if it cannot be told."""
    i = start
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "SUB" and tokens[i - 1].low in known.SPANS:
            return None  # "a few months after"
        if token.text in "-–" and not token.spaced:
            return None  # "the Dodd–Frank Act"
        if token.kind in (";", ":", "—", "–", "SUB") or (token.text == "-" and token.spaced):
            return i
        if token.text == ",":
            if not _place_comma(tokens, i) and token.date < 0:
                return None if _lists(tokens, i) or _resumes(tokens, i) else i
        elif token.kind in ("PRON", "REL", "NEG"):
            return None
        elif token.kind in ("AND", "AS") and _new_clause(tokens, i):
            # "described it as obsolete and called for …": what "as" begins is no clause
            return i if token.kind == "AND" or tokens[i + 1].kind in ("DET", "NAME", "NUM") else None
        elif (is_finite(tokens, i) and not _is_participle(tokens, i)) or not (
            token.kind in _PLAIN or is_nominal(token)
        ):
            return None
        i += 1
    return len(tokens)


_PLAIN = frozenset({"DET", "PREP", "NUM", "DATE", "NAME", "WORD", "AND", "AS", "FINITE", "&"})


def _place_comma(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether a comma stands within a place, "Kirkuk, Iraq" or "Kirkuk, Iraq, in 2014", and not in a list."""
    if not (0 < i < len(tokens) - 1 and tokens[i - 1].kind == "NAME"):
        return False
    after = tokens[i + 1]
    if after.kind == "PREP" and i > 2:
        return tokens[i - 2].text == "," and tokens[i - 1].kind == "NAME" and after.low in ("in", "on")
    end = i + 1
    while end < len(tokens) and tokens[end].kind == "NAME":
        end += 1
    return (
        i + 1 < end <= i + 3
        and (end == len(tokens) or tokens[end].kind in (",", "PREP"))
        and (end + 1 >= len(tokens) or tokens[end].kind != "," or tokens[end + 1].low in ("in", "on"))
    )


def _lists(tokens: Sequence[Token], comma: int) -> bool:
    """Tell whether a comma stands between the members of a list: "apples, pears and plums"."""
    i = comma + 1
    while i < len(tokens) and i - comma < 12 and (is_nominal(tokens[i]) or tokens[i].kind in ("NUM", ",", "DET")):
        i += 1
    return (
        comma + 1 < i < len(tokens)
        and tokens[i].kind == "AND"
        and not _new_clause(tokens, i)
        and tokens[comma + 1].kind != "DET"
    )


def _resumes(tokens: Sequence[Token], comma: int) -> bool:
    """Tell whether the clause goes on behind an apposition: "declared X, the first of its kind, to be …"."""
    later = next((i for i in range(comma + 1, len(tokens)) if tokens[i].text == ","), len(tokens))
    if later + 1 >= len(tokens):
        return False
    after = tokens[later + 1]
    apposed = tokens[comma + 1].kind in ("DET", "NAME")
    return (apposed and after.low == "to") or (later - comma < 4 and after.kind == "WORD" and is_nominal(after))


def _new_clause(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether "and" or "as" at `i` begins another clause or verb phrase: a finite verb follows before the next comma."""
    for j in range(i + 1, len(tokens)):
        if tokens[i].kind == "AND" and (
            tokens[j].text in (",", ";") or (j > i + 1 and tokens[j].kind in ("SUB", "REL", "AND"))
        ):
            return False
        if is_finite(tokens, j) or (j == i + 1 and tokens[j].kind in ("PRON", "SUB", "REL", "NEG", "PREP")):
            return True
        found = forms(tokens[j].low) if j == i + 1 and tokens[j].kind == "WORD" else frozenset[str]()
        if found & {"VBN", "VBG", "ADV"} and "NOUN" not in found:
            return True
    return False


def _is_participle(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether a past form within a clause is a participle beside its noun: "a song written by", "forces based in"."""
    if tokens[i].kind != "WORD" or "VBN" not in forms(tokens[i].low):
        return False
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    before = tokens[i - 1]
    if before.kind in ("PREP", "AND") or "ADJ" in forms(before.low) or is_adverb(before):
        return True
    return after is not None and after.low in ("by", "in", "to", "at", "for", "from", "on", "with", "as", "between")


def _in_name(token: Token) -> bool:
    return token.kind == "NAME" or token.low in known.PARTICLES
