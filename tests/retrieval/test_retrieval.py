from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Assistant
from rag.errors import DocumentError, UsageError
from rag.retrieval.fusion import fuse


def test_fusion_adds_shares_and_keeps_the_scale_of_both_sides() -> None:
    hits = fuse({"a": 0.6, "b": 0.5, "c": 0.1}, {"b": 0.5, "c": 0.6}, {"a": 1, "b": 2}, {"c": 1, "b": 2}, weight=0.5)
    assert [hit.id for hit in hits] == ["b", "a", "c"]
    assert [(hit.dense_rank, hit.keyword_rank) for hit in hits] == [(2, 2), (1, None), (None, 1)]
    assert hits[0].score == pytest.approx(0.75)


def test_fusion_breaks_ties_by_id() -> None:
    assert [hit.id for hit in fuse({"b": 0.5, "a": 0.5}, {}, {}, {})] == ["a", "b"]


def test_passages_are_exact_slices_best_first(seeds_assistant: Assistant) -> None:
    passages = seeds_assistant.retrieve("rocket attacks on the Taji base", k=5)
    assert [passage.rank for passage in passages] == [1, 2, 3, 4, 5]
    assert [passage.score for passage in passages] == sorted((p.score for p in passages), reverse=True)
    for passage in passages:
        assert seeds_assistant.text(passage.document)[passage.start : passage.end] == passage.text
        assert passage.why.dense_rank or passage.why.keyword_rank


def test_a_rare_word_is_found_whatever_the_embedding_thinks(
    make_assistant: Callable[..., Assistant], tmp_path: Path
) -> None:
    for number in range(30):
        (tmp_path / f"{number}.txt").write_text(f"Report {number} on the weather in the valley.", encoding="utf-8")
    (tmp_path / "x.txt").write_text("Item QX-7719 was moved to the cellar.", encoding="utf-8")
    assistant = make_assistant(tmp_path)
    assistant.sync()
    assert assistant.retrieve("QX-7719", k=1)[0].document == "x.txt"


def test_a_question_of_quotes_and_operators_is_only_words(seeds_assistant: Assistant) -> None:
    for question in ('"base" AND (NOT *', "NEAR(a b) OR ^x", "col:base --", "'; DROP TABLE chunks; --"):
        assert seeds_assistant.retrieve(question, k=1)


@pytest.mark.parametrize("question", ["", "  \n", "???", "x" * 4001])
def test_questions_that_cannot_be_asked_are_refused(seeds_assistant: Assistant, question: str) -> None:
    with pytest.raises(UsageError):
        seeds_assistant.retrieve(question)


def test_a_document_that_is_not_there_cannot_be_asked(seeds_assistant: Assistant) -> None:
    with pytest.raises(DocumentError, match="nope"):
        seeds_assistant.ask("What is it?", documents=["nope"])


def test_the_llama_index_retriever_gives_nodes_with_exact_offsets(seeds_assistant: Assistant) -> None:
    nodes = seeds_assistant.as_retriever(k=3).retrieve("Who was killed near Baghdad airport?")
    assert len(nodes) == 3
    for found in nodes:
        text = seeds_assistant.text(found.node.metadata["document"])
        assert text[found.node.start_char_idx : found.node.end_char_idx] == found.node.get_content()
        assert found.score is not None
