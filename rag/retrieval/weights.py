"""Logistic weights that rank passages, fitted by `rag.training.combining`; rag/models/MODEL_CARD.md says on what, and how well."""

RELEVANT = (-6.6104, 4.9045, 4.9045, 0.3924)  # bias, then ranking.read_features
UNREAD = (-7.1061, 5.4152, 6.9604)  # bias, then ranking.unread_features
