"""Logistic weights that rank passages, fitted by `rag.training.combining`; rag/models/MODEL_CARD.md says on what, and how well."""

RELEVANT = (-4.819, 3.0834, 0.6372, 0.6636)  # bias, then ranking.read_features
UNREAD = (-7.3694, 5.722, 6.9203)  # bias, then ranking.unread_features
