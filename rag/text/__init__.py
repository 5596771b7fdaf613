"""Pure functions over text: sentences with exact offsets, inline Markdown, and the normal form used for comparison."""
