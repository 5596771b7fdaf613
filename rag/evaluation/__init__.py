"""Question sets, scores with intervals, comparison, gates and reports: how good are the answers, and who says so."""
