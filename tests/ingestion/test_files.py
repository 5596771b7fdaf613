from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.errors import SourceError
from rag.ingestion.files import find_files


def names(paths: list[Path], docs: Path) -> list[str]:
    return [file.name for file in find_files(paths, docs).files]


def reasons(folder: Path) -> dict[str, str]:
    return {problem.path: problem.reason for problem in find_files([folder], folder).skipped}


def put(path: Path, text: str = "Some text.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_names_are_relative_and_slash_separated_however_deep(docs: Path) -> None:
    put(docs / "b.txt")
    put(docs / "a" / "c d" / "é.md")
    deep = "/".join(["d"] * 60) + "/x.txt"
    put(docs / deep)
    assert sorted(names([docs], docs)) == sorted(["b.txt", "a/c d/é.md", deep])


def test_a_path_inside_the_documents_keeps_its_name_and_one_outside_has_its_own(docs: Path, tmp_path: Path) -> None:
    put(docs / "a" / "b.txt")
    put(tmp_path / "else" / "deep" / "c.txt")
    assert names([docs / "a"], docs) == names([docs / "a" / "b.txt"], docs) == ["a/b.txt"]
    assert names([tmp_path / "else"], docs) == ["deep/c.txt"]
    assert names([tmp_path / "else" / "deep" / "c.txt"], docs) == ["c.txt"]
    assert names([docs, docs / "a", docs / "a" / "b.txt"], docs) == ["a/b.txt"]


def test_links_do_not_lead_out_of_the_folder(docs: Path, tmp_path: Path) -> None:
    put(tmp_path / "secret.txt")
    put(tmp_path / "others" / "x.txt")
    inside = put(docs / "inside.txt")
    (docs / "out.txt").symlink_to(tmp_path / "secret.txt")
    (docs / "up.txt").symlink_to("../secret.txt")
    (docs / "nowhere.txt").symlink_to("missing.txt")
    (docs / "loop.txt").symlink_to("loop.txt")
    (docs / "folder").symlink_to(tmp_path / "others")
    (docs / "again").symlink_to(docs)
    (docs / "fine.txt").symlink_to(inside)
    assert names([docs], docs) == ["fine.txt", "inside.txt"]
    found = reasons(docs)
    assert found["out.txt"] == found["up.txt"] == "a link that leads out of the folder"
    assert found["nowhere.txt"] == found["loop.txt"] == "a link that leads nowhere"
    assert found["folder"] == found["again"] == "a link to a folder"


def test_what_is_no_document_is_skipped_with_a_reason_or_hidden(docs: Path) -> None:
    put(docs / "a.txt")
    put(docs / ".hidden.txt")
    put(docs / ".git" / "b.txt")
    put(docs / "image.png")
    put(docs / "noext")
    os.mkfifo(docs / "pipe.txt")
    Path(os.fsdecode(os.fsencode(docs) + b"/caf\xe9.txt")).write_text("x")
    folder = Path(os.fsdecode(os.fsencode(docs) + b"/caf\xe9"))
    put(folder / "b.txt")
    assert names([docs], docs) == ["a.txt"]
    found = reasons(docs)
    assert found["image.png"] == "type .png is not read"
    assert found["noext"] == "type without extension is not read"
    assert found["pipe.txt"] == "not a plain file"
    assert list(found.values()).count("its name is not UTF-8") == 2
    assert not any("hidden" in name or "git" in name for name in found)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("missing", "no such file or folder"),
        ("missing.txt", "no such file or folder"),
        ("a.txt/below", "Not a directory"),
        ("x" * 300, "File name too long"),
        ("nul\0.txt", "null byte"),
        ("image.png", "documents are"),
        ("pipe.txt", "documents are"),
        ("empty", "no documents in"),
        ("loop.txt", "loop"),
        ("~nobody-of-that-name/x", "home"),
    ],
)
def test_a_path_that_is_no_document_is_one_line(docs: Path, path: str, why: str) -> None:
    put(docs / "a.txt")
    put(docs / "image.png")
    os.mkfifo(docs / "pipe.txt")
    (docs / "empty").mkdir()
    (docs / "loop.txt").symlink_to("loop.txt")
    given = Path(path) if path.startswith("~") else docs / path
    with pytest.raises(SourceError, match=why) as caught:
        find_files([docs, given], docs)
    assert "\n" not in str(caught.value)


def test_a_folder_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    put(folder / "a.txt")
    with pytest.raises(SourceError, match="is not UTF-8"):
        find_files([folder], folder)


def test_upper_case_types_are_read(docs: Path) -> None:
    put(docs / "A.TXT")
    put(docs / "B.Html")
    assert names([docs], docs) == ["A.TXT", "B.Html"]
