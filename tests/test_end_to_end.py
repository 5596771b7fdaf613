"""The first minutes of a newcomer: `rag chat` over the bundled documents, in a real browser, with and without a network."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EIGHT = (
    "The decision to abandon three of its eight bases in Iraq is an indication that the US is looking for a dramatic reduction "
    "in its footprint in Iraq."
)


@pytest.fixture
def chromium_path() -> str:
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium found: install one, or name it in $CHROMIUM")
    return found


def journey(chromium: str, folder: Path, environment: dict[str, str], prefix: Sequence[str] = ()) -> None:
    place = ["--docs", str(ROOT / "seeds"), "--index", str(folder / "index")]
    command = [*prefix, sys.executable, str(ROOT / "tests" / "journey.py"), chromium, *place]
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert "eight" in seen["answer"]
    assert EIGHT in " ".join(seen["sentence"].split())
    assert seen["marked"].replace("\xa0", " ") == EIGHT
    assert "Your documents do not say" in seen["refused"]
    assert "Spanish" in seen["refused"]
    assert (seen["outside"], seen["errors"]) == ([], [])


@pytest.mark.browser
def test_a_question_is_answered_and_its_citation_opens_at_the_sentence(
    chromium_path: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    journey(chromium_path, tmp_path, environment)


@pytest.mark.browser
@pytest.mark.offline
def test_all_of_it_works_with_the_network_cut(
    chromium_path: str, tmp_path: Path, environment: dict[str, str], isolated: Sequence[str]
) -> None:
    journey(chromium_path, tmp_path, environment, isolated)
