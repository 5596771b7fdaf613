"""Which sentences of long evidence a claim is held against."""

from __future__ import annotations

from rag.grounding.evidence import best
from rag.grounding.verbatim import Passage

FILLER = "Nothing much happened in the village that year. The weather stayed as it was."
LONG = Passage(
    " ".join([FILLER] * 6 + ["Mayor Brennan opened the mill in May.", "She spoke of wheat prices."] + [FILLER] * 6)
)
OTHER = Passage("The ferry of Hestvika sank in 1987. Its captain survived.")


def test_nothing_comes_of_nothing() -> None:
    assert best("The ferry sank.", [], 2) == []
    assert best("Turnips are cheap.", [OTHER], 2) == []


def test_the_best_sentences_each_add_something() -> None:
    claim = "Brennan opened the mill in May and the ferry sank in 1987."
    assert best(claim, [OTHER, LONG], 2) == [(1, 12), (0, 0)]
    assert best("The ferry sank in 1987.", [OTHER, OTHER], 2) == [(0, 0)]
