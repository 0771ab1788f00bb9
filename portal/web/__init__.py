"""Pages: HTTP in, a service called, a template out."""
