"""Logistic weights of the answerer, fitted by `rag.training.combining`; rag/models/MODEL_CARD.md says on what, and how well."""

# bias, then one weight for each of features.SENTENCE_FEATURES
SENTENCE = (
    -7.8424, -1.1617, 3.058, 0.1072, 1.0182, 1.0882, -1.0626, 0.0917, 0.6092, 2.1992, 0.6518, -0.2174, 0.8529,
    -0.3614, -0.8355, -2.5, -0.0871, 0.8214, 1.0158, -0.2884, 0.8246,
)  # fmt: skip
# bias, then one weight for each of extractive.ANSWER_FEATURES
ANSWERABLE = (
    -2.3043, 2.1957, 0.0306, 0.1114, 0.0673, 0.1677, 0.1665, 0.262, 0.1723, 0.0407, 0.0099, -0.2513, -0.5599, -3.0,
)  # fmt: skip
# the same, of a passage that is read alone
READABLE = (
    -1.6169, 0.8604, -0.0343, 0.0504, -0.1412, -0.0867, 0.2088, 0.2274, 0.2274, 0.0453, 0.0914, -0.1412,
    -0.4596, 0.0,
)  # fmt: skip
THRESHOLD = 0.2
FITTED_AMONG = 5_000  # chunks: rarity in a smaller index is reckoned as if it were this large
