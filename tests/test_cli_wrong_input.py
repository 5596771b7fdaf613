"""Wrong input gives one clear line and the right exit status, and leaves the index as it was."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rag import Assistant, Config
from rag.models.weights import find_weights

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def made(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with docs/ and a finished index/; tests leave both as they are."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "docs").mkdir()
    (folder / "docs" / "a.txt").write_text("The army left the base on Tuesday. Nobody was hurt.")
    assistant = Assistant.open(config=Config(docs=folder / "docs", index=folder / "index", cache=cache))
    assistant.sync()
    assistant.close()
    return folder


@pytest.fixture
def refused(rag_here: Run, made: Path) -> Callable[..., str]:
    """Run a command that must fail in one line and change nothing; returns the line."""

    def run(*args: object, runner: Run = rag_here, env: dict[str, str] | None = None, **more: Any) -> str:
        before = content(made / "index")
        place = {"RAG_DOCS": str(made / "docs"), "RAG_INDEX": str(made / "index")}
        ran = runner(*args, env=place | (env or {}), **more)
        assert (ran.rc, ran.stdout) == (1, ""), ran
        assert ran.stderr.startswith("rag: ")
        assert ran.stderr.endswith("\n")
        assert ran.stderr.count("\n") == 1
        assert "Traceback" not in ran.stderr
        assert content(made / "index") == before
        return str(ran.stderr)

    return run


def content(index: Path) -> list[Any]:
    with closing(sqlite3.connect(index / "catalog.db")) as db:
        tables = ("documents", "chunks", "meta", "corrections", "exclusions", "sources", "embeddings")
        return [db.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]


Refused = Callable[..., str]


@pytest.mark.parametrize("name", ["missing", "missing.txt", "x" * 300])
def test_no_such_folder(refused: Refused, name: str) -> None:
    assert "no such file or folder" in refused("index", name) or "File name too long" in refused("index", name)
    assert "no such file or folder" in refused("index", env={"RAG_DOCS": "missing"})


def test_an_empty_folder(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "no documents in empty: it holds no .htm" in refused("index", "empty")


BAD_FILES = {
    "binary.txt": (b"\x7fELF\0\0\0\0", "binary.txt: is binary, not text"),
    "nul.md": (b"text\0text", "nul.md: is binary, not text"),
    "image.png": (b"\x89PNG\r\n", "cannot read image.png: documents are"),
    "half.txt": ("abc".encode("utf-16") + b"\0", "half.txt: begins as utf-16 but is not"),
    "broken.jsonl": (b'{"_id": "1", "text": "fine"}\n{broken', "broken.jsonl: line 2 is not JSON"),
    "latin.jsonl": (b'{"_id": "1", "text": "caf\xe9"}', "latin.jsonl: line 1 is not UTF-8"),
    "twice.jsonl": (b'{"_id": "1", "text": "x"}\n{"_id": "1", "text": "y"}', "holds two documents named '1'"),
    "taken.jsonl": (b'{"_id": "a.txt", "text": "x"}', "two documents are named 'a.txt', here and in "),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_document(refused: Refused, tmp_path: Path, name: str) -> None:
    data, why = BAD_FILES[name]
    (tmp_path / name).write_bytes(data)
    assert why in refused("index", name)


def test_a_huge_file(refused: Refused, tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as stream:
        stream.truncate(60_000_000)
    assert "huge.txt: it has 60.0 MB, more than the 50 MB allowed" in refused("index", "huge.txt")
    (tmp_path / "big.txt").write_text("word " * 300_000)
    assert "raise RAG_MAX_FILE_MB" in refused("index", "big.txt", env={"RAG_MAX_FILE_MB": "1"})


def test_one_bad_file_among_good_ones_is_named_and_the_good_ones_are_indexed(rag_here: Run, docs: Path) -> None:
    (docs / "a.txt").write_text("The army left the base.")
    (docs / "b.txt").write_bytes(b"\0\0")
    ran = rag_here("index", docs, env={"RAG_INDEX": "index"})
    assert (ran.rc, ran.stderr) == (1, "rag: b.txt: is binary, not text\n")
    assert "added    a.txt" in ran.stdout
    (docs / "c.txt").write_bytes(b"\0\0")
    ran = rag_here("index", docs, env={"RAG_INDEX": "index"})
    assert ran.stderr.splitlines()[-1] == "rag: 2 files could not be read; all others are indexed"
    assert all(line.startswith("rag: ") for line in ran.stderr.splitlines())


def test_a_file_of_another_encoding_is_read_with_a_note(rag_here: Run, docs: Path) -> None:
    (docs / "a.txt").write_bytes("Le café était fermé, dit-il.".encode("cp1252"))
    ran = rag_here("index", docs, env={"RAG_INDEX": "index"})
    assert (ran.rc, ran.stderr) == (0, "note: a.txt is not UTF-8; read as cp1252\n")


def test_an_unreadable_file_and_folder(refused: Refused, rag: Run, tmp_path: Path, unprivileged: Sequence[str]) -> None:
    (tmp_path / "secret.txt").write_text("Secret.")
    (tmp_path / "secret.txt").chmod(0)
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0)
    try:
        for name, why in (
            ("secret.txt", "secret.txt: cannot be read (Permission denied)"),
            ("closed", "cannot read the"),
        ):
            assert why in refused("index", name, runner=rag, prefix=unprivileged)
    finally:
        (tmp_path / "closed").chmod(0o700)


@pytest.mark.parametrize("question", ["", " \n\t ", "?!…", "\u200b\xa0"])
def test_an_empty_question(refused: Refused, question: str) -> None:
    assert "the question is empty" in refused("ask", question)
    assert "the question is empty" in refused("search", question)


def test_a_question_of_100_000_characters(refused: Refused) -> None:
    for command in ("ask", "search"):
        assert "the question has 100,000 characters: at most 4,000 are read" in refused(command, "why?" * 25_000)


def test_an_index_made_by_another_model(refused: Refused, tmp_path: Path, made: Path) -> None:
    shutil.copytree(find_weights(Config().model).folder, tmp_path / "other")
    env = {"RAG_MODEL": str(tmp_path / "other")}
    (tmp_path / "in.jsonl").write_text('{"id": 1, "question": "Who left?"}\n')
    for args in (
        ("ask", "Who left?"),
        ("search", "army"),
        ("index",),
        ("ask", "--batch", "in.jsonl", "--out", "o.jsonl"),
    ):
        said = refused(*args, env=env)
        assert all(part in said for part in (Config().model, str(tmp_path / "other"), "`rag index --rebuild`"))


@pytest.mark.parametrize(
    "args", [("docs", "text", "b.txt"), ("docs", "remove", "b.txt"), ("docs", "set", "b.txt", "--title", "T")]
)
def test_a_document_that_is_not_there(refused: Refused, args: tuple[str, ...]) -> None:
    assert "no document 'b.txt' in the index: `rag docs` lists those there are" in refused(*args)


@pytest.mark.parametrize("value", ["soon", "2020-13", "2020-02-30", "18 March 2020", "20-3-18"])
def test_a_date_that_is_none(refused: Refused, value: str) -> None:
    assert "is no date: give YYYY, YYYY-MM or YYYY-MM-DD" in refused("docs", "set", "a.txt", "--published", value)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("RAG_THREADS", "many", "RAG_THREADS is 'many': give a whole number"),
        ("RAG_THREADS", "-1", "RAG_THREADS is -1"),
        ("RAG_MAX_FILE_MB", "0", "RAG_MAX_FILE_MB is 0"),
        ("RAG_BACKEND", "gpu", "no backend 'gpu'"),
        ("RAG_MODEL", "missing", "no sentence-transformers model at 'missing'"),
        ("RAG_INDEX", "missing", "no index in missing: run `rag index --index missing` first"),
    ],
)
def test_a_setting_that_cannot_be(refused: Refused, tmp_path: Path, name: str, value: str, why: str) -> None:
    if name == "RAG_MODEL":
        assert "was made with the model" in refused("ask", "Who left?", env={name: value})
        assert why in refused("index", "--rebuild", env={name: value})
    else:
        assert why in refused("ask", "Who left?", env={name: value})
    assert not (tmp_path / "missing").exists()


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made / "index", tmp_path / "index")
    return tmp_path / "index"


WRITING = (("index", "--rebuild"), ("docs", "remove", "a.txt"), ("docs", "set", "a.txt", "--title", "T"))


def same(index: Path, before: dict[Path, bytes]) -> bool:
    return {path: path.read_bytes() for path in index.rglob("*") if path.is_file() and path.suffix != ".lock"} == before


def test_an_index_folder_without_write_permission(
    refused: Refused, rag: Run, copy: Path, unprivileged: Sequence[str]
) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file() and path.suffix != ".lock"}
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        for args in (*WRITING, ("ask", "Who left the base?")):
            said = refused(*args, runner=rag, env={"RAG_INDEX": str(copy)}, prefix=unprivileged)
            assert str(copy) in said
            assert "make it writable" in said
        assert same(copy, before)
    finally:
        for path in [copy, *copy.rglob("*")]:
            path.chmod(0o700)


def test_an_index_on_a_read_only_medium(
    refused: Refused, rag: Run, copy: Path, mounted_read_only: Callable[[Path], list[str]]
) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file() and path.suffix != ".lock"}
    for args in (*WRITING, ("ask", "Who left the base?")):
        said = refused(*args, runner=rag, env={"RAG_INDEX": str(copy)}, prefix=mounted_read_only(copy))
        assert "make it writable" in said
    assert same(copy, before)


def test_a_new_index_where_none_can_be_made(
    refused: Refused, rag: Run, tmp_path: Path, unprivileged: Sequence[str]
) -> None:
    (tmp_path / "closed").mkdir(0o500)
    (tmp_path / "file").write_text("x")
    for place in ("closed/index", "file", "file/index"):
        said = refused("index", runner=rag, env={"RAG_INDEX": str(tmp_path / place)}, prefix=unprivileged)
        assert "cannot write in the index folder" in said


def test_no_command_shows_a_traceback_when_the_reader_goes_away(rag: Run, made: Path, tmp_path: Path) -> None:
    place = {"RAG_DOCS": str(made / "docs"), "RAG_INDEX": str(made / "index")}
    ran = rag("docs", "--json", env=place, prefix=["sh", "-c", '"$@" | true', "sh"])
    assert "Traceback" not in ran.stderr
