from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.errors import SourceError
from rag.ingestion.reading import File, read

LIMIT = 50_000_000


def read_bytes(folder: Path, name: str, data: bytes, notes: list[str] | None = None, limit: int = LIMIT) -> list:
    path = folder / name
    path.write_bytes(data)
    return read(File(path, name), limit, (notes if notes is not None else []).append)


def refusal(folder: Path, name: str, data: bytes, limit: int = LIMIT) -> str:
    with pytest.raises(SourceError) as caught:
        read_bytes(folder, name, data, limit=limit)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("plain café\n".encode(), "plain café\n"),
        (b"\xef\xbb\xbfwith a mark\n", "with a mark\n"),
        ("sixteen é".encode("utf-16"), "sixteen é"),
        ("sixteen é".encode("utf-16-be").join([b"\xfe\xff", b""]), "sixteen é"),
        ("thirty-two é".encode("utf-32"), "thirty-two é"),
        (b"one\r\ntwo\rthree\n\r\n", "one\r\ntwo\rthree\n\r\n"),
        (b"tab\there \x0c form feed", "tab\there \x0c form feed"),
        ("😀 👩‍👩‍👧 \u2028 \u0085 e\u0301".encode(), "😀 👩‍👩‍👧 \u2028 \u0085 e\u0301"),
        (b"no newline at the end", "no newline at the end"),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-be", "utf-32", "newlines", "white-space", "emoji", "no-newline"],
)
def test_text_is_the_decoded_file_unchanged(tmp_path: Path, data: bytes, text: str) -> None:
    notes: list[str] = []
    [document] = read_bytes(tmp_path, "a.txt", data, notes)
    assert document.text == text
    assert document.doc_id == "a.txt"
    assert not notes


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Le café était fermé, l’hôtel aussi — dit-il. " * 5, "cp1252"),
        ("café", "cp1252"),
        ("Le café était fermé, dit-il.", "cp1252"),
        ("L’été à Paris coûte 5 €.", "cp1252"),
        ("Die Prüfung der Bücher über Köln war schön.", "cp1252"),
        ("El niño comió una manzana. ¿Qué pasó en la reunión de mañana?", "cp1252"),
        ("Российские войска покинули базу во вторник, сообщили официальные лица.", "cp1251"),
        ("Zażółć gęślą jaźń. Wojska opuściły bazę we wtorek, podali urzędnicy.", "cp1250"),
    ],
)
def test_other_encodings_are_guessed_and_said(tmp_path: Path, text: str, encoding: str) -> None:
    notes: list[str] = []
    [document] = read_bytes(tmp_path, "a.txt", text.encode(encoding), notes)
    assert document.text == text
    assert notes == [f"is not UTF-8; read as {encoding}"]


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01\0\0\0\0",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        bytes(range(256)) * 20,
        b"text with a NUL \0 in it",
        "a NUL \0 in UTF-16".encode("utf-16"),
        b"\x01\x02\x03\x04 controls \x05\x06\x07",
    ],
    ids=["elf", "png", "all-bytes", "nul", "nul-in-utf-16", "controls"],
)
def test_binary_files_are_refused(tmp_path: Path, data: bytes) -> None:
    assert "is binary, not text" in refusal(tmp_path, "a.txt", data)


def test_a_broken_utf16_file_is_refused(tmp_path: Path) -> None:
    assert "begins as utf-16 but is not" in refusal(tmp_path, "a.txt", "abc".encode("utf-16") + b"\0")


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", "\ufeff \xa0".encode()])
def test_files_without_text_hold_no_document(tmp_path: Path, data: bytes) -> None:
    assert read_bytes(tmp_path, "a.txt", data) == []


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.truncate(10**13)
    with pytest.raises(SourceError, match="raise RAG_MAX_FILE_MB"):
        read(File(path, "huge.txt"), LIMIT, print)


def test_an_unreadable_path_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(SourceError, match="cannot be read"):
        read(File(tmp_path / "a.txt", "a.txt"), LIMIT, print)


PAGE = """<!DOCTYPE html><html><head><title>Tab title</title>
<meta property="og:title" content="Bases handed over"><meta property="og:site_name" content="Daily Globe">
<meta property="article:published_time" content="2020-03-18T09:00:00Z">
<style>.x{color:red}</style><script>var secretScript = "evil";</script></head><body>
<nav><a href="/">Home</a><a href="/about">About</a></nav><article><h1>Bases handed over</h1>
<p>The army handed over three bases in the north on Tuesday, officials said.</p>
<p>Rockets had struck the bases twice in the month before &amp; nobody was hurt.</p>
<script>alert("inside")</script></article></body></html>"""


def test_html_gives_its_main_text_and_what_its_head_says(tmp_path: Path) -> None:
    [document] = read_bytes(tmp_path, "page.html", PAGE.encode())
    assert "three bases in the north on Tuesday" in document.text
    assert "month before & nobody" in document.text
    assert not any(word in document.text for word in ("secretScript", "alert", "color:red", "<p>"))
    assert document.metadata == {"title": "Bases handed over", "outlet": "Daily Globe", "published": "2020-03-18"}


@pytest.mark.parametrize(
    "source",
    [
        "", "<", "<!-- only -->", "<!DOCTYPE html>", "<?php echo 1 ?>", "<html></html>", "just words",
        '<!-- c --><?xml version="1.0" encoding="utf-8"?><p>Words are here.</p>',
        '<?xml version="1.0" encoding="utf-8"?><html><body><p>Words are here.</p></body></html>',
        "<div>" * 50_000 + "deep", "<b>" * 5_000 + "deep", "<p title='" + "a" * 500_000 + "'>long attribute",
        "<p>&#xD800; &#0; &#x1F600; odd references here.</p>", "<svg onload=alert(1)><text>drawn words</text></svg>",
        '<!DOCTYPE x [<!ENTITY a SYSTEM "secret.txt">]><p>&a; words are here</p>',
        "<p>unclosed <script>alert(1)", "<frameset><frame src=x></frameset>", "<table><p>odd<td>nesting</table></p>",
    ],
)  # fmt: skip
def test_hostile_html_gives_clean_text_or_nothing(tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.txt").write_text("private")
    monkeypatch.chdir(tmp_path)
    for document in read_bytes(tmp_path, "a.html", source.encode()):
        document.text.encode()
        assert "\0" not in document.text
        assert "alert(1)" not in document.text
        assert "private" not in document.text


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


def test_each_json_line_is_a_document_of_its_own(tmp_path: Path) -> None:
    data = line(_id="a/1", title="A title", text="The text.") + b"\n" + line(_id="ü 2", text="No title.").rstrip()
    first, second = read_bytes(tmp_path, "c.jsonl", data)
    assert (first.doc_id, first.text, first.metadata["title"]) == ("a/1", "A title\n\nThe text.", "A title")
    assert (second.doc_id, second.text, second.metadata["title"]) == ("ü 2", "No title.", None)


@pytest.mark.parametrize("title", [None, "", "  "])
def test_without_a_title_the_text_stands_alone(tmp_path: Path, title: str | None) -> None:
    [document] = read_bytes(tmp_path, "c.jsonl", line(_id="1", title=title, text="Text alone."))
    assert document.text == "Text alone."


def test_what_no_text_can_hold_is_replaced_one_for_one(tmp_path: Path) -> None:
    [document] = read_bytes(tmp_path, "c.jsonl", b'{"_id": "1", "text": "a\\u0000b\\ud800c\\ud83d\\ude00d"}')
    assert document.text == "a\ufffdb\ufffdc😀d"


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b'{"_id": "2", "text": ', "line 2 is not JSON"),
        (b"[1, 2]", "line 2 is not of the form"),
        (b'"text"', "line 2 is not of the form"),
        (b'{"text": "no id"}', "line 2 is not of the form"),
        (b'{"_id": "2"}', "line 2 is not of the form"),
        (b'{"_id": 2, "text": "x"}', "line 2 is not of the form"),
        (b'{"_id": "2", "text": null}', "line 2 is not of the form"),
        (b'{"_id": " ", "text": "x"}', 'line 2: "_id" must be a name'),
        (b'{"_id": "2", "text": "x", "title": 5}', 'line 2: "_id" must be a name and "title" a text'),
        (b'{"_id": "2", "text": "\xff"}', "line 2 is not UTF-8"),
        (b"[" * 100_000, "line 2 is not JSON"),
        (b'{"_id": "2", "n": ' + b"9" * 5000 + b"}", "line 2 is not JSON"),
    ],
)
def test_a_malformed_json_line_is_named(tmp_path: Path, bad: bytes, why: str) -> None:
    assert why in refusal(tmp_path, "c.jsonl", line(_id="1", text="fine") + bad + b"\n" + line(_id="3", text="fine"))


def test_a_json_line_above_the_limit_is_refused_but_a_long_file_is_not(tmp_path: Path) -> None:
    many = b"".join(line(_id=str(n), text="word " * 20) for n in range(50))
    assert len(read_bytes(tmp_path, "c.jsonl", many, limit=1000)) == 50
    assert "line 2 has" in refusal(
        tmp_path, "c.jsonl", line(_id="1", text="x") + line(_id="2", text="y" * 2000), limit=1000
    )
