"""Verbs: one function for each thing the portal does, ignorant of HTTP."""
