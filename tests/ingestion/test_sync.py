from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag import Assistant, SyncReport
from rag.errors import IndexAccessError, SourceError
from rag.models.encoder import Encoder

Make = Callable[..., Assistant]
FILLER = "The army left the base on Tuesday. Nobody was hurt in the rocket attack. "


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def put_lines(path: Path, rows: dict[str, str], titles: dict[str, str] | None = None) -> Path:
    lines = [json.dumps({"_id": name, "title": (titles or {}).get(name), "text": text}) for name, text in rows.items()]
    return put(path, "\n".join(lines))


def ids(assistant: Assistant) -> list[str]:
    return [info.id for info in assistant.documents()]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def everything(index: Path) -> bytes:
    return b"".join(files(index).values())


def failures(report: SyncReport) -> dict[str, str]:
    return {problem.path: problem.reason for problem in report.failed}


def content(index: Path) -> list[Any]:
    db = sqlite3.connect(index / "catalog.db")
    try:
        return [
            db.execute(sql).fetchall()
            for sql in ("SELECT * FROM documents ORDER BY id", "SELECT id FROM chunks ORDER BY id",
                        "SELECT * FROM meta ORDER BY key", "SELECT document, field, value FROM corrections")
        ]  # fmt: skip
    finally:
        db.close()


def consistent(assistant: Assistant) -> bool:
    """Every document is found by its own words, by both sides of retrieval, and every span is exact."""
    for info in assistant.documents():
        text = assistant.text(info.id)
        [passage] = assistant.retrieve(text[:300], k=1, documents=[info.id])
        assert text[passage.start : passage.end] == passage.text
    return assistant.info().documents == len(assistant.documents())


def test_a_second_run_embeds_nothing_and_leaves_every_byte(docs: Path, tmp_path: Path, make_assistant: Make) -> None:
    put(docs / "a.txt", FILLER)
    put_lines(docs / "c.jsonl", {"1": "One text.", "2": "Two text."})
    assistant = make_assistant(docs)
    first = assistant.sync()
    assert (first.added, first.documents) == (("1", "2", "a.txt"), 3)
    assistant.close()
    before = files(tmp_path / "index")
    again = assistant.sync()
    assistant.close()
    assert (again.added, again.changed, again.removed, again.unchanged, again.embedded) == ((), (), (), 3, 0)
    assert files(tmp_path / "index") == before


def test_a_touched_file_is_unchanged(docs: Path, make_assistant: Make) -> None:
    path = put(docs / "a.txt", FILLER)
    assistant = make_assistant(docs)
    assistant.sync()
    os.utime(path, ns=(1, 10**18))
    again = assistant.sync()
    assert (again.unchanged, again.changed, again.embedded) == (1, (), 0)
    assert assistant.documents()[0].saved == "2001-09-09T01:46:40+00:00"


def test_nothing_of_a_changed_or_removed_file_is_left(docs: Path, tmp_path: Path, make_assistant: Make) -> None:
    put(docs / "keep.txt", FILLER)
    put(docs / "a.txt", FILLER + "The password was xyzzyplugh that day.")
    put(docs / "b.txt", "Frobnicate is what the quuxify soldiers did.")
    assistant = make_assistant(docs)
    assistant.sync()
    assert b"xyzzyplugh" in everything(tmp_path / "index")
    put(docs / "a.txt", FILLER + "There was no password.")
    (docs / "b.txt").unlink()
    report = assistant.sync()
    assert (report.changed, report.removed) == (("a.txt",), ("b.txt",))
    assistant.close()
    left = everything(tmp_path / "index").lower()
    assert not any(word in left for word in (b"xyzzyplugh", b"quuxify", b"frobnic"))
    assert not any("b.txt" in passage.document for passage in assistant.retrieve("Frobnicate quuxify", k=50))
    assert consistent(assistant)


def test_a_renamed_file_is_not_embedded_again(docs: Path, make_assistant: Make) -> None:
    put(docs / "a.txt", FILLER)
    put(docs / "b.txt", "Other words altogether.")
    assistant = make_assistant(docs)
    assistant.sync()
    (docs / "a.txt").rename(docs / "new.txt")
    report = assistant.sync()
    assert (report.added, report.removed, report.embedded) == (("new.txt",), ("a.txt",), 0)
    assert consistent(assistant)


def test_one_changed_json_line_embeds_one_chunk(docs: Path, make_assistant: Make) -> None:
    rows = {str(n): f"Text number {n} says that unit {n} left the base." for n in range(200)}
    put_lines(docs / "c.jsonl", rows)
    assistant = make_assistant(docs)
    assert assistant.sync().embedded == 200
    put_lines(docs / "c.jsonl", rows | {"7": "Text seven was rewritten."})
    report = assistant.sync()
    assert (report.changed, report.unchanged, report.embedded) == (("7",), 199, 1)
    assert assistant.retrieve("Text seven was rewritten", k=1)[0].document == "7"


def test_a_title_only_change_is_taken_without_embedding(docs: Path, make_assistant: Make) -> None:
    page = "<html><head><title>{}</title></head><body><p>The army left the base on Tuesday, it said.</p></body></html>"
    path = put(docs / "a.html", page.format("Old title"))
    assistant = make_assistant(docs)
    assistant.sync()
    put(path, page.format("New title"))
    report = assistant.sync()
    assert (report.changed, report.embedded) == (("a.html",), 0)
    assert assistant.documents()[0].title == "New title"
    assert consistent(assistant)


def test_a_file_that_fails_keeps_its_earlier_version(docs: Path, make_assistant: Make) -> None:
    put_lines(docs / "c.jsonl", {"1": "One text."})
    put(docs / "a.txt", FILLER)
    assistant = make_assistant(docs)
    assistant.sync()
    put(docs / "c.jsonl", '{"_id": "1", "text": "New."}\n{broken')
    (docs / "a.txt").write_bytes(b"\0\1\2")
    put(docs / "new.txt", "A new text.")
    report = assistant.sync()
    assert failures(report).keys() == {"a.txt", "c.jsonl"}
    assert report.added == ("new.txt",)
    assert (assistant.text("1"), assistant.text("a.txt")) == ("One text.", FILLER)
    assert failures(assistant.sync()).keys() == {"a.txt", "c.jsonl"}


def test_a_file_that_holds_no_text_any_more_is_dropped(docs: Path, make_assistant: Make) -> None:
    put(docs / "a.txt", FILLER)
    put(docs / "b.txt", "Other words.")
    assistant = make_assistant(docs)
    assistant.sync()
    put(docs / "a.txt", "  \n")
    report = assistant.sync()
    assert report.removed == ("a.txt",)
    assert [problem.reason for problem in report.skipped] == ["holds no text"]


def test_a_file_that_became_a_link_out_of_the_folder_is_dropped(
    docs: Path, tmp_path: Path, make_assistant: Make
) -> None:
    put(docs / "a.txt", FILLER)
    put(docs / "b.txt", "Other words.")
    assistant = make_assistant(docs)
    assistant.sync()
    (docs / "a.txt").unlink()
    (docs / "a.txt").symlink_to(put(tmp_path / "secret.txt", "Secret."))
    assert assistant.sync().removed == ("a.txt",)


def test_a_path_touches_only_what_is_under_it(docs: Path, tmp_path: Path, make_assistant: Make) -> None:
    put(docs / "one" / "a.txt", FILLER)
    put(docs / "two" / "b.txt", "Other words.")
    assistant = make_assistant(docs)
    assistant.sync()
    put(docs / "one" / "a.txt", FILLER + "Changed.")
    (docs / "two" / "b.txt").unlink()
    put(docs / "two" / "c.txt", "A third text.")
    assert assistant.sync([docs / "one"]).changed == ("one/a.txt",)
    assert ids(assistant) == ["one/a.txt", "two/b.txt"]
    outside = put(tmp_path / "else" / "o.txt", "Text from outside.").parent
    assert assistant.sync([outside]).added == ("o.txt",)
    assert assistant.sync().removed == ("two/b.txt",)
    assert ids(assistant) == ["o.txt", "one/a.txt", "two/c.txt"]


def test_rebuild_embeds_what_the_model_has_not_and_keeps_other_folders(
    docs: Path, tmp_path: Path, make_assistant: Make
) -> None:
    put(docs / "a.txt", FILLER)
    outside = put(tmp_path / "else" / "o.txt", "Text from outside.")
    assistant = make_assistant(docs)
    assistant.sync()
    assistant.sync([outside])
    outside.unlink()
    report = assistant.sync(rebuild=True)
    assert report.documents == 2
    assert consistent(assistant)


class Interrupted(Exception):
    pass


def test_an_interruption_leaves_the_index_as_it_was_and_costs_no_work_twice(
    docs: Path, tmp_path: Path, make_assistant: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(docs / "a.txt", FILLER)
    assistant = make_assistant(docs)
    assistant.sync()
    before = content(tmp_path / "index")
    put_lines(docs / "c.jsonl", {str(n): f"Unit {n} left at {n} o'clock." for n in range(60)})
    monkeypatch.setattr("rag.ingestion.sync._EMBED_AT_ONCE", 20)
    encode, calls = Encoder.encode, []

    def failing(self: Encoder, texts: list[str], *rest: Any) -> Any:
        calls.append(len(texts))
        if len(calls) == 3:
            raise Interrupted
        return encode(self, texts, *rest)

    monkeypatch.setattr(Encoder, "encode", failing)
    with pytest.raises(Interrupted):
        assistant.sync()
    monkeypatch.setattr(Encoder, "encode", encode)
    assert content(tmp_path / "index") == before
    assert assistant.ask("Who left the base on Tuesday?").index.documents == 1
    assert assistant.sync().embedded == 20
    assert consistent(assistant)


def test_a_failure_while_the_vectors_are_stored_changes_nothing(
    docs: Path, tmp_path: Path, make_assistant: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(docs / "a.txt", FILLER)
    assistant = make_assistant(docs)
    assistant.sync()
    before = content(tmp_path / "index")
    put(docs / "b.txt", "Other words.")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("rag.store.vectors.os.replace", full)
        with pytest.raises(IndexAccessError, match="No space left"):
            assistant.sync()
    assert content(tmp_path / "index") == before
    assert consistent(assistant)
    assert assistant.sync().added == ("b.txt",)


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_without_documents_leaves_no_index_behind(tmp_path: Path, make_assistant: Make, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError):
        make_assistant(tmp_path / name).sync()
    assert not (tmp_path / "index").exists()


def test_a_folder_that_lost_all_its_documents_is_an_error_that_changes_nothing(
    docs: Path, make_assistant: Make
) -> None:
    path = put(docs / "a.txt", FILLER)
    assistant = make_assistant(docs)
    assistant.sync()
    path.unlink()
    with pytest.raises(SourceError, match="no documents in"):
        assistant.sync()
    assert ids(assistant) == ["a.txt"]


def test_hundreds_of_deletions_leave_vectors_that_match(docs: Path, make_assistant: Make) -> None:
    rows = {str(n): f"Unit {n} left base {n * 7} at {n} o'clock." for n in range(300)}
    put_lines(docs / "c.jsonl", rows)
    assistant = make_assistant(docs)
    assistant.sync()
    for kept in (290, 280, 100, 99):
        put_lines(docs / "c.jsonl", dict(list(rows.items())[:kept]))
        assert assistant.sync().embedded == 0
        assert len({passage.document for passage in assistant.retrieve("Which unit left?", k=400)}) == kept
