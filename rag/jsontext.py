"""JSON as this project writes it."""

from __future__ import annotations

import json
import re
from typing import Any


def to_json(value: Any, indent: int | None = None) -> str:
    """Return `value` as JSON that any reader takes, the same each time: no NaN (raises ValueError), lone surrogates escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)
