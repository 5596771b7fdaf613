"""The answers files of other systems' evaluation: RAGAS, RAGChecker, LlamaIndex.

They carry the answer's text and the passages it was given, but neither citations by sentence nor, mostly, a confidence: what
a form does not carry stays None, and the metrics that need it say so. A refusal is recognised by its wording.
"""

from __future__ import annotations

import re
from typing import Any

from rag.evaluation.files import Fields, Row, kind_of
from rag.evaluation.matching import says_something
from rag.evaluation.records import Quotation, Response, Stated
from rag.text.sentences import sentences

_APOLOGY = r"^\W*(?:(?:sorry|unfortunately|i'm sorry|i am sorry|i apologi[sz]e)[,.:;]?\s+(?:but\s+)?)?"
_SOURCE = r"(?:documents?|contexts?|passages?|sources?|texts?|articles?|information)"
# how an answer begins that says it has none
_REFUSING = (
    r"i (?:do not|don't) (?:know|have (?:enough|sufficient|any|the) information)\b",
    r"i have (?:no|not enough|insufficient) information\b",
    r"(?:as an ai(?: \w+){0,3},? )?i (?:cannot|can't|am unable to|'m unable to|could not|couldn't) (?:answer|find|determine)\b",
    r"i'm (?:unable|not able) to (?:answer|find|determine)\b",
    rf"(?:(?:the|your|these|this) )?(?:(?:provided|given|retrieved|available|supplied) )?{_SOURCE} (?:provided |given )?"
    r"(?:do|does|did)(?: not|n't) (?:say|mention|contain|provide|specify|state|include|answer|give|discuss)\b",
    r"there(?: is|'s) (?:no|not enough|insufficient) (?:\w+ ){0,2}?(?:information|mention|answer|evidence)\b",
    r"no (?:relevant |such )?(?:answer|information|mention) (?:was |is |has been |could be )?(?:found|available|provided|given)\b",
    r"(?:it is |this is |that is )?not (?:mentioned|specified|stated|found|given|answered) (?:in|by|anywhere)\b",
    rf"none of the {_SOURCE} (?:mentions?|says?|states?|answers?|contains?|specif(?:y|ies))\b",
    rf"the answer (?:is|was) not (?:\w+ )?in (?:the|your|these) {_SOURCE}\b",
    r"insufficient (?:information|context|evidence)\b",
)
_REFUSALS = re.compile(rf"{_APOLOGY}(?:based on the [\w ]{{3,40}}, )?(?:{'|'.join(_REFUSING)})", re.IGNORECASE)
_TURN = re.compile(r"\b(?:but|however|though|although|except|nevertheless)\b", re.IGNORECASE)
_READ = 2000  # characters: no refusal is as long
# what must be the whole of it: "None of the soldiers died" is an answer
_BARE = re.compile(
    _APOLOGY
    + r"(?:unanswerable|unknown|none|n/?a|no answer|not (?:found|known|mentioned|specified|available|stated))\W*$",
    re.IGNORECASE,
)


def refuses(answer: str) -> bool:
    """Tell whether an answer says that there is none, and nothing else; a blank answer refuses too.

    "I don't know the year, but it was founded by Ann" says something, which must be checked.
    """
    plain = answer.replace("’", "'").strip()
    parts = [" ".join(plain[span.start : span.end].split()) for span in sentences(plain[:_READ])]
    return len(plain) <= _READ and all(
        _BARE.match(part) or ((found := _REFUSALS.match(part)) and not _TURN.search(part, found.end()))
        for part in parts
    )


def is_ragas(row: Row) -> bool:
    """Tell whether a row is a RAGAS sample, of today's names or the earlier ones."""
    return "user_input" in row or {"question", "answer", "contexts"} <= set(row)


def from_ragas(fields: Fields, number: int) -> Response:
    """Read {user_input, response, retrieved_contexts, retrieved_context_ids?, reference?}."""
    now = "user_input" in fields.row
    if isinstance(fields.row.get("user_input"), list):
        raise fields.fail('"user_input" is a conversation: only single-turn samples can be scored')
    contexts = "retrieved_contexts" if now else "contexts"
    passages = None
    if fields.row.get(contexts) is not None:
        names = fields.items("retrieved_context_ids") if now else []
        texts = _contexts(fields, contexts)
        known = names if len(names) == len(texts) else [None] * len(texts)
        passages = tuple(_passage(text, name) for text, name in zip(texts, known, strict=True))
    return _response(
        fields, _id(fields, number, "id", "sample_id"), fields.text("user_input" if now else "question"),
        fields.optional_text("response" if now else "answer"), passages, _reference(fields, "reference", "ground_truth"),
    )  # fmt: skip


def is_ragchecker(row: Row) -> bool:
    """Tell whether a row is one of RAGChecker's results."""
    return "query_id" in row or "gt_answer" in row


def from_ragchecker(fields: Fields, number: int) -> Response:
    """Read {query_id, query, response, retrieved_context: [{doc_id, text}], gt_answer?}."""
    passages = None
    if fields.row.get("retrieved_context") is not None:
        items = fields.objects("retrieved_context")
        passages = tuple(_passage(item.optional_text("text") or "", item.row.get("doc_id")) for item in items)
    return _response(
        fields, _id(fields, number, "query_id"), fields.text("query"), fields.optional_text("response"), passages,
        _reference(fields, "gt_answer"),
    )  # fmt: skip


def is_llamaindex(row: Row) -> bool:
    """Tell whether a row is a LlamaIndex EvaluationResult, or a query with its response and source nodes."""
    return "query" in row and ("contexts" in row or "source_nodes" in row or "passing" in row)


def from_llamaindex(fields: Fields, number: int) -> Response:
    """Read {query, response, contexts} (EvaluationResult) or {query, response, source_nodes: [{node, score}]}."""
    passages = None
    if fields.row.get("source_nodes") is not None:
        passages = tuple(_node(item) for item in fields.objects("source_nodes"))
    elif fields.row.get("contexts") is not None:
        passages = tuple(_passage(text, None) for text in _contexts(fields, "contexts"))
    return _response(
        fields, _id(fields, number, "id", "query_id"), fields.text("query"), fields.optional_text("response"), passages,
        _reference(fields, "reference"),
    )  # fmt: skip


def _node(fields: Fields) -> Quotation:
    inner = fields.row.get("node")
    node = Fields(inner, f"{fields.place}, node") if isinstance(inner, dict) else fields
    metadata = node.row.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    document = next(
        (named[key] for key in ("document", "file_path", "file_name") if isinstance(named.get(key), str)), None
    )
    resource = node.row.get("text_resource")  # where LlamaIndex's newer nodes keep their text
    text = Fields(resource, node.place).optional_text("text") if isinstance(resource, dict) else None
    return _passage(
        text or node.optional_text("text") or "", document or node.row.get("ref_doc_id"), fields.number("score")
    )


def _response(
    fields: Fields, name: str, question: str, answer: str | None, passages: tuple[Quotation, ...] | None,
    reference: tuple[str, ...],
) -> Response:  # fmt: skip
    answer = answer or ""
    answered = not refuses(answer)
    stated = tuple(Stated(answer[span.start : span.end]) for span in sentences(answer)) if answered else ()
    return Response(
        id=name, question=question, answered=answered, sentences=stated, passages=passages,
        short_answer=answer.strip() if answered else None, reason=None if answered else answer.strip() or None,
        reference=reference,
    )  # fmt: skip


def _contexts(fields: Fields, name: str) -> list[str]:
    """Return passages in their order; a null, which some systems write for an empty one, keeps its place."""
    for value in fields.items(name):
        if value is not None and not isinstance(value, str):
            raise fields.fail(f'"{name}" holds {kind_of(value)}: give a list of texts')
    return [value or "" for value in fields.items(name)]


def _passage(text: str, document: Any, score: float | None = None) -> Quotation:
    return Quotation(text, str(document) if isinstance(document, str | int) else None, score=score)


def _reference(fields: Fields, *names: str) -> tuple[str, ...]:
    for name in names:
        value = fields.row.get(name)
        if isinstance(value, str) and says_something(value):
            return (value,)
        if isinstance(value, list) and value:
            return tuple(text for text in fields.texts(name) if says_something(text))
    return ()


def _id(fields: Fields, number: int, *names: str) -> str:
    """Return the row's id; one that has none is named by its place, as no question is, so that its wording decides."""
    for name in names:
        value = fields.row.get(name)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return f"line {number}"
