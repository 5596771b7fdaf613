"""What a reader of an answer should know of how it came about: how much was read, and whether the models know the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.answering.features import Evidence
from rag.answering.questions import Question
from rag.text.language import is_english

_LOOKED_AT = 3  # passages: those that count most


def notes(question: Question, evidence: Sequence[Evidence], chunks: int, spelt: Mapping[str, str]) -> str:
    """Return what to know, in sentences; "" = nothing.

    `chunks` are those that were searched, `spelt` the names that the documents spell in another way: {as asked: as written}.
    """
    said = [f"“{asked}” is taken for “{written}”, as the documents spell it." for asked, written in spelt.items()]
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
