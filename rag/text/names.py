"""Names in English text by their capitals, and whether another text mentions them, possibly spelt or shortened differently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from rag.text.abbreviations import STARTERS
from rag.text.normal import words
from rag.text.stem import stem
from rag.text.terms import STOPWORDS

_DOTTED = re.compile(r"\b[A-Z]\.(?:[ \u00a0]?[A-Z]\.)*[A-Z]\b\.?|\b(?:[A-Z]\.){2,}")
_LINKS = frozenset("of the de del da di du la le las los al el bin ibn abu van von der den".split())
_WIDE_LINKS = _LINKS | {"and", "for", "in", "on"}  # within what an acronym stands for
_GAP = re.compile(r"[ \u00a0\u202f]+|[-‐‑’']|\.[ \u00a0]")
_ENDS = re.compile(r"[.!?:;\n“”\"«»(\[•]")
_ORDINARY = re.compile(r"[A-Z][a-z]*(?:(?:ing|ed|ly|[^\Ws]s)\b|[-‐‑][a-z])")  # at the head of a sentence hardly a name
_STARTERS = frozenset(word.lower() for word in STARTERS) | frozenset(
    "nobody nothing everyone everybody everything someone somebody few none neither either almost approximately".split()
)
_CONSONANTS = re.compile(r"[^aeiouy]")
# What may be left out of a name, or put before it: titles, and the kind of place or body that it is.
_GENERIC = frozenset(
    """
    mr mrs ms dr sir lord lady saint st president vice prime minister general gen colonel col major maj captain capt
    lieutenant lt sergeant sgt admiral king queen prince princess senator sen representative rep congressman congresswoman
    governor gov mayor judge justice pope bishop professor prof chancellor secretary chairman chairwoman chief director
    ambassador sheikh sheik ayatollah imam commander spokesman spokeswoman province county city town village state river
    lake mount mountain island airport airfield base camp university college company co inc corp ltd plc group party army
    force forces ministry department agency committee council street road war the former late new
    """.split()
) - {"new"}
# Words for a country and its people that share no beginning.
COUNTRIES = {
    "usa": "america", "us": "america", "american": "america", "americans": "america", "uk": "britain", "british": "britain",
    "briton": "britain", "britons": "britain", "china": "china", "chinese": "china", "french": "france", "dutch": "netherlands",
    "spanish": "spain", "german": "germany", "germans": "germany", "italian": "italy", "italians": "italy", "greek": "greece",
    "greeks": "greece", "turkish": "turkey", "turks": "turkey", "swiss": "switzerland", "swedish": "sweden", "danish": "denmark",
    "polish": "poland", "irish": "ireland", "welsh": "wales", "palestinian": "palestine", "palestinians": "palestine",
    "ukrainian": "ukraine", "ukrainians": "ukraine", "canadian": "canada", "canadians": "canada", "brazilian": "brazil",
    "egyptian": "egypt", "egyptians": "egypt", "afghan": "afghanistan", "afghans": "afghanistan", "european": "europe",
    "europeans": "europe", "norwegian": "norway", "belgian": "belgium", "portuguese": "portugal", "finnish": "finland",
}  # fmt: skip
_DEMONYM = re.compile(r"(?<=\w{4})(?:ians?|ans?|ns?|ese|is?|s)\Z")
_SOUNDS = str.maketrans({"q": "k", "c": "k"})


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words at `text[start:end]`; `words` are its folded words.

    `certain` is False for a single word at the head of a sentence, which may be an ordinary one.
    """

    start: int
    end: int
    words: tuple[str, ...]
    certain: bool = True


@dataclass(slots=True)
class Mentions:
    """The words of some texts under all keys of theirs, each with the capitalised words found right before it ("" = none)."""

    _before: dict[str, set[str]] = field(default_factory=dict)
    _initials: set[str] = field(default_factory=set)  # of the names
    _acronyms: set[str] = field(default_factory=set)

    def add(self, text: str, found: Sequence[tuple[str, int, int]] | None = None) -> None:
        """Take in a text; `found` are its `words`, if at hand. Linear in its length."""
        found = words(text) if found is None else found
        last, last_end = "", 0
        for word, start, end in found:
            joined = last and _GAP.fullmatch(text, last_end, start)
            capital = _capital(text, start, end)
            for key in name_keys(word, capital):
                self._before.setdefault(key, set()).add(last if joined and capital else "")
            last, last_end = (word if capital else ""), end
            if end - start > 1 and text[start:end].isupper():
                self._acronyms.add(word)
        for _, _, run in _runs(text, found, _WIDE_LINKS):
            initials = "".join(word[0] for word, capital in run if capital)
            self._initials.add(initials)
            if initials in COUNTRIES:
                self._before.setdefault(COUNTRIES[initials], set()).add("")

    @classmethod
    def joined(cls, parts: Sequence[Mentions]) -> Mentions:
        """Return what several texts mention together."""
        if len(parts) == 1:
            return parts[0]
        both = cls()
        for part in parts:
            for key, before in part._before.items():
                both._before.setdefault(key, set()).update(before)
            both._initials |= part._initials
            both._acronyms |= part._acronyms
        return both

    def holds(self, name: Name) -> bool:
        """Tell whether a name is mentioned: its last word, with no other first name or the like before it.

        Titles, first names and initials may be missing; spellings may differ in vowels ("Hizbullah", "Hezbollah"); an
        acronym stands for the words that it is made of, and the reverse.
        """
        telling = [word for word in name.words if word not in _GENERIC] or list(name.words)
        if len(name.words) == 1 and len(name.words[0]) > 1 and name.words[0] in self._initials:
            return True
        if len(name.words) > 1 and "".join(word[0] for word in name.words) in self._acronyms:
            return True
        before = self._found(telling[-1])
        if before is None:
            return False
        if all(self._found(word) is not None for word in telling):
            return len(telling) < 2 or not self._only_others(before, telling[-2])
        missing = next(word for word in reversed(telling) if self._found(word) is None)
        if len(missing) == 1:
            return any(other.startswith(missing) for other in before) or "" in before
        return all(other in _GENERIC or not other or missing.startswith(other) for other in before)

    def _found(self, word: str) -> set[str] | None:
        sets = [self._before[key] for key in name_keys(word, capital=True) if key in self._before]
        return set().union(*sets) if sets else None

    @staticmethod
    def _only_others(before: set[str], wanted: str) -> bool:
        """Tell whether every mention has another name before it: "Juan Lopez met Maria Silva" holds no "Maria Lopez"."""
        keys = set(name_keys(wanted, capital=True))
        return not any(
            not other or other in _GENERIC or len(other) == 1 or keys & set(name_keys(other, capital=True))
            for other in before
        )


def undotted(text: str) -> str:
    """Return `text` with acronyms written without full stops: "U.S." becomes "US"."""
    return _DOTTED.sub(lambda match: re.sub(r"[. \u00a0]", "", match[0]), text) if "." in text else text


@lru_cache(maxsize=65536)
def name_keys(word: str, capital: bool) -> tuple[str, ...]:
    """Return the keys under which a folded word is compared: two words may be one name if they share a key."""
    if not capital:
        return (word, stem(word)) if word not in COUNTRIES or word == "us" else (word, COUNTRIES[word])
    keys = [COUNTRIES.get(word, stem(word)), word]
    if demonym := _DEMONYM.search(word):
        keys += [word[: demonym.start()], word[: demonym.start()] + "a"]
    sounds = re.sub(r"(.)\1", r"\1", "".join(_CONSONANTS.findall(word.translate(_SOUNDS))))
    if len(sounds) >= 4 and word.isascii() and word.isalpha():
        keys.append("~" + sounds)
    return tuple(dict.fromkeys(keys))


def names(
    text: str, apart: Sequence[tuple[int, int]] = (), found: Sequence[tuple[str, int, int]] | None = None
) -> list[Name]:
    """Return the names of `text` in order, none within the spans `apart` (dates, say); `found` are its `words`, if at hand.

    A text that is capitalised throughout, as a title is, tells no names: none are returned. Linear in the length of `text`.
    """
    found = words(text) if found is None else found
    hidden = {place for start, end in apart for place in range(start, end)}
    plain = [item for item in found if item[1] not in hidden]
    telling = [(start, end) for word, start, end in plain if stem(word) not in STOPWORDS and not word.isdigit()]
    if len(telling) > 4 and all(_capital(text, start, end) for start, end in telling):
        return []
    names = []
    for first, last, run in _runs(text, plain, _LINKS):
        name = tuple(word for word, capital in run if capital)
        heads = first == 0 or _ENDS.search(text, plain[first - 1][2], plain[first][1]) is not None
        if heads and stem(name[0]) in STOPWORDS and not text[plain[first][1] : plain[first][2]].isupper():
            first, name = _after_first(run, first), name[1:]
            heads = False
        if name and any(len(word) > 1 for word in name):
            start, end = plain[first][1], plain[last][2]
            if heads and len(name) == 1 and (name[0] in _STARTERS or _ORDINARY.match(text, start)):
                continue
            shout = end - start > 1 and text[start + 1 : end].lower() != text[start + 1 : end]
            names.append(Name(start, end, name, certain=not heads or len(name) > 1 or shout))
    return names


def _after_first(run: Sequence[tuple[str, bool]], first: int) -> int:
    return first + next((i for i, (_, capital) in enumerate(run) if i and capital), 0)


def _runs(
    text: str, found: Sequence[tuple[str, int, int]], links: frozenset[str]
) -> Iterable[tuple[int, int, list[tuple[str, bool]]]]:
    """Yield runs of capitalised words, small `links` between them allowed: first and last index, and the words."""
    run: list[tuple[str, bool]] = []
    first = last = 0
    waiting: list[tuple[str, bool]] = []
    for at, ((_, _, before), (word, start, end)) in enumerate(pairwise([("", 0, 0), *found])):
        joined = run and _GAP.fullmatch(text, before, start)
        if _capital(text, start, end) and word != "i":
            if not joined:
                if run:
                    yield first, last, run
                run, first = [], at
            run += [*waiting, (word, True)] if joined else [(word, True)]
            last, waiting = at, []
        elif joined and word in links and len(waiting) < 3:
            waiting.append((word, False))
        else:
            if run:
                yield first, last, run
            run, waiting = [], []
    if run:
        yield first, last, run


def _capital(text: str, start: int, end: int) -> bool:
    """Tell whether a word is written as a name is: "Paris", "NATO", "iPhone"."""
    word = text[start:end]
    return word[:1].isupper() or (not word.islower() and any(char.isupper() for char in word))
