"""Questions drafted from somebody's own documents, without a language model, for a person to read and correct."""

from rag.evaluation.drafting.selecting import draft

__all__ = ["draft"]
