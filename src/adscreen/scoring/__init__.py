"""How an ad is judged: bundle, scorer, explanation, batch."""
