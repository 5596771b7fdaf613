"""Logistic weights of the extractive answerer."""

# bias, then one weight for each of features.SENTENCE_FEATURES
SENTENCE = (-4.0, 2.0, 1.0, 0.5, 0.5, -0.5, -0.5, 3.0, 1.0, 0.5, 0.7, -0.7, 1.0, -1.5, -0.5)
# bias, then the best sentence's features, its log-odds, its lead in log-odds, and whether a rarest term is nowhere
ANSWERABLE = (0.0, *([0.0] * 14), 1.0, 0.0, -1.0)
THRESHOLD = 0.3
