"""Find passages for a question."""
