"""Logistic weights of the extractive answerer, fitted by `rag.training.extractive`; MODEL_CARD.md says on what, and how well."""

# bias, then one weight for each of features.SENTENCE_FEATURES
SENTENCE = (
    -9.1344, 1.4202, 2.981, -0.2079, 1.1301, 1.1998, -0.4224, -0.0768, 0.652, 3.872, 0.6112, 0.1005, -0.5921, -0.0493, -1.1842, -2.5, -0.5107,
)  # fmt: skip
# bias, then one weight for each of extractive.answer_features
ANSWERABLE = (-0.5383, 1.6, 0.45, 0.48, -0.46, -0.5, -1.5)
THRESHOLD = 0.32
