"""What a check finds against a claim."""

from __future__ import annotations

from dataclasses import dataclass

ABSENT = 0.2  # the factor of what the evidence does not say at all, or says otherwise
_LONGEST = 60  # characters of a name or number that a reason repeats


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that speaks against a claim.

    `factor`: what its score is multiplied by, 0 to 1. `against`: the evidence says otherwise, if it speaks of the same at all;
    `about` are the claim's terms that are at issue, which do not count when that is judged.
    """

    reason: str
    factor: float
    against: bool = False
    about: frozenset[str] = frozenset()


def quoted(text: str) -> str:
    """Return some words as a reason repeats them: in quotation marks, cut short if they are many."""
    text = " ".join(text.split())
    return f'"{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"}"'
