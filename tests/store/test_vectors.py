from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag.store import vectors
from rag.store.vectors import BrokenVectorsError, Vectors

COUNT = 600
_rows = np.random.default_rng(7).normal(size=(COUNT, 384)).astype(np.float32)
ROWS = _rows / np.linalg.norm(_rows, axis=1, keepdims=True)


def batches(rows: range) -> vectors.Batches:
    for first in range(rows.start, rows.stop, 200):
        part = range(first, min(first + 200, rows.stop))
        yield [f"c{i}" for i in part], ROWS[part.start : part.stop]


@pytest.fixture(scope="module")
def persisted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Vectors whose graph is on disk, as it is for more than 5000 of them."""
    folder = tmp_path_factory.mktemp("persisted")
    settings = vectors._HNSW
    vectors._HNSW = {**settings, "sync_threshold": 100, "batch_size": 50}
    try:
        vectors.build(folder, 1, "digest", COUNT, batches(range(COUNT)))
    finally:
        vectors._HNSW = settings
    return folder


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)


def blank(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("harm", [truncate, flip, blank, Path.unlink])
@pytest.mark.parametrize("name", ["*/data_level0.bin", "*/index_metadata.pickle", "*/link_lists.bin", "manifest.json"])
def test_damage_to_the_graph_is_seen_on_opening(
    persisted: Path, tmp_path: Path, name: str, harm: Callable[[Path], None]
) -> None:
    shutil.copytree(persisted, tmp_path / "v")
    [path] = (tmp_path / "v" / "vectors-000001").glob(name)
    harm(path)
    with pytest.raises(BrokenVectorsError):
        Vectors(tmp_path / "v", 1, "digest", COUNT)


@pytest.mark.parametrize("harm", [truncate, blank, Path.unlink])
def test_damage_to_chromas_database_is_seen_before_it_answers(
    persisted: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    shutil.copytree(persisted, tmp_path / "v")
    harm(tmp_path / "v" / "vectors-000001" / "chroma.sqlite3")
    with pytest.raises(BrokenVectorsError):
        Vectors(tmp_path / "v", 1, "digest", COUNT).query(ROWS[0], 3)


@pytest.mark.parametrize(
    ("revision", "digest", "count"), [(2, "digest", COUNT), (1, "other", COUNT), (1, "digest", 599)]
)
def test_what_does_not_match_the_catalog_is_not_opened(persisted: Path, revision: int, digest: str, count: int) -> None:
    with pytest.raises(BrokenVectorsError):
        Vectors(persisted, revision, digest, count)


@pytest.mark.parametrize("count", [0, 1, 150])
def test_neighbours_are_cosines_nearest_first(tmp_path: Path, count: int) -> None:
    vectors.build(tmp_path, 1, "d", count, batches(range(count)))
    opened = Vectors(tmp_path, 1, "d", count)
    found = opened.query(ROWS[0], 10)
    opened.close()
    exact = sorted(((float(ROWS[i] @ ROWS[0]), f"c{i}") for i in range(count)), reverse=True)[:10]
    assert [name for name, _ in found] == [name for _, name in exact]
    assert np.allclose([score for _, score in found], [score for score, _ in exact], atol=1e-5)


def test_reading_twice_does_not_make_it_broken(persisted: Path) -> None:
    for _ in range(3):
        opened = Vectors(persisted, 1, "digest", COUNT)
        assert opened.query(ROWS[5], 1)[0][0] == "c5"
        opened.close()


def test_a_copy_takes_additions_and_removals(persisted: Path, tmp_path: Path) -> None:
    shutil.copytree(persisted, tmp_path / "v")
    gone = [f"c{i}" for i in range(50)]
    vectors.build(tmp_path / "v", 2, "new", COUNT - 50, iter(()), base=1, removed=gone)
    opened = Vectors(tmp_path / "v", 2, "new", COUNT - 50)
    assert not {name for name, _ in opened.query(ROWS[0], 500)} & set(gone)
    assert opened.query(ROWS[77], 1)[0][0] == "c77"
    opened.close()


def test_a_damaged_revision_is_not_copied(persisted: Path, tmp_path: Path) -> None:
    shutil.copytree(persisted, tmp_path / "v")
    [path] = (tmp_path / "v" / "vectors-000001").glob("*/data_level0.bin")
    flip(path)
    with pytest.raises(BrokenVectorsError):
        vectors.build(tmp_path / "v", 2, "new", COUNT, iter(()), base=1)
    assert not (tmp_path / "v" / "vectors-000002").exists()


def test_a_dot_env_file_in_the_current_folder_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("CHROMA_SERVER_HOST=example.org\nIS_PERSISTENT=FALSE\n")
    monkeypatch.chdir(tmp_path)
    vectors.build(tmp_path, 1, "d", 3, batches(range(3)))
    assert (tmp_path / "vectors-000001" / "chroma.sqlite3").is_file()
