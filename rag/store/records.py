"""What the catalog stores, as plain values."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What a sentence is worth: prose is evidence, a heading (title, caption, label) weak, boilerplate none."""

    PROSE = 0
    HEADING = 1
    BOILERPLATE = 2


class SentenceSpan(NamedTuple):
    """A sentence of a document: code points `start` to `end` of its text."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when it was read: absolute path, size in bytes, modification time, SHA-256 of its bytes."""

    path: str
    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of whole sentences of one document. `sentences` have offsets into the document, like `start` and `end`."""

    id: str
    document: str
    start: int
    end: int
    text: str
    sentences: tuple[SentenceSpan, ...]
    text_sha256: str


@dataclass(frozen=True, slots=True)
class Record:
    """A document ready to be stored."""

    id: str
    source: str
    sha256: str
    title: str | None
    outlet: str | None
    published: str | None
    text: str
    chunks: tuple[Chunk, ...]


def pack(sentences: Sequence[SentenceSpan]) -> bytes:
    """Pack sentence spans as little-endian 32-bit integers, three for each."""
    return array("i", [number for span in sentences for number in span]).tobytes()


def unpack(blob: bytes) -> tuple[SentenceSpan, ...]:
    """Undo `pack`."""
    numbers = array("i", blob)
    return tuple(SentenceSpan(numbers[i], numbers[i + 1], Kind(numbers[i + 2])) for i in range(0, len(numbers), 3))
