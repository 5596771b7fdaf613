"""Which files are meant, and under what names."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SourceError
from rag.ingestion.reading import SUFFIXES, File
from rag.schema import FileProblem


@dataclass(frozen=True, slots=True)
class Scope:
    """The files of one sync. Of `folders`, vanished files count as removed; `named` were asked for by name."""

    files: tuple[File, ...]
    skipped: tuple[FileProblem, ...]
    folders: tuple[Path, ...]
    named: frozenset[Path]

    def covers(self, path: Path) -> bool:
        """Whether a file indexed earlier would be in this scope if it were still there and still a document."""
        return any(
            folder in path.parents and not any(part.startswith(".") for part in path.relative_to(folder).parts)
            for folder in self.folders
        )


def find_files(paths: Sequence[Path], docs: Path) -> Scope:
    """List the documents under `paths`, named relative to `docs` below it, else to the folder given.

    Raises:
        SourceError: a path does not exist or is of no type that is read, or there is no document under it.
    """
    files: dict[Path, File] = {}
    skipped: list[FileProblem] = []
    folders: list[Path] = []
    named: set[Path] = set()
    for given in paths:
        path = _resolved(given)
        base = docs.resolve() if _inside(path, docs.resolve()) else path
        if path.is_dir():
            found, passed = _walk(path, base)
            if not found:
                raise SourceError(f"no documents in {given}: it holds no {_types()} file")
            folders.append(path)
            skipped += passed
            files |= {file.path: file for file in found}
        elif path.suffix.lower() not in SUFFIXES or not path.is_file():
            raise SourceError(f"cannot read {given}: documents are {_types()} files")
        else:
            named.add(path)
            name = path.name if base == path else path.relative_to(base).as_posix()
            files[path] = File(path, name)
    return Scope(tuple(files.values()), tuple(skipped), tuple(folders), frozenset(named))


def _resolved(given: Path) -> Path:
    try:
        path = given.expanduser().resolve()
        path.stat()
        str(path).encode()
    except UnicodeEncodeError:
        raise SourceError("the path of a file or folder given is not UTF-8: rename it") from None
    except FileNotFoundError:
        raise SourceError(f"no such file or folder: {given}") from None
    except OSError as error:
        raise SourceError(f"cannot read {given} ({error.strerror})") from None
    except (ValueError, RuntimeError) as error:  # a NUL in it, a loop of links, "~" of nobody
        raise SourceError(f"cannot read {given} ({error})") from None
    return path


def _walk(folder: Path, base: Path) -> tuple[list[File], list[FileProblem]]:
    files: list[File] = []
    skipped: list[FileProblem] = []

    def unreadable(error: OSError) -> None:
        raise SourceError(f"cannot read the folder {error.filename} ({error.strerror})")

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            if Path(parent, name).is_symlink():
                skipped.append(FileProblem(Path(parent, name).relative_to(base).as_posix(), "a link to a folder"))
        for name in sorted(names):
            path = Path(parent, name)
            reason = None if name.startswith(".") else _reason_to_skip(path, folder)
            if reason:
                skipped.append(FileProblem(path.relative_to(base).as_posix(), reason))
            elif not name.startswith("."):
                files.append(File(path, path.relative_to(base).as_posix()))
    return files, skipped


def _reason_to_skip(path: Path, folder: Path) -> str | None:
    if path.suffix.lower() not in SUFFIXES:
        return f"type {path.suffix or 'without extension'} is not read"
    if path.is_symlink() and not _inside(Path(os.path.realpath(path)), folder):  # resolve() fails on a loop of links
        return "a link that leads out of the folder"
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return "its name is not UTF-8"
    try:
        return None if stat.S_ISREG(path.stat().st_mode) else "not a plain file"
    except OSError:
        return "a link that leads nowhere" if path.is_symlink() else None  # reading it will say why it cannot be


def _inside(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _types() -> str:
    return ", ".join(sorted(SUFFIXES))
