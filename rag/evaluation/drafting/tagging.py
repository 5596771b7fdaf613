"""The words of a sentence with what each may be, from word lists: plain English only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lemminflect import getAllLemmas, getInflection, getLemma

from rag.evaluation.drafting import vocabulary as known
from rag.text.dates import Date, dates

_TOKEN = re.compile(
    r"""
    (?P<quoted> “[A-Z][^“”"]{0,60}[\w!?]” | "[A-Z][^“”"]{0,60}[\w!?]" )
  | (?: [A-Z]\. ){2,} | \b (?: Dr|Mr|Mrs|Ms|Gen|Col|Maj|Lt|Sgt|Capt|Adm|St|Sen|Rep|Gov|Prof|Jr|Sr|Inc|Corp|Co|Ltd|[A-Z] )
      \. (?=[ ,])
  | \d[\d,.]*[-‑][^\W\d_][\w-]* | \d[\d,]*\d(?:\.\d+)?(?:st|nd|rd|th|s)?\b | \d(?:\.\d+)?(?:st|nd|rd|th)?\b
  | [^\W\d_]+ (?: [-'’‑&] [^\W_]+ )* ['’]?
  | \S
    """,
    re.VERBOSE,
)  # fmt: skip
_CLOSED = (
    ("DET", known.DETERMINERS), ("FINITE", known.FINITE), ("PREP", known.PREPOSITIONS), ("REL", known.RELATIVES),
    ("SUB", known.SUBORDINATES), ("NUM", known.NUMBERS), ("AND", frozenset({"and", "or"})), ("AS", frozenset({"as"})),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign of a sentence.

    `kind`: a closed class ("DET", "PREP", "FINITE", …), "NUM", "DATE" (part of date number `date`), "NAME" (capitalised),
    "WORD", or the sign itself. `spaced`: white space stands before it.
    """

    text: str
    low: str
    kind: str
    spaced: bool
    date: int = -1


@lru_cache(maxsize=65536)
def forms(low: str) -> frozenset[str]:
    """Return what a lower-case word may be: "NOUN", "ADJ", "ADV", "VB", "VBZ", "VBG", "VBD", "VBN"; empty if it is not known."""
    lemmas = getAllLemmas(low)
    found = {part for part in ("NOUN", "ADJ", "ADV") if part in lemmas}
    for lemma in lemmas.get("VERB", ()):
        found |= {
            tag for tag in ("VB", "VBZ", "VBG", "VBD", "VBN") if low in getInflection(lemma, tag, inflect_oov=False)
        }
    return frozenset(found)


@lru_cache(maxsize=8192)
def base(low: str) -> str:
    """Return the base form of an inflected verb."""
    found = getLemma(low, upos="VERB", lemmatize_oov=False)
    return str(found[0]) if found else ""


def joined(tokens: Sequence[Token]) -> str:
    """Return tokens as they are written, with the white space that stood between them."""
    return "".join(" " * (token.spaced and i > 0) + token.text for i, token in enumerate(tokens))


def read(sentence: str, names: frozenset[str]) -> tuple[tuple[Token, ...], tuple[Date, ...]]:
    """Return the tokens of a sentence, its last full stop left out, and its dates.

    `names`: capitalised words known from within sentences, which also tell whether the first word is a name.
    """
    told = tuple(dates(sentence))
    found: list[Token] = []
    before, current = 0, 0
    for match in _TOKEN.finditer(sentence):
        while current < len(told) and told[current].end <= match.start():
            current += 1
        inside = current < len(told) and told[current].start <= match.start()
        text, spaced = match[0], match.start() > before
        kind = "DATE" if inside else "NAME" if match["quoted"] else _kind(text, first=not found, names=names)
        found.append(Token(text, text.lower().replace("’", "'"), kind, spaced, current if inside else -1))
        before = match.end()
    if found and found[-1].text == ".":
        found.pop()
    if len(found) > 1 and found[0].kind != "NAME" and found[0].text[0].isupper() and _opens_name(found, names):
        found[0] = Token(found[0].text, found[0].low, "NAME", False)
    return tuple(found), told


def _opens_name(tokens: Sequence[Token], names: frozenset[str]) -> bool:
    """Tell whether the first word, a common one as it seems, belongs to the name that follows it ("Prime Minister Adel")."""
    first = tokens[0]
    return (
        first.kind == "WORD"
        and tokens[1].kind == "NAME"
        and (first.low in known.TITLES | known.FIRST_NAMES or first.text in names)
    )


def _kind(text: str, first: bool, names: frozenset[str]) -> str:
    low = text.lower().replace("’", "'")
    plain = low.removesuffix("'s") if low not in ("it's", "he's", "she's") else low
    if text == "I" or (low.split("'")[0] in known.PRONOUNS and (first or text.islower())):
        return "PRON"
    if text[0].isdigit():
        return "NUM" if low[-1].isdigit() else "WORD"
    if not text[0].isalpha():
        return text
    if text[0].isupper() and not first:
        return "NAME"
    if "n't" in low or low in known.NEGATIVES:
        return "NEG"
    for kind, listed in _CLOSED:
        if low in listed:
            return kind
    if first and text[0].isupper() and (text in names or not forms(plain)):
        return "NAME"
    return "WORD"


def is_loose(token: Token) -> bool:
    """Tell whether a token is an adverb that ties a sentence to the one before it."""
    return token.low in known.LOOSE and token.kind != "NAME"


def is_adverb(token: Token) -> bool:
    """Tell whether a token is an adverb in "-ly"."""
    return token.kind == "WORD" and token.low.endswith("ly") and "ADV" in forms(token.low)


def is_nominal(token: Token) -> bool:
    """Tell whether a token may be part of a noun phrase."""
    if token.kind == "NAME":
        return True
    if token.kind != "WORD" or token.low in known.FLOATING or token.low in ("say", "says"):
        return False
    found = forms(token.low.removesuffix("'s").split("-")[-1])
    return not found or bool(found & {"NOUN", "ADJ"}) or "VBN" in found


def is_participle(token: Token) -> bool:
    """Tell whether a token may be a past participle."""
    return token.kind == "WORD" and "VBN" in forms(token.low)


def is_finite(tokens: Sequence[Token], i: int) -> bool:
    """Tell whether token `i` is a finite verb: an auxiliary, or a past form that is no noun or adjective where it stands."""
    token = tokens[i]
    if token.kind == "FINITE":
        return True
    if token.kind != "WORD" or not token.text.islower() or "-" in token.text:
        return False
    found = forms(token.low)
    before = tokens[i - 1] if i else None
    if before is not None and (
        before.kind == "DET" or before.low.endswith("'s") or before.low in ("be", "been", "being")
    ):
        return False
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    opens = after is None or after.kind in ("DET", "NAME", "NUM", "PREP", "DATE", "PRON", "AS", ",")
    if "VBD" in found:
        return opens or not found & {"NOUN", "ADJ"}
    # A present form is a plural noun as often as not, so that only what a verb alone can have after it tells.
    return (
        "VBZ" in found
        and after is not None
        and after.kind in ("DET", "NUM")
        and before is not None
        and before.kind in ("NAME", "WORD")
    )
