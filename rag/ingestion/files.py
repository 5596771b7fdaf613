"""Which files are meant, and under what names."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SourceError
from rag.ingestion.reading import READERS, File
from rag.schema import FileProblem


@dataclass(frozen=True, slots=True)
class Scope:
    """The files of one sync. `folders` are those whose vanished files count as removed; `named` were asked for by name."""

    files: tuple[File, ...]
    skipped: tuple[FileProblem, ...]
    folders: tuple[Path, ...]
    named: frozenset[Path]

    def covers(self, path: Path) -> bool:
        """Whether a file that is not there any more belonged to this scope."""
        return any(folder in path.parents for folder in self.folders)


def find_files(paths: Sequence[Path], docs: Path) -> Scope:
    """List the documents under `paths`. Names are relative to `docs` below it, else to the folder given, else the file name.

    Raises:
        SourceError: a path does not exist or is of no type that is read, or there is no document under it.
    """
    files: dict[Path, File] = {}
    skipped: list[FileProblem] = []
    folders: list[Path] = []
    named: set[Path] = set()
    for given in paths:
        path = given.expanduser().resolve()
        base = docs.resolve() if _inside(path, docs.resolve()) else path
        if path.is_dir():
            found, passed = _walk(path, base)
            if not found:
                raise SourceError(f"no documents in {given}: it holds no {_types()} file")
            folders.append(path)
            skipped += passed
            files |= {file.path: file for file in found}
        elif not path.exists():
            raise SourceError(f"no such file or folder: {given}")
        elif path.suffix.lower() not in READERS or not path.is_file():
            raise SourceError(f"cannot read {given}: documents are {_types()} files")
        else:
            named.add(path)
            name = path.name if base == path else path.relative_to(base).as_posix()
            files[path] = File(path, name)
    return Scope(tuple(files.values()), tuple(skipped), tuple(folders), frozenset(named))


def _walk(folder: Path, base: Path) -> tuple[list[File], list[FileProblem]]:
    files: list[File] = []
    skipped: list[FileProblem] = []

    def unreadable(error: OSError) -> None:
        raise SourceError(f"cannot read the folder {error.filename} ({error.strerror})")

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            reason = None if name.startswith(".") else _reason_to_skip(path, folder)
            if reason:
                skipped.append(FileProblem(path.relative_to(base).as_posix(), reason))
            elif not name.startswith("."):
                files.append(File(path, path.relative_to(base).as_posix()))
    return files, skipped


def _reason_to_skip(path: Path, folder: Path) -> str | None:
    if path.suffix.lower() not in READERS:
        return f"type {path.suffix or 'without extension'} is not read"
    if path.is_symlink() and not _inside(path.resolve(), folder):
        return "a link that leads out of the folder"
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return "its name is not UTF-8"
    try:
        return None if stat.S_ISREG(path.stat().st_mode) else "not a plain file"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _inside(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _types() -> str:
    return ", ".join(sorted(READERS))
