"""Logistic weights of the answerer, fitted by `rag.training.combining`; rag/models/MODEL_CARD.md says on what, and how well."""

# bias, then one weight for each of features.SENTENCE_FEATURES
SENTENCE = (-3.4708, 1.3976, 0.2616, -0.5543, 0.4394, 1.0481, 0.6136, -2.5)
# bias, then one weight for each of extractive.ANSWER_FEATURES
ANSWERABLE = (-2.8019, 2.6115, 0.1876, 0.3731, 0.0821, -0.4894, -3.0)
# the same, of a passage that is read alone
READABLE = (-1.267, 0.979, 0.0109, 0.4814, 0.0964, 0.004, -0.4495)
THRESHOLD = 0.2
FITTED_AMONG = 5_000  # chunks: rarity in a smaller index is reckoned as if it were this large
