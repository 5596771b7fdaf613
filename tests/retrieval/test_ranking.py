import numpy as np
import pytest

from rag import Assistant
from rag.answering.extractive import READ_PASSAGES
from rag.models.reader import Look
from rag.retrieval.fusion import Fused
from rag.retrieval.ranking import rank, worth_reading
from rag.store.records import Chunk


def hit(name: str, cosine: float, keyword: float) -> tuple[Chunk, Fused]:
    return Chunk(name, "d.txt", 0, 4, "text", (), name), Fused(name, cosine + keyword / 2, cosine, keyword, 1, 1)


def look(relevant: float, answerable: float = 0.0) -> Look:
    nothing = np.zeros(0, np.float32)
    return Look(answerable, relevant, np.zeros((0, 2), np.int64), nothing, nothing, 0.0, np.zeros(1, np.float32))


def test_the_reader_can_turn_the_order_round() -> None:
    hits = [hit("a", 0.6, 0.4), hit("b", 0.5, 0.4)]
    ranked = rank(hits, [look(-6.0), look(6.0)])
    assert [item.chunk.id for item in ranked] == ["b", "a"]
    assert all(0 <= item.score <= 1 for item in ranked)


def test_what_was_not_read_comes_after_what_was_and_never_scores_higher() -> None:
    hits = [hit("a", 0.3, 0.1), hit("b", 0.9, 0.9), hit("c", 0.2, 0.0)]
    ranked = rank(hits, [look(-6.0)])
    assert [item.chunk.id for item in ranked] == ["a", "b", "c"]
    assert [item.score for item in ranked] == sorted((item.score for item in ranked), reverse=True)
    assert [item.look is None for item in ranked] == [False, True, True]


def test_a_score_does_not_depend_on_what_else_was_found() -> None:
    one = hit("a", 0.5, 0.2)
    [alone] = rank([one], [look(1.0, 1.0)])
    company = rank([one, hit("b", 0.9, 0.9)], [look(1.0, 1.0), look(5.0, 5.0)])
    assert alone.score == pytest.approx(next(item.score for item in company if item.chunk.id == "a"))
    assert rank([], []) == []


def test_what_the_retriever_holds_for_hopeless_is_not_read() -> None:
    good, bad = [hit(f"g{i}", 0.7, 0.6) for i in range(6)], [hit(f"b{i}", 0.1, 0.0) for i in range(20)]
    assert worth_reading(good + bad, 12) == (good, bad)
    assert worth_reading([*bad[:5], good[0], *bad[5:]], 12) == ([*bad[:4], good[0]], [bad[4], *bad[5:]])
    assert worth_reading(good[:1] + bad, 12) == (good[:1] + bad[:3], bad[3:])
    assert worth_reading(good * 5, 12) == (good * 2, good * 3)
    assert worth_reading(good[:2], 12) == (good[:2], [])
    assert worth_reading([], 12) == ([], [])


def test_the_facade_ranks_by_what_was_read(seeds_assistant: Assistant) -> None:
    passages = seeds_assistant.retrieve("When was a US contractor killed in Kirkuk?", k=14)
    assert [passage.score for passage in passages] == sorted((p.score for p in passages), reverse=True)
    assert all(0 <= passage.score <= 1 for passage in passages)
    read = [passage.why.reader is not None for passage in passages]
    assert read == sorted(read, reverse=True)
    assert 4 <= sum(read) <= READ_PASSAGES
    assert "Kirkuk" in passages[0].text
