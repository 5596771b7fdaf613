"""Find and read the benchmark files; a fault is one line that names the file."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from rag.errors import DataError
from rag.evaluation.files import Fields, parse_object

_KINDS = ("retrieval", "qa", "sentence_selection", "grounding")


def locate(data: Path, name: str) -> tuple[str, Path]:
    """Return the kind of a set and where it is: a folder for retrieval, else a file; raises DataError."""
    if not data.is_dir():
        raise DataError(f"no folder of benchmark data at {data}: give --data DIR")
    for kind in _KINDS:
        path = data / kind / (name if kind == "retrieval" else f"{name}.jsonl.gz")
        if path.exists() and path.resolve().parent == (data / kind).resolve():
            return kind, path
    known = sorted(p.name.removesuffix(".jsonl.gz") for kind in _KINDS for p in (data / kind).glob("*"))
    raise DataError(f"no set {name[:60]!r} below {data}: there are {', '.join(known) or 'none'}")


def rows(path: Path) -> Iterator[Fields]:
    """Yield the objects of a gzipped file of JSON lines; raises DataError."""
    try:
        with gzip.open(path, "rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    place = f"{path.name} line {number:,}"
                    yield Fields(parse_object(line, place), place)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"cannot read {path} ({error}): give gzipped JSON lines") from None
