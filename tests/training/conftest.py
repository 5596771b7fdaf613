"""Rows over the small passages."""

from __future__ import annotations

import pytest

from rag.training.rows import Row
from tests.training.passages import PLACES, context


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    made = []
    for number, place in enumerate(PLACES):
        text = context(place, 1990 + number)
        for question, answer in (
            (f"In which year was the harbour of {place} closed?", str(1990 + number)),
            (f"Who opened a new bridge in {place}?", "Ann Dole"),
            (f"How many people from {place} moved to the hills?", "400"),
        ):
            start = text.index(answer)
            made.append(
                Row(f"{place}:{answer}", "squadshifts_new_wiki", question, text, ((start, start + len(answer)),))
            )
        made.append(Row(f"{place}:none", "squad_v2_train_articles", f"Who closed the mill of {place}?", text, ()))
    return made
