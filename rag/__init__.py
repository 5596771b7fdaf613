"""Attest: ask your own documents, and check every sentence of the answer."""

from rag.assistant import Assistant
from rag.config import Config
from rag.errors import RagError
from rag.schema import Answer, Citation, Claim, Disagreement, DocumentInfo, GroundingReport, Passage, SyncReport, Turn

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Claim",
    "Config",
    "Disagreement",
    "DocumentInfo",
    "GroundingReport",
    "Passage",
    "RagError",
    "SyncReport",
    "Turn",
]
