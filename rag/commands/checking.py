"""`rag check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.assistant import Assistant
from rag.commands.asking import source
from rag.commands.common import field, one_line, paragraph, run_batch, write, write_json
from rag.errors import DataError, UsageError
from rag.evaluation.files import Fields, read_object
from rag.schema import ANSWER_SCHEMA, Answer, AnswerSentence, Citation, GroundingReport, IndexInfo, Passage, to_dict
from rag.text.markup import plain
from rag.text.normal import find

_HOLDS = ("quoted", "supported")
CAUTION = "The checker errs: see `rag eval selftest`."


def check_batch(assistant: Assistant, source: Path, target: Path) -> None:
    """Judge each line of {"id", "claim", "evidence"}; evidence is a text or a list of texts."""

    def work(row: dict[str, Any]) -> dict[str, Any]:
        [verdict] = assistant.check_claims([(field(row, "claim"), _evidence(row))])
        label = "supported" if verdict.label == "quoted" else verdict.label
        return {"id": row.get("id"), "label": label, "score": verdict.score, "reasons": list(verdict.reasons)}

    run_batch(source, target, work)


def check_answer(assistant: Assistant, path: Path, *, as_json: bool) -> bool:
    """Verify an exported answer against the documents, print what holds, and return whether all of it does."""
    answer = _read_answer(path)
    report = assistant.check(_with_loose_citations(answer))
    problems = _problems(answer)
    verified = not problems and all(claim.support in _HOLDS for claim in report.claims)
    if as_json:
        problem = {"problems": problems, "support_rate": report.support_rate}
        write_json({"verified": verified, **problem, **to_dict(report)})
    else:
        _write(answer, report, problems, verified)
    return verified


def check_text(assistant: Assistant, path: Path, *, as_json: bool) -> bool:
    """Say of each sentence of a text whether the documents bear it out; return whether those of all do that state something."""
    report = assistant.check_text(_read_text(path))
    if as_json:
        write_json({"support_rate": report.support_rate, **to_dict(report)})
    else:
        _write_text(report)
    return all(claim.support in (*_HOLDS, "unchecked") for claim in report.claims)


def _read_text(path: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): give a file of plain text") from None
    except UnicodeDecodeError:
        raise DataError(f"{path} is no UTF-8 text: save it as UTF-8") from None


def _write_text(report: GroundingReport) -> None:
    for claim in report.claims:
        marks = "".join(f" [{n}]" for n in claim.citations)
        write(f"{claim.support:12} {paragraph(claim.text)}{marks}")
        for reason in claim.reasons:
            write(f"{'':12} {one_line(reason)}")
    for citation in report.citations:
        write(f"[{citation.n}] {source(citation)}: “{paragraph(plain(citation.quote))}”")
    checked = [claim for claim in report.claims if claim.support != "unchecked"]
    held = sum(claim.support in _HOLDS for claim in checked)
    write(f"{held} of {len(checked)} sentences are borne out by the documents. {CAUTION}")


def _problems(answer: Answer) -> list[str]:
    """Say what is wrong with an answer as a whole."""
    said = bool(answer.sentences or answer.short_answer)
    quotes = [citation.quote for citation in answer.citations]
    found = {
        "it is “answered”, but has no sentence": answer.status == "answered" and not answer.sentences,
        "it is “not_found”, but answers": answer.status == "not_found" and said,
        "the short answer is not in what is cited": bool(answer.short_answer)
        and not any(find(answer.short_answer or "", quote) for quote in quotes),
    }
    return [problem for problem, wrong in found.items() if wrong]


def _write(answer: Answer, report: GroundingReport, problems: Sequence[str], verified: bool) -> None:
    for problem in problems:
        write(f"{'fault':12} {problem}")
    for claim in report.claims:
        write(f"{claim.support:12} {paragraph(plain(claim.text))}")
        for reason in claim.reasons:
            write(f"{'':12} {one_line(reason)}")
    failed = sum(claim.support not in _HOLDS for claim in report.claims)
    if not report.claims and verified:
        write("nothing to verify: the answer is “not_found”")
    elif failed:
        write(f"{failed} of {len(report.claims)} sentences fail to verify")
    else:
        write("all of it verifies" if verified else "it fails to verify")


def _evidence(row: dict[str, Any]) -> list[str]:
    value = row.get("evidence")
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise UsageError('"evidence" is missing or neither a text nor a list of texts')
    return texts


def _with_loose_citations(answer: Answer) -> Answer:
    """Add each citation that no sentence uses as a quotation of its own: it is shown too, so it must hold."""
    used = {n for sentence in answer.sentences for n in sentence.citations}
    loose = [AnswerSentence(c.quote, "quote", (c.n,), "unchecked", None) for c in answer.citations if c.n not in used]
    fields = {name: getattr(answer, name) for name in Answer.__dataclass_fields__}
    return Answer(**{**fields, "sentences": (*answer.sentences, *loose)})


def _read_answer(path: Path) -> Answer:
    """Return the parts of an exported answer that can be verified; raises DataError."""
    fields = Fields(read_object(path), path.name)
    if fields.row.get("schema") != ANSWER_SCHEMA:
        raise DataError(
            f"{path.name}: its schema is not {ANSWER_SCHEMA!r}: give an answer as `rag ask --json` writes it"
        )
    status = fields.choice("status", ("answered", "not_found"))
    citations = tuple(_citation(item) for item in fields.objects("citations"))
    if len({citation.n for citation in citations}) < len(citations):
        raise fields.fail('two "citations" have the same "n"')
    return Answer(
        question=fields.text("question"), standalone_question="", status=status, reason=None, confidence=0.0,
        short_answer=fields.optional_text("short_answer"),
        sentences=tuple(_sentence(item) for item in fields.objects("sentences")),
        citations=citations, disagreements=(), passages=tuple(_passage(item) for item in fields.objects("passages")),
        answerer="", timings_ms={}, index=IndexInfo("", 0, 0),
    )  # fmt: skip


def _sentence(fields: Fields) -> AnswerSentence:
    kind, numbers = fields.choice("kind", ("quote", "generated")), fields.items("citations")
    if not all(isinstance(n, int) and not isinstance(n, bool) for n in numbers):
        raise fields.fail('"citations" are not numbers')
    return AnswerSentence(fields.text("text"), kind, tuple(numbers), "unchecked", None)


def _passage(fields: Fields) -> Passage:
    start, end = fields.whole("start"), fields.whole("end")
    if start is None or end is None or start < 0:
        raise fields.fail('"start" and "end" are needed, as whole numbers')
    return Passage(0, fields.text("document"), start, end, fields.text("text"), 0.0)


def _citation(fields: Fields) -> Citation:
    n, start, end = (fields.whole(name) for name in ("n", "start", "end"))
    if n is None or start is None or end is None or start < 0:
        raise fields.fail('"n", "start" and "end" are needed, as whole numbers')
    return Citation(
        n, fields.text("document"), None, None, None, None, start, end, fields.text("quote"), fields.text("sha256")
    )
