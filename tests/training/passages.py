"""Small passages to make training examples of."""

from __future__ import annotations

PLACES = ["Valdora", "Arlen", "Korsk", "Melina", "Tarn", "Osby", "Lund", "Perth"]


def context(place: str, year: int) -> str:
    return (
        f"The harbour of {place} was closed in {year} after the flood that ruined both of its quays. "
        f"Mayor Ann Dole of {place} opened a new bridge over the river Iwell three years later. "
        f"Some 400 people had moved to the hills by then, most of them fishermen and their families. "
        f"The fishermen asked the council of Korsk for boats and for two houses near the old market."
    )
