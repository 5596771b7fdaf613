"""Where sentences end within one block of running text: the rules about full stops, quotes and abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.text import abbreviations as known

WIDE_STOPS = "。！？｡．"
_STRONG = "!?؟۔।॥‽⁇⁈⁉"
STOPS = ".…" + _STRONG + WIDE_STOPS
_STOP = re.compile(rf"(?:\.[ \u00a0]){{2,}}\.|[.…{_STRONG}]+|[{WIDE_STOPS}]+")

_LINK_END = r"\]\((?:\\.|[^()\[\]\s\\]|\([^()\[\]\s]*\))*(?:[ \t]+\"[^\"\n()\[\]]*\")?\)"
_NOTE = r"\[(?:\d{1,3}|[a-z]|note \d{1,3}|citation needed)\]"
_EMOJI = "[\u2600-\u27bf\ufe0f\u200b-\u200d\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]"
# What belongs to the sentence that has just ended: quotes, brackets, the end of a link, emphasis, notes, emoji.
_CLOSING = re.compile(
    rf"(?:{_LINK_END}|{_NOTE}|\\[)\]]|[)\]}}”’\"'»›」』】）〉》*_`~¹²³⁰-⁹]|''|[“‘«](?=\s|\Z)|[ \u00a0\u202f]»"
    rf"|[ \u00a0][:;]-?[()DPp](?=\s|\Z)|{_EMOJI}+|[ \u00a0]{_EMOJI}+(?=\s|\Z))*"
)
_LATE_QUOTE = re.compile(r"[ \u00a0\u202f](?:''|”|\")(?=\s|\Z)")
_OPENING = re.compile(r"(?:\\?[\[(]|[\"'“”‘’«»‹„‚{¡¿*_`~<>|#@—–•·-]|!\[|\s)*")
_NEXT_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ADDRESS = re.compile(r"(?:https?:|www\.|[\w@-]+\.(?:[\w-]+\.)*(?:[a-z]{2,6}/|com\b|org\b|net\b|ca\b|uk\b))\S*")
_PREFIX = re.compile(r".*(?:[(\[“\"‘*_`—–/\\<>@#$!?:;,…-]|\.\.)", re.DOTALL)
_SPEAKER = re.compile(rf"(?:[A-Z][\w’'-]*\.?\s+){{1,4}}(?:{known.SPEECH_VERBS})\b")
_NUMERAL = re.compile(r"(?:\d|[IVXLC]+\b|[A-Z]\b)")
_ENUMERATOR = re.compile(r"\W*(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})\W*\Z")
_DASHES = ("-", "–", "—")
_ARTICLE = re.compile(r"(?:a[dlnrstz]|a[dst]h|el)[-‑][A-Z]")  # "al-Zurfi left" begins a sentence in small letters
_LISTED = re.compile(r"\s*\((?:[a-z]|[ivxl]+)\)\s+[A-Z“\"]")
_CARRIES_ON = frozenset("abcdefghijklmnopqrstuvwxyz0123456789,;")
_REACH = 24  # longer than any abbreviation


@dataclass(frozen=True, slots=True)
class _Stop:
    """A possible end: the mark, the word before it, what closes after it, and where and what the next word is."""

    mark: str
    word: str
    word_at: int
    closing: str
    gap: bool
    opening: str
    next: str
    next_at: int


def boundaries(text: str, start: int, end: int) -> Iterator[int]:
    """Yield, in order, the positions within `text[start:end]` just after a sentence; `end` itself is not yielded.

    Linear in `end - start`.
    """
    sentence, counted, quotes = start, start, 0
    for stop in _STOP.finditer(text, start, end):
        close = stop.end()
        if close < end and text[close] in _CARRIES_ON and stop[0][0] not in WIDE_STOPS:
            continue  # "3.5", "example.org": most stops that end nothing, at little cost
        close = _closed(text, close, end)
        quotes += text.count('"', counted, close)
        counted = close
        if late := _LATE_QUOTE.match(text, close, end):
            close = late.end() if late[0][-1] != '"' or quotes % 2 else close
        if close < sentence or close >= end or _is_enumerator(text, sentence, close):
            continue
        if _ends_here(text, stop, sentence, close, end):
            yield close
            sentence = close


def ends_finished(text: str) -> bool:
    """Tell whether `text` (a block or line without white space around it) ends with a sentence-final mark."""
    tail = text[-80:]
    return any(_closed(tail, stop.end(), len(tail)) == len(tail) for stop in _STOP.finditer(tail))


def _closed(text: str, at: int, end: int) -> int:
    """Return the end of what closes at `at`: quotes, brackets and the like; `at` itself where nothing does."""
    closing = _CLOSING.match(text, at, end)
    return closing.end() if closing else at


def is_abbreviation(word: str) -> bool:
    """Tell whether `word`, without its full stop, is a title or another abbreviation that never ends a sentence."""
    return word in known.LINKS or (word[:1].isupper() and word.lower() in known.TITLES)


def _is_enumerator(text: str, sentence: int, close: int) -> bool:
    return close - sentence < 12 and _ENUMERATOR.match(text[sentence:close]) is not None


def _ends_here(text: str, found: re.Match[str], sentence: int, close: int, end: int) -> bool:
    if found[0][0] in WIDE_STOPS:
        # 「…。」と言った: a particle or comma after the closing quote carries the sentence on.
        return not (close > found.end() and text[close] in "とってはがをにもので、，,")
    stop = _look(text, found, sentence, close, end)
    if not stop.gap:
        return _ends_unspaced(stop)
    if _is_address(text, stop, end):
        return stop.mark != "." or not _is_known(text, stop)
    if len(found[0]) > 1 or found[0] == "…":
        return _ends_after_several(text, found, stop, sentence)
    if found[0] in _STRONG:
        return _ends_after_strong(text, stop, sentence)
    return _ends_after_full_stop(text, stop)


def _look(text: str, found: re.Match[str], sentence: int, close: int, end: int) -> _Stop:
    before = text[max(sentence, found.start() - _REACH) : found.start()]
    word = before.split()[-1] if before and not before[-1].isspace() else ""
    if prefix := _PREFIX.match(word):
        word = word[prefix.end() :]
    opened = _OPENING.match(text, close, end)
    at = opened.end() if opened else close
    following = _NEXT_WORD.match(text, at, end)
    return _Stop(
        mark=found[0],
        word=word,
        word_at=found.start() - len(word),
        closing=text[found.end() : close],
        gap=text[close].isspace(),
        opening=text[close:at].strip(),
        next=following[0] if following else text[at : at + 1],
        next_at=at,
    )


def _ends_unspaced(stop: _Stop) -> bool:
    """Decide where no space follows: "left.The" and "left.”She" lack one; "3.5", "U.S." and "example.org" do not."""
    if not stop.next[:1].isupper() or stop.opening not in ("", "“", "‘", '"'):
        return False
    if any(quote in stop.closing for quote in "”»"):
        return True
    return stop.next in known.STARTERS and len(stop.word) > 2 and stop.word.isalpha() and stop.word[1:].islower()


def _is_address(text: str, stop: _Stop, end: int) -> bool:
    return not stop.closing and _ADDRESS.match(text, stop.next_at, min(end, stop.next_at + 80)) is not None


def _ends_after_several(text: str, found: re.Match[str], stop: _Stop, sentence: int) -> bool:
    """Decide after "...", "…", "?!": points that stand apart mark an omission, which ends nothing."""
    if set(found[0]) & set(_STRONG):
        return _ends_after_strong(text, stop, sentence)
    before = text[found.start() - 1 : found.start()]
    if before in ("[", "(") or (before.isspace() and not stop.closing):
        return False
    return _begins(stop)


def _ends_after_strong(text: str, stop: _Stop, sentence: int) -> bool:
    if (stop.word + stop.mark).lower() in known.OWN_MARK:
        return stop.next in known.STARTERS
    if stop.closing.startswith(")") and _is_aside(text, stop, sentence):
        return False
    if "(" in stop.opening and stop.next.isdigit():  # a title with its year: "O Pioneers! (1913)"
        return False
    if any(quote in stop.closing for quote in "”’\"'»") and _SPEAKER.match(text, stop.next_at):
        return False
    return _begins(stop)


def _is_aside(text: str, stop: _Stop, sentence: int) -> bool:
    """Tell whether the bracket that closes here was opened inside the sentence: "He left (why?) Iraq"."""
    opened = text.rfind("(", max(sentence, stop.word_at - 200), stop.word_at + 1)
    return opened >= 0 and not text[sentence : min(opened, sentence + 40)].isspace() and opened > sentence


def _begins(stop: _Stop) -> bool:
    """Tell whether what follows can begin a sentence: anything but a small letter or a mark that carries on."""
    first = stop.next[:1]
    if first.islower():
        return any(letter.isupper() for letter in stop.next)
    return first.isalnum() or first not in ".,;:)]}&/%+=×÷±−"


def _ends_after_full_stop(text: str, stop: _Stop) -> bool:
    word = stop.word
    before = text[max(0, stop.word_at - 1) : stop.word_at]
    if not word and not stop.closing and before.isspace():
        return True  # a full stop that stands apart, in text cut into tokens
    if not _begins(stop):
        return _begins_small(text, stop)
    if _before_number(word) and _NUMERAL.match(text, stop.next_at) and stop.next not in known.STARTERS:
        return False
    if is_abbreviation(word) and not stop.closing:
        return False
    if word in known.UNITS:
        return not stop.next[:1].isdigit()
    if len(word) == 1 and stop.next.isdigit():
        return True  # "vitamin C. 500 men"
    if _is_known(text, stop) or _is_initials(word):
        return _starts_sentence(text, stop)
    return not (word.isdigit() and len(word) < 3 and before == "(")  # "(1. Division)"


def _before_number(word: str) -> bool:
    if len(word) == 1 and word.isupper():
        return False
    return word.lower() in known.BEFORE_NUMBER or (word[:1].isupper() and word.capitalize() in known.DAYS_AND_MONTHS)


def _is_known(text: str, stop: _Stop) -> bool:
    word, lower = stop.word, stop.word.lower()
    if word in known.UNITS or word in known.LINKS or lower in known.MAYBE_LAST or lower in known.TITLES:
        return True
    if word.isupper() and len(word) > 2:
        word = word.capitalize()  # "DEC. 5", "CALIF." in text all in capitals
    if word in known.AFTER_COMMA and text[max(0, stop.word_at - 2) : stop.word_at].rstrip().endswith(","):
        return True
    return word in known.MAYBE_LAST_CAPITAL


def _is_initials(word: str) -> bool:
    """Tell whether `word` is a letter ("J"), or single letters with points between them ("U.S", "J.K")."""
    parts = word.split(".")
    if len(parts) == 1:
        return len(word) == 1 and word.isupper()
    return all(len(part) == 1 and part.isalpha() for part in parts)


def _starts_sentence(text: str, stop: _Stop) -> bool:
    """Decide after an abbreviation that may end a sentence: only a usual first word tells that it did."""
    after = stop.next_at + len(stop.next)
    if stop.opening[:1] in _DASHES:
        return False
    return stop.next in known.STARTERS and text[after : after + 1] != "."


def _begins_small(text: str, stop: _Stop) -> bool:
    """Tell whether a sentence begins in small letters: an Arabic name, "(b) Then", or carelessly "left. it was"."""
    if stop.closing:
        return False
    if _ARTICLE.match(text, stop.next_at) or _LISTED.match(text, stop.word_at + len(stop.word) + 1):
        return not (_is_known(text, stop) or _is_initials(stop.word))
    plain = len(stop.word) > 2 and stop.word.isalpha() and stop.word.islower() and not _is_known(text, stop)
    return plain and not stop.opening and stop.next in known.SMALL_STARTERS
