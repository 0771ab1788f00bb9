"""The portal in Chromium: the two-minute story, every page looked at by axe, and pictures of every page."""
