"""What happens when a text is checked: which of its sentences do the documents bear out?

Plain functions, called by `ui.events`. A problem becomes a line that the reader sees, never a traceback.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from rag.grounding.texts import stated
from rag.schema import GroundingReport
from ui.chat import NO_DOCUMENTS, NO_SESSION, count_of, told
from ui.render import View, render_report
from ui.sessions import new_id
from ui.source import Library, Source

UNEXPECTED = "The check could not be finished: a fault in Attest. The details are in the terminal that runs it."

_BORNE_OUT = ("quoted", "supported")


class Checks(Library, Protocol):
    """What a check asks of an `Assistant`."""

    def check_text(self, text: str, documents: Sequence[str] | None = None) -> GroundingReport:
        """Say of each sentence whether the documents bear it out; raises `UsageError`."""


@dataclass(frozen=True, slots=True)
class Check:
    """One state of a check: `stage` says in words what is going on, `summary` what came of it, `problem` what is wrong.

    `id` opens the citations of `sentences`, which are in the browser's form.
    """

    state: Literal["idle", "working", "done", "failed"] = "idle"
    stage: str = ""
    problem: str = ""
    id: str = ""
    summary: str = ""
    sentences: tuple[View, ...] = ()


@dataclass(frozen=True, slots=True)
class Checking:
    """Checks texts with one assistant; the source pane opens what they rest on."""

    assistant: Checks
    source: Source

    def run(self, text: str, owner: str | None) -> Iterator[Check]:
        """Check `text`, yielding first that it is being done, then what came of it."""
        if not owner:
            yield _failed(NO_SESSION)
            return
        yield from told(self._steps(text, owner), _failed, UNEXPECTED)

    def _steps(self, text: str, owner: str) -> Iterator[Check]:
        if not self.assistant.documents():
            yield _failed(NO_DOCUMENTS)
            return
        yield Check("working", f"Checking {_sentences(len(stated(text)))}…")
        report = self.assistant.check_text(text)
        key = new_id()
        self.source.answers.put(owner, key, report)
        drawn = render_report(report, functools.cache(self.source.read))
        yield Check("done", id=key, summary=summary(report), sentences=tuple(drawn))


def summary(report: GroundingReport) -> str:
    """Return the outcome in one line: "3 of 4 sentences are borne out by your documents; 1 was not checked"."""
    checked = [claim for claim in report.claims if claim.support != "unchecked"]
    borne = sum(claim.support in _BORNE_OUT for claim in checked)
    left = len(report.claims) - len(checked)
    if not checked:
        return "No sentence of this text could be checked"
    outcome = f"{borne} of {_sentences(len(checked))} {'is' if 1 in (borne, len(checked)) else 'are'} borne out by your documents"
    return f"{outcome}; {left} {'was' if left == 1 else 'were'} not checked" if left else outcome


def before_any(documents: int) -> Check:
    """Return the state of a page on which nothing has been checked yet."""
    held = f"Each sentence is held against your {count_of(documents)}, and shown with those it rests on."
    return Check(stage=held if documents else NO_DOCUMENTS)


def check_view(check: Check) -> View:
    """Return what the result of a check draws."""
    return {
        "state": check.state,
        "id": check.id,
        "stage": check.stage,
        "problem": check.problem,
        "summary": check.summary,
        "sentences": list(check.sentences),
    }


def _failed(problem: str) -> Check:
    return Check("failed", problem=problem)


def _sentences(count: int) -> str:
    return f"{count} sentence{'' if count == 1 else 's'}"
