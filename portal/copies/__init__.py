"""Writes the copy a person takes away: readable HTML, JSON and CSV in one ZIP, streamed while read."""
