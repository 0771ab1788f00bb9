"""Sources that are services of their own: asked in JSON over HTTP, by the contract of docs/http-source.md."""

from portal.sources.http.source import HttpSource

__all__ = ["HttpSource"]
