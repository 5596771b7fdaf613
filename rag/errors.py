"""The errors a caller may see; each message says what is wrong, what was got, and what to do.

RagError
├── UsageError          the call itself is wrong (an empty question, k = 0)
├── SourceError         a file or folder to be read
├── DocumentError       a document that the index does not hold
├── IndexMissingError   no index where one was asked for
├── IndexMismatchError  an index made by another model or schema
├── IndexAccessError    an index folder that is read-only, locked or damaged
├── DataError           a question set, answers file, policy or scored folder that does not hold what it should
└── ModelError          weights that are missing or are not the published ones
"""


class RagError(Exception):
    """The root: catch this to show any problem as one line."""


class UsageError(RagError):
    """The call itself is wrong."""


class SourceError(RagError):
    """A file or folder cannot be read as documents."""


class DocumentError(RagError):
    """The index holds no such document."""


class IndexMissingError(RagError):
    """There is no index in that folder."""


class IndexMismatchError(RagError):
    """The index was made by another embedding model or another schema."""


class IndexAccessError(RagError):
    """The index folder cannot be used: read-only, locked by another process, or damaged."""


class ModelError(RagError):
    """Model weights are missing, or are not the ones published."""


class DataError(RagError):
    """A file of evaluation (questions, answers, policy, scores) does not hold what it should."""
