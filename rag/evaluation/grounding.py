"""Check each sentence of each response anew: what an answers file says of its own support is not believed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.evaluation.matching import Exactness
from rag.evaluation.records import Response
from rag.grounding.checker import GroundingChecker
from rag.schema import Verdict

_NO_EVIDENCE = Verdict("unsupported", 0.0, ("there is no evidence",))
_SUPPORTS = ("quoted", "supported")
Pair = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence after checking. `needed`: how many of its `cited` citations it needs (ALCE's citation precision).

    `cited` is None where the system does not cite by sentence; `absent` of them do not exist. `judged`: there was evidence, by
    which the checker judged it.
    """

    verdict: Verdict
    mis_cited: bool
    cited: int | None
    needed: int
    absent: int = 0
    judged: bool = True

    @property
    def supported(self) -> bool:
        """Whether the sentence is quoted from or supported by its evidence."""
        return self.verdict.label in _SUPPORTS


@dataclass(frozen=True, slots=True)
class Grounded:
    """A response after checking; `faults` has an entry for each citation, None = exact."""

    sentences: tuple[Checked, ...]
    faults: tuple[str | None, ...]


def ground(responses: Iterable[Response], checker: GroundingChecker, exactness: Exactness) -> list[Grounded]:
    """Check every sentence against what it cites, and where that does not support it against all that was retrieved.

    A sentence one of whose citations is not exact or does not exist is unsupported. A sentence of a system that does not cite
    by sentence is checked against the passages.
    """
    found = [_faults(response, exactness) for response in responses]
    asked = [(response, faults, _evidence(response, faults, exactness)) for response, faults in found]
    judge = _Judge(checker)
    judge.prepare(
        (s.text, e) for response, _, evidence in asked for s, e in zip(response.sentences, evidence, strict=True)
    )
    retry = [
        (s.text, _passages(response))
        for response, _, evidence in asked
        for s, e in zip(response.sentences, evidence, strict=True)
        if s.citations is not None and judge(s.text, e).label not in _SUPPORTS
    ]
    judge.prepare(retry)
    several = [
        (s.text, part)
        for response, _, evidence in asked
        for s, e in zip(response.sentences, evidence, strict=True)
        if len(e) > 1 and s.citations is not None and judge(s.text, e).label in _SUPPORTS
        for at in range(len(e))
        for part in ((e[at],), e[:at] + e[at + 1 :])
    ]
    judge.prepare(several)
    return [
        Grounded(
            tuple(_checked(response, at, evidence[at], judge) for at in range(len(evidence))),
            faults,
        )
        for response, faults, evidence in asked
    ]


class _Judge:
    """Remembers verdicts, so that each pair goes to the checker once, in batches."""

    def __init__(self, checker: GroundingChecker) -> None:
        self._checker = checker
        self._known: dict[Pair, Verdict] = {}

    def prepare(self, pairs: Iterable[Pair]) -> None:
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._known and any(map(str.strip, pair[1]))]
        self._known.update(zip(new, self._checker.judge(new), strict=True))

    def __call__(self, claim: str, evidence: tuple[str, ...]) -> Verdict:
        return self._known.get((claim, evidence), _NO_EVIDENCE)  # no checker is asked to find support in nothing


def _faults(response: Response, exactness: Exactness) -> tuple[Response, tuple[str | None, ...]]:
    passages = response.passages or ()
    return response, tuple(exactness.fault(citation, passages) for citation in response.citations or ())


def _evidence(response: Response, faults: Sequence[str | None], exactness: Exactness) -> list[tuple[str, ...]]:
    """Return what each sentence is checked against: nothing, if any of its citations is not exact."""
    exact = {c.n: c for c, fault in zip(response.citations or (), faults, strict=True) if fault is None}
    found: list[tuple[str, ...]] = []
    for stated in response.sentences:
        if stated.citations is None:
            found.append(_passages(response))
        elif exact.keys() >= set(stated.citations):
            found.append(tuple(exactness.evidence(stated.text, exact[n]) for n in stated.citations))
        else:
            found.append(())
    return found


def _passages(response: Response) -> tuple[str, ...]:
    return tuple(passage.text for passage in response.passages or ())


def _checked(response: Response, at: int, evidence: tuple[str, ...], judge: _Judge) -> Checked:
    stated = response.sentences[at]
    verdict = judge(stated.text, evidence)
    if stated.citations is None:
        return Checked(verdict, False, None, 0, judged=bool(evidence))
    cited = len(stated.citations)
    if verdict.label not in _SUPPORTS:
        elsewhere = judge(stated.text, _passages(response)).label in _SUPPORTS
        known = {citation.n for citation in response.citations or ()}
        absent = [n for n in stated.citations if n not in known]
        return Checked(
            _explained(verdict, stated.citations, absent, evidence), elsewhere, cited, 0, len(absent), bool(evidence)
        )
    if len(evidence) == 1:
        return Checked(verdict, False, cited, 1)
    needed = sum(
        judge(stated.text, (quote,)).label in _SUPPORTS
        or judge(stated.text, evidence[:i] + evidence[i + 1 :]).label not in _SUPPORTS
        for i, quote in enumerate(evidence)
    )
    return Checked(verdict, False, cited, needed)


def _explained(verdict: Verdict, citations: Sequence[int], absent: Sequence[int], evidence: Sequence[str]) -> Verdict:
    if evidence:
        return verdict
    reasons = [f"citation {n} does not exist" for n in absent[:3]]
    if not absent:
        reasons = ["a citation of it is not exact" if citations else "it cites nothing"]
    return Verdict("unsupported", 0.0, tuple(reasons))
