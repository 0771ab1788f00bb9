"""Drafts a data map from what a look at a database tells. A draft guesses aloud: each guess that matters is a question."""
