"""Drafts the data map of a database: looks at it, guesses aloud, and writes the guesses as a part of portal.toml."""
