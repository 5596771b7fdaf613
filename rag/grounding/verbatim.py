"""Whether a claim is one or more whole sentences of its evidence, word for word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.text.normal import normalise
from rag.text.sentences import sentences

_EDGES = " .\"'*_"  # a question mark stays: "He resigned?" does not say that he did


@dataclass(frozen=True)
class Passage:
    """A text and its sentences, in order."""

    text: str

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences as written."""
        return tuple(self.text[span.start : span.end] for span in sentences(self.text))

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The normal form of each sentence, without the full stop and quotation marks around it."""
        return tuple(normalise(sentence).text.strip(_EDGES) for sentence in self.sentences)


def is_verbatim(claim: str, passages: Sequence[Passage]) -> bool:
    """Tell whether a claim is one or more whole sentences, in sequence, of one of the passages, in normal form.

    A part of a sentence is not verbatim: "the minister resigned" stands in "He denied that the minister resigned", too.
    """
    wanted = _joined(Passage(claim).forms)
    return bool(wanted.strip()) and any(wanted in _joined(passage.forms) for passage in passages)


def _joined(forms: Sequence[str]) -> str:
    """Put line breaks, of which a normal form has none, around each form."""
    return "\n" + "".join(form + "\n" for form in forms if form)
