"""Ask a question set through the facade: one answer for each question, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rag.assistant import Assistant
from rag.errors import RagError
from rag.evaluation.records import Question
from rag.schema import Progress


def run(
    assistant: Assistant, questions: Sequence[Question], progress: Callable[[Progress], None] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the answer to each question as a JSON object, with the question's id; `error` where a question cannot be asked.

    Raises:
        RagError: the index cannot be asked at all.
    """
    assistant.index_state()  # an index that cannot be asked is one error, not one for each question
    for number, question in enumerate(questions, start=1):
        try:
            answer = assistant.ask(question.question, question.history)
            yield answer.to_dict() | {"id": question.id}
        except RagError as error:
            yield {"id": question.id, "error": str(error)}
        if progress:
            progress(Progress("answering", number, len(questions)))
