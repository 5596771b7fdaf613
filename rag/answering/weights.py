"""Logistic weights of the extractive answerer, fitted by `rag.training.extractive`; MODEL_CARD.md says on what, and how well."""

# bias, then one weight for each of features.SENTENCE_FEATURES
SENTENCE = (
    -9.8929, -0.2613, 2.7135, -0.0125, 0.9544, 0.6679, -0.1068, 0.3932, 0.6722, 4.2369,
    0.7823, -0.2586, -0.2153, -0.3448, -1.4868, -2.5, -0.4427, 2.9368,
)  # fmt: skip
# bias, then one weight for each of extractive.answer_features
ANSWERABLE = (-0.9619, 2.249, 0.4351, 0.4024, -0.3361, -0.5, -1.5)
THRESHOLD = 0.27
FITTED_AMONG = 5_000  # chunks: rarity in a smaller index is reckoned as if it were this large
