"""Compare the files with the catalog: which documents are to be put in, which to go. For `sync`; changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from llama_index.core.schema import Document, TextNode

from rag.errors import SourceError
from rag.ingestion.files import Scope
from rag.ingestion.reading import File, read, refuse_huge
from rag.ingestion.splitting import PieceCounter, split, text_sha256
from rag.schema import FileProblem, Progress
from rag.store.catalog import Catalog
from rag.store.records import Chunk, Record, Source

Report = Callable[[Progress], None]


@dataclass
class Plan:
    """What a sync is going to do."""

    put: dict[str, Record] = field(default_factory=dict)
    drop: set[str] = field(default_factory=set)
    sources: dict[str, Source] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)  # source paths
    included: set[str] = field(default_factory=set)  # documents that any exclusion ends for
    unchanged: int = 0
    skipped: list[FileProblem] = field(default_factory=list)
    failed: list[FileProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Changed:
    """A file that was read: the documents it holds, and those that the catalog holds of it with their state."""

    file: File
    source: Source
    wanted: dict[str, Document]
    held: dict[str, tuple[str | None, ...]]


class Planner:
    """Makes the plan of one sync."""

    def __init__(
        self, catalog: Catalog, model: PieceCounter, scope: Scope, *, max_bytes: int, report: Report, rebuild: bool
    ) -> None:
        self._catalog = catalog
        self._model = model
        self._scope = scope
        self._max_bytes = max_bytes
        self._report = report
        self._rebuild = rebuild
        self._known = catalog.sources()
        self._plan = Plan(skipped=list(scope.skipped))

    def plan(self) -> Plan:
        """Read what changed and return what is to be done; a file that cannot be read keeps its earlier version."""
        plan, files = self._plan, self._scope.files
        listed = {str(file.path) for file in files}
        plan.gone = {path for path in self._known if path not in listed and self._scope.covers(Path(path))}
        for path in plan.gone:
            plan.drop |= self._held(path).keys()
        changed: list[_Changed] = []
        for number, file in enumerate(files):
            self._report(Progress("reading", number, len(files)))
            try:
                changed += self._read(file)
            except SourceError as error:
                plan.failed.append(FileProblem(file.name, str(error)))
        for number, item in enumerate(self._without_clashes(changed)):
            self._report(Progress("reading", len(files) + number, len(files) + len(changed)))
            self._put(item)
        if self._rebuild:
            self._split_rest()
        total = len(files) + len(changed)
        self._report(Progress("reading", total, total))
        return plan

    def _read(self, file: File) -> list[_Changed]:
        """Return the file as one item if it changed, else nothing."""
        refuse_huge(file, self._max_bytes)
        named = file.path in self._scope.named
        known = self._known.get(str(file.path))
        source = _stat(file, known)
        held = self._held(source.path)
        again = self._rebuild or (named and bool(self._catalog.rows("SELECT 1 FROM exclusions LIMIT 1")))
        if known and source.sha256 == known.sha256 and not again:
            self._plan.unchanged += len(held)
            if source != known:
                self._plan.sources[source.path] = source
            return []
        documents = read(file, self._max_bytes, lambda note: self._plan.notes.append(f"{file.name} {note}"))
        if not documents:
            self._plan.skipped.append(FileProblem(file.name, "holds no text"))
        return [_Changed(file, source, self._wanted(documents, named=named), held)]

    def _wanted(self, documents: Sequence[Document], *, named: bool) -> dict[str, Document]:
        wanted: dict[str, Document] = {}
        for document in documents:
            name = document.doc_id
            if name in wanted:
                raise SourceError(f"holds two documents named {name!r}: rename one")
            excluded = self._catalog.rows("SELECT sha256 FROM exclusions WHERE document = ?", [name])
            if excluded and not named and excluded[0][0] == text_sha256(document.text):
                self._plan.skipped.append(FileProblem(name, "removed earlier; name its file to bring it back"))
            else:
                wanted[name] = document
        return wanted

    def _without_clashes(self, changed: Sequence[_Changed]) -> list[_Changed]:
        """Leave out each file with a document whose name is taken; one that is left out keeps the names it had."""
        while True:
            active = {item.source.path for item in changed}
            owners: dict[str, str] = {}
            fine = []
            for item in changed:
                clash = next(
                    ((n, o) for n in item.wanted if (o := self._owner(n, item.source.path, owners, active))), None
                )
                if clash:
                    reason = (
                        f"two documents are named {clash[0]!r}, here and in {clash[1]}: rename one, or use two indexes"
                    )
                    self._plan.failed.append(FileProblem(item.file.name, reason))
                else:
                    owners |= dict.fromkeys(item.wanted, item.source.path)
                    fine.append(item)
            if len(fine) == len(changed):
                return fine
            changed = fine

    def _owner(self, name: str, path: str, owners: dict[str, str], active: set[str]) -> str | None:
        """Return the other file that has a document of that name, and keeps it after this sync."""
        if name in owners:
            return owners[name]
        rows = self._catalog.rows("SELECT source FROM documents WHERE id = ? AND source != ?", [name, path])
        other = str(rows[0][0]) if rows else None
        if other is None or other in active or other in self._plan.gone or not Path(other).exists():
            return None
        return other

    def _put(self, item: _Changed) -> None:
        plan = self._plan
        for name, document in item.wanted.items():
            if not self._rebuild and item.held.get(name) == _identity(document):
                plan.unchanged += 1
            else:
                plan.put[name] = _record(document, item.source.path, split(document, self._model))
                plan.drop.add(name)
        plan.drop |= item.held.keys() - item.wanted.keys()
        plan.included |= item.wanted.keys()
        plan.sources[item.source.path] = item.source

    def _split_rest(self) -> None:
        """Split again, from the stored text, the documents of other folders: all of an index has one model."""
        rows = self._catalog.rows("SELECT id, source, title, outlet, published, text FROM documents")
        for name, source, title, outlet, published, text in rows:
            if name not in self._plan.put and name not in self._plan.drop:
                metadata = {"title": title, "outlet": outlet, "published": published}
                document = Document(id_=name, text=text, metadata=metadata)
                self._plan.put[name] = _record(document, source, split(document, self._model))
                self._plan.drop.add(name)

    def _held(self, source: str) -> dict[str, tuple[str | None, ...]]:
        rows = self._catalog.rows(
            "SELECT id, sha256, title, outlet, published FROM documents WHERE source = ?", [source]
        )
        return {row[0]: tuple(row[1:]) for row in rows}


def _stat(file: File, known: Source | None) -> Source:
    """Return the file's state; it is hashed only if its size or time differ from those known."""
    try:
        found = file.path.stat()
        if known and (found.st_size, found.st_mtime_ns) == (known.size, known.mtime_ns):
            return known
        with file.path.open("rb") as stream:
            sha = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})") from None
    return Source(str(file.path), found.st_size, found.st_mtime_ns, sha)


def _identity(document: Document) -> tuple[str | None, ...]:
    known = document.metadata
    return text_sha256(document.text), known["title"], known["outlet"], known["published"]


def _record(document: Document, source: str, nodes: Sequence[TextNode]) -> Record:
    chunks = tuple(
        Chunk(
            node.node_id, document.doc_id, node.start_char_idx or 0, node.end_char_idx or 0, node.text,
            tuple(node.metadata["sentences"]), text_sha256(node.text),
        )
        for node in nodes
    )  # fmt: skip
    known = document.metadata
    return Record(
        document.doc_id, source, text_sha256(document.text),
        known["title"], known["outlet"], known["published"], document.text, chunks,
    )  # fmt: skip
