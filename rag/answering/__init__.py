"""Turn passages into an answer that quotes them."""
