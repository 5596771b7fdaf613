"""The web chat: one page that shows each answer beside the exact sentences it quotes.

Started by `rag chat`; `ui.app.build_app` and `ui.app.serve` are the ways in. Gradio calls home unless it is told not to
before it is imported, so that is the first thing that happens here.
"""

from __future__ import annotations

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_OFFLINE"] = "1"
# Gradio keeps statistics of its own after every event, with pandas; nobody reads them here.
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**12)
