"""How well a trunk reads: spans and answerability on rows that trained nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from rag.evaluation.matching import exact_match, token_f1
from rag.models.trunk import Trunk
from rag.training.batches import Encoding, batches
from rag.training.rows import Row
from rag.training.units import Example

_LONGEST_ANSWER = 30  # pieces


@torch.inference_mode()
def measure(trunk: Trunk, encoding: Encoding, rows: Sequence[Row]) -> dict[str, float]:
    """Return EM and F1 of the best span on answerable rows (SQuAD's measures) and AUROC of answerability on all."""
    from sklearn.metrics import roc_auc_score

    examples = [
        Example(row.question, row.context, None, int(bool(row.answers)), at, "dev") for at, row in enumerate(rows)
    ]
    exact, shared, scores, nulls, truth = [], [], [], [], []
    for batch in batches([(example,) for example in examples], encoding, 4096, "dev"):
        with torch.autocast("cpu", torch.bfloat16):
            spans, verdicts = trunk(batch.input_ids, batch.attention_mask, batch.token_type_ids)
        for number, (start, end, value) in enumerate(best_spans(spans)):
            row = rows[int(batch.relevant[number])]
            text = encoding.words(batch, number, start, end, row.question, row.context)
            answers = [row.context[a:b] for a, b in row.answers]
            if answers:
                exact.append(exact_match(text, answers))
                shared.append(token_f1(text, answers))
            scores.append(float(verdicts[number, 0]))
            nulls.append(value - float(spans[number, 0].sum()))
            truth.append(int(bool(answers)))
    both = np.array(scores) + 0.5 * np.array(nulls)
    return {
        "em": round(float(np.mean(exact)), 4), "f1": round(float(np.mean(shared)), 4),
        "auroc_verdict": round(float(roc_auc_score(truth, scores)), 4),
        "auroc_null": round(float(roc_auc_score(truth, nulls)), 4),
        "auroc_both": round(float(roc_auc_score(truth, both)), 4), "n": len(rows),
    }  # fmt: skip


def best_spans(spans: torch.Tensor) -> list[tuple[int, int, float]]:
    """Return (first piece, last piece, score) of the best span of each row, "no answer" left out."""
    found = []
    for row in spans.float():
        scores = row[:, 0][:, None] + row[:, 1][None, :]
        allowed = torch.triu(torch.ones_like(scores)) - torch.triu(torch.ones_like(scores), _LONGEST_ANSWER)
        scores = torch.where(allowed > 0, scores, -1e9)
        scores[0] = -1e9
        at = int(scores.argmax())
        start, end = divmod(at, scores.shape[1])
        found.append((start, end, float(scores.flatten()[at])))
    return found
