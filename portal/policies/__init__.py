"""Policies as files and as pages: reading version folders, and turning their Markdown into safe HTML or plain text."""
