"""The demo: an invented service, its people, and the strip that plays both sides."""
