"""`application` for any WSGI server, configured by the environment."""

from instrument_share import create_app

application = create_app()
