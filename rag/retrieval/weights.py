"""Logistic weights that rank passages, fitted by `rag.training.combining`; rag/models/MODEL_CARD.md says on what, and how well."""

RELEVANT = (-5.8424, 2.7665, 2.2333, 0.9543, -0.358)  # bias, then ranking.read_features
UNREAD = (-7.4471, 5.2776, 7.5437)  # bias, then ranking.unread_features
