"""Average the weights of two readers: `python -m rag.training.averaging FIRST SECOND --share 0.6 --out FILE`.

Fine-tuning on one kind of question costs some of what was known of another; between the weights before and after, most of both is
kept (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file


def average(first: Path, second: Path, share: float) -> dict[str, torch.Tensor]:
    """Return `share` (0 to 1) of the second file's weights plus the rest of the first's, in fp16.

    Raises:
        ValueError: the files do not hold the same weights.
    """
    one, other = load_file(first), load_file(second)
    if {name: value.shape for name, value in one.items()} != {name: value.shape for name, value in other.items()}:
        raise ValueError(f"{first} and {second} do not hold the same weights")
    return {name: ((1 - share) * value.float() + share * other[name].float()).half() for name, value in one.items()}


def main() -> None:
    """Write the average."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--share", type=float, default=0.6, help="of the second")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    save_file(average(options.first, options.second, options.share), options.out)


if __name__ == "__main__":
    main()
