"""Calls for proposals: announced, answered, reviewed, and decided in hours of instrument time."""
