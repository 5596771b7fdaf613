"""Public benchmarks beside plain baselines computed in the same run: `rag eval bench --data DIR [NAME …]`.

The sets are not part of the project. DIR holds them as gzipped JSON lines: `retrieval/NAME/` (corpus.jsonl.gz, queries.jsonl.gz,
qrels.tsv), `qa/NAME.jsonl.gz` (question, context, answers, answer_starts, unanswerable), `sentence_selection/NAME.jsonl.gz`
(question, candidates, labels) and `grounding/NAME.jsonl.gz` (claim, evidence, label, claim_id?). Public originals: SQuAD
(Rajpurkar et al. 2016, 2018), FeedbackQA (Li et al. 2022), SelQA (Jurczyk et al. 2016), WikiQA (Yang et al. 2015), WiCE (Kamoi
et al. 2023), FoolMeTwice (Eisenschlos et al. 2021), BEGIN (Dziri et al. 2022).
"""

from rag.evaluation.bench.runner import TABLE, bench
from rag.evaluation.bench.table import to_markdown

__all__ = ["TABLE", "bench", "to_markdown"]
