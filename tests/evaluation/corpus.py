"""Distractors: other news in which to hide the documents that matter, generated or from a folder of one's own."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

_PLACES = "Baghdad Basra Ankara Kabul Cairo Brussels Tehran Riyadh Nairobi Lima Oslo Delhi Manila Warsaw Tokyo".split()
_PEOPLE = (
    "Karim Haddad, Lena Fischer, Omar Nasser, Ruth Adeyemi, Paul Tran, Ivana Novak, Samir Aziz, Grace Lindqvist".split(
        ", "
    )
)
_BODIES = (
    "the defence ministry, the central bank, the coalition, parliament, the health agency, an opposition party, the port "
    "authority, the national oil company, the election commission, a relief agency"
).split(", ")
_EVENTS = (
    "a rocket attack on an air base, talks over the budget, a strike at the refinery, the withdrawal of troops from a border "
    "post, a rise in grain prices, an outbreak of fever, the opening of a rail line, a vote of no confidence, a ceasefire"
).split(", ")
_SENTENCES = (
    "{body} in {place} said on {day} that {number} people were affected by {event}.",
    "According to {person}, a spokesman for {body}, {event} cost at least ${number} million.",
    "{person} told reporters in {place} that {event} would not change the plans of {body}.",
    "Since {year}, {body} has recorded {number} cases linked to {event}.",
    "Officials blamed {body} for {event}, which followed weeks of tension around {place}.",
    "The two sides met in {place} on {day}, {number} days after {event}.",
    "{body} denied that {event} had anything to do with the visit of {person}.",
    "In {place}, {number} soldiers were sent to guard the offices of {body}.",
)
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


_CHARACTERS = 760  # of a chunk, on average over news: short items leave chunks unfilled


def write_corpus(folder: Path, chunks: int, source: Path | None = None, seed: int = 12345) -> int:
    """Write news for about `chunks` chunks as `folder`/news.jsonl; return the number of documents.

    `source`: a folder of `.jsonl` or `.jsonl.gz` files of {"_id", "title", "text"}, taken in shuffled order; None: generated.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = _generated(seed) if source is None else _read(source, seed)
    written = count = 0
    with (folder / "news.jsonl").open("w", encoding="utf-8") as out:
        for row in rows:
            if written >= chunks * _CHARACTERS:
                break
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            written += len(row["text"])
            count += 1
    return count


def _generated(seed: int) -> Iterator[dict[str, str]]:
    chance = random.Random(seed)
    number = 0
    while True:
        number += 1
        text = " ".join(_sentence(chance) for _ in range(chance.randint(6, 16)))
        title = f"{chance.choice(_EVENTS).capitalize()} in {chance.choice(_PLACES)}"
        yield {"_id": f"news-{number:06d}", "title": title, "text": text}


def _sentence(chance: random.Random) -> str:
    filled = chance.choice(_SENTENCES).format(
        body=chance.choice(_BODIES), place=chance.choice(_PLACES), person=chance.choice(_PEOPLE), day=chance.choice(_DAYS),
        event=chance.choice(_EVENTS), number=chance.randint(2, 900), year=chance.randint(1990, 2025),
    )  # fmt: skip
    return filled[0].upper() + filled[1:]


def _read(source: Path, seed: int) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in sorted(source.glob("*.jsonl*")):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                name = f"{path.name.split('.')[0]}/{row['_id']}"
                rows.append({"_id": name, "title": row.get("title") or "", "text": row["text"]})
    random.Random(seed).shuffle(rows)
    return rows
