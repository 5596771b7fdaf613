"""The reader's network: the encoder's six layers with heads for answer span, answerability and relevance; needs torch."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

WORDS = "encoder.embeddings.word_embeddings.weight"
"""The one weight that training leaves as it is, so that it need not be shipped twice."""
HEADS = ("answerable", "relevant")  # in the order of `verdict`'s outputs
_HIDDEN = 384


class Trunk(nn.Module):
    """Reads a question with a passage, as [CLS] question [SEP] passage [SEP].

    The judgement sees the first piece, the mean of the question's pieces and what stands where the answer seems to be: whether
    each part of the question was found there is what tells an answer from a near miss.
    """

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.span = nn.Linear(_HIDDEN, 2)
        self.mixed = nn.Linear(3 * _HIDDEN, _HIDDEN)
        self.verdict = nn.Linear(_HIDDEN, len(HEADS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, Tensor]:
        """Return span logits (batch, pieces, 2: start, end) and verdict logits (batch, 2: answerable, relevant).

        Logits of pieces that no answer can hold (the question, special pieces, padding) are -1e4, but for the first piece: it
        stands for "no answer here".
        """
        states = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        passage = (token_type_ids * attention_mask * (input_ids != 102)).to(states.dtype)
        asked = ((1 - token_type_ids) * attention_mask).to(states.dtype)
        logits = self.span(states).float()
        first = torch.zeros_like(passage)
        first[:, 0] = 1
        logits = logits + (1 - torch.clamp(passage + first, max=1)).unsqueeze(-1).float() * -1e4
        inside = logits + (1 - passage).unsqueeze(-1).float() * -1e4
        weight = torch.softmax(inside, dim=1).mean(dim=-1).to(states.dtype)
        said = (states * weight.unsqueeze(-1)).sum(dim=1)
        question = (states * asked.unsqueeze(-1)).sum(dim=1) / asked.sum(dim=1, keepdim=True)
        mixed = nn.functional.gelu(self.mixed(torch.cat([states[:, 0], question, said], dim=-1)))
        return logits, self.verdict(mixed).float()


def new_trunk(folder: Path) -> Trunk:
    """Return a trunk with the weights of the sentence-transformers model in `folder` and untrained heads."""
    from transformers import BertConfig, BertModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    config = BertConfig.from_pretrained(str(folder), local_files_only=True)
    # A few thousand steps do not overfit 22M weights, and without dropout they run half as fast again.
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    encoder = BertModel.from_pretrained(
        str(folder), config=config, add_pooling_layer=False, local_files_only=True, dtype=torch.float32
    )
    trunk = Trunk(encoder)
    trunk.get_parameter(WORDS).requires_grad_(False)
    return trunk


def save_weights(trunk: Trunk, path: Path, *, half: bool = True) -> None:
    """Write all weights but the word embeddings, in fp16 or fp32."""
    from safetensors.torch import save_file

    kept = {name: value.detach().contiguous() for name, value in trunk.state_dict().items() if name != WORDS}
    save_file({name: value.half() if half else value for name, value in kept.items()}, str(path))


def load_weights(trunk: Trunk, path: Path) -> None:
    """Put weights that `save_weights` wrote into a trunk; raises RuntimeError where they do not fit."""
    from safetensors.torch import load_file

    found = {name: value.float() for name, value in load_file(str(path)).items()}
    trunk.load_state_dict(found | {WORDS: trunk.state_dict()[WORDS]})
