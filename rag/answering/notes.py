"""What a reader of an answer should know of how it came about: how much was read, and whether the models know the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answering.features import Evidence
from rag.answering.questions import Question
from rag.text.language import is_english

_LOOKED_AT = 3  # passages: those that count most


def notes(
    question: Question,
    evidence: Sequence[Evidence],
    chunks: int,
    taken: Mapping[str, str],
    suggested: Mapping[str, Sequence[str]],
) -> str:
    """Return what to know, in sentences; "" = nothing.

    `chunks` are those that were searched; `taken` and `suggested` are names that no document mentions, with what was looked up
    instead, and with what might have been meant.
    """
    said = [f"No document mentions “{asked}”: “{name}” was looked up instead." for asked, name in taken.items()]
    for asked, others in suggested.items():
        said.append(f"No document mentions “{asked}”; was {' or '.join(f'“{name}”' for name in others)} meant?")
    if question.many and chunks > len(evidence):
        said.append(f"The {len(evidence)} closest of {chunks:,} passages were read: others may add to this.")
    foreign = [item for item in evidence[:_LOOKED_AT] if not is_english(item.passage.text)]
    if not is_english(question.text):
        said.append(
            "The question does not read as English, the only language that the models know: what answers it may be missed."
        )
    elif evidence and len(foreign) == len(evidence[:_LOOKED_AT]):
        said.append(
            "The passages do not read as English, the only language that the models know: what answers may be missed."
        )
    return " ".join(said)
