"""Logistic weights of the answerer, fitted by `rag.training.combining`; rag/models/MODEL_CARD.md says on what, and how well."""

# bias, then one weight for each of features.SENTENCE_FEATURES
SENTENCE = (-3.7458, 1.4966, 0.4992, -0.3798, 0.5643, 1.0404, 0.6003, -2.5)
# bias, then one weight for each of extractive.ANSWER_FEATURES
ANSWERABLE = (-2.5715, 2.2171, 0.145, 0.3106, 0.1228, -0.4997, -0.6686)
# the same, of a passage that is read alone
READABLE = (-1.3001, 0.2605, 0.0791, 0.4034, 0.1077, 0.1037, -0.548)
THRESHOLD = 0.3
FITTED_AMONG = 5_000  # chunks: rarity in a smaller index is reckoned as if it were this large
