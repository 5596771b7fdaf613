"""From files to documents, chunks and a synced index."""
