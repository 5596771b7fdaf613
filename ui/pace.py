"""Slows a stream of snapshots down to what a page can show, without holding back whoever makes them; for `ui.chat`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


def paced(snapshots: Iterator[T], pause: float) -> Iterator[T]:
    """Yield the newest snapshot at most every `pause` seconds; the last one always, and without waiting.

    An error of `snapshots` is raised here. Closing this iterator ends the reading of `snapshots` at its next item.
    """
    reader = _Reader(snapshots)
    threading.Thread(target=reader.run, name="answer", daemon=True).start()
    try:
        yield from reader.drain(pause)
    finally:
        reader.wanted = False


class _Reader(Generic[T]):
    """Reads ahead in a thread of its own and keeps the newest snapshot that nobody has taken yet."""

    def __init__(self, snapshots: Iterator[T]) -> None:
        self.wanted = True
        self._snapshots = snapshots
        self._newest: list[T] = []
        self._problem: BaseException | None = None
        self._over = False
        self._changed = threading.Condition()

    def run(self) -> None:
        """Read until the end, an error, or until nobody wants more."""
        try:
            for snapshot in self._snapshots:
                with self._changed:
                    self._newest = [snapshot]
                    self._changed.notify_all()
                if not self.wanted:
                    break
        except BaseException as problem:  # handed to the reading side, whatever it is
            self._problem = problem
        finally:
            close = getattr(self._snapshots, "close", None)
            if close is not None:
                close()
            with self._changed:
                self._over = True
                self._changed.notify_all()

    def drain(self, pause: float) -> Iterator[T]:
        """Yield the newest snapshots as they come."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._newest or self._over)
                taken, self._newest = self._newest, []
                over = self._over
            yield from taken
            if over:
                break
            with self._changed:
                self._changed.wait_for(lambda: self._over, timeout=pause)
        if self._problem is not None:
            raise self._problem
