from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rag import Assistant
from rag.errors import IndexAccessError, IndexMismatchError, IndexMissingError
from rag.models.encoder import Encoder
from rag.store.index import Index

Make = Callable[..., Assistant]
QUESTION = "Which unit left base seven?"


@pytest.fixture(scope="module")
def made(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with docs/ and a finished index/, to be copied."""
    from rag import Config

    folder = tmp_path_factory.mktemp("made") / "first"
    (folder / "docs").mkdir(parents=True)
    for n in range(12):
        (folder / "docs" / f"{n}.txt").write_text(f"Unit {n} left base number {n * 7}. Nobody was hurt in sector {n}.")
    assistant = Assistant.open(config=Config(docs=folder / "docs", index=folder / "index", cache=cache))
    assistant.sync()
    assistant.close()
    return folder.rename(folder.with_name("moved"))  # else the originals of what is copied below would still be there


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "f")
    return tmp_path / "f"


def results(assistant: Assistant) -> list[tuple[str, int, float]]:
    return [(passage.document, passage.start, round(passage.score, 4)) for passage in assistant.retrieve(QUESTION, 12)]


def delete_vectors(index: Path) -> None:
    [vectors] = index.glob("vectors-*")
    shutil.rmtree(vectors)


def delete_sqlite(index: Path) -> None:
    [path] = index.glob("vectors-*/chroma.sqlite3")
    path.unlink()


def truncate_sqlite(index: Path) -> None:
    [path] = index.glob("vectors-*/chroma.sqlite3")
    path.write_bytes(path.read_bytes()[:50_000])


def break_manifest(index: Path) -> None:
    [path] = index.glob("vectors-*/manifest.json")
    path.write_text("{}")


def delete_manifest(index: Path) -> None:
    [path] = index.glob("vectors-*/manifest.json")
    path.unlink()


def lose_one(index: Path) -> None:
    import chromadb

    [path] = index.glob("vectors-*")
    client = chromadb.PersistentClient(path=str(path))
    collection = client.get_collection("chunks", embedding_function=None)
    collection.delete(ids=collection.get(limit=1)["ids"])
    client.close()


@pytest.mark.parametrize(
    "harm",
    [delete_vectors, delete_sqlite, truncate_sqlite, break_manifest, delete_manifest, lose_one],
)
def test_broken_vectors_are_made_again_from_the_catalog_without_embedding(
    folder: Path, made: Path, make_assistant: Make, harm: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = results(make_assistant(made / "docs", made / "index"))
    harm(folder / "index")
    assistant = make_assistant(folder / "docs", folder / "index")
    embedded: list[str] = []
    encode = Encoder.encode
    monkeypatch.setattr(
        Encoder, "encode", lambda self, texts, *rest: embedded.extend(texts) or encode(self, texts, *rest)
    )
    assert results(assistant) == expected
    assert embedded == [QUESTION]
    assert assistant.sync().embedded == 0


def test_vectors_damaged_before_a_change_are_made_again_by_it(folder: Path, make_assistant: Make) -> None:
    truncate_sqlite(folder / "index")
    (folder / "docs" / "new.txt").write_text("A new unit came.")
    assistant = make_assistant(folder / "docs", folder / "index")
    assert assistant.sync().embedded == 1
    assert len(assistant.retrieve(QUESTION, 20)) == 13


def test_embeddings_lost_from_the_catalog_are_said_and_come_back_with_a_rebuild(
    folder: Path, make_assistant: Make
) -> None:
    with closing(sqlite3.connect(folder / "index" / "catalog.db")) as db, db:
        db.execute("DELETE FROM embeddings")
    delete_vectors(folder / "index")
    assistant = make_assistant(folder / "docs", folder / "index")
    with pytest.raises(IndexAccessError, match="rag index --rebuild"):
        assistant.retrieve(QUESTION)
    assert assistant.sync(rebuild=True).embedded > 0
    assert len(assistant.retrieve(QUESTION, 20)) == 12


def test_an_open_reader_takes_up_what_another_assistant_or_process_wrote(
    folder: Path, make_assistant: Make, rag: Callable[..., tuple[int, str, str]]
) -> None:
    reader = make_assistant(folder / "docs", folder / "index")
    writer = make_assistant(folder / "docs", folder / "index")
    assert len(reader.retrieve(QUESTION, 20)) == 12
    (folder / "docs" / "new.txt").write_text("A brigade of quokkas arrived.")
    writer.sync()
    assert reader.retrieve("quokkas brigade", 1)[0].document == "new.txt"
    assert len(reader.retrieve(QUESTION, 20)) == len(writer.retrieve(QUESTION, 20)) == 13
    (folder / "docs" / "new.txt").unlink()
    rc, _, stderr = rag("index", folder / "docs", "--docs", folder / "docs", "--index", folder / "index")
    assert (rc, stderr) == (0, "")
    for assistant in (reader, writer):
        assert len(assistant.retrieve(QUESTION, 20)) == 12
    writer.close()
    assert len(reader.retrieve(QUESTION, 20)) == 12


def test_readers_never_fail_while_a_writer_replaces_the_vectors(folder: Path, make_assistant: Make) -> None:
    reader, writer = (make_assistant(folder / "docs", folder / "index") for _ in range(2))
    failures: list[Exception] = []
    answered: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                answered.append(len(reader.retrieve(QUESTION, 20)))
            except Exception as error:
                failures.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    for n in range(12):
        (folder / "docs" / "new.txt").write_text(f"Version {n} of a text.")
        writer.sync()
    stop.set()
    thread.join()
    assert failures == []
    assert answered  # else nothing was tried
    assert min(answered) >= 12


def test_of_two_writers_the_second_is_told_in_one_line(folder: Path, make_assistant: Make) -> None:
    (folder / "docs" / "new.txt").write_text("A new unit came.")
    assistant = make_assistant(folder / "docs", folder / "index")
    with Index(folder / "index").writer():
        for change in (
            assistant.sync,
            lambda: assistant.remove("1.txt"),
            lambda: assistant.set_metadata("1.txt", title="T"),
        ):
            with pytest.raises(IndexAccessError, match="another process is writing to the index"):
                change()
        assert len(assistant.retrieve(QUESTION, 20)) == 12
    assert assistant.sync().added == ("new.txt",)


def test_the_lock_dies_with_its_process(folder: Path, make_assistant: Make) -> None:
    script = "import sys, os; from pathlib import Path; from rag.store.index import Index\n" \
             "with Index(Path(sys.argv[1])).writer(): print('held', flush=True); sys.stdin.read()"  # fmt: skip
    command = [sys.executable, "-c", script, str(folder / "index")]
    assistant = make_assistant(folder / "docs", folder / "index")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(IndexAccessError):
            assistant.sync()
        holder.kill()
    assert assistant.sync().failed == ()


def garbage(path: Path) -> None:
    path.write_bytes(b"This is no database at all. " * 500)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20_000])


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks(url TEXT)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")


@pytest.mark.parametrize(
    ("harm", "error", "why"),
    [
        (garbage, IndexAccessError, "is damaged"),
        (truncated, IndexAccessError, "is damaged"),
        (foreign, IndexMismatchError, "is not an index of this program"),
        (newer, IndexMismatchError, "has schema 99, this version reads"),
    ],
)
def test_a_catalog_that_cannot_be_used_is_said_and_left_as_it_is(
    folder: Path, make_assistant: Make, harm: Callable[[Path], None], error: type[Exception], why: str
) -> None:
    path = folder / "index" / "catalog.db"
    harm(path)
    before = path.read_bytes()
    assistant = make_assistant(folder / "docs", folder / "index")
    for call in (
        assistant.documents,
        assistant.sync,
        lambda: assistant.sync(rebuild=True),
        lambda: assistant.ask(QUESTION),
    ):
        with pytest.raises(error, match=why) as caught:
            call()
        assert "\n" not in str(caught.value)
    assert path.read_bytes() == before


def test_an_empty_catalog_file_is_no_index_yet(folder: Path, make_assistant: Make) -> None:
    (folder / "index" / "catalog.db").write_bytes(b"")
    assistant = make_assistant(folder / "docs", folder / "index")
    with pytest.raises(IndexMissingError, match="run `rag index"):
        assistant.documents()
    assert assistant.sync().embedded == 12


@pytest.mark.parametrize("place", ["nowhere", "docs", "docs/1.txt"])
def test_a_folder_without_an_index_is_said_and_nothing_is_made(folder: Path, make_assistant: Make, place: str) -> None:
    assistant = make_assistant(folder / "docs", folder / place)
    for call in (assistant.documents, lambda: assistant.ask(QUESTION), lambda: assistant.remove("1.txt")):
        with pytest.raises(IndexMissingError, match="run `rag index"):
            call()
    assert not (folder / "nowhere").exists()
    assert not (folder / "docs" / "catalog.db").exists()


def test_a_full_disk_is_one_line(folder: Path, make_assistant: Make) -> None:
    assistant = make_assistant(folder / "docs", folder / "index")

    def fill() -> None:
        with Index(folder / "index").writer() as catalog:
            [(pages,)] = catalog.rows("PRAGMA page_count")
            catalog.rows(f"PRAGMA max_page_count = {pages}")
            with catalog.writing() as db:
                db.execute("INSERT INTO exclusions VALUES('x', ?)", ["y" * 1_000_000])

    with pytest.raises(IndexAccessError, match="no room left"):
        fill()
    assert len(assistant.documents()) == 12
