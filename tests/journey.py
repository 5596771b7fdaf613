"""The reader's first minutes, in one process tree: `rag chat` on an empty index, a browser, a question, a citation.

Run by test_end_to_end.py as `python tests/journey.py CHROMIUM RAG-ARGUMENT …`; prints what the reader saw as one JSON object.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect, sync_playwright

QUESTION = "How many bases did the US have in Iraq before the withdrawal?"
UNANSWERED = "How many Spanish soldiers serve in the coalition?"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
SECONDS = 90


def main(chromium: str, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "rag", "chat", "--port", "0", *arguments]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    watchdog = threading.Timer(SECONDS, server.kill)
    watchdog.start()
    try:
        assert server.stderr
        ready = next((found for line in server.stderr if (found := re.search(r"http://\S+", line))), None)
        if ready is None:
            raise SystemExit("the server ended before it was ready")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
            print(json.dumps(visit(browser.new_page(), ready.group())))
            browser.close()
    finally:
        watchdog.cancel()
        server.terminate()
        server.wait(10)


def visit(page: Page, url: str) -> dict[str, object]:
    outside: list[str] = []
    host = urlsplit(url).netloc
    page.on("request", lambda request: outside.append(request.url) if urlsplit(request.url).netloc != host else None)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url)
    answer = ask(page, QUESTION)
    sentence = answer.locator(".sentence").filter(has_text="eight").first
    quote = sentence.inner_text()
    sentence.locator(".chip").click()
    page.locator(".pane mark").first.wait_for()
    marked = page.locator(".pane mark").evaluate_all("marks => marks.map(m => m.textContent).join('')")
    seen = {"answer": answer.inner_text(), "sentence": quote, "marked": marked}
    return seen | {"refused": ask(page, UNANSWERED).inner_text(), "outside": outside, "errors": errors}


def ask(page: Page, question: str) -> Locator:
    before = page.locator(".exchange").count()
    box = page.locator("#attest-question textarea")
    box.fill(question)
    box.press("Enter")
    exchange = page.locator(".exchange").nth(before)
    expect(exchange).to_have_attribute("data-state", re.compile("done|abstained"), timeout=60_000)
    return exchange


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
