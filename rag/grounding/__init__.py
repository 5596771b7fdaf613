"""Check an answer against the documents."""
