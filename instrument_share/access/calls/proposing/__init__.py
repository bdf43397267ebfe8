"""Proposals: written, changed until the deadline, handed in and withdrawn."""
