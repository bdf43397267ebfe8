"""Reviewers: appointed to a call, with their conflicts of interest, and what they say of proposals."""
