"""The site for any WSGI server; settings from PORTAL_CONFIG, else ./portal.toml."""

from portal.app import create_app

app = create_app()
