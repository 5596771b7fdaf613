"""The index on disk: the catalog, which is the truth, and the vectors derived from it."""
