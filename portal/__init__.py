"""A bilingual self-service privacy portal for organizations that serve people in Québec."""

__version__ = "0.1.0"
