"""Text without newsletters: words, sentences, shingles, vectors, languages. Pure functions."""
