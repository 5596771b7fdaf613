"""The embedding model: its weights, its export, and what runs it."""
