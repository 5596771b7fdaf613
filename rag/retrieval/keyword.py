"""Keyword candidates: BM25 over the catalog's full-text index."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.store.catalog import Catalog
from rag.text.terms import content_terms

_COMMON = 0.2  # a term in more than this share of the chunks finds nothing by itself, and is slow to look up
_K1 = 1.2  # of BM25, as SQLite's FTS5 has it


@dataclass(frozen=True, slots=True)
class Query:
    """A question as search terms with their inverse document frequencies; rarer is higher, 0 = in every chunk or none."""

    idf: dict[str, float]
    match: str

    @property
    def ceiling(self) -> float:
        """The BM25 score that no chunk can pass: each term saturated."""
        return sum(self.idf.values()) * (_K1 + 1) or 1.0


def inverse_frequencies(catalog: Catalog, found: Sequence[str], *, at_least: int = 1) -> dict[str, float]:
    """Return BM25's idf for each term: ln(1 + (N - df + .5) / (df + .5)); a term that no chunk holds has the highest.

    N is the number of chunks, or `at_least` if that is more: in a handful of documents counts say little about rarity.
    """
    chunks = max(catalog.counts()[1], at_least)
    marks = ",".join("?" * len(found))
    rows = catalog.rows(f"SELECT term, doc FROM vocabulary WHERE term IN ({marks})", list(found))
    counts: dict[str, int] = {str(term): int(count) for term, count in rows}
    return {term: math.log(1 + (chunks - counts.get(term, 0) + 0.5) / (counts.get(term, 0) + 0.5)) for term in found}


def build_query(catalog: Catalog, question: str) -> Query:
    """Turn a question into a full-text query of its terms, leaving out the common ones if rarer ones remain."""
    found = content_terms(question)[:64]
    idf = inverse_frequencies(catalog, found)
    common = math.log(1 + (1 - _COMMON) / _COMMON)
    rare = [term for term in found if idf[term] > common] or found
    return Query({term: idf[term] for term in rare}, " OR ".join(f'"{term}"' for term in rare))


def search(
    catalog: Catalog, query: Query, k: int, *, documents: Sequence[str] | None = None, ids: Sequence[str] | None = None
) -> list[tuple[str, float]]:
    """Return up to `k` (chunk id, BM25) pairs, best first, among all chunks, those of `documents`, or those of `ids`."""
    if not query.match:
        return []
    where, parameters = "", [query.match]
    for column, values in (("c.document", documents), ("c.id", ids)):
        if values is not None:
            where += f" AND {column} IN (SELECT value FROM json_each(?))"
            parameters.append(json.dumps(list(values)))
    rows = catalog.rows(
        "SELECT c.id, -bm25(words) AS score FROM words JOIN chunks c ON c.key = words.rowid "
        f"WHERE words MATCH ?{where} ORDER BY score DESC, c.id LIMIT ?",
        [*parameters, k],
    )
    return [(str(chunk), float(score)) for chunk, score in rows]
