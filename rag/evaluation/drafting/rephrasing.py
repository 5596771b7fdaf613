"""Statements turned into questions by moves that keep English grammatical: subject to "who", number to "how many" and so on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lemminflect import getInflection

from rag.evaluation.drafting import vocabulary as known
from rag.evaluation.drafting.parsing import Clause, clause, clause_end, is_ambiguous, is_year, only_date, past_bound
from rag.evaluation.drafting.posing import Draft, Piece, checked, is_person, runs
from rag.evaluation.drafting.tagging import Token, base, forms, is_participle, joined
from rag.text.dates import Date
from rag.text.numerals import plural

_SINGULAR = frozenset("was is has does am".split())
_PLURAL = frozenset("were are have do".split())
_RANKED = frozenset(
    "first second third last only president chairman chairwoman leader founder captain head winner author".split()
)


def drafts(tokens: tuple[Token, ...], told: tuple[Date, ...]) -> Iterator[Draft]:
    """Yield the questions that a sentence, as `tagging.read` gives it, answers; and one, "undated", that it does not."""
    if len(tokens) > 3 and tokens[0].low == "there":
        found = [_there(tokens, told)]
    elif read_clause := clause(tokens, told):
        found = [ask(read_clause) for ask in (_who, _agent, _many, _counted, _when, _where, _undated)]
    else:
        return
    yield from (draft for draft in found if draft is not None)


def _who(read: Clause) -> Draft | None:
    tokens, verb, main = read.tokens, read.tokens[read.verb], read.tokens[read.main]
    subject = tokens[slice(*read.subject)]
    if not all(token.kind == "NAME" or token.low in known.PARTICLES for token in subject):
        return None
    if (
        not is_person([token.text for token in subject], verb.low)
        or verb.low in _PLURAL
        or any(token.low.endswith(("'s", "'")) for token in subject)
    ):
        return None
    if verb.low in ("was", "is"):
        telling = is_participle(main) or (main.low == "the" and tokens[read.main + 1].low in _RANKED)
    elif verb.low in ("has", "had"):
        telling = is_participle(main)
    else:
        telling = True
    doing = base(main.low) if main.kind == "WORD" else ""
    if not telling or (doing and doing in known.VAGUE | known.COMMON_LIVES):
        return None
    asked = [*_group(read), *tokens[read.main : read.end]]
    return checked(read, "who", ["Who", asked, _dated(read)], joined(subject))


def _agent(read: Clause) -> Draft | None:
    """Ask for the person behind "by": "REM sleep was discovered in 1953 by Nathaniel Kleitman"."""
    tokens, verb, main = read.tokens, read.tokens[read.verb], read.tokens[read.main]
    at = next((i for i in range(read.main + 1, read.end) if tokens[i].low == "by"), -1)
    if verb.low not in ("was", "were") or not is_participle(main) or at < 0:
        return None
    if (
        tokens[read.main + 1].low in known.ADVERBIAL_PARTICLES - {"on", "in", "over", "through"}
        or read.main != read.verb + 1
    ):
        return None
    name = at + 1
    while name < read.end and tokens[name].kind == "WORD" and name < at + 4:
        name += 1
    end = name
    while end < read.end and (tokens[end].kind == "NAME" or (tokens[end].low in known.PARTICLES and end > name)):
        end += 1
    after = tokens[end] if end < read.end else None
    past = getInflection(base(main.low), "VBD", inflect_oov=False)
    if (
        not past
        or not is_person([token.text for token in tokens[name:end]])
        or (after and after.low not in ("in", "on", "at", "for"))
    ):
        return None
    if any(token.low.endswith(("'s", "'")) for token in tokens[name:end]):
        return None
    pieces: list[Piece] = [
        "Who",
        past[0],
        _subject(read),
        tokens[read.main + 1 : at],
        tokens[end : read.end],
        _dated(read),
    ]
    return checked(read, "who", pieces, joined(tokens[name:end]))


def _many(read: Clause) -> Draft | None:
    """Ask for the number that the subject begins with: "Three soldiers were killed …"."""
    tokens, (start, end), verb = read.tokens, read.subject, read.tokens[read.verb]
    number = _number(tokens, start)
    if number is None or verb.low in _SINGULAR or any(token.kind == "AND" for token in tokens[number:end]):
        return None
    main = tokens[read.main]
    equated = verb.low in ("were", "are") and not (main.kind == "WORD" and forms(main.low) & {"VBN", "VBG"})
    if equated or _head(tokens, number, end) is None:
        return None
    asked = [*tokens[number:end], *_group(read), *tokens[read.main : read.end]]
    return checked(read, "how many", ["How many", asked, _dated(read)], joined(tokens[start:number]))


def _counted(read: Clause) -> Draft | None:
    """Ask for the number that the object begins with: "The strike killed five soldiers in Jurf"."""
    tokens, verb = read.tokens, read.tokens[read.verb]
    owns = verb.low in ("has", "have", "had") and not is_participle(tokens[read.main])
    at = read.main if owns else read.main + 1
    number = _number(tokens, at) if at < read.end else None
    head = _head(tokens, number, read.end) if number else None
    if number is None or head is None:
        return None
    # "… nine boats in Velmora and one ferry": the second number is another matter
    joints = (i for i in range(head, read.end - 1) if tokens[i].kind == "AND")
    rest_end = next((i for i in joints if i == head or tokens[i + 1].kind in ("NUM", "DET")), read.end)
    if rest_end > head and tokens[head].kind not in ("PREP", "AS"):
        return None
    doing = base(tokens[read.main].low)
    if owns:
        helper, act = {"has": "does", "have": "do", "had": "did"}[verb.low], "have"
    elif verb.kind == "FINITE":
        if verb.low not in ("has", "have", "had", "will"):
            return None
        helper, act = verb.text, joined(tokens[read.main : read.main + 1])
    else:
        helper, act = "did" if "VBD" in forms(verb.low) else "does", doing
    if (
        not act
        or doing in known.SAYING | {"be", "total", "average", "rise", "fall", "climb", "drop"}
        or _compares(tokens[head:rest_end])
    ):
        return None
    pieces: list[Piece] = [
        "How many",
        tokens[number:head],
        helper,
        _subject(read),
        act,
        tokens[head:rest_end],
        _dated(read),
    ]
    return checked(read, "how many", pieces, joined(tokens[at:number]))


def _compares(tokens: Sequence[Token]) -> bool:
    """Tell whether words behind a number belong to the number rather than to the verb."""
    return any(
        (one.low == "against" and two.kind == "NUM")
        or (one.kind != "PREP" and two.kind == "WORD" and "VBG" in forms(two.low))
        for one, two in pairwise(tokens)
    )


def _there(tokens: tuple[Token, ...], told: tuple[Date, ...]) -> Draft | None:
    number = _number(tokens, 2) if tokens[1].low in ("were", "are") else None
    end = clause_end(tokens, 2) if number else None
    head = _head(tokens, number, end) if number and end else None
    if number is None or end is None or head is None or (head < end and tokens[head].kind != "PREP"):
        return None
    read = Clause(tokens, None, (0, 1), 1, 1, end, end < len(tokens), told)
    pieces: list[Piece] = ["How many", tokens[number:head], tokens[1].low + " there", tokens[head:end]]
    return checked(read, "how many", pieces, joined(tokens[2:number]))


def _when(read: Clause) -> Draft | None:
    tokens, verb, main = read.tokens, read.tokens[read.verb], read.tokens[read.main]
    when = read.front or only_date(read)
    if when is None or main.kind != "WORD" or not _pointed(read):
        return None
    end = read.end
    if when is read.front:
        rest = [*tokens[read.main + 1 : end]]
    else:
        if is_ambiguous(tokens[read.main + 1 : when.start]):
            return None
        end = end if when.end < end and tokens[when.end].kind == "PREP" else when.end
        rest = [*tokens[read.main + 1 : when.start], *tokens[when.end : end]]
    if any(token.kind == "DATE" for token in [*tokens[slice(*read.subject)], *rest]):
        return None
    opening = "In what year" if is_year(when, tokens) and sum(map(ord, joined(tokens))) % 2 else "When"
    helper, act = (verb.text, [*_group(read)[1:], main]) if verb.kind == "FINITE" else ("did", base(main.low))
    return checked(
        read,
        "when",
        [opening, helper, _subject(read), act, rest],
        joined(tokens[when.value : when.end]),
        date=when.date,
    )


def _where(read: Clause) -> Draft | None:
    tokens, verb, main = read.tokens, read.tokens[read.verb], read.tokens[read.main]
    at = read.main + 1
    passive = verb.low in ("was", "were", "is", "are") and main.low in known.PLACED
    if not (passive or main.low == "died") or at + 1 >= read.end or tokens[at].low not in ("in", "at", "near"):
        return None
    end = at + 1
    while end < read.end and (tokens[end].kind == "NAME" or (end > at + 1 and tokens[end].text == ",")):
        end += 1
    end -= tokens[end - 1].text == ","
    after = tokens[end] if end < read.end else None
    names = bool(runs(tokens[slice(*read.subject)]))
    if end == at + 1 or not names or (after is not None and after.text != "," and after.low not in ("in", "on")):
        return None
    pieces: list[Piece] = ["Where", verb.text if passive else "did", _subject(read), main.text if passive else "die"]
    return checked(read, "where", pieces, joined(tokens[at + 1 : end]))


def _undated(read: Clause) -> Draft | None:
    """Ask when something happened of which the sentence gives no date."""
    tokens, verb, main = read.tokens, read.tokens[read.verb], read.tokens[read.main]
    if read.dates or verb.low == "will" or main.kind != "WORD" or not _pointed(read) or not runs(_subject(read)):
        return None
    loose = any(token.low in known.FLOATING or token.kind == "NUM" for token in tokens)
    if loose or base(main.low) not in known.EVENTS:
        return None
    helper, act = (verb.text, [*_group(read)[1:], main]) if verb.kind == "FINITE" else ("did", base(main.low))
    return checked(read, "undated", ["When", helper, _subject(read), act, tokens[read.main + 1 : read.end]], "")


def _pointed(read: Clause) -> bool:
    """Tell whether the verb tells of something that has happened, or will, at one time."""
    verb, main = read.tokens[read.verb], read.tokens[read.main]
    if verb.kind == "FINITE":
        passive = verb.low in ("was", "were") and is_participle(main)
        return (passive or (verb.low == "will" and "VB" in forms(main.low))) and base(main.low) not in known.VAGUE
    after = read.tokens[read.main + 1].low if read.main + 1 < len(read.tokens) else ""
    return "VBD" in forms(main.low) and after != "by" and base(main.low) not in {"", *known.VAGUE}


def _number(tokens: Sequence[Token], at: int) -> int | None:
    """Return where the number that begins at `at` ends, words such as "at least" before it included; None if none does."""
    end = at = past_bound(tokens, at)
    while end < len(tokens) and tokens[end].kind == "NUM":
        end += 1
    return end if end > at and tokens[at].low not in ("0", "1") else None


def _head(tokens: Sequence[Token], at: int, end: int) -> int | None:
    """Return where the counted noun phrase from `at` ends: a plural, then perhaps "of …"; None if it is none."""
    i = at
    while i < end and tokens[i].kind in ("NAME", "WORD") and not tokens[i].low.endswith("'s") and i - at < 5:
        if (
            forms(tokens[i].low)
            and not forms(tokens[i].low) & {"NOUN", "ADJ", "VBN", "VBG"}
            and tokens[i].kind == "WORD"
        ):
            break
        i += 1
    if i == at or tokens[i - 1].kind != "WORD" or not plural(tokens[i - 1].low):
        return None
    if any(
        token.low in known.UNCOUNTED | known.PRONOUNS | {"more", "additional", "further", "new"}
        for token in tokens[at:i]
    ):
        return None
    if i + 1 < end and tokens[i].low == "of":
        i += 2
        while i < end and tokens[i].kind in ("NAME", "WORD"):
            found = forms(tokens[i].low) if tokens[i].kind == "WORD" else frozenset[str]()
            if "VBG" in found or ("VBN" in found and not found & {"NOUN", "ADJ"}):
                return None
            i += 1
    return i


def _group(read: Clause) -> list[Token]:
    """Return the auxiliary and the adverbs before the main verb that say something."""
    return [token for token in read.tokens[read.verb : read.main] if token.low not in known.LOOSE]


def _subject(read: Clause) -> list[Token]:
    first, *others = read.tokens[slice(*read.subject)]
    if first.kind != "NAME":
        first = Token(first.low, first.low, first.kind, first.spaced, first.date)
    return [first, *others]


def _dated(read: Clause) -> list[Token]:
    """Return the date before the subject as words for the end of the question, none if it is a mere weekday."""
    if read.front is None or not read.front.date.parts.keys() & {"year", "month"}:
        return []
    first, *others = read.tokens[read.front.start : read.front.end]
    return [Token(first.low, first.low, first.kind, first.spaced), *others]
