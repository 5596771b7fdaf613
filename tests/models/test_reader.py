"""The reader against torch, which trained it, and against texts that are out of the ordinary."""

from __future__ import annotations

import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from rag import Config
from rag.models import backends, reader
from rag.models.reader import Look, Reader
from rag.models.weights import find_weights

QUESTION = "When was the harbour of Valdora closed?"
PASSAGE = (
    "The harbour of Valdora was closed on 4 May 2019 after the flood. Nobody was hurt in the town, the mayor said."
)
ODD = [
    "", " ", "\n", "12 34.5 67%", "日本語の文章です。東京は日本の首都です。", "Российские войска покинули базу в 2019 году.",
    "😀 👩‍👩‍👧 🇮🇶", "e\u0301 vs é", "\xa0no-break\xa0spaces\xa0", "x" * 3000, "!?.,;:" * 50, "\u202eright to left",
    "\x07bell\x1b[31m",
]  # fmt: skip


@pytest.fixture(scope="session")
def reading(cache: Path) -> Reader:
    return Reader(cache)


def said(look: Look, text: str) -> str:
    start, end, _ = look.spans(1)[0]
    return text[start:end]


@pytest.mark.parametrize("backend", [name for name in backends.available() if name != "torch"])
def test_each_backend_agrees_with_torch(cache: Path, backend: str) -> None:
    torch = pytest.importorskip("torch")
    from rag.models.trunk import load_weights, new_trunk

    trunk = new_trunk(find_weights(Config().model).folder)
    load_weights(trunk, reader.WEIGHTS)
    own = Reader(cache, backend)
    own.look(QUESTION, [PASSAGE])
    assert own._run is not None
    tokenizer = own._tokenizer
    asked = tokenizer.encode(QUESTION, add_special_tokens=False).ids
    rows = [tokenizer.encode(text, add_special_tokens=False).ids for text in (PASSAGE, PASSAGE[:40], "nothing here")]
    inputs = reader._inputs(asked, rows)
    with torch.inference_mode():
        spans, verdicts = trunk.eval()(**{name: torch.from_numpy(value) for name, value in inputs.items()})
    [(own_spans, own_verdicts)] = own._run([inputs])
    likely = spans.numpy() > -1000
    assert np.allclose(own_spans[likely], spans.numpy()[likely], atol=0.35)  # bf16
    assert np.allclose(own_verdicts, verdicts.numpy(), atol=0.2)


def test_it_finds_the_answer_and_knows_where_there_is_none(reading: Reader) -> None:
    right, other = reading.look(QUESTION, [PASSAGE, "Nobody was hurt in the town, the mayor of Arlen said on Monday."])
    assert said(right, PASSAGE) == "4 May 2019"
    assert right.answerable > other.answerable
    assert right.relevant > other.relevant
    assert right.mass(0, 64) > 0.9
    assert right.mass(65, len(PASSAGE)) < 0.1


def test_offsets_are_code_points(reading: Reader) -> None:
    text = "😀 e\u0301\xa0 日本 👩‍👩‍👧 " + PASSAGE
    [look] = reading.look(QUESTION, [text])
    assert said(look, text) == "4 May 2019"


def test_order_is_kept_and_company_changes_nothing(reading: Reader) -> None:
    texts = [PASSAGE, "Short.", PASSAGE * 3, *ODD]
    together = reading.look(QUESTION, texts)
    for look, text in zip(together, texts, strict=True):
        [alone] = reading.look(QUESTION, [text])
        assert np.isclose(look.answerable, alone.answerable, atol=0.3)
        assert len(look.offsets) == len(look.starts) == len(look.ends)
        assert not len(look.offsets) or look.offsets.max() <= len(text)
        assert np.isfinite([look.answerable, look.relevant, look.null]).all()
        assert np.isfinite(look.starts).all()


def test_what_holds_no_words_answers_nothing(reading: Reader) -> None:
    for look in reading.look(QUESTION, ["", " \n\t"]):
        assert look.spans(3) == []
        assert look.mass(0, 100) == 0.0
        assert look.answerable < -5


@pytest.mark.parametrize("place", [0, 30, 60])
def test_a_long_text_is_read_to_its_end(reading: Reader, place: int) -> None:
    lines = ["The council of Arlen talked about the road to the mill and about the price of grain."] * 60
    lines[place:place] = [PASSAGE]
    text = "\n\n".join(lines)
    [look] = reading.look(QUESTION, [text])
    assert said(look, text) == "4 May 2019"


def test_a_question_longer_than_the_window(reading: Reader) -> None:
    [look] = reading.look("Why " + "and why " * 1000 + "?", [PASSAGE])
    assert len(look.starts) > 0
    [odd] = reading.look("?!", [PASSAGE])
    assert np.isfinite(odd.answerable)
    assert reading.look(QUESTION, []) == []


def test_windows_cover_a_text_without_gaps() -> None:
    for pieces in (1, 250, 251, 400, 1000, 5000):
        firsts = Reader._firsts(pieces, 250)
        assert firsts[0] == 0
        assert firsts[-1] + 250 >= pieces
        assert all(0 < b - a <= 250 for a, b in pairwise(firsts))
    assert Reader._firsts(0, 250) == []


def test_spans_do_not_overlap_and_are_best_first(reading: Reader) -> None:
    [look] = reading.look("Who said what?", [PASSAGE])
    spans = look.spans(5)
    assert [score for *_, score in spans] == sorted((score for *_, score in spans), reverse=True)
    places = sorted((start, end) for start, end, _ in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))


def test_threads_may_share_it(reading: Reader) -> None:
    expected = reading.look(QUESTION, [PASSAGE])[0].answerable
    found: list[float] = []
    threads = [
        threading.Thread(target=lambda: found.append(reading.look(QUESTION, [PASSAGE])[0].answerable)) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose(found, expected, atol=0.05)


def test_the_weights_that_ship_are_small_and_leave_out_what_the_encoder_has() -> None:
    from safetensors import safe_open

    assert reader.WEIGHTS.stat().st_size < 50_000_000
    with safe_open(str(reader.WEIGHTS), "numpy") as weights:
        assert not any("word_embeddings" in name for name in list(weights.keys()))
