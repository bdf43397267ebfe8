"""Approval policies: who decides on which requests, by when, and what silence means."""
