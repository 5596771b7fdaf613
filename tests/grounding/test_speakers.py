"""Words put into the wrong mouth, and the many ways to give them to the right one."""

from __future__ import annotations

import pytest

from rag.grounding.finding import Finding
from rag.grounding.sentence import Sentence, Window
from rag.grounding.speakers import misattributed
from rag.text.sentences import sentences


def found(claim: str, evidence: str) -> Finding | None:
    parts = tuple(Sentence.of(evidence[span.start : span.end]) for span in sentences(evidence))
    return misattributed(Sentence.of(claim), Window(parts))


FUEL = "Helen Brandt said the tax on fuel would rise by a tenth in spring. Martin Oduya runs the drivers' union."
HARBOUR = '"The harbour wall was never inspected," said Piet Lammers, an engineer. Mayor Ingrid Holt did not answer.'
TALKS = "Iran said on Tuesday that the talks on shipping would resume in Muscat. Turkey sent an envoy."

# claim, evidence, the two speakers
CAUGHT = {
    "subject": ("Martin Oduya said the tax on fuel would rise in spring.", FUEL, "Martin Oduya", "Helen Brandt"),
    "another verb": ("Martin Oduya announced that the tax on fuel would rise.", FUEL, "Martin Oduya", "Helen Brandt"),
    "according to": ("According to Oduya, the tax on fuel would rise in spring.", FUEL, "Oduya", "Helen Brandt"),
    "according to, last": ("The tax on fuel would rise in spring, according to Martin Oduya.", FUEL, "Martin Oduya", "Brandt"),
    "to listeners": ("Martin Oduya told reporters that the tax on fuel would rise.", FUEL, "Martin Oduya", "Helen Brandt"),
    "quotation": ('"The harbour wall was never inspected," said Mayor Ingrid Holt.', HARBOUR, "Ingrid Holt", "Piet Lammers"),
    "quotation, name first": ('"The harbour wall was never inspected," Ingrid Holt said.', HARBOUR, "Ingrid Holt", "Lammers"),
    "countries": ("Turkey said that the talks on shipping would resume in Muscat.", TALKS, "Turkey", "Iran"),
    "statement": ("Turkey's statement that the shipping talks would resume in Muscat was welcomed.", TALKS, "Turkey", "Iran"),
    "passive": ("The merger of the two dairies was announced by Karl Voss.",
                "The merger of the two dairies was announced by Lena Aalto on Friday.", "Karl Voss", "Lena Aalto"),
    "active of a passive": ("Karl Voss announced the merger of the two dairies.",
                            "The merger of the two dairies was announced by Lena Aalto.", "Karl Voss", "Lena Aalto"),
    "apposition": ("Paul Greer, a lawyer, warned that the bridge could collapse in a storm.",
                   "Rosa Minh, the county's chief engineer, warned that the bridge could collapse in a storm.",
                   "Paul Greer", "Rosa Minh"),
    "offices": ("A Kremlin spokesman said the drone had crossed the border at night.",
                "A Pentagon spokeswoman said the drone had crossed the border at night.", "Kremlin", "Pentagon"),
    "spokesman for": ("A spokesman for Polarbank said the branch in Tromso would close.",
                      "A spokesman for Fjordbank said the branch in Tromso would close.", "Polarbank", "Fjordbank"),
    "denial": ("Dana Pruitt denied taking money from the builder.",
               "Owen Strand denied taking money from the builder, and Dana Pruitt kept silent.", "Dana Pruitt", "Owen Strand"),
    "who is spoken of": ("Adam Kessler said he had hidden the ledgers in a barn.",
                         "The Treasury said Adam Kessler had hidden the ledgers in a barn.", "Adam Kessler", "Treasury"),
    "titles": ("The governor said the schools would reopen after the flood.",
               "The mayor said the schools would reopen after the flood.", "governor", "mayor"),
}  # fmt: skip

TRUE = {
    "same": ("Helen Brandt said the tax on fuel would rise.", FUEL),
    "surname": ("Brandt said the tax on fuel would rise in spring.", FUEL),
    "title put before": ("Minister Brandt warned that the tax on fuel would rise.", FUEL),
    "passive": ("A rise of the tax on fuel was announced by Helen Brandt.", FUEL),
    "according to": ("According to Helen Brandt, the tax on fuel would rise.", FUEL),
    "pronoun": ("She said the tax on fuel would rise in spring.", FUEL),
    "title only": ("The minister said the tax on fuel would rise in spring.", FUEL),
    "no speaker": ("The tax on fuel will rise in spring.", FUEL),
    "name before the verb": ('Piet Lammers said "the harbour wall was never inspected".', HARBOUR),
    "pronoun in the evidence": ("Nadia Orr said the ferry had struck a rock in fog.",
                                "Nadia Orr spoke to Leif Dahl. She said the ferry had struck a rock in fog."),
    "acronym": ("The WHO said the vaccine was safe for children.",
                "The World Health Organization said the vaccine was safe for children."),
    "acronym with stops": ("The United States said the missiles would leave Poland.",
                           "The U.S. said the missiles would leave Poland."),
    "the seat for the country": ("Moscow said the pipeline would open in June again.",
                                 "Russia said the pipeline would open in June again."),
    "the country for its minister": ("Russia said the pipeline would open again.",
                                     "Sergei Volkov, the Russian energy minister, said the pipeline would open again."),
    "the firm for its head": ("Acme said it would close the plant in Lyon.",
                              "Jane Roe said Acme would close the plant in Lyon."),
    "the firm's head": ("Acme said the plant in Lyon would close.",
                        "Acme's chief executive, Jane Roe, said the plant in Lyon would close."),
    "both": ("Sam Tull said the dam on the river was leaking.",
             "Ruth Abel and Sam Tull said the dam on the river was leaking."),
    "two speakers": ("Sam Tull said the dam on the river was safe.",
                     "Ruth Abel said the dam on the river was leaking, but Sam Tull said it was safe."),
    "two sentences": ("Sam Tull said the old dam on the river was safe.",
                      "Ruth Abel said the old dam on the river was leaking. Sam Tull said the dam was safe."),
    "one agrees": ("Sam Tull said the dam on the river was leaking.",
                   "Ruth Abel said the dam on the river was leaking, and Sam Tull agreed."),
    "nested": ("Ida Moen warned that the glacier could break off.",
               "Lars Berg said Ida Moen had warned that the glacier could break off."),
    "nested in the claim": ("Lars Berg said Ida Moen had warned that the glacier could break off.",
                            "Ida Moen warned that the glacier could break off."),
    "within a quotation": ('"Ida Moen said the glacier could break off," Lars Berg recalled.',
                           '"Ida Moen said the glacier could break off," Lars Berg said.'),
    "said within a quotation": ("Lars Berg said Moen had lied about the glacier.",
                                '"Ida Moen said the glacier would hold, and she lied," Lars Berg said.'),
    "denial": ("Dana Pruitt denied that she took money from the builder.",
               "Owen Strand said that Dana Pruitt took money from the builder. She denied it."),
    "spokesman": ("Fjordbank said the branch in Tromso would close.",
                  "A spokesman for Fjordbank said the branch in Tromso would close."),
    "spokesman named": ("A Pentagon spokesman said the drone had crossed the border.",
                        "John Carver, a Pentagon spokesman, said the drone had crossed the border."),
    "paper": ("Reuters reported that the mine in Kiruna had flooded.",
              "The owner said the mine in Kiruna had flooded, Reuters reported."),
    "told to a paper": ("According to the Daily Herald, the mine in Kiruna had flooded.",
                        "Eva Lind told the Daily Herald that the mine in Kiruna had flooded."),
    "another matter": ("Martin Oduya said drivers would strike in May.",
                       "Helen Brandt said the tax on fuel would rise in May. Drivers would strike, Martin Oduya said."),
    "nothing said": ("Martin Oduya drove to the harbour in spring.", FUEL),
    "relative clause": ("Tom Beck warned of cracks in the pier.",
                        "Tom Beck, who had warned of cracks in the pier, resigned, Anna Ruiz said."),
    "narrated": ("Anna Ruiz said that the pier was unsafe for visitors.",
                 "The pier closed in May because it was unsafe for visitors, Anna Ruiz said, and Tom Beck announced repairs."),
}  # fmt: skip


@pytest.mark.parametrize(("claim", "evidence", "said", "known"), CAUGHT.values(), ids=CAUGHT.keys())
def test_another_speaker_is_found(claim: str, evidence: str, said: str, known: str) -> None:
    finding = found(claim, evidence)
    assert finding is not None
    assert finding.against
    of_claim, of_evidence = finding.reason.split(";")
    assert said in of_claim
    assert known in of_evidence


@pytest.mark.parametrize(("claim", "evidence"), TRUE.values(), ids=TRUE.keys())
def test_a_true_restatement_is_not_flagged(claim: str, evidence: str) -> None:
    assert found(claim, evidence) is None


def test_the_finding_tells_who_is_at_issue() -> None:
    finding = found("Martin Oduya said the tax on fuel would rise.", FUEL)
    assert finding is not None
    assert finding.reason == 'the claim has "Martin Oduya" say it; the evidence has "Helen Brandt" say it'
    assert finding.about == {"martin", "oduya", "helen", "brandt"}
