"""What an ad says: tokens, n-grams, language."""
