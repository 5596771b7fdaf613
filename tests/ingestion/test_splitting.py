from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from llama_index.core.schema import Document

from rag.ingestion.splitting import split
from rag.models.encoder import Encoder

WORDS = st.sampled_from(
    ["The", "army", "left", "al-Qa'im", "on", "Jan. 3", "2,000", "U.S.", "Col. Caggins", "naïve", "日本語",
     "😀", "\x1c", "**bold**", "[link](#)", "x" * 150, "supercalifragilistic" * 3, ".", "?", "!", "“Yes,”", "\u200b"]
)  # fmt: skip
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n", "\r\n\r\n", "\xa0", "\t", "", "\u2028", "\n# ", "\n- "])
STRUCTURED = st.lists(st.tuples(WORDS, GAPS), max_size=400).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)


def check(text: str, encoder: Encoder, name: str = "a.txt") -> list:
    nodes = split(Document(id_=name, text=text), encoder)
    covered, before = set(), 0
    for node in nodes:
        start, end = node.start_char_idx, node.end_char_idx
        assert text[start:end] == node.text != ""
        assert start >= before
        spans = node.metadata["sentences"]
        assert (spans[0].start, spans[-1].end) == (start, end)
        assert all(span.start < span.end for span in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))
        for span in spans:
            covered.update(range(span.start, span.end))
        before = end
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)
    assert max(encoder.piece_counts([node.text for node in nodes]), default=0) + 2 <= encoder.max_pieces
    assert len({node.node_id for node in nodes}) == len(nodes)
    return nodes


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(text=STRUCTURED)
def test_chunks_are_exact_ordered_short_and_cover_the_text(encoder: Encoder, text: str) -> None:
    check(text, encoder)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=600))
def test_so_they_are_for_any_characters(encoder: Encoder, text: str) -> None:
    check(text, encoder)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 300_000, "日" * 50_000, "word " * 60_000, "a" + " " * 20_000 + "b", "!" * 20_000, "Mr. " * 10_000,
        "a.b" * 30_000, "\n" * 10_000 + "end", "é\u0301" * 5_000, "sub-word-" * 5_000, "😀" * 10_000, "1,000." * 5_000,
    ],
    ids=["one-word", "cjk", "one-line", "gap", "marks", "abbreviations", "no-ends", "blank", "accents", "hyphens",
         "emoji", "numbers"],
)  # fmt: skip
def test_odd_texts_are_split_all_the_same(encoder: Encoder, text: str) -> None:
    check(text, encoder)


@pytest.mark.timeout(30)
def test_a_line_of_a_megabyte_takes_no_more_than_seconds(encoder: Encoder) -> None:
    check("The army left the base and went on and on " * 24_000, encoder)


def test_repeated_paragraphs_have_places_of_their_own(encoder: Encoder) -> None:
    paragraph = "The army left the base on Tuesday, and nobody was hurt in it. " * 12
    nodes = check("\n\n".join([paragraph.strip()] * 10), encoder)
    starts = [node.start_char_idx for node in nodes]
    assert len(set(starts)) == len(starts) > 5
    assert len({node.text for node in nodes}) < len(nodes)


def test_ids_depend_on_name_place_and_words_alone(encoder: Encoder) -> None:
    text = "The army left the base. Nobody was hurt."
    first, again = (split(Document(id_="a.txt", text=text), encoder)[0].node_id for _ in range(2))
    assert first == again
    assert first != split(Document(id_="b.txt", text=text), encoder)[0].node_id
    assert first != split(Document(id_="a.txt", text=" " + text), encoder)[0].node_id
