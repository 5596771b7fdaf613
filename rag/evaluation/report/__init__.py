"""The result of an evaluation, for people and for CI servers: one self-contained HTML page, Markdown, JUnit XML."""

from rag.evaluation.report.digests import render_junit, render_markdown
from rag.evaluation.report.page import MOST_LISTED, MOST_PAGES, render_html

__all__ = ["MOST_LISTED", "MOST_PAGES", "render_html", "render_junit", "render_markdown"]
