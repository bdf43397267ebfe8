"""What the tests stand on: databases, a counted client, the real server, a browser. See tests/README.md."""
