"""Logistic weights that rank passages, fitted by `rag.training.combining`; rag/models/MODEL_CARD.md says on what, and how well."""

RELEVANT = (-6.7726, 4.9463, 4.9463, 0.3957)  # bias, then ranking.read_features
UNREAD = (-7.3694, 5.722, 6.9203)  # bias, then ranking.unread_features
