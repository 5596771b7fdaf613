"""What the server remembers for a page: its conversation, and the answers whose citations it may open.

The browser never sends an answer back. It names one by an unguessable id, which opens only for the session that asked.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Literal

from rag.schema import Answer, GroundingReport, Turn

HISTORY_LIMIT = 10
"""Earlier questions that are handed to the assistant with a new one."""

State = Literal["working", "done", "stopped", "failed"]
Citing = Answer | GroundingReport
"""What has citations that a page may open: an answer, or what was found of a text."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what has come of it so far.

    `stage` says in words what is going on; `answer` is the browser's form of the answer (None before the first words of
    it); `said` is its plain text, for the assistant's memory; `problem` is set when `state` is "failed" or "stopped".
    """

    id: str
    question: str
    state: State = "working"
    stage: str = ""
    answer: dict[str, Any] | None = None
    said: str = ""
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The exchanges of one page, oldest first."""

    exchanges: tuple[Exchange, ...] = ()

    def with_last(self, exchange: Exchange) -> Conversation:
        """Return this conversation with `exchange` added, or in the place of the one with its id."""
        kept = tuple(item for item in self.exchanges if item.id != exchange.id)
        return Conversation((*kept, exchange))

    def turns(self) -> tuple[Turn, ...]:
        """Return what was finished, as the assistant's `history`."""
        turns: list[Turn] = []
        for exchange in [item for item in self.exchanges if item.state == "done"][-HISTORY_LIMIT:]:
            turns += [Turn("user", exchange.question), Turn("assistant", exchange.said)]
        return tuple(turns)


def new_id() -> str:
    """Return an id that cannot be guessed."""
    return secrets.token_urlsafe(18)


@dataclass(slots=True)
class AnswerStore:
    """What is cited from, by id, each with the session that owns it; the oldest are dropped beyond `capacity`. Thread-safe."""

    capacity: int = 2_000
    _held: OrderedDict[str, tuple[str, Citing]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, owner: str, key: str, answer: Citing) -> None:
        """Hold `answer`, replacing an earlier state of it."""
        with self._lock:
            self._held[key] = (owner, answer)
            self._held.move_to_end(key)
            while len(self._held) > self.capacity:
                self._held.popitem(last=False)

    def get(self, owner: str | None, key: object) -> Citing | None:
        """Return the answer if it is there and `owner` asked for it, else None."""
        if not owner or not isinstance(key, str):
            return None
        with self._lock:
            held = self._held.get(key)
        return held[1] if held and secrets.compare_digest(held[0].encode(), owner.encode()) else None

    def drop(self, owner: str | None, keys: tuple[str, ...]) -> None:
        """Forget the answers of `owner` among `keys`."""
        with self._lock:
            for key in keys:
                if key in self._held and self._held[key][0] == owner:
                    del self._held[key]
