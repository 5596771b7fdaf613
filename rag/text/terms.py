"""Search terms: the stems under which words are indexed, looked up and compared."""

from __future__ import annotations

from rag.text.normal import words
from rag.text.stem import stem

# Words that say how a question is put rather than what it is about.
STOPWORDS = frozenset(
    stem(word)
    for word in """
    a about after all also am an and any are as at be because been before being both but by can could did do does doing done
    during each for from further get gets give given got had has have having he her here hers him his how i if in into is it
    its itself just let many may me might more most much must my no nor not now of off on once only or other our out over own
    per say says said shall she should so some such tell than that the their them then there these they this those through to
    too under until up us very was we were what when where whether which while who whom whose why will with within without
    would you your s t don dont doesnt didnt isnt wasnt arent werent happen happened please
    """.split()
) - {"us", "may", "before", "after"}


def terms(text: str) -> list[str]:
    """Return the stem of each word of a text, in order, stopwords included."""
    return [stem(word) for word, _, _ in words(text)]


def content_terms(text: str) -> list[str]:
    """Return the distinct stems that say what a text is about, in order; all of its stems if nothing else is left."""
    found = list(dict.fromkeys(terms(text)))
    return [term for term in found if term not in STOPWORDS] or found
