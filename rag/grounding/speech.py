"""Who says what in a sentence, by its verbs of saying; where that is not plain, who might be a speaker.

Each word becomes a letter ("N" of a name, "V" verb of saying, "O" preposition), so that the forms of speech are patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from rag.grounding.lexicon import base
from rag.grounding.saying import ASKING, DENYING, HINTS, LETTERS, SAYINGS, TITLES
from rag.grounding.sentence import Sentence
from rag.text.names import Name

_QUOTES = '"“”«»'
_CUES = frozenset("VvWIg")
_LONG = 300  # words: a sentence of more is not read
_BACK = 48  # letters: how far before its verb a speaker is sought
_NEAR = 8  # letters before a verb of saying: any name there may be the speaker's

_SKIP = "[AdhM]{0,6}$"
_SUBJECT = re.compile(rf'(?:^|[,;"])([DNTxeOQdC]{{0,15}}[NTxe]){_SKIP}')
_APART = re.compile(rf'(?:^|[,;"])([DNTxeOQdC]{{0,14}}[NT]),([^;"V]{{1,30}}),{_SKIP}')  # "Roe, the mayor, said"
_AFTER = re.compile(
    r"D?[xTe]{0,4}[NQ]*(?:[xT]{0,3}N+|T{1,3}|)(?:(?<=T)[Ob]D?[xT]{0,2}N+)?"
)  # "said a spokesman for Roe"
_BESIDE = re.compile(r',([DT][DTxNOQ]{0,8}|N+)(?=[,;"]|$)')
_WHOLE = re.compile(r",?R.*|[^MBhPV]*")  # what follows "said Roe" where the sentence says no more
_OFFICE = re.compile(r"T[xT]{0,2}[Ob]D?[xT]{0,2}N+$")
_NO_HEAD = re.compile(r"[Obe]D?N+$")
_ATTRIBUTE = re.compile(r"[NQ][xTe]{1,3}$")
_TAIL = re.compile(r'[DTxvNQ]{0,4}?(?:[Od,;"]|$)')


@dataclass(frozen=True)
class Speech:
    """Something said by a plain speaker.

    `head`: the name that speaks, None for a mere title. `form`: "name", "office" ("a spokesman for Roe"), "group" ("Paris
    residents") or "title"; `noun`: the last word of the latter three. `names`: all that the speaker is called, in the words of
    `phrase`; `definite`: "the" stands before the head. `manner`: "say", "ask" or "deny". `scope`: the keys of what is said;
    `then`: its first few words.
    """

    head: Name | None
    form: str
    noun: str
    names: tuple[Name, ...]
    phrase: str
    definite: bool
    titles: frozenset[str]
    manner: str
    scope: frozenset[str]
    then: tuple[str, ...]


@dataclass
class Voices:
    """The plain speeches of a sentence, and the names that may be speakers besides.

    `maybe` by verbs of saying, `hinted` by such as "called", "accused". `pronoun`: "he said" stands in it.
    """

    plain: list[Speech] = field(default_factory=list)
    maybe: list[Name] = field(default_factory=list)
    hinted: list[Name] = field(default_factory=list)
    pronoun: bool = False


def voices(sentence: Sentence) -> Voices:
    """Return who speaks in a sentence. Linear in its length."""
    cues = (
        word
        for word, _, _ in sentence.found
        if LETTERS.get(word, "") in _CUES or word in HINTS or base(word) in SAYINGS
    )
    if len(sentence.found) > _LONG or next(cues, None) is None:
        return Voices()
    return _heard(sentence)


@lru_cache(maxsize=1024)
def _heard(sentence: Sentence) -> Voices:
    found = _Reading(sentence)
    heard = Voices()
    for at, letter in enumerate(found.letters):
        place = _plain(found, at) if letter in "VWvgxT" else None
        speech = _speech(found, at, *place) if place and not found.quoted[at] else None
        if speech:
            heard.plain.append(speech)
        elif place:
            heard.maybe += found.named(*place[:2])
        if letter in "VWvI":
            heard.maybe += _nearby(found, at)
        elif found.word[at] >= 0 and sentence.found[found.word[at]][0] in HINTS:
            heard.hinted += _nearby(found, at)
        if letter in "VW" and not heard.plain and re.search(f"P{_SKIP}", found.letters[max(0, at - _NEAR) : at]):
            heard.pronoun = True
    return heard


class _Reading:
    """A sentence in `letters`, one for each word and each break; `word`: the index of the word there, -1 at a break."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.word: list[int] = []
        self.quoted: list[bool] = []
        self._names = {at: name for name in sentence.names for at in range(name.start, name.end)}
        spans = [(date.start, date.end) for date in sentence.dates] + [(n.start, n.end) for n in sentence.quantities]
        figures = {at for span in spans for at in range(*span)}
        text, end, inside, letters = sentence.text, 0, _begins_quoted(sentence.text), []
        for at, (word, start, stop) in enumerate((*sentence.found, ("", len(sentence.text), 0))):
            gap = text[end:start].removeprefix("'s").removeprefix("’s")
            stops = (
                at > 0 and gap[:1] == "." and text[sentence.found[at - 1][1]].islower()
            )  # a full stop, no initial or title
            if mark := ";" if stops and '"' not in gap else _mark(gap):
                inside ^= sum(map(gap.count, _QUOTES)) % 2 == 1
                letters.append(mark)
                self.word.append(-1)
                self.quoted.append(inside)
            if word:
                letters.append("d" if start in figures else self._letter(word, start, stop))
                self.word.append(at)
                self.quoted.append(inside)
            end = stop
        self.letters = re.sub("O(?=D?d)", "d", "".join(letters)).rstrip(",;")

    def _letter(self, word: str, start: int, stop: int) -> str:
        name, text = self._names.get(start), self.sentence.text
        if name and (name.certain or (word not in TITLES and word not in LETTERS)):
            return "N" if text[stop : stop + 2] not in ("'s", "’s", "' ", "’ ") else "Q"
        if word in LETTERS:
            return LETTERS[word]
        if word in TITLES:
            return "T"
        return "A" if word.endswith("ly") else "e" if word.endswith(("ing", "ed")) else "x"

    def name(self, at: int) -> Name:
        """Return the name that a letter belongs to."""
        return self._names[self.sentence.found[self.word[at]][1]]

    def named(self, first: int, last: int) -> list[Name]:
        """Return the names among some letters, the last excluded."""
        return list(dict.fromkeys(self.name(at) for at in range(first, last) if self.letters[at] in "NQ"))

    def words(self, first: int, last: int) -> list[int]:
        """Return the indices of the words among some letters."""
        return [at for at in self.word[max(0, first) : last] if at >= 0]

    def keys(self, first: int, last: int) -> frozenset[str]:
        """Return the keys of the words among some letters that say what it is about."""
        content = frozenset(self.sentence.content)
        return frozenset(self.sentence.keys[at] for at in self.words(first, last)) & content


def _begins_quoted(text: str) -> bool:
    """Tell whether the first quotation mark of a sentence closes what an earlier one opened."""
    first = re.search('[“”"]', text)
    return bool(
        first and (first[0] == "”" or (first[0] == '"' and text[: first.start()].rstrip()[-1:] in tuple(",.?!")))
    )


def _mark(gap: str) -> str:
    if any(quote in gap for quote in _QUOTES):
        return '"'
    if any(sign in gap for sign in ";?!:"):
        return ";"
    return "," if re.search(r"[,()\[\]—–]|\s-\s", gap) else ""


def _plain(found: _Reading, at: int) -> tuple[int, int, bool] | None:
    """Return the letters of the speaker whose saying the letter `at` tells of, first and end, and whether they stand first."""
    letters = found.letters
    if letters[at] == "g":
        return _following(found, at + 2)
    if letters[at] in "xT" or letters[at] == "v":
        key = found.sentence.keys[found.word[at]]
        if (
            key in SAYINGS
            and letters[at + 1 : at + 2] == "H"
            and (owner := re.search("N*Q[xT]?$", letters[:at][-_NEAR:]))
        ):
            return at - len(owner[0]), at - len(owner[0]) + len(owner[0].rstrip("xT")), True
        if letters[at] != "v" or letters[at - 1 : at] != "M":
            return None
    if letters[at + 1 : at + 2] == "b":
        return _following(found, at + 2)
    start = max(0, at - _BACK)
    before = _APART.search(letters[start:at]) or _SUBJECT.search(letters[start:at])
    after = _inverted(found, at)
    if before and after:
        return None
    if before and not (start and not before.start()):
        return start + before.start(1), start + (before.end(2) if before.re is _APART else before.end(1)), True
    return after


def _following(found: _Reading, at: int) -> tuple[int, int, bool] | None:
    match = _AFTER.match(found.letters, at)
    if not match or not match[0].strip("D"):
        return None
    beside = _BESIDE.match(found.letters, match.end())
    return at, beside.end() if beside else match.end(), False


def _inverted(found: _Reading, at: int) -> tuple[int, int, bool] | None:
    """Return the speaker after a verb, as in: "…", said Roe."""
    before = found.letters[max(0, at - 1) : at]
    if found.letters[at] != "V" or not before or before not in ',"':
        return None
    place = _following(found, at + 1)
    if place and before == "," and not _WHOLE.fullmatch(found.letters, place[1]):
        return None
    return place


def _nearby(found: _Reading, at: int) -> Iterator[Name]:
    """Yield the names that may be the subject of a verb: those shortly before it, all before it where it has none of its own."""
    before = found.letters[:at]
    if found.letters[at] == "I" or re.search(f"[C,]{_SKIP}", before[-_NEAR:]):
        yield from found.named(max(0, at - _BACK), at)
    near = re.search(r'(?:[NQ]+,?R)?[^,;"V]*$', before[-_NEAR:])
    yield from found.named(at - len(near[0]) if near else at, at)
    if place := _following(found, at + 1) if before[-1:] in (",", '"') else None:
        yield from found.named(*place[:2])


def _speech(found: _Reading, at: int, first: int, last: int, leads: bool) -> Speech | None:
    """Return the speech that the letter `at` tells of, by the speaker in some letters; None if that is no plain speaker."""
    sentence, group = found.sentence, found.letters[first:last]
    apart = group.find(",") if "," in group else len(group)
    head, form = _head(group[:apart])
    second = re.match("T*(N+)", group[apart + 1 :])
    if form != "name" and second:  # "the mayor of Paris, Anna Roe"
        head, form = apart + second.end(), "name"
    words = found.words(first, last)
    if not form or not words:
        return None
    name = found.name(first + head) if head is not None else None
    index = next((at for at in words if name and sentence.found[at][1] == name.start), 0)
    verb, then = sentence.found[found.word[at]][0], found.words(at + 1, at + 5)
    noun = "" if form == "name" else sentence.found[found.words(first, first + apart)[-1]][0]
    return Speech(
        head=name,
        form=form,
        noun=base(noun),
        names=tuple(found.named(first, last)),
        phrase=sentence.text[sentence.found[words[0]][1] : sentence.found[words[-1]][2]],
        definite=bool(index) and sentence.found[index - 1][0] == "the",
        titles=frozenset(sentence.found[at][0] for at in words) & TITLES,
        manner="deny" if base(verb) in DENYING else "ask" if base(verb) in ASKING else "say",
        scope=_scope(found, at, (first, last), leads),
        then=tuple(sentence.found[at][0] for at in then),
    )


def _head(group: str) -> tuple[int | None, str]:
    """Return the letter of a group of words that ends its head name, if any, and the form of the speaker; "" if it is none."""
    if _OFFICE.search(group):
        return len(group) - 1, "office"
    if group.endswith("N"):
        return (None, "") if _NO_HEAD.search(group) else (len(group) - 1, "name")
    if group.endswith("Q"):
        return len(group) - 1, "name"
    if attribute := _ATTRIBUTE.search(group):
        return attribute.start(), "office" if group.endswith("T") else "group"
    return None, "title" if group.endswith("T") else ""


def _scope(found: _Reading, at: int, speaker: tuple[int, int], leads: bool) -> frozenset[str]:
    """Return the keys of what is said: after the verb, or before the speaker where nothing but the occasion comes after."""
    letters, (first, last) = found.letters, speaker
    before, after = found.keys(0, min(first, at)), found.keys(max(at, last if not leads else at) + 1, len(letters))
    if not leads:
        return before | after
    tail = letters[at + 1 :]
    ends = re.match('[Od,;"C]|$', tail) or (letters[at] == "W" and _TAIL.match(tail))
    if first and letters[first - 1] in ',;"' and ends and "H" not in tail:
        return before
    stop = tail.find(";")
    return found.keys(at + 1, at + 1 + stop if stop >= 0 else len(letters))
