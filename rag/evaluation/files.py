"""Read and write the files of evaluation: UTF-8, one JSON object a line; every fault is one line that names the place."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.errors import DataError
from rag.jsontext import to_json

Row = dict[str, Any]
_LONGEST_NUMBER = 18  # digits, which 64 bits hold


def read_lines(path: Path, *, nan_is_null: bool = False) -> Iterator[tuple[str, Row]]:
    """Yield (place, object) for each line that is not blank; `place` is "NAME line 3", for messages.

    `nan_is_null`: NaN, which other systems write for scores that they do not have, is read as null; else it is refused.

    Raises:
        DataError: the file cannot be read, is not UTF-8, or a line is no JSON object.
    """
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip(b" \t\r\n\xef\xbb\xbf"):
                    place = f"{path.name} line {number:,}"
                    yield place, parse_object(line, place, nan_is_null=nan_is_null)
    except OSError as error:
        raise DataError(f"cannot read {path} ({error.strerror}): give a file of JSON lines") from None


def read_object(path: Path) -> Row:
    """Return the one JSON object that a file holds; raises DataError."""
    return parse_object(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """Return what a file holds; raises DataError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"cannot read {path} ({error.strerror}): give another file") from None


def parse_object(data: bytes, place: str, *, nan_is_null: bool = False) -> Row:
    """Return a JSON object; raises DataError that begins with `place`."""
    value = parse(data, place, nan_is_null=nan_is_null)
    if not isinstance(value, dict):
        raise DataError(f"{place}: is {kind_of(value)}: give a JSON object")
    return value


def parse(data: bytes, place: str, *, nan_is_null: bool = False) -> Any:
    """Return a JSON value; raises DataError that begins with `place`. Infinity, and NaN unless it is to be null, are refused."""
    constant = _null_for_nan if nan_is_null else _no_constant
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=constant, parse_float=_finite, parse_int=_short)
    except UnicodeDecodeError as error:
        raise DataError(f"{place}: is not UTF-8 (byte {error.start:,}): save it as UTF-8") from None
    except RecursionError:
        raise DataError(f"{place}: is nested too deeply: give one flat JSON object") from None
    except ValueError as error:
        raise DataError(f"{place}: is not JSON ({error}): write one JSON object a line") from None


def write_text(path: Path, text: str) -> None:
    """Write a file as UTF-8, making its folder; raises DataError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise DataError(f"cannot write {path} ({error.strerror}): give another place") from None


def to_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return JSON lines."""
    return "".join(to_json(row) + "\n" for row in rows)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    return hashlib.sha256(read_bytes(path)).hexdigest()


def kind_of(value: Any) -> str:
    """Say in words what a JSON value is."""
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(value), "null")


class Fields:
    """Takes typed fields out of a JSON object; every complaint names the place and the field, and what was got."""

    def __init__(self, row: Row, place: str) -> None:
        self.row = row
        self.place = place

    def fail(self, problem: str) -> DataError:
        """Return an error about this object."""
        return DataError(f"{self.place}: {problem}")

    def only(self, known: Iterable[str]) -> None:
        """Raise DataError if a field is not among those known: a misspelt field would silently mean nothing."""
        known = list(known)
        for name in self.row:
            if name not in known:
                raise self.fail(f"unknown field {name[:60]!r}: known are {', '.join(known)}")

    def text(self, name: str) -> str:
        """Return a text that must be there and not be blank."""
        value = self.row.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.fail(f'"{name}" is {self._got(name)}: give a text')
        return value

    def choice(self, name: str, options: Sequence[str]) -> Any:
        """Return a text that is one of `options`; typed Any, so that it can be used as their Literal."""
        value = self.text(name)
        if value not in options:
            raise self.fail(f'"{name}" is {value[:60]!r}: give one of {", ".join(options)}')
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a text, None if it is missing or null."""
        value: str | None = self._of(name, str, "a text or null")
        return value

    def flag(self, name: str) -> bool | None:
        """Return true or false, None if it is missing or null."""
        value: bool | None = self._of(name, bool, "true, false or null")
        return value

    def number(self, name: str) -> float | None:
        """Return a number, None if it is missing or null."""
        value = self.row.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise self.fail(f'"{name}" is {self._got(name)}: give a number or null')
        return None if value is None else float(value)

    def whole(self, name: str) -> int | None:
        """Return a whole number, None if it is missing or null."""
        value = self.row.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self.fail(f'"{name}" is {self._got(name)}: give a whole number or null')
        return value

    def items(self, name: str) -> list[Any]:
        """Return a list, empty if it is missing or null."""
        return self._of(name, list, "a list") or []

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty if it is missing or null."""
        values = self.items(name)
        for value in values:
            if not isinstance(value, str):
                raise self.fail(f'"{name}" holds {kind_of(value)}: give a list of texts')
        return tuple(values)

    def objects(self, name: str) -> list[Fields]:
        """Return a list of objects, empty if it is missing or null."""
        found = []
        for number, value in enumerate(self.items(name), start=1):
            if not isinstance(value, dict):
                raise self.fail(f'"{name}" holds {kind_of(value)}: give a list of objects')
            found.append(Fields(value, f'{self.place}, "{name}" {number}'))
        return found

    def _of(self, name: str, kind: type, wanted: str) -> Any:
        value = self.row.get(name)
        if value is not None and not isinstance(value, kind):
            raise self.fail(f'"{name}" is {self._got(name)}: give {wanted}')
        return value

    def _got(self, name: str) -> str:
        if name not in self.row:
            return "missing"
        value = self.row[name]
        return "blank" if isinstance(value, str) and not value.strip() else kind_of(value)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _null_for_nan(name: str) -> None:
    if name != "NaN":
        _no_constant(name)


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:20]} is too large a number")
    return value


def _short(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"{digits[:20]}… is too large a number")
    return int(digits)
