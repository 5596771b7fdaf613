"""Mark what is no part of a document's message: share buttons, disclaimers, comment forms, credits, contact lines.

The text stays searchable; what is marked is never used as evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.store.records import Kind, SentenceSpan
from rag.text.markup import plain
from rag.text.sentences import Span

# One sentence that is boilerplate wherever it stands.
_ANYWHERE = re.compile(
    r"""
    \b(?:click|use|hit)\b.{0,30}\bshare\s+buttons?
    | ^share\s+(?:this|on)\b(?:\W*\w+){0,4}\W*$
    | \bforward\s+this\s+(?:article|e-?mail)\b
    | \bcrosspost\s+on\b
    | ^(?:tweet|share|print|e-?mail|pin\s+it|whatsapp|facebook|twitter|linkedin|reddit)$
    | ^(?:leave|post|write|add)\s+a\s+(?:reply|comment)\W*$
    | \bcancel\s+reply\b
    | ^\d*\s*comments?$
    | \byour\s+e-?mail\s+address\s+will\s+not\s+be\s+published\b
    | \brequired\s+fields\s+are\s+marked\b
    | ^save\s+my\s+name,?\s+e-?mail
    | ^featured\s+image\s*(?::|$)
    | ^(?:photo|image|picture)\s*(?:credits?\b|\||:|©)
    | ^note\s+to\s+readers\s*(?::|$)
    | ^disclaimer\s*(?::|$)
    | ^(?:copyright\s+(?:©|\(c\)|\d{4}|notice)|©|\(c\)\s).{0,120}$
    | \ball\s+rights\s+reserved\W*$
    | ^the\s+original\s+source\s+of\s+this\s+article\s+is\b
    | ^articles?\s+by:
    | ^this\s+(?:article|post|story)\s+(?:was\s+)?(?:first\s+|originally\s+)(?:appeared|published)\b
    | ^comment\s+on\b.{0,60}\b(?:facebook|page|forum)\b
    | ^become\s+a\s+(?:member|subscriber|patron)\b.{0,80}$
    | ^(?:for\s+)?(?:media|press)\s+(?:inquiries|enquiries|contacts?)\s*(?::|$)
    | ^contact(?:\s+us)?\s*(?::|$)
    | ^(?:subscribe|sign\s+up|log\s+in|register)(?:\s+(?:here|now|today|to|for|with|via)\b.{0,80})?\W*$
    | ^follow\s+(?:us|me)\s+(?:on|at|via)\b.{0,80}$
    | ^(?:like|join)\s+us\s+on\b
    | ^(?:read\s+more|see\s+also|related(?:\s+(?:articles|posts|stories|topics))?)\s*(?::.{0,100})?$
    | ^(?:you\s+may\s+also\s+like\b.{0,100}|advertisement|sponsored(?:\s+content)?)\W*$
    | \b(?:we|this\s+(?:site|website))\s+uses?\s+cookies\b
    | ^(?:privacy|cookie)\s+policy(?:\s*[|·&•/,-].{0,60})?$
    | ^terms\s+of\s+(?:use|service)(?:\s*[|·&•/,-].{0,60})?$
    | ^(?:please\s+)?support\s+our\s+(?:journalism|work)\b
    | ^donate(?:\s+(?:now|here|today|to\s+(?:us|our))\b.{0,60})?\W*$
    | ^skip\s+to\s+(?:main\s+)?content\b
    | \bcontains\s+copyrighted\s+material\s+the\s+use\b
    | \bunder\s+the\s+provisions\s+of\s+"?fair\s+use\b
    | \bpermission\s+from\s+the\s+copyright\s+owner\b
    | ^[*·•\-_=~\s]+$
    """,
    re.IGNORECASE | re.VERBOSE,
)
# From such a paragraph to the end of the document all is boilerplate, if it stands in the last part.
_TAIL = re.compile(
    r"""
    ^(?:disclaimer|note\s+to\s+readers)\s*(?::|$)
    | ^(?:leave\s+a\s+(?:reply|comment)|post\s+a\s+comment|related\s+(?:articles|posts|stories))\s*:?$
    | ^the\s+original\s+source\s+of\s+this\s+article\s+is\b
    | ^copyright\s+(?:©|\(c\)|\d{4}|notice)
    | ^all\s+rights\s+reserved\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TAIL_SHARE = 0.5  # of the document's characters: such a line before its middle opens no tail


def classify(text: str, spans: Sequence[Span]) -> list[SentenceSpan]:
    """Give each sentence of `text` its kind, in order."""
    kinds = [_kind(text, span) for span in spans]
    for i, span in enumerate(spans):
        if span.start >= len(text) * _TAIL_SHARE and _TAIL.match(_words(text, span)):
            kinds[i:] = [Kind.BOILERPLATE] * (len(spans) - i)
            break
    return [SentenceSpan(span.start, span.end, kind) for span, kind in zip(spans, kinds, strict=True)]


def _kind(text: str, span: Span) -> Kind:
    if _ANYWHERE.search(_words(text, span)):
        return Kind.BOILERPLATE
    return Kind.HEADING if span.heading else Kind.PROSE


def _words(text: str, span: Span) -> str:
    shown = text[span.start : min(span.end, span.start + 600)]
    return " ".join(plain(shown).replace("“", '"').replace("”", '"').split())
