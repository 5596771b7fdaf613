"""Answers files: ours, and those of other systems, brought into one form without adding anything they do not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from rag.errors import DataError
from rag.evaluation import adapters
from rag.evaluation.files import Fields, Row, parse, read_bytes, read_lines
from rag.evaluation.records import Quotation, Response, Stated

_ADAPTERS: Mapping[str, tuple[Callable[[Row], bool], Callable[[Fields, int], Response]]] = {
    "ragas": (adapters.is_ragas, adapters.from_ragas),
    "ragchecker": (adapters.is_ragchecker, adapters.from_ragchecker),
    "llamaindex": (adapters.is_llamaindex, adapters.from_llamaindex),
}
FORMS = ("attest", *_ADAPTERS)
_LISTS = ("results", "samples", "evaluation_results")
# one JSON value over the whole file: a list, an object that begins with one of these, one over several lines, pandas' columns
_WHOLE = re.compile(rf'\[|\{{\s*(?:$|\n|"(?:{"|".join(_LISTS)})"\s*:\s*\[|"[^"]*"\s*:\s*\{{\s*"0"\s*:)')
_STAGE = re.compile(r"[\w .-]{1,40}", re.ASCII)
_STAGES = 20


def read_responses(path: Path, form: str | None = None) -> tuple[str, list[Response]]:
    """Return the form of an answers file (`form`, or what it looks like) and its responses, in order.

    Forms: "attest" (JSON lines of `rag eval run` or `rag ask --batch`), "ragas" (user_input, response, retrieved_contexts,
    reference), "ragchecker" ({"results": [{query_id, query, response, retrieved_context, gt_answer}]}), "llamaindex"
    (EvaluationResult: query, response, contexts; or a response with source_nodes). The others' may be JSON lines, a list or
    an object that holds one.

    Raises:
        DataError: the file cannot be read, is empty, looks like none of them, or a line does not hold what it should.
    """
    rows = list(_rows(path))
    if not rows:
        raise DataError(f"{path.name} holds no answer: give at least one")
    form = form or _guess(path, rows[0][1])
    read = _ADAPTERS[form][1] if form in _ADAPTERS else from_attest
    responses = [read(Fields(row, place), number) for number, (place, row) in enumerate(rows, start=1)]
    seen: set[str] = set()
    for (place, _), response in zip(rows, responses, strict=True):
        if response.id in seen:
            raise DataError(f"{place}: a second answer to {response.id[:60]!r}: keep one for each question")
        seen.add(response.id)
    return form, responses


def _rows(path: Path) -> Iterable[tuple[str, Row]]:
    """Yield (place, object), from JSON lines or from one JSON value over the whole file."""
    try:
        with path.open("rb") as stream:
            opening = stream.read(65536).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    except OSError as error:
        raise DataError(f"cannot read {path} ({error.strerror}): give an answers file") from None
    if not _WHOLE.match(opening):
        return read_lines(path, nan_is_null=True)
    value = parse(read_bytes(path), path.name, nan_is_null=True)
    if isinstance(value, dict):
        lists = [value[name] for name in _LISTS if isinstance(value.get(name), list)]
        value = lists[0] if lists else _columns(value) or [value]
    places = ((f"{path.name} item {number:,}", row) for number, row in enumerate(value, start=1))
    return [(place, _object(row, place)) for place, row in places]


def _columns(value: Row) -> list[Row]:
    """Return the rows of what pandas' `to_json` writes, {column: {row: value}}; none if it is something else."""
    if not value or not all(isinstance(column, dict) for column in value.values()):
        return []
    names = list(next(iter(value.values())))
    return [{column: values.get(name) for column, values in value.items()} for name in names]


def _object(row: Any, place: str) -> Row:
    if not isinstance(row, dict):
        raise DataError(f"{place}: is no JSON object: give a list of objects")
    return row


def _guess(path: Path, row: Row) -> str:
    if str(row.get("schema", "")).startswith("rag.answer/") or ("error" in row and "id" in row):
        return "attest"
    for form, (looks, _) in _ADAPTERS.items():
        if looks(row):
            return form
    raise DataError(
        f"{path.name} looks like no answers file: its first line has the fields {', '.join(map(str, list(row)[:8])) or 'none'}; "
        f"name its form with --form ({', '.join(FORMS)})"
    )


def from_attest(fields: Fields, number: int = 0) -> Response:
    """Read an answer of ours, or the line of one that failed, which must have an id whatever its `number`; raises DataError."""
    del number
    row = fields.row
    name = _id(fields)
    if row.get("error") is not None:
        return Response(name, None, False, error=fields.text("error"))
    status = fields.choice("status", ("answered", "not_found"))
    if status == "not_found" and (fields.items("sentences") or row.get("short_answer")):
        raise fields.fail('"status" is "not_found", but something is answered: give "answered", or no sentences')
    citations = tuple(_quotation(item, "quote") for item in fields.objects("citations"))
    numbers = [citation.n for citation in citations]
    if None in numbers or len(set(numbers)) < len(numbers):
        raise fields.fail('"citations" need an "n" each, and each its own')
    return Response(
        id=name,
        question=fields.text("question"),
        answered=status == "answered",
        sentences=tuple(_stated(item) for item in fields.objects("sentences")),
        citations=citations,
        passages=tuple(_quotation(item, "text") for item in fields.objects("passages")) if "passages" in row else None,
        confidence=_share(fields, "confidence"),
        short_answer=fields.optional_text("short_answer"),
        reason=fields.optional_text("reason"),
        disagreements=sum(len(item.objects("positions")) > 1 for item in fields.objects("disagreements")),
        timings_ms=_timings(fields),
    )


def _id(fields: Fields) -> str:
    value = fields.row.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return fields.text("id")


def _stated(fields: Fields) -> Stated:
    numbers = fields.items("citations")
    if not all(isinstance(n, int) and not isinstance(n, bool) for n in numbers):
        raise fields.fail('"citations" are numbers of the answer\'s citations')
    return Stated(fields.text("text"), tuple(dict.fromkeys(numbers)))


def _quotation(fields: Fields, text: str) -> Quotation:
    return Quotation(
        text=fields.text(text),
        document=fields.optional_text("document"),
        start=fields.whole("start"),
        end=fields.whole("end"),
        sha256=fields.optional_text("sha256"),
        n=fields.whole("n"),
        title=fields.optional_text("title"),
        outlet=fields.optional_text("outlet"),
        published=fields.optional_text("published"),
        score=fields.number("score"),
    )


def _share(fields: Fields, name: str) -> float | None:
    value = fields.number(name)
    if value is not None and not 0 <= value <= 1:
        raise fields.fail(f'"{name}" is {value:g}: give a probability, 0 to 1')
    return value


def _timings(fields: Fields) -> dict[str, float]:
    value = fields.row.get("timings_ms") or {}
    if not isinstance(value, dict) or any(
        isinstance(ms, bool) or not isinstance(ms, int | float) or ms < 0 for ms in value.values()
    ):
        raise fields.fail('"timings_ms" is not an object of milliseconds')
    if len(value) > _STAGES or not all(_STAGE.fullmatch(str(stage)) for stage in value):
        raise fields.fail(f'"timings_ms" has stages that are no plain names, or above {_STAGES}')
    return {str(stage): float(ms) for stage, ms in value.items()}
