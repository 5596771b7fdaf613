"""Tell whether a text is English, by its letters and its commonest words; pure."""

from __future__ import annotations

import re

from rag.text.normal import words

# The commonest words of English prose, those left out that other languages write alike (a, in, on, was, die, an …).
_COMMON = frozenset(
    """
    the of and to is are were be been have has had do does did that this these those with for from by at it he she they we you
    his her their its not which who what when where why how will would can could should about after before into than then there
    as or but if said says all any some more most other over also because between during
    """.split()
)
# Function words of other languages, none of them English: one of them among a few words tells.
_FOREIGN = frozenset(
    """
    der das und ist nicht ein eine den dem des mit sich auf für von im zu wie wer wann wo warum welche wurde wurden hat haben sind
    le la les des et est une dans que qui pour sur avec du au aux quand où pourquoi quel quelle combien sont été
    el los las y es un una por para con del al cuándo quién dónde cuántos cuántas por qué fue son
    il lo gli che di e per non una sono della delle quando chi dove perché quanti è stato
    o os um uma não são dos das quando quem onde quantos foi het een van en wat wie waar wanneer hoeveel zijn niet
    och att det som är en av på när vem hur og ikke hvem hvornår jak kto kiedy gdzie nie się jest
    """.split()
) - {
    "die",
    "la",
    "des",
    "per",
    "un",
    "al",
    "en",
    "son",
    "es",
    "fue",
    "di",
    "o",
    "e",
    "y",
    "le",
    "il",
    "et",
    "du",
    "im",
    "el",
    "um",
    "den",
}
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_FEW = 12  # words: of fewer, none need be among the commonest
_SHARE = 0.15  # of the words; English news has .38 and more of them, the other languages tried at most .06


def is_english(text: str) -> bool:
    """Tell whether a text reads as English; True where there is too little to tell."""
    letters = _LETTER.findall(text)
    if not letters:
        return True
    if len(_LATIN.findall(text)) < len(letters) / 2:
        return False
    found = [word for word, _, _ in words(text)]
    common = sum(word in _COMMON for word in found)
    foreign = sum(word in _FOREIGN for word in found)
    if "¿" in text or "¡" in text:
        return False
    if len(found) < _FEW:
        return foreign <= common
    return common >= _SHARE * len(found) or foreign == 0
