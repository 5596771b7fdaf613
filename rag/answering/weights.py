"""Logistic weights of the extractive answerer, fitted by `rag.training.extractive`; MODEL_CARD.md says on what, and how well."""

# bias, then one weight for each of features.SENTENCE_FEATURES
SENTENCE = (
    -9.5461, -0.5467, 2.5767, -0.2847, 1.3277, 0.4127, -0.1884, 0.2506, 0.8129, 4.1043,
    0.5692, 0.1305, -0.5161, -0.0941, -1.2319, -2.5, -0.4316, 3.2247,
)  # fmt: skip
# bias, then one weight for each of extractive.answer_features
ANSWERABLE = (-0.8965, 2.0115, 0.3831, 0.4363, -0.5883, -0.5, -1.5)
THRESHOLD = 0.32
FITTED_AMONG = 5_000  # chunks: rarity in a smaller index is reckoned as if it were this large
