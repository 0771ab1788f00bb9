"""The work engine: one port and two adapters, both waking handlers for work promised in the portal's own tables."""
